// The conversations behind a number. Pure.
#pragma once

#include <utility>

#include "reports/question.hpp"

namespace miniops::reports {

// Which of a figure's samples: all, those with a value, those without, or of a share those that count towards it and
// those that do not.
enum class Part { all, counted, missed, open, hits, others };
enum class Order { newest, largest };

struct Listed {
  ConversationId id{};
  TimeMs opened_at = 0;
  std::vector<Sample> samples{};  // those of the metric that were asked for; their number adds up to the figure
  std::int64_t key = 0;           // what it is sorted by
};

struct ListingAsked {
  Filter filter{};
  Metric metric{};
  Part part = Part::all;
  Order order = Order::newest;
  TimeMs ended_from = 0;  // of times only those that ended then or later; none: all there are
  std::optional<std::pair<std::int64_t, std::int64_t>> after{};  // key, id
  std::size_t limit = 50;
};

// Keeps the first `limit` after the cursor, whatever comes. Not for several threads.
class Lister {
 public:
  Lister(ListingAsked asked, TimeMs now);
  void take(std::string_view bytes);

  struct Found {
    std::vector<Listed> items;
    bool more = false;
  };
  Found finish();

 private:
  void add(const Facts& facts);
  bool wanted(const Sample& sample) const;
  void keep(std::size_t count);

  const ListingAsked asked_;
  const TimeMs now_;
  LocalTime time_;
  std::vector<Listed> kept_;
  Facts facts_;
  std::vector<Sample> samples_;
};

inline constexpr std::array<std::string_view, 6> part_words{"all", "counted", "missed", "open", "hits", "others"};
inline constexpr std::array<std::string_view, 2> order_words{"newest", "largest"};
inline std::span<const std::string_view> words_of(Part) { return part_words; }
inline std::span<const std::string_view> words_of(Order) { return order_words; }

}  // namespace miniops::reports
