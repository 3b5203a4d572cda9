#include "official/views.hpp"

#include "base/mask.hpp"

namespace miniops::official {

namespace {

json::value time_or_null(TimeMs at) { return at == 0 ? json::value(nullptr) : json::value(at); }

json::value number_or_null(const std::optional<double>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

// Who it was; null for those who may not know.
json::value who(const std::string& text, bool personal) { return personal ? json::value(text) : json::value(nullptr); }

std::string said(const std::string& text, bool personal) { return personal ? text : mask_personal_data(text); }

std::string_view level_word(int level) { return level == 8 ? "error" : level == 4 ? "warn" : level == 2 ? "info" : ""; }

json::object shown(const SourceState& state) {
  json::object out{{"source", to_string(state.source)},
                   {"enabled", state.enabled},
                   {"running", state.running},
                   {"last_run_at", time_or_null(state.last_run_at)},
                   {"last_success_at", time_or_null(state.last_success_at)},
                   {"next_run_at", state.enabled ? time_or_null(state.next_at) : json::value(nullptr)},
                   {"error", nullptr},
                   {"rows", state.stored}};
  if (const auto& failure = state.failure)
    out["error"] = {{"errcode", failure->errcode ? json::value(*failure->errcode) : json::value(nullptr)},
                    {"text", failure->text},
                    {"at", failure->at}};
  return out;
}

}  // namespace

json::object shown(const Status& status) {
  json::array all;
  for (const SourceState& state : status.sources) all.push_back(shown(state));
  return {{"enabled", status.enabled},
          {"keep_days", status.keep.days},
          {"keep_log_days", status.keep.log_days},
          {"sources", std::move(all)}};
}

json::object shown(const SidePoint& point) {
  return {{"day", dashed_date(point.day)},
          {"at", start_of_day(point.day)},
          {"source", point.ours ? "miniops" : "wechat"},
          {"mean", point.mean},
          {"p50", number_or_null(point.p50)},
          {"count", number_or_null(point.count)}};
}

json::object shown(const store::ErrorRow& row, bool personal) {
  return {{"id", std::to_string(row.error)},
          {"source", "wechat"},
          {"message", said(row.message, personal)},
          {"stack", said(row.stack, personal)},
          {"events", row.events},
          {"users", row.users},
          {"first_day", dashed_date(row.first_day)},
          {"last_day", dashed_date(row.last_day)}};
}

json::object shown(const store::EventRow& row, bool personal) {
  const JsErrorEvent& event = row.event;
  return {{"id", std::to_string(row.id)},
          {"at", event.at},
          {"release", event.release},
          {"os", event.os},
          {"base_library", event.base_library},
          {"wechat", event.wechat},
          {"device", event.device},
          {"route", event.route},
          {"openid", who(event.openid, personal)}};
}

json::object shown(const store::LogRow& row, bool personal) {
  const LogLine& line = row.line;
  json::array messages;
  for (const LogMessage& message : line.messages)
    messages.push_back(
        json::object{{"at", message.at}, {"level", level_word(message.level)}, {"text", said(message.text, personal)}});
  return {{"id", std::to_string(row.id)},
          {"source", "wechat"},
          {"at", line.at},
          {"level", level_word(line.level)},
          {"page", line.page},
          {"platform", line.platform},
          {"wechat", line.wechat},
          {"base_library", line.base_library},
          {"trace", line.trace},
          {"filter", said(line.filter, personal)},
          {"openid", who(line.openid, personal)},
          {"messages", std::move(messages)}};
}

json::object shown(const Feedback& one, bool personal) {
  return {{"id", std::to_string(one.id)},
          {"source", "wechat"},
          {"at", one.at},
          {"type", one.type},
          {"text", said(one.text, personal)},
          {"phone", who(one.phone, personal)},
          {"openid", who(one.openid, personal)},
          {"nickname", who(one.nickname, personal)},
          {"pictures", one.pictures},
          {"system", said(one.system, personal)}};
}

}  // namespace miniops::official
