// A WeChat that answers as it was told, and answers in WeChat's form to give it.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "base/json.hpp"
#include "official/ports.hpp"
#include "official/words.hpp"

namespace miniops::official {

inline constexpr TimeMs noon = 1795237200000;  // 2026-11-21 13:00 in China
inline const AppId app{"wx1"};

class Scripted final : public Platform {
 public:
  using Maker = std::function<Answer(const wechat::ApiCall&)>;

  static Answer ok(const json::object& body) { return {.kind = Answer::Kind::answered, .body = json::serialize(body)}; }
  static Answer text(std::string body) { return {.kind = Answer::Kind::answered, .body = std::move(body)}; }
  static Answer errcode(int code) {
    return {.kind = Answer::Kind::answered, .errcode = code, .text = "said so rid: 1", .body = "{}"};
  }
  static Answer not_sent(TimeMs retry_at = 0) {
    return {.kind = Answer::Kind::not_sent, .text = "no token", .retry_at = retry_at};
  }

  // What an API answers next, once; then what it always answers.
  void next(const std::string& api, Answer answer) { once_[api].push_back(std::move(answer)); }
  void always(const std::string& api, Maker maker) { always_[api] = std::move(maker); }

  Task<Answer> call(AppId appid, wechat::ApiCall call) override {
    EXPECT_EQ(appid, app);
    EXPECT_TRUE(call.needs_token);
    calls.push_back(call);
    if (on_call) on_call();
    auto& queue = once_[call.name];
    if (!queue.empty()) {
      Answer answer = std::move(queue.front());
      queue.pop_front();
      co_return answer;
    }
    const auto maker = always_.find(call.name);
    co_return maker == always_.end() ? errcode(48001) : maker->second(call);
  }
  std::vector<wechat::ApiCall> of(const std::string& api) const {
    std::vector<wechat::ApiCall> out;
    for (const wechat::ApiCall& call : calls)
      if (call.name == api) out.push_back(call);
    return out;
  }

  std::vector<wechat::ApiCall> calls;
  std::function<void()> on_call;

 private:
  std::map<std::string, std::deque<Answer>> once_;
  std::map<std::string, Maker> always_;
};

// A number in a query: "start=100" → 100.
inline std::int64_t in_query(const wechat::ApiCall& call, const std::string& name) {
  const auto at = ("&" + call.query).find("&" + name + "=");
  return at == std::string::npos ? -1 : std::stoll(call.query.substr(at + name.size() + 1));
}

inline json::object log_item(TimeMs at, int level = 2, const std::string& text = "打开页面",
                             const std::string& openid = "oUser") {
  const json::object message{{"time", at / second_ms}, {"msg", json::array{text}}, {"level", level}};
  return {{"level", level},
          {"libraryVersion", "3.6.6"},
          {"clientVersion", "8.0.53"},
          {"id", openid},
          {"timestamp", at / second_ms},
          {"platform", 1},
          {"url", "pages/index/index"},
          {"msg", json::array{message}},
          {"traceid", "t" + std::to_string(at)},
          {"filterMsg", "支付"}};
}
// A page of a log that holds `all`: what lies in the window that is asked for.
inline Platform::Answer log_page(const std::vector<json::object>& all, const wechat::ApiCall& call) {
  json::array list;
  std::int64_t total = 0;
  for (const json::object& one : all) {
    const std::int64_t at = one.at("timestamp").as_int64();
    if (at < in_query(call, "begintime") || at > in_query(call, "endtime")) continue;
    if (total >= in_query(call, "start") && list.size() < static_cast<std::size_t>(in_query(call, "limit")))
      list.push_back(one);
    ++total;
  }
  const json::object data{{"list", std::move(list)}, {"total", total}};
  return Scripted::ok({{"errcode", 0}, {"data", data}});
}

inline json::object error_item(int number, std::int64_t pv) {
  const std::string text = std::to_string(number);
  return {{"errorMsgMd5", "m" + text},   {"errorMsg", "TypeError " + text},         {"uv", 1},          {"pv", pv},
          {"errorStackMd5", "s" + text}, {"errorStack", "at f" + text + " (a.js)"}, {"pvPercent", "1%"}};
}

inline json::object event_item(const std::string& openid, const std::string& at = "2026-11-20 10:00:00") {
  return {{"Count", "1"},     {"sdkVersion", "3.6.6"},      {"ClientVersion", "8.0.53"},
          {"TimeStamp", at},  {"appVersion", "1.0"},        {"OsName", "2"},
          {"openId", openid}, {"DeviceModel", "iPhone 15"}, {"route", "pages/a/a"},
          {"Uin", "0"}};
}

inline json::object feedback_item(std::int64_t id, TimeMs at, const std::string& openid = "oUser") {
  return {{"record_id", id},
          {"create_time", at / second_ms},
          {"content", "点支付没有反应 13800138000"},
          {"phone", 13800138000},
          {"openid", openid},
          {"nickname", "小林"},
          {"head_url", ""},
          {"type", 7},
          {"mediaIds", json::array{"a", "b"}},
          {"systemInfo", "{}"}};
}

inline Platform::Answer performance_of(std::vector<std::pair<std::string, std::int64_t>> points) {
  json::array list;
  for (const auto& [day, cost] : points)
    list.push_back(json::object{{"ref_date", day}, {"cost_time_type", 1}, {"cost_time", cost}});
  const json::object inner{{"list", std::move(list)}};
  return Scripted::ok({{"default_time_data", json::serialize(inner)}, {"compare_time_data", ""}, {"errcode", 0}});
}

}  // namespace miniops::official
