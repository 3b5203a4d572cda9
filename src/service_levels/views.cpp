#include "service_levels/views.hpp"

#include <charconv>

namespace miniops::service_levels {

namespace {

json::value or_null(TimeMs at) { return at == 0 ? json::value(nullptr) : json::value(at); }
template <class Tag>
json::value or_null(NumberId<Tag> id) {
  return id.empty() ? json::value(nullptr) : json::value(id.str());
}

std::string_view state_of(const ServiceClock& clock) {
  if (clock.runs()) return "running";
  return clock.open() ? "paused" : word(clock.end);
}

std::optional<int> digits(std::string_view text) {
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = problem == std::errc{} && end == text.data() + text.size() && text.front() != '-';
  return whole ? std::optional(number) : std::nullopt;
}

}  // namespace

json::object to_json(const ServiceClock& clock, TimeMs now) {
  return {{"id", clock.id.str()},
          {"conversation_id", clock.conversation.str()},
          {"kind", word(clock.kind)},
          {"ordinal", clock.ordinal},
          {"group", clock.group},
          {"priority", clock.priority},
          {"agent_id", or_null(clock.agent)},
          {"state", state_of(clock)},
          {"level", word(level_shown(clock, now))},
          {"target_ms", clock.target_ms},
          {"business", !clock.calendar_key.empty()},
          {"used_ms", clock.runs() ? json::value(nullptr) : json::value(clock.used_ms)},
          {"started_at", clock.started_at},
          {"due_at", or_null(clock.due_at)},
          {"breached_at", or_null(clock.breached_at)},
          {"stopped_at", or_null(clock.stopped_at)}};
}

json::array to_json(const std::vector<Mark>& marks) {
  json::array out;
  for (const Mark& mark : marks)
    out.push_back(json::object{{"kind", word(mark.kind)},
                               {"level", word(mark.level)},
                               {"paused", mark.paused},
                               {"due_at", or_null(mark.due_at)},
                               {"left_ms", mark.paused ? json::value(mark.left_ms) : json::value(nullptr)}});
  return out;
}

json::object to_json(const Notice& notice) {
  return {{"conversation_id", notice.conversation.str()},
          {"kind", notice.kind ? word(*notice.kind) : std::string_view("window")},
          {"level", word(notice.level)},
          {"due_at", or_null(notice.due_at)},
          {"group", notice.group},
          {"agent_id", or_null(notice.agent)}};
}

json::object to_json(const Tally& tally, TallyBy by) {
  const auto share = tally.share();
  return {{"key", by == TallyBy::day ? date_text(std::stoll(tally.key)) : tally.key},
          {"held", tally.held},
          {"breached", tally.breached},
          {"unanswered", tally.unanswered},
          {"open", tally.open},
          {"share", share ? json::value(*share) : json::value(nullptr)}};
}

std::string date_text(std::int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(static_cast<int>(day)))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4)), month = digits(text.substr(5, 2)), day = digits(text.substr(8));
  if (!year || !month || !day || *year < 1970 || *year > 2199) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

}  // namespace miniops::service_levels
