// WeCom 企业微信: the group robot and messages of an app. Requests out, answers in; pure.
#pragma once

#include "base/json.hpp"
#include "net/client.hpp"
#include "notify/channels/message.hpp"
#include "notify/channels/outcome.hpp"

namespace miniops::notify {

struct WecomRobot {
  bool markdown = true;                                   // else plain text
  std::vector<std::string> mentioned, mentioned_mobiles;  // userids, "@all"; mobile numbers
  Severity mention_from = Severity::critical;
};
struct WecomApp {
  bool markdown = true;
  std::string corpid;
  std::int64_t agentid = 0;
  std::vector<std::string> touser, toparty, totag;
};

WecomRobot read_wecom_robot(JsonInput& in);
WecomApp read_wecom_app(JsonInput& in);
json::object to_json(const WecomRobot& robot);
json::object to_json(const WecomApp& app);
// The key of a robot, given as such or as the whole webhook address; empty: it is none.
std::string robot_key_of(std::string_view given);

// `base` is "https://qyapi.weixin.qq.com".
net::ClientRequest robot_request(const std::string& base, const std::string& key, const WecomRobot& robot,
                                 const Message& message);
net::ClientRequest app_token_request(const std::string& base, const WecomApp& app, const std::string& secret);
net::ClientRequest app_request(const std::string& base, const std::string& token, const WecomApp& app,
                               const Message& message);

// What an answer to either send means. The code is WeCom's errcode.
Outcome wecom_outcome(int status, std::string_view body);
// WeCom does not take this token (any more): a new one and once again.
bool token_refused(int status, std::string_view body);

struct WecomToken {
  std::string token;
  TimeMs expires_in_ms = 0;
};
std::expected<WecomToken, Outcome> token_of(int status, std::string_view body);

}  // namespace miniops::notify
