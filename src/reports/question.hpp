// What is asked of reports, and how the facts that are read are counted into an answer. Pure.
//
// A conversation belongs to the time at which it was opened, with all that came of it; times belong to the agent who
// held it then.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "reports/figure.hpp"
#include "reports/local_time.hpp"

namespace miniops::reports {

// How far somebody sees: everything; some groups; only what is their own, and no scores, which customers may have been
// promised not to show.
struct Scope {
  bool own = false;
  std::optional<std::set<GroupId>> groups{};
};

// Which conversations, and whose part of them; what is empty is not asked for.
struct Filter {
  TimeMs from = 0, to = 0;           // opened: from <= it < to
  std::optional<AccountId> agent{};  // none: what is nobody's
  GroupId group{};
  std::optional<std::string> source{};
  std::optional<ReasonId> reason{};  // none: those of which nobody said why
  std::optional<std::string> tag{};  // an empty one: those without
  std::optional<int> hour{};         // of the day
  Scope scope{};
  std::string time_zone{};

  // Whether the conversation is asked about, and one of its samples.
  bool passes(const Facts& facts, LocalTime& time) const;
  bool passes(const Sample& sample) const;
};

enum class By { none, agent, group, hour, source, reason, tag };

inline constexpr std::size_t rows_max = 5000;
inline constexpr std::size_t texts_max = 200;  // sources, or tags, that are told apart; the others are one

struct Row {
  TimeMs from = 0, to = 0;  // none without an interval
  std::int64_t number = 0;  // agent, group, hour, reason
  std::string text{};       // source, tag
  bool others = false;      // sources or tags too rare to be told apart
  Figures figures{};
};
struct Answer {
  Figures totals{};
  // By time, then agent, group, hour, reason, or the commonest source or tag first. A conversation is in the row of
  // each of its tags, and once in the totals.
  std::vector<Row> rows{};
};

// Counts one facts after another. Not for several threads.
class Counter {
 public:
  Counter(Filter filter, Interval interval, By by, TimeMs now);
  // What `bytes` hold (codec.hpp).
  void take(std::string_view bytes);
  // nullopt: more than rows_max.
  std::optional<Answer> finish();

 private:
  using Cell = std::array<Tally, metrics>;
  struct Key {
    TimeMs slot = 0;
    std::int64_t number = 0;
    bool operator==(const Key&) const = default;
  };
  struct HashKey {
    std::size_t operator()(const Key& key) const noexcept;
  };

  void add(const Facts& facts);
  void count(Key key, bool in_total);  // the samples that were just made
  std::int64_t number_of(const Facts& facts);
  std::int64_t number_of(const std::string& text);
  bool by_text() const { return by_ == By::source || by_ == By::tag; }
  Cell& cell(const Key& key);
  void fold_texts();
  Row row_of(const Key& key, const Figures& figures);

  const Filter filter_;
  const Interval interval_;
  const By by_;
  const TimeMs now_;
  LocalTime time_;
  std::unordered_map<Key, Cell, HashKey> cells_;
  Key last_key_{};
  Cell* last_ = nullptr;
  bool too_many_ = false;
  std::unordered_map<std::string, std::int64_t> texts_;
  std::vector<std::string> text_names_;
  Cell total_;  // by tag only, where rows do not add up
  Facts facts_;
  std::vector<Sample> samples_;
};

inline constexpr std::array<std::string_view, 7> by_words{"none", "agent", "group", "hour", "source", "reason", "tag"};
inline std::span<const std::string_view> words_of(By) { return by_words; }

}  // namespace miniops::reports
