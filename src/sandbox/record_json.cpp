#include "sandbox/record_json.hpp"

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "net/http.hpp"

namespace miniops::sandbox {

namespace {

constexpr std::size_t body_bytes_kept = 8 * 1024;

bool is_secret(std::string_view name) { return name == "access_token" || name == "secret" || name == "appsecret"; }

std::string masked(std::string_view secret) { return fmt::format("{}…", secret.substr(0, 6)); }

std::string_view word_of(Direction direction) {
  switch (direction) {
    case Direction::in:
      return "in";
    case Direction::out:
      return "out";
    case Direction::note:
      return "note";
  }
  return "note";
}

std::string_view word_of(PushState state) {
  switch (state) {
    case PushState::pending:
      return "pending";
    case PushState::delivered:
      return "delivered";
    case PushState::failed:
      return "failed";
  }
  return "failed";
}

json::object try_json(const PushTry& attempt) {
  json::object object{{"at", attempt.at}, {"ms", attempt.ms}, {"status", attempt.status}, {"body", attempt.body}};
  object["error"] = attempt.error.empty() ? json::value(nullptr) : json::value(attempt.error);
  return object;
}

}  // namespace

json::object app_json(const App& app) {
  const AppConfig& config = app.config;
  json::object window{{"message_count", app.window.message_count},
                      {"message_ms", app.window.message_ms},
                      {"enter_count", app.window.enter_count},
                      {"enter_ms", app.window.enter_ms}};
  json::object policy{{"timeout_ms", app.push_policy.timeout_ms},
                      {"retry_ms", app.push_policy.retry_ms},
                      {"tries", app.push_policy.tries},
                      {"retry_on_status", app.push_policy.retry_on_status}};
  json::object faults{{"duplicate_rate", app.push_faults.duplicate_rate},
                      {"reorder_rate", app.push_faults.reorder_rate},
                      {"bad_signature_rate", app.push_faults.bad_signature_rate},
                      {"old_key_rate", app.push_faults.old_key_rate}};
  json::array blocked_words(app.blocked_words.begin(), app.blocked_words.end());
  json::array unauthorized(app.unauthorized_apis.begin(), app.unauthorized_apis.end());
  json::array whitelist(app.ip_whitelist.begin(), app.ip_whitelist.end());
  json::array api_faults;
  for (const Fault& fault : app.faults.faults()) api_faults.push_back(fault_json(fault));
  json::object object{{"appid", config.appid},
                      {"name", config.name},
                      {"original_id", app.original_id},
                      {"push_url", config.push_url},
                      {"mode", wechat::to_string(config.mode)},
                      {"format", wechat::to_string(config.format)},
                      {"secret_frozen", app.secret_frozen},
                      {"wrong_secret_errcode", app.wrong_secret_errcode},
                      {"token_life_s", app.tokens.life() / second_ms}};
  object["ip_whitelist"] = std::move(whitelist);
  object["blocked_words"] = std::move(blocked_words);
  object["risky_words"] = json::array(app.risky_words.begin(), app.risky_words.end());
  object["review_words"] = json::array(app.review_words.begin(), app.review_words.end());
  object["unauthorized_apis"] = std::move(unauthorized);
  object["window"] = std::move(window);
  object["push"] = std::move(policy);
  object["push_faults"] = std::move(faults);
  object["faults"] = std::move(api_faults);
  object["counts"] = {{"users", app.users.size()},
                      {"messages_in", app.messages_in},
                      {"messages_out", app.messages_out},
                      {"pushes", app.pushes.total()},
                      {"calls", app.calls.total()}};
  return object;
}

json::object user_json(const User& user, TimeMs now) {
  json::object object{{"openid", user.openid}, {"nickname", user.nickname}, {"messages", user.bubbles.total()}};
  object["window"] = {{"remaining", user.window.remaining(now)}, {"expires_at", user.window.deadline()}};
  object["refuses"] = user.refuses;
  json::object consents;
  for (const auto& [template_id, count] : user.consents) consents[template_id] = count;
  object["consents"] = std::move(consents);
  object["typing"] = user.typing_until > now;
  object["last_at"] = user.bubbles.items().empty() ? json::value(nullptr) : json::value(user.bubbles.items().back().at);
  return object;
}

json::object bubble_json(const Bubble& bubble) {
  json::object object{{"seq", bubble.seq}, {"at", bubble.at}, {"direction", word_of(bubble.direction)}};
  object["msgtype"] = bubble.msgtype;
  object[bubble.msgtype] = bubble.content;
  object["msg_id"] = bubble.msg_id.empty() ? json::value(nullptr) : json::value(bubble.msg_id);
  if (bubble.push_id != 0) object["push_id"] = std::to_string(bubble.push_id);
  return object;
}

json::object push_json(const PushRecord& push) {
  json::object object{{"id", std::to_string(push.id)},
                      {"at", push.at},
                      {"openid", push.openid},
                      {"kind", push.kind},
                      {"mode", wechat::to_string(push.mode)},
                      {"format", wechat::to_string(push.format)},
                      {"state", word_of(push.state)},
                      {"reply", push.reply}};
  object["message"] = push.message;
  object["request"] = {{"method", "POST"}, {"url", push.url}, {"body", push.body}};
  json::array switches(push.switches.begin(), push.switches.end());
  object["switches"] = std::move(switches);
  json::array tries;
  for (const PushTry& attempt : push.tries) tries.push_back(try_json(attempt));
  object["tries"] = std::move(tries);
  return object;
}

json::object call_json(const CallRecord& call) {
  json::object object{{"seq", call.seq},
                      {"at", call.at},
                      {"api", call.api},
                      {"method", call.method},
                      {"query", call.query},
                      {"body", call.body},
                      {"status", call.status},
                      {"answer", call.answer},
                      {"errcode", call.errcode},
                      {"ms", call.ms},
                      {"rid", call.rid},
                      {"disconnected", call.disconnected},
                      {"remote", call.remote_address}};
  object["fault"] = call.fault.empty() ? json::value(nullptr) : json::value(call.fault);
  return object;
}

json::object fault_json(const Fault& fault) {
  json::object object{{"api", fault.api}};
  if (fault.errcode) object["errcode"] = *fault.errcode;
  if (!fault.errmsg.empty()) object["errmsg"] = fault.errmsg;
  if (fault.delay_ms > 0) object["delay_ms"] = fault.delay_ms;
  if (fault.disconnect == Fault::Disconnect::before) object["disconnect"] = "before";
  if (fault.disconnect == Fault::Disconnect::after) object["disconnect"] = "after";
  if (fault.status != 0) object["status"] = fault.status;
  if (fault.status != 0) object["answer"] = fault.answer;
  if (fault.times != Fault::unlimited) object["times"] = fault.times;
  if (fault.rate < 1) object["rate"] = fault.rate;
  return object;
}

std::string masked_query(std::string_view query) {
  std::string text;
  for (const auto& [name, value] : net::parse_query(query)) {
    if (!text.empty()) text += '&';
    text += url_encode(name) + '=' + (is_secret(name) ? masked(value) : url_encode(value));
  }
  return text;
}

std::string masked_body(std::string_view content_type, std::string_view body) {
  if (content_type.starts_with("multipart/")) return fmt::format("({}, {} bytes)", "multipart/form-data", body.size());
  if (!valid_utf8(body)) return fmt::format("({} bytes)", body.size());
  if (body.find("secret") != std::string_view::npos || body.find("access_token") != std::string_view::npos) {
    auto parsed = parse_json(body);
    if (!parsed || !parsed->is_object()) return "(not shown: it holds a secret)";
    for (auto& [name, value] : parsed->get_object()) {
      if (is_secret(name) && value.is_string()) value = masked(std::string_view(value.get_string()));
    }
    return json::serialize(*parsed);
  }
  return truncate_chars(body, body_bytes_kept);
}

}  // namespace miniops::sandbox
