#include "sandbox/api_call.hpp"

#include <algorithm>
#include <array>

#include "sandbox/api_operations.hpp"

namespace miniops::sandbox {

namespace {
using Body = ApiSpec::Body;
constexpr std::array specs = {
    ApiSpec{"token", "/cgi-bin/token", false, Body::none, false, answer_token},
    ApiSpec{"stable_token", "/cgi-bin/stable_token", true, Body::json, false, answer_stable_token},
    ApiSpec{"message/custom/send", "/cgi-bin/message/custom/send", true, Body::json, true, answer_custom_send},
    ApiSpec{"message/custom/typing", "/cgi-bin/message/custom/typing", true, Body::json, true, answer_typing},
    ApiSpec{"message/custom/typing", "/cgi-bin/message/custom/business/typing", true, Body::json, true, answer_typing},
    ApiSpec{"message/subscribe/send", "/cgi-bin/message/subscribe/send", true, Body::json, true, answer_subscribe_send},
    ApiSpec{"msg_sec_check", "/wxa/msg_sec_check", true, Body::json, true, answer_text_security, 44991},
    ApiSpec{"media/upload", "/cgi-bin/media/upload", true, Body::multipart, true, answer_media_upload},
    ApiSpec{"media/get", "/cgi-bin/media/get", false, Body::none, true, answer_media_get},
    ApiSpec{"getcallbackip", "/cgi-bin/getcallbackip", false, Body::none, true, answer_callback_ip},
    ApiSpec{"get_api_domain_ip", "/cgi-bin/get_api_domain_ip", false, Body::none, true, answer_domain_ip},
    ApiSpec{"callback/check", "/cgi-bin/callback/check", true, Body::json, true, answer_callback_check},
    ApiSpec{"clear_quota", "/cgi-bin/clear_quota", true, Body::json, true, answer_clear_quota},
    ApiSpec{"openapi/quota/clear", "/cgi-bin/openapi/quota/clear", true, Body::json, true, answer_clear_one_quota},
    ApiSpec{"openapi/quota/get", "/cgi-bin/openapi/quota/get", true, Body::json, true, answer_quota},
    ApiSpec{"openapi/rid/get", "/cgi-bin/openapi/rid/get", true, Body::json, true, answer_rid},
    ApiSpec{"log/jserr_list", "/wxaapi/log/jserr_list", true, Body::json, true, answer_jserr_list, 20011},
    ApiSpec{"log/jserr_detail", "/wxaapi/log/jserr_detail", true, Body::json, true, answer_jserr_detail, 20011},
    ApiSpec{"log/jserr_search", "/wxaapi/log/jserr_search", true, Body::json, true, answer_jserr_search, 20011},
    ApiSpec{"log/get_performance", "/wxaapi/log/get_performance", true, Body::json, true, answer_performance},
    ApiSpec{"log/get_scene", "/wxaapi/log/get_scene", false, Body::none, true, answer_scene},
    ApiSpec{"log/get_client_version", "/wxaapi/log/get_client_version", false, Body::none, true, answer_client_version},
    ApiSpec{"userlog/userlog_search", "/wxaapi/userlog/userlog_search", false, Body::none, true, answer_userlog_search,
            200010},
    ApiSpec{"feedback/list", "/wxaapi/feedback/list", false, Body::none, true, answer_feedback_list},
    ApiSpec{"media/getfeedbackmedia", "/cgi-bin/media/getfeedbackmedia", false, Body::none, true,
            answer_feedback_media},
};

struct Text {
  int errcode;
  std::string_view errmsg;
};
constexpr std::array texts = {
    Text{-1, "system error"},
    Text{0, "ok"},
    Text{40001, "invalid credential, access_token is invalid or not latest"},
    Text{40002, "invalid grant_type"},
    Text{40003, "invalid openid"},
    Text{40004, "invalid media type"},
    Text{40005, "invalid file type"},
    Text{40006, "invalid media size"},
    Text{40007, "invalid media_id"},
    Text{40008, "invalid message type"},
    Text{40013, "invalid appid"},
    Text{40014, "invalid access_token"},
    Text{20011, "api frequency limit"},
    Text{40035, "invalid parameter"},
    Text{40037, "invalid template_id"},
    Text{40097, "invalid args"},
    Text{40125, "invalid appsecret"},
    Text{40164, "invalid ip, not in whitelist"},
    Text{40201, "callback url is not set"},
    Text{40202, "invalid action"},
    Text{40203, "invalid check_operator"},
    Text{40243, "AppSecret is frozen"},
    Text{41001, "access_token missing"},
    Text{41002, "appid missing"},
    Text{41004, "appsecret missing"},
    Text{41005, "media data missing"},
    Text{41006, "media_id missing"},
    Text{42001, "access_token expired"},
    Text{43001, "require GET method"},
    Text{43002, "require POST method"},
    Text{43101, "user refuse to accept the msg"},
    Text{44002, "empty post data"},
    Text{44004, "empty content"},
    Text{44990, "too many requests in one second"},
    Text{44991, "too many requests in one minute"},
    Text{45002, "content size out of limit"},
    Text{45003, "title size out of limit"},
    Text{45004, "description size out of limit"},
    Text{45005, "url size out of limit"},
    Text{45009, "reach max api daily quota limit"},
    Text{45011, "api minute-quota reach limit, must slower, retry next minute"},
    Text{45015, "response out of time limit or subscription is canceled"},
    Text{45047, "out of response count limit"},
    Text{45072, "invalid command"},
    Text{45080, "no conversation in the last 30 seconds"},
    Text{45081, "typing status already set"},
    Text{46001, "media data not exist"},
    Text{47001, "data format error"},
    Text{47003, "argument invalid!"},
    Text{48001, "api unauthorized"},
    Text{48002, "user block receive message"},
    Text{48006, "forbid to clear quota because of reaching the limit"},
    Text{50002, "user limited"},
    Text{61010, "code is expired"},
    Text{70000, "message blocked"},
    Text{76001, "rid not found"},
    Text{76002, "invalid rid"},
    Text{76003, "rid belongs to another account"},
    Text{76004, "rid expired"},
    Text{76021, "cgi_path not found"},
    Text{87014, "risky content"},
    Text{200002, "invalid parameter"},
    Text{200007, "no permission"},
    Text{200010, "call too often, at most 50 a minute"},
};
}  // namespace

std::span<const ApiSpec> api_specs() { return specs; }

const ApiSpec* api_by_path(std::string_view path) {
  const auto found = std::ranges::find(specs, path, &ApiSpec::path);
  return found == specs.end() ? nullptr : &*found;
}

std::optional<std::string_view> text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

std::string_view errmsg_of(int errcode) {
  const auto found = std::ranges::find(texts, errcode, &Text::errcode);
  return found == texts.end() ? "error" : found->errmsg;
}

}  // namespace miniops::sandbox
