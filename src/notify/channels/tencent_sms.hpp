// SMS by Tencent Cloud 腾讯云短信: SendSms of API 3.0, signed with TC3-HMAC-SHA256. Pure.
#pragma once

#include "base/json.hpp"
#include "net/client.hpp"
#include "notify/channels/message.hpp"
#include "notify/channels/outcome.hpp"

namespace miniops::notify {

struct TencentSms {
  std::string secret_id, sdk_app_id, sign_name, template_id;
  std::string region = "ap-guangzhou";
  std::vector<std::string> parameters;  // one for each variable of the template, with placeholders
  std::int64_t parameter_chars_max = 12;
  std::vector<std::string> phones;  // +8613800000000
};
TencentSms read_tencent_sms(JsonInput& in);
json::object to_json(const TencentSms& sms);

// What is signed; `headers` in lower case, sorted, are those that the signature covers.
struct Tc3Request {
  std::string host, service, action, content_type, body;
  TimeMs at = 0;
  bool sign_action = true;  // x-tc-action is among the signed headers
};
// The Authorization header.
std::string tc3_authorization(const Tc3Request& request, const std::string& secret_id, const std::string& secret_key);

// `base` is "https://sms.tencentcloudapi.com".
net::ClientRequest sms_request(const std::string& base, const TencentSms& sms, const std::string& secret_key,
                               const Message& message, TimeMs now);
Outcome sms_outcome(int status, std::string_view body);

}  // namespace miniops::notify
