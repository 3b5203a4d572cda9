// What each of WeChat's error codes asks for: the one policy table (design 3.3).
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace miniops::wechat {

// What is no message or envelope of WeChat's: "wechat.malformed".
std::unexpected<Error> malformed(std::string message);

enum class Policy {
  ok,
  renew_token,           // 40001 40014 42001 from any but the token APIs: stable_token in normal mode, retry once
  stop_and_show,         // 40001 40125 40164 40243 … from a token API: a person must act
  back_off,              // -1 45011 44990 44991: again with jitter
  pause_until_midnight,  // 45009: this API rests until 00:00 UTC+8
  upload_media_again,    // 40007: retry once
  hold,                  // 45015 45047: until the customer writes again
  give_up,               // all others
};

// `token_api`: the call was token or stable_token. errcode_not_understood asks to back off as well, but such an attempt
// may have had its effect: whoever sends messages counts it as uncertain.
Policy policy_of(int errcode, bool token_api);

// What happened and what can be done, for an agent or operator. `language`: "zh" or "en".
std::string explain(int errcode, std::string_view language);

// 40164 names the caller's address in its text ("invalid ip 1.2.3.4 ipv6 …, not in whitelist"): the IP to copy.
std::optional<std::string> ip_not_allowed(std::string_view errmsg);

}  // namespace miniops::wechat
