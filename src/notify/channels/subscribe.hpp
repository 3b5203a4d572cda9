// WeChat subscribe message 订阅消息 to one person. Each explicit consent buys exactly one; the count of them is in
// consents.hpp. Pure.
#pragma once

#include "base/json.hpp"
#include "notify/channels/message.hpp"
#include "notify/channels/outcome.hpp"
#include "wechat/api.hpp"

namespace miniops::notify {

struct Subscribe {
  std::string openid, template_id, page;
  std::map<std::string, std::string> data;  // by keyword ("thing1"), with placeholders
  std::string miniprogram_state = "formal";
};
Subscribe read_subscribe(JsonInput& in);
json::object to_json(const Subscribe& subscribe);

wechat::ApiCall subscribe_call(const Subscribe& subscribe, const Message& message);
// What WeChat's errcode means. "no_consent" when the person has refused or has no consent left (43101).
Outcome subscribe_outcome(int errcode, std::string_view errmsg);

}  // namespace miniops::notify
