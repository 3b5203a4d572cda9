#include "sandbox/sms.hpp"

#include <fmt/chrono.h>

#include <charconv>

#include "base/encoding.hpp"

namespace miniops::sandbox {

namespace {

constexpr TimeMs skew_max_ms = 5 * minute_ms;
constexpr TimeMs same_content_ms = 30 * second_ms;
constexpr std::size_t recent_max = 10'000;
constexpr std::size_t phones_max = 200;

std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return low;
}

// "Credential=…, SignedHeaders=…, Signature=…"
std::string part_of(std::string_view authorization, std::string_view name) {
  const auto begin = authorization.find(std::string(name) + "=");
  if (begin == std::string_view::npos) return {};
  const auto from = begin + name.size() + 1;
  return std::string(authorization.substr(from, std::min(authorization.find(',', from), authorization.size()) - from));
}

std::string secret_id_of(const net::Request& request) {
  const std::string credential = part_of(request.headers.get("authorization").value_or(""), "Credential");
  return credential.substr(0, credential.find('/'));
}

json::object response(json::object inner, const std::string& request_id) {
  inner["RequestId"] = request_id;
  return {{"Response", std::move(inner)}};
}
json::object error(std::string_view code, std::string_view message, const std::string& request_id) {
  return response({{"Error", json::object{{"Code", code}, {"Message", message}}}}, request_id);
}

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}
std::optional<std::vector<std::string>> texts_at(const json::object& object, std::string_view key) {
  std::vector<std::string> texts;
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return texts;
  if (!value->is_array()) return std::nullopt;
  for (const json::value& one : value->as_array()) {
    if (!one.is_string()) return std::nullopt;
    texts.emplace_back(one.as_string());
  }
  return texts;
}

// The code of one number, "Ok" or why not.
std::string verdict(const SmsAccount& account, const SmsMessage& message, bool same_again) {
  const bool number = message.phone.starts_with("+86") && message.phone.size() == 14;
  if (!number) return "InvalidParameterValue.IncorrectPhoneNumber";
  if (message.sign_name != account.sign_name) return "FailedOperation.SignatureIncorrectOrUnapproved";
  if (message.template_id != account.template_id) return "FailedOperation.TemplateIncorrectOrUnapproved";
  if (static_cast<std::int64_t>(message.parameters.size()) != account.variables)
    return "InvalidParameterValue.TemplateParameterFormatError";
  for (const std::string& value : message.parameters)
    if (value.contains("http://") || value.contains("https://"))
      return "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter";
  return same_again ? "LimitExceeded.PhoneNumberThirtySecondLimit" : "Ok";
}

}  // namespace

std::optional<std::string> wrong_signature(const net::Request& request, const SmsAccount& account, TimeMs now) {
  const std::string_view authorization = request.headers.get("authorization").value_or("");
  const std::string_view given = request.headers.get("x-tc-timestamp").value_or("");
  std::int64_t seconds = 0;
  const auto [end, problem] = std::from_chars(given.data(), given.data() + given.size(), seconds);
  if (problem != std::errc() || end != given.data() + given.size()) return "MissingParameter";
  if (std::abs(now - seconds * second_ms) > skew_max_ms) return "AuthFailure.SignatureExpire";
  const std::string names = part_of(authorization, "SignedHeaders");
  std::string headers;
  for (std::size_t begin = 0; begin < names.size();) {
    const auto stop = std::min(names.find(';', begin), names.size());
    const std::string name = names.substr(begin, stop - begin);
    headers += fmt::format("{}:{}\n", name, lower(request.headers.get(name).value_or("")));
    begin = stop + 1;
  }
  if (!headers.contains("content-type:") || !headers.contains("host:")) return "AuthFailure.InvalidAuthorization";
  const std::string canonical = fmt::format("POST\n/\n\n{}\n{}\n{}", headers, names, hex(sha256(request.body)));
  const std::string date = fmt::format("{:%Y-%m-%d}", fmt::gmtime(static_cast<std::time_t>(seconds)));
  const std::string scope = date + "/sms/tc3_request";
  if (part_of(authorization, "Credential") != account.secret_id + "/" + scope)
    return "AuthFailure.InvalidAuthorization";
  const std::string to_sign = fmt::format("TC3-HMAC-SHA256\n{}\n{}\n{}", seconds, scope, hex(sha256(canonical)));
  const std::string day = hmac_sha256("TC3" + account.secret_key, date);
  const std::string signature = hex(hmac_sha256(hmac_sha256(hmac_sha256(day, "sms"), "tc3_request"), to_sign));
  if (!equal_constant_time(part_of(authorization, "Signature"), signature)) return "AuthFailure.SignatureFailure";
  return std::nullopt;
}

bool Sms::put_account(SmsAccount account) {
  if (!accounts_.contains(account.secret_id) && accounts_.size() >= accounts_max) return false;
  accounts_.insert_or_assign(account.secret_id, std::move(account));
  return true;
}

json::object Sms::send(const net::Request& request, TimeMs now, const std::string& request_id) {
  const auto found = accounts_.find(secret_id_of(request));
  if (found == accounts_.end()) return error("AuthFailure.SecretIdNotFound", "The SecretId is not found.", request_id);
  const SmsAccount& account = found->second;
  if (const auto wrong = wrong_signature(request, account, now))
    return error(*wrong, "The provided credentials could not be validated.", request_id);
  if (request.headers.get("x-tc-action") != "SendSms" || request.headers.get("x-tc-version") != "2021-01-11")
    return error("InvalidAction", "The action is not known.", request_id);
  const auto parsed = parse_json(request.body);
  if (!parsed || !parsed->is_object()) return error("FailedOperation.JsonParseFail", "no JSON", request_id);
  const json::object& body = parsed->as_object();
  if (text_at(body, "SmsSdkAppId") != account.sdk_app_id)
    return error("UnauthorizedOperation.SmsSdkAppIdVerifyFail", "SmsSdkAppId does not fit", request_id);
  const auto phones = texts_at(body, "PhoneNumberSet");
  const auto parameters = texts_at(body, "TemplateParamSet");
  if (!phones || !parameters) return error("InvalidParameter", "must be strings", request_id);
  if (phones->empty()) return error("MissingParameter.EmptyPhoneNumberSet", "no number", request_id);
  if (phones->size() > phones_max) return error("LimitExceeded.PhoneNumberCountLimit", "too many", request_id);

  std::erase_if(recent_, [&](const auto& one) { return one.second <= now; });
  json::array statuses;
  for (const std::string& phone : *phones) {
    SmsMessage message{
        messages_.total() + 1,           now,        phone, text_at(body, "SignName"), text_at(body, "TemplateId"),
        text_at(body, "SessionContext"), *parameters};
    const std::string same = phone + "\n" + json::serialize(json::array(parameters->begin(), parameters->end()));
    const std::string code = verdict(account, message, recent_.contains(same));
    const bool ok = code == "Ok";
    statuses.push_back(json::object{{"SerialNo", ok ? fmt::format("2028:{}", message.seq) : std::string()},
                                    {"PhoneNumber", phone},
                                    {"Fee", ok ? 1 : 0},
                                    {"SessionContext", message.session},
                                    {"Code", code},
                                    {"Message", ok ? "send success" : "refused"},
                                    {"IsoCode", "CN"}});
    if (!ok) continue;
    if (recent_.size() < recent_max) recent_[same] = now + same_content_ms;
    messages_.add(std::move(message));
  }
  return response({{"SendStatusSet", std::move(statuses)}}, request_id);
}

}  // namespace miniops::sandbox
