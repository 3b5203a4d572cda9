#include <optional>

#include "calendar/calendar.hpp"
#include "calendar/time_zone.hpp"

namespace miniops::calendar {

namespace {

using std::chrono::year_month_day;

constexpr std::initializer_list<std::string_view> weekdays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::size_t spans_max = 8, special_max = 400, name_max = 64;
constexpr int year_min = 2000, year_max = 2199;

// ---- reading ----

// Digits only: "09" → 9.
std::optional<int> parse_digits(std::string_view text) {
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

// "09:30" → 570; "24:00" only as an end.
std::optional<int> parse_minute(std::string_view text, bool end) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = parse_digits(text.substr(0, 2)), minute = parse_digits(text.substr(3));
  if (!hour || !minute || *hour > 24 || *minute > 59) return std::nullopt;
  if (*hour == 24 && (*minute != 0 || !end)) return std::nullopt;
  return *hour * 60 + *minute;
}

std::optional<Day> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto y = parse_digits(text.substr(0, 4)), m = parse_digits(text.substr(5, 2)), d = parse_digits(text.substr(8));
  if (!y || !m || !d || *y < year_min || *y > year_max) return std::nullopt;
  const std::chrono::month month(static_cast<unsigned>(*m));
  const year_month_day date(std::chrono::year(*y), month, std::chrono::day(static_cast<unsigned>(*d)));
  return date.ok() ? std::optional(Day(date)) : std::nullopt;
}

std::optional<int> read_minute(JsonInput& in, std::string_view key, bool end) {
  const std::string text = in.text(key, {5, 5});
  const auto minute = parse_minute(text, end);
  if (!minute && !text.empty()) in.mistake(key, "must be a time such as 09:00");
  return minute;
}

// Both begin on one day. That yesterday's reaches into them is no mistake.
bool overlap(const Span& a, const Span& b) {
  const int a_end = a.runs_over_midnight() ? a.to + day_minutes : a.to;
  const int b_end = b.runs_over_midnight() ? b.to + day_minutes : b.to;
  return a.from < b_end && b.from < a_end;
}

std::vector<Span> read_spans(JsonInput& in, std::string_view key) {
  std::vector<Span> spans;
  for (JsonInput& item : in.optional_objects(key, spans_max)) {
    const auto from = read_minute(item, "from", false), to = read_minute(item, "to", true);
    if (!from || !to) continue;
    const Span span{*from, *to};
    if (std::ranges::any_of(spans, [&](const Span& other) { return overlap(span, other); })) {
      item.mistake("from", "overlaps with another span of this day");
    }
    spans.push_back(span);
  }
  std::ranges::sort(spans, {}, &Span::from);
  return spans;
}

SpecialDay read_special_day(JsonInput& in) {
  SpecialDay day{in.text("name", {1, name_max}), read_spans(in, "spans")};
  if (in.has("spans") == in.has("as")) in.mistake("spans", "either spans or as is expected");
  if (const auto as = in.optional_choice("as", weekdays)) {
    const auto index = std::ranges::find(weekdays, *as) - weekdays.begin();
    day.works = std::chrono::weekday(static_cast<unsigned>(index) + 1);
  }
  return day;
}

std::map<Day, SpecialDay> read_special(JsonInput& in) {
  std::map<Day, SpecialDay> special;
  for (JsonInput& item : in.optional_objects("special", special_max)) {
    const std::string text = item.text("date", {10, 10});
    const auto date = parse_date(text);
    SpecialDay day = read_special_day(item);
    if (!date && !text.empty()) item.mistake("date", "must be a date of 2000 to 2199 such as 2026-10-01");
    if (date && !special.emplace(*date, std::move(day)).second) item.mistake("date", "is here twice");
  }
  return special;
}

// ---- writing ----

std::string minute_text(int minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); }

std::string date_text(Day day) {
  const year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

json::array spans_json(const std::vector<Span>& spans) {
  json::array out;
  for (const Span& span : spans) {
    out.push_back(json::object{{"from", minute_text(span.from)}, {"to", minute_text(span.to)}});
  }
  return out;
}

json::object special_json(Day date, const SpecialDay& day) {
  json::object out{{"date", date_text(date)}, {"name", day.name}};
  if (const auto* as = std::get_if<std::chrono::weekday>(&day.works)) {
    out["as"] = weekdays.begin()[as->iso_encoding() - 1];
  } else {
    out["spans"] = spans_json(std::get<std::vector<Span>>(day.works));
  }
  return out;
}

}  // namespace

json::object to_json(const Calendar& calendar) {
  json::object days;
  for (std::size_t i = 0; i < weekdays.size(); ++i) days[weekdays.begin()[i]] = spans_json(calendar.days[i]);
  json::array special;
  for (const auto& [date, day] : calendar.special) special.push_back(special_json(date, day));
  return {{"time_zone", calendar.time_zone}, {"days", std::move(days)}, {"special", std::move(special)}};
}

Result<Calendar> parse_calendar(const json::value& body) {
  JsonInput in(body);
  Calendar calendar;
  calendar.time_zone = in.text("time_zone", {1, 64});
  if (!calendar.time_zone.empty() && !known_time_zone(calendar.time_zone)) {
    in.mistake("time_zone", "is no time zone such as Asia/Shanghai");
  }
  JsonInput days = in.object("days");
  for (std::size_t i = 0; i < weekdays.size(); ++i) calendar.days[i] = read_spans(days, weekdays.begin()[i]);
  calendar.special = read_special(in);
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  return calendar;
}

}  // namespace miniops::calendar
