#include "notify/channels/subscribe.hpp"

#include "base/text.hpp"
#include "wechat/errors.hpp"

namespace miniops::notify {

namespace {

// The kinds of keywords and how many characters WeChat takes; the rest cannot be cut to something that it takes.
struct KeywordKind {
  std::string_view name;
  std::size_t chars_max;
};
constexpr std::array<KeywordKind, 13> kinds{{{"thing", 20},
                                             {"number", 32},
                                             {"letter", 32},
                                             {"symbol", 5},
                                             {"character_string", 32},
                                             {"time", 40},
                                             {"date", 40},
                                             {"amount", 20},
                                             {"phone_number", 17},
                                             {"car_number", 8},
                                             {"name", 10},
                                             {"phrase", 5},
                                             {"enum", 64}}};

const KeywordKind* kind_of(std::string_view keyword) {
  const auto digits = keyword.find_last_not_of("0123456789");
  if (digits == std::string_view::npos || digits + 1 == keyword.size()) return nullptr;
  const auto found = std::ranges::find(kinds, keyword.substr(0, digits + 1), &KeywordKind::name);
  return found == kinds.end() ? nullptr : &*found;
}

std::string value_for(std::string_view keyword, std::string_view pattern, const Message& message) {
  const KeywordKind* kind = kind_of(keyword);
  std::string value = truncate_chars(one_line(fill(pattern, message)), kind != nullptr ? kind->chars_max : 20);
  return value.empty() ? "-" : value;
}

}  // namespace

Subscribe read_subscribe(JsonInput& in) {
  Subscribe subscribe;
  subscribe.openid = in.text("openid", {1, 64});
  subscribe.template_id = in.text("template_id", {1, 64});
  subscribe.page = in.optional_text("page", {0, 1024}).value_or("");
  subscribe.miniprogram_state =
      in.optional_choice("miniprogram_state", {"formal", "trial", "developer"}).value_or(subscribe.miniprogram_state);
  const json::value* data = in.optional_value("data");
  if (data == nullptr || !data->is_object() || data->as_object().empty() || data->as_object().size() > 10) {
    in.mistake("data", "must be an object of 1 to 10 keywords");
    return subscribe;
  }
  for (const auto& [keyword, pattern] : data->as_object()) {
    const bool text = pattern.is_string() && !pattern.as_string().empty() && pattern.as_string().size() <= 256;
    if (!text || kind_of(keyword) == nullptr) in.mistake("data", "must hold texts by keywords such as thing1");
    if (text) subscribe.data.emplace(keyword, std::string_view(pattern.as_string()));
  }
  return subscribe;
}

json::object to_json(const Subscribe& subscribe) {
  json::object data;
  for (const auto& [keyword, pattern] : subscribe.data) data[keyword] = pattern;
  return {{"openid", subscribe.openid},
          {"template_id", subscribe.template_id},
          {"page", subscribe.page},
          {"miniprogram_state", subscribe.miniprogram_state},
          {"data", std::move(data)}};
}

wechat::ApiCall subscribe_call(const Subscribe& subscribe, const Message& message) {
  json::object data;
  for (const auto& [keyword, pattern] : subscribe.data)
    data[keyword] = json::object{{"value", value_for(keyword, pattern, message)}};
  json::object body{{"touser", subscribe.openid},
                    {"template_id", subscribe.template_id},
                    {"miniprogram_state", subscribe.miniprogram_state},
                    {"lang", message.language == "en" ? "en_US" : "zh_CN"}};
  if (!subscribe.page.empty()) body["page"] = subscribe.page;
  body["data"] = std::move(data);
  wechat::ApiCall call;
  call.name = "message/subscribe/send";
  call.post = true;
  call.path = "/cgi-bin/message/subscribe/send";
  call.content_type = "application/json; charset=utf-8";
  call.body = json::serialize(body);
  return call;
}

Outcome subscribe_outcome(int errcode, std::string_view errmsg) {
  if (errcode == 0) return Outcome::sent();
  if (errcode == wechat::errcode_not_understood) return Outcome::uncertain("the answer was not understood");
  std::string detail = fmt::format("{} {}", errcode, truncate_chars(one_line(errmsg), 300));
  switch (errcode) {
    case 43101:
      return Outcome::failed("no_consent", std::move(detail));
    case 43108:  // concurrent sends to one person
      return Outcome::later("busy", std::move(detail));
    case 40003:
      return Outcome::broken("no_recipient", std::move(detail));
    case 40037:
    case 41030:
    case 43107:
    case 47003:
    case 48001:
      return Outcome::broken("wrong_settings", std::move(detail));
    default:
      break;
  }
  switch (wechat::policy_of(errcode, false)) {
    case wechat::Policy::back_off:
      return Outcome::later("busy", std::move(detail));
    case wechat::Policy::pause_until_midnight:
      return Outcome::failed("quota_spent", std::move(detail));
    case wechat::Policy::renew_token:
    case wechat::Policy::stop_and_show:
      return Outcome::later("no_token", std::move(detail));
    default:
      return Outcome::failed("refused", std::move(detail));
  }
}

}  // namespace miniops::notify
