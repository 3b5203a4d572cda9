// WeCom 企业微信 as far as notifications go: group robots, and messages of apps. Pure: time is passed in. Not
// thread-safe; bounded.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/random.hpp"
#include "sandbox/ring.hpp"

namespace miniops::sandbox {

// What appeared in a group, or on somebody's WeCom.
struct WecomMessage {
  std::uint64_t seq = 0;
  TimeMs at = 0;
  std::string msgtype{};
  json::object content{};
  std::vector<std::string> to{};  // of an app: who got it
};

struct Robot {
  std::string key, name;
  std::int64_t per_minute = 20;
  std::deque<TimeMs> recent{};
  Ring<WecomMessage> messages{500};
};

struct WecomApp {
  std::string corpid, secret;
  std::int64_t agentid = 0;
  std::set<std::string> users{};  // who sees the app
  std::string token{};
  TimeMs token_until = 0;
  std::map<std::string, TimeMs> sent_bodies{};               // for the duplicate check
  std::map<std::string, std::deque<TimeMs>> got_recently{};  // by user: beyond 30 a minute nothing arrives
  Ring<WecomMessage> messages{500};
};

struct WecomAnswer {
  json::object body;
  const WecomMessage* shown = nullptr;  // what appeared
};

class Wecom {
 public:
  static constexpr std::size_t robots_max = 50;
  static constexpr std::size_t apps_max = 50;

  // nullptr: there are too many. A known one is given back and keeps its messages.
  Robot* put_robot(const std::string& key);
  WecomApp* put_app(const std::string& corpid, std::int64_t agentid);
  bool remove_robot(std::string_view key);
  Robot* robot(std::string_view key);
  WecomApp* app(std::string_view corpid, std::int64_t agentid);
  const std::map<std::string, Robot, std::less<>>& robots() const { return robots_; }
  const std::vector<WecomApp>& apps() const { return apps_; }

  // POST /cgi-bin/webhook/send, GET /cgi-bin/gettoken, POST /cgi-bin/message/send. `body`: nullptr when it is no JSON.
  WecomAnswer robot_send(std::string_view key, const json::object* body, TimeMs now);
  WecomAnswer give_token(std::string_view corpid, std::string_view secret, TimeMs now, Random& random);
  WecomAnswer app_send(std::string_view token, const json::object* body, TimeMs now);
  // The platform may end a token at any time: 40014 from then on.
  void end_tokens();

 private:
  std::map<std::string, Robot, std::less<>> robots_;
  std::vector<WecomApp> apps_;
};

// {"errcode": …, "errmsg": …} with the tail that WeCom puts behind its texts.
json::object wecom_error(int errcode, std::string_view errmsg);

}  // namespace miniops::sandbox
