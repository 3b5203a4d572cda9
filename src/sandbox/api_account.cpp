// What a server asks WeChat about itself: addresses, quotas, earlier requests.
#include <array>

#include "sandbox/api_call.hpp"

namespace miniops::sandbox {

namespace {
constexpr TimeMs rid_life_ms = 7 * day_ms;

bool is_rid(std::string_view rid) {
  return rid.size() == 26 && rid[8] == '-' && rid[17] == '-' &&
         rid.find_first_not_of("0123456789abcdef-") == std::string_view::npos;
}

const CallRecord* find_call(const App& app, std::string_view rid) {
  const auto& calls = app.calls.items();
  const auto found = std::ranges::find(calls, rid, &CallRecord::rid);
  return found == calls.end() ? nullptr : &*found;
}
}  // namespace

// The sandbox pushes from the machine it runs on.
ApiAnswer answer_callback_ip(ApiInput&) { return {.body = {{"ip_list", json::array{"127.0.0.1", "::1"}}}}; }

ApiAnswer answer_domain_ip(ApiInput&) { return {.body = {{"ip_list", json::array{"127.0.0.1", "::1"}}}}; }

ApiAnswer answer_callback_check(ApiInput& in) {
  if (in.app->config.push_url.empty()) return refuse(40201);
  const std::string_view action = text_of(in.body, "action").value_or("");
  if (action != "dns" && action != "ping" && action != "all") return refuse(40202);
  constexpr std::array operators = {"CHINANET", "UNICOM", "CAP", "DEFAULT"};
  const std::string_view wanted = text_of(in.body, "check_operator").value_or("DEFAULT");
  if (std::ranges::find(operators, wanted) == operators.end()) return refuse(40203);
  json::object body;
  if (action != "ping") body["dns"] = json::array{json::object{{"ip", "127.0.0.1"}, {"real_operator", "DEFAULT"}}};
  if (action != "dns") {
    const json::object ping{
        {"ip", "127.0.0.1"}, {"from_operator", wanted}, {"package_loss", "0%"}, {"time", "0.079ms"}};
    body["ping"] = json::array{ping};
  }
  return {.body = std::move(body)};
}

ApiAnswer answer_clear_quota(ApiInput& in) {
  if (text_of(in.body, "appid").value_or("") != in.app->config.appid) return refuse(40013);
  return refuse(in.app->quotas.clear("", in.now));
}

ApiAnswer answer_clear_one_quota(ApiInput& in) {
  const ApiSpec* spec = api_by_path(text_of(in.body, "cgi_path").value_or(""));
  if (spec == nullptr) return refuse(76021);
  return refuse(in.app->quotas.clear(spec->name, in.now));
}

ApiAnswer answer_quota(ApiInput& in) {
  const ApiSpec* spec = api_by_path(text_of(in.body, "cgi_path").value_or(""));
  if (spec == nullptr) return refuse(76021);
  const QuotaLimit limit = in.app->quotas.limit(spec->name);
  const QuotaUse use = in.app->quotas.use(spec->name, in.now);
  const json::object quota{{"daily_limit", limit.daily}, {"used", use.today}, {"remain", limit.daily - use.today}};
  const json::object rate{{"call_count", limit.minute}, {"refresh_second", 60}};
  return {.body = {{"errcode", 0}, {"errmsg", "ok"}, {"quota", quota}, {"rate_limit", rate}}};
}

ApiAnswer answer_rid(ApiInput& in) {
  const std::string_view rid = text_of(in.body, "rid").value_or("");
  if (!is_rid(rid)) return refuse(76002);
  const CallRecord* call = find_call(*in.app, rid);
  if (call == nullptr) {
    for (const auto& [appid, other] : in.apps) {
      if (find_call(other, rid) != nullptr) return refuse(76003);
    }
    return refuse(76001);
  }
  if (in.now - call->at > rid_life_ms) return refuse(76004);
  const json::object request{{"invoke_time", call->at / second_ms}, {"cost_in_ms", call->ms},
                             {"request_url", call->query},          {"request_body", call->body},
                             {"response_body", call->answer},       {"client_ip", call->remote_address}};
  return {.body = {{"errcode", 0}, {"errmsg", "ok"}, {"request", request}}};
}

}  // namespace miniops::sandbox
