// Tencent Cloud's SendSms as far as notifications go: the signature, templates, numbers. Pure: time is passed in. Not
// thread-safe; bounded.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "net/http.hpp"
#include "sandbox/ring.hpp"

namespace miniops::sandbox {

struct SmsAccount {
  std::string secret_id, secret_key, sdk_app_id, sign_name, template_id;
  std::int64_t variables = 0;  // how many the template has
};

struct SmsMessage {
  std::uint64_t seq = 0;
  TimeMs at = 0;
  std::string phone{}, sign_name{}, template_id{}, session{};
  std::vector<std::string> parameters{};
};

class Sms {
 public:
  static constexpr std::size_t accounts_max = 50;

  // False: there are too many. A known one is replaced.
  bool put_account(SmsAccount account);
  const std::map<std::string, SmsAccount, std::less<>>& accounts() const { return accounts_; }
  // The whole answer, {"Response": {…}}; always HTTP 200.
  json::object send(const net::Request& request, TimeMs now, const std::string& request_id);
  const Ring<SmsMessage>& messages() const { return messages_; }

 private:
  std::map<std::string, SmsAccount, std::less<>> accounts_;  // by secret_id
  Ring<SmsMessage> messages_{500};
  std::map<std::string, TimeMs> recent_;  // phone and content: once in 30 s
};

// nullopt: the signature (TC3-HMAC-SHA256 over the headers that the request names) is good; else the error's code.
std::optional<std::string> wrong_signature(const net::Request& request, const SmsAccount& account, TimeMs now);

}  // namespace miniops::sandbox
