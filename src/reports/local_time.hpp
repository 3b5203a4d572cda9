// The hours, days, weeks and months of a time zone. Pure.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/words.hpp"

namespace miniops::reports {

enum class Interval { none, hour, day, week, month };

// Remembers where it looked last: cheap for times that lie near one another. Not for several threads.
class LocalTime {
 public:
  explicit LocalTime(std::string time_zone) : time_zone_(std::move(time_zone)) {}

  int hour(TimeMs at);
  // The first moment of the interval that `at` lies in, and of the next one; 0 and 0 for none. Weeks begin on Monday.
  TimeMs begin(Interval interval, TimeMs at);
  TimeMs end(Interval interval, TimeMs at);
  // What the clock shows there, as milliseconds since its 1970.
  TimeMs local(TimeMs at);
  // "2026-03-14 09:30" there.
  std::string text(TimeMs at);

 private:
  TimeMs midnight(std::int64_t day) const;

  const std::string time_zone_;
  TimeMs offset_ms_ = 0, from_ = 0, until_ = 0;
  std::int64_t day_ = 0;  // of which the first moment was asked last
  TimeMs day_begin_ = 0;
  bool day_known_ = false;
};

inline constexpr std::array<std::string_view, 5> interval_words{"none", "hour", "day", "week", "month"};
inline std::span<const std::string_view> words_of(Interval) { return interval_words; }

}  // namespace miniops::reports
