#include "notify/channels/tencent_sms.hpp"

#include <fmt/chrono.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/encoding.hpp"
#include "base/mask.hpp"
#include "base/text.hpp"

namespace miniops::notify {

namespace {

constexpr std::string_view algorithm = "TC3-HMAC-SHA256";
constexpr std::string_view content_type = "application/json; charset=utf-8";
constexpr std::string_view action = "SendSms";
constexpr std::string_view version = "2021-01-11";
constexpr TimeMs same_content_ms = 31 * second_ms;

std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return low;
}

bool is_phone(std::string_view text) {
  return text.size() >= 8 && text.size() <= 16 && text.starts_with('+') &&
         text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

bool is_id(std::string_view text) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

std::string host_of(const std::string& base) {
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view(base.data(), base.size()));
  return parsed ? std::string(parsed->encoded_host_and_port()) : std::string();
}

// No addresses, brackets and line breaks: the platform refuses or misreads them.
std::string parameter_of(const std::string& pattern, const Message& message, std::size_t chars_max) {
  std::string value = one_line(fill(pattern, message));
  for (const std::string_view mark : {"【", "】", "http://", "https://"})
    for (auto at = value.find(mark); at != std::string::npos; at = value.find(mark)) value.erase(at, mark.size());
  value = truncate_chars(value, chars_max);
  return value.empty() ? "-" : value;
}

// The whole request was refused.
Outcome refused(std::string_view code, std::string_view text) {
  const auto is = [&](std::string_view prefix) { return code.starts_with(prefix); };
  std::string detail = truncate_chars(one_line(fmt::format("{} {}", code, text)), 300);
  if (is("RequestLimitExceeded")) return Outcome::later("rate_limited", std::move(detail));
  if (code == "LimitExceeded.PhoneNumberThirtySecondLimit")
    return Outcome::later("rate_limited", std::move(detail), same_content_ms);
  if (is("InternalError.RequestTimeException") || code == "AuthFailure.SignatureExpire")
    return Outcome::broken("clock_wrong", std::move(detail));
  if (is("InternalError")) return Outcome::later("busy", std::move(detail));
  if (is("AuthFailure")) return Outcome::broken("wrong_credentials", std::move(detail));
  if (is("UnauthorizedOperation")) return Outcome::broken("no_right", std::move(detail));
  if (is("LimitExceeded")) return Outcome::failed("quota_spent", std::move(detail));
  if (code == "FailedOperation.InsufficientBalanceInSmsPackage")
    return Outcome::broken("quota_spent", std::move(detail));
  for (const std::string_view wrong :
       {"FailedOperation.SignatureIncorrectOrUnapproved", "FailedOperation.TemplateIncorrectOrUnapproved",
        "InvalidParameterValue.SdkAppIdNotExist"})
    if (code == wrong) return Outcome::broken("wrong_settings", std::move(detail));
  return Outcome::failed("refused", std::move(detail));
}

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

// No error of the whole does not mean sent: each number has its own code. One that got it makes it sent.
Outcome outcome_of(const json::array& statuses) {
  std::size_t sent = 0;
  std::optional<Outcome> worst;
  std::string problems;
  for (const json::value& one : statuses) {
    if (!one.is_object()) continue;
    const std::string code = text_at(one.as_object(), "Code");
    if (lower(code) == "ok") {
      ++sent;
      continue;
    }
    Outcome outcome = refused(code, text_at(one.as_object(), "Message"));
    problems += fmt::format("{}{}: {}", problems.empty() ? "" : ", ",
                            mask_personal_data(text_at(one.as_object(), "PhoneNumber")), code);
    if (!worst || outcome.kind == Outcome::Kind::later) worst = std::move(outcome);
  }
  if (sent > 0) return Outcome::sent(truncate_chars(one_line(problems), 300));
  if (!worst) return Outcome::uncertain("the answer names no number");
  return *worst;
}

}  // namespace

TencentSms read_tencent_sms(JsonInput& in) {
  TencentSms sms;
  sms.secret_id = in.text("secret_id", {1, 64});
  sms.sdk_app_id = in.text("sdk_app_id", {1, 32});
  sms.sign_name = in.text("sign_name", {1, 32});
  sms.template_id = in.text("template_id", {1, 32});
  sms.region = in.optional_text("region", {1, 32}).value_or(sms.region);
  sms.parameters = in.optional_texts("parameters", 12, {1, 64});
  sms.parameter_chars_max = in.optional_integer("parameter_chars_max", 1, 100).value_or(sms.parameter_chars_max);
  sms.phones = in.optional_texts("phones", 50, {1, 20});
  // Both become part of a header.
  if (!is_id(sms.secret_id)) in.mistake("secret_id", "must be letters, digits, - and _");
  if (!is_id(sms.region)) in.mistake("region", "must be letters, digits, - and _");
  if (sms.phones.empty()) in.mistake("phones", "give at least one");
  if (!std::ranges::all_of(sms.phones, is_phone)) in.mistake("phones", "must look like +8613800000000");
  return sms;
}

json::object to_json(const TencentSms& sms) {
  return {{"secret_id", sms.secret_id},
          {"sdk_app_id", sms.sdk_app_id},
          {"sign_name", sms.sign_name},
          {"template_id", sms.template_id},
          {"region", sms.region},
          {"parameters", json::array(sms.parameters.begin(), sms.parameters.end())},
          {"parameter_chars_max", sms.parameter_chars_max},
          {"phones", json::array(sms.phones.begin(), sms.phones.end())}};
}

std::string tc3_authorization(const Tc3Request& request, const std::string& secret_id, const std::string& secret_key) {
  const auto seconds = static_cast<std::time_t>(request.at / second_ms);
  const std::string date = fmt::format("{:%Y-%m-%d}", fmt::gmtime(seconds));  // UTC, also after midnight in China
  std::string headers = fmt::format("content-type:{}\nhost:{}\n", lower(request.content_type), lower(request.host));
  std::string signed_headers = "content-type;host";
  if (request.sign_action) {
    headers += fmt::format("x-tc-action:{}\n", lower(request.action));
    signed_headers += ";x-tc-action";
  }
  const std::string canonical =
      fmt::format("POST\n/\n\n{}\n{}\n{}", headers, signed_headers, hex(sha256(request.body)));
  const std::string scope = fmt::format("{}/{}/tc3_request", date, request.service);
  const std::string to_sign =
      fmt::format("{}\n{}\n{}\n{}", algorithm, request.at / second_ms, scope, hex(sha256(canonical)));
  const std::string key =
      hmac_sha256(hmac_sha256(hmac_sha256("TC3" + secret_key, date), request.service), "tc3_request");
  return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm, secret_id, scope, signed_headers,
                     hex(hmac_sha256(key, to_sign)));
}

net::ClientRequest sms_request(const std::string& base, const TencentSms& sms, const std::string& secret_key,
                               const Message& message, TimeMs now) {
  json::array parameters;
  for (const std::string& pattern : sms.parameters)
    parameters.emplace_back(parameter_of(pattern, message, static_cast<std::size_t>(sms.parameter_chars_max)));
  const json::object body{{"PhoneNumberSet", json::array(sms.phones.begin(), sms.phones.end())},
                          {"SmsSdkAppId", sms.sdk_app_id},
                          {"SignName", sms.sign_name},
                          {"TemplateId", sms.template_id},
                          {"TemplateParamSet", std::move(parameters)},
                          {"SessionContext", message.id}};
  net::ClientRequest request;
  request.method = net::Method::post;
  request.url = base + "/";
  request.body = json::serialize(body);
  const Tc3Request signed_part{host_of(base), "sms", std::string(action), std::string(content_type), request.body, now};
  request.headers.set("Content-Type", std::string(content_type));
  request.headers.set("X-TC-Action", std::string(action));
  request.headers.set("X-TC-Version", std::string(version));
  request.headers.set("X-TC-Region", sms.region);
  request.headers.set("X-TC-Timestamp", std::to_string(now / second_ms));
  request.headers.set("Authorization", tc3_authorization(signed_part, sms.secret_id, secret_key));
  return request;
}

Outcome sms_outcome(int status, std::string_view body) {
  if (status >= 500 || status == 429) return Outcome::later("server_error", fmt::format("HTTP {}", status));
  const auto parsed = parse_json(body);
  const json::object* whole = parsed && parsed->is_object() ? &parsed->as_object() : nullptr;
  const json::value* response = whole != nullptr ? whole->if_contains("Response") : nullptr;
  if (status != 200) return Outcome::failed("refused", fmt::format("HTTP {}", status));
  if (response == nullptr || !response->is_object()) return Outcome::uncertain("the answer was not understood");
  const json::object& answer = response->as_object();
  if (const json::value* error = answer.if_contains("Error"); error != nullptr && error->is_object())
    return refused(text_at(error->as_object(), "Code"), text_at(error->as_object(), "Message"));
  const json::value* statuses = answer.if_contains("SendStatusSet");
  if (statuses == nullptr || !statuses->is_array()) return Outcome::uncertain("the answer was not understood");
  return outcome_of(statuses->as_array());
}

}  // namespace miniops::notify
