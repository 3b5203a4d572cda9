#include "desk/hours.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <optional>
#include <stdexcept>

namespace miniops::desk {

namespace {

constexpr int day_minutes = 24 * 60;
constexpr std::array<std::string_view, 7> day_names = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::size_t spans_max = 8;

const date::time_zone* find_zone(std::string_view name) {
  try {
    return date::locate_zone(std::string(name));
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

const date::time_zone* zone_or_default(std::string_view name) {
  const date::time_zone* zone = find_zone(name);
  return zone != nullptr ? zone : date::locate_zone("Asia/Shanghai");
}

struct Local {
  std::size_t weekday;  // 0: Monday
  int minute;
};

Local local_time(const date::time_zone& zone, TimeMs at) {
  const auto local = zone.to_local(date::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(at)));
  const auto day = date::floor<date::days>(local);
  const auto minute = std::chrono::duration_cast<std::chrono::minutes>(local - day).count();
  return {date::weekday(day).iso_encoding() - 1, static_cast<int>(minute)};
}

bool runs_over_midnight(const Span& span) { return span.from >= span.to; }

// "09:30" → 570; "24:00" only as an end.
std::optional<int> parse_minute(std::string_view text, bool end) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0UL, 1UL, 3UL, 4UL}) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + text[1] - '0';
  const int minute = (text[3] - '0') * 10 + text[4] - '0';
  if (minute > 59 || hour > 24 || (hour == 24 && (minute != 0 || !end))) return std::nullopt;
  return hour * 60 + minute;
}

std::string minute_text(int minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); }

bool overlap(const Span& a, const Span& b) {
  const int a_end = runs_over_midnight(a) ? a.to + day_minutes : a.to;
  const int b_end = runs_over_midnight(b) ? b.to + day_minutes : b.to;
  return a.from < b_end && b.from < a_end;
}

std::vector<Span> read_day(JsonInput& days, std::string_view name) {
  std::vector<Span> spans;
  for (JsonInput& item : days.optional_objects(name, spans_max)) {
    const auto from = parse_minute(item.text("from", {5, 5}), false);
    const auto to = parse_minute(item.text("to", {5, 5}), true);
    if (!from) item.mistake("from", "must be a time such as 09:00");
    if (!to) item.mistake("to", "must be a time such as 18:00");
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

}  // namespace

bool Hours::always_open() const {
  return std::ranges::all_of(days, [](const auto& spans) { return spans.empty(); });
}

bool known_time_zone(std::string_view name) { return find_zone(name) != nullptr; }

bool open_at(const Hours& hours, TimeMs at) {
  if (hours.always_open()) return true;
  const Local now = local_time(*zone_or_default(hours.time_zone), at);
  for (const Span& span : hours.days[now.weekday]) {
    if (now.minute >= span.from && (runs_over_midnight(span) || now.minute < span.to)) return true;
  }
  const std::size_t yesterday = (now.weekday + 6) % 7;
  return std::ranges::any_of(hours.days[yesterday],
                             [&](const Span& span) { return runs_over_midnight(span) && now.minute < span.to; });
}

TimeMs day_start(std::string_view time_zone, TimeMs at) {
  const date::time_zone& zone = *zone_or_default(time_zone);
  const auto local = zone.to_local(date::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(at)));
  const date::local_time<std::chrono::milliseconds> midnight = date::floor<date::days>(local);
  return zone.to_sys(midnight, date::choose::earliest).time_since_epoch().count();
}

json::object to_json(const Hours& hours) {
  json::object days;
  for (std::size_t i = 0; i < day_names.size(); ++i) {
    json::array spans;
    for (const Span& span : hours.days[i]) {
      spans.push_back(json::object{{"from", minute_text(span.from)}, {"to", minute_text(span.to)}});
    }
    days[day_names[i]] = std::move(spans);
  }
  return {{"time_zone", hours.time_zone}, {"days", std::move(days)}};
}

Result<Hours> parse_hours(const json::value& body) {
  JsonInput in(body);
  Hours hours;
  hours.time_zone = in.text("time_zone", {1, 64});
  if (!known_time_zone(hours.time_zone)) in.mistake("time_zone", "is no time zone such as Asia/Shanghai");
  JsonInput days = in.object("days");
  for (std::size_t i = 0; i < day_names.size(); ++i) hours.days[i] = read_day(days, day_names[i]);
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  return hours;
}

}  // namespace miniops::desk
