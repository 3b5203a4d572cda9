#include "official/words.hpp"

#include <charconv>
#include <chrono>

namespace miniops::official {

namespace {

constexpr std::array<std::string_view, 6> source_words{"performance", "js_errors", "logs",
                                                       "feedback",    "scenes",    "versions"};
constexpr std::array<std::string_view, 3> metric_words{"launch", "download", "first_render"};

std::optional<unsigned> digits(std::string_view text) {
  unsigned number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::string_view to_string(Source source) { return source_words[static_cast<std::size_t>(source)]; }

std::optional<Source> parse_source(std::string_view text) {
  for (const Source source : sources)
    if (to_string(source) == text) return source;
  return std::nullopt;
}

std::string_view to_string(Metric metric) { return metric_words[static_cast<std::size_t>(metric) - 1]; }

std::optional<Metric> parse_metric(std::string_view text) {
  for (const Metric metric : metrics)
    if (to_string(metric) == text) return metric;
  return std::nullopt;
}

std::string date_text(std::int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(static_cast<int>(day)))};
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string dashed_date(std::int64_t day) { return date_text(day).insert(6, "-").insert(4, "-"); }

std::optional<std::int64_t> parse_date(std::string_view text) {
  std::string plain(text);
  if (plain.size() == 10 && plain[4] == '-' && plain[7] == '-') plain.erase(7, 1).erase(4, 1);
  if (plain.size() != 8) return std::nullopt;
  const std::string_view view = plain;
  const auto year = digits(view.substr(0, 4));
  const auto month = digits(view.substr(4, 2));
  const auto day = digits(view.substr(6));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                                         std::chrono::day(*day)};
  if (!date.ok() || *year < 1970) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

std::string time_text(TimeMs at) {
  const std::int64_t second = (at + china_ms) / second_ms % (24 * 3600);
  return fmt::format("{} {:02}:{:02}:{:02}", dashed_date(china_day(at)), second / 3600, second / 60 % 60, second % 60);
}

TimeMs parse_time(std::string_view text) {
  if (text.size() != 19 || text[10] != ' ' || text[13] != ':' || text[16] != ':') return 0;
  const auto day = parse_date(text.substr(0, 10));
  const auto hour = digits(text.substr(11, 2));
  const auto minute = digits(text.substr(14, 2));
  const auto second = digits(text.substr(17));
  if (!day || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return 0;
  return start_of_day(*day) + *hour * hour_ms + *minute * minute_ms + *second * second_ms;
}

}  // namespace miniops::official
