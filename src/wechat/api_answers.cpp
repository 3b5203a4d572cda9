// Answers of WeChat's server API. An error comes with HTTP 200 and an errcode; success often has no errcode at all.
#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "wechat/api.hpp"

namespace miniops::wechat {

namespace {

constexpr std::size_t errmsg_chars_max = 500;

ApiError not_understood(std::string why) { return {errcode_not_understood, std::move(why), {}}; }

std::string text_member(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

std::int64_t number_member(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  const std::int64_t* number = value == nullptr ? nullptr : value->if_int64();
  return number == nullptr ? 0 : *number;
}

// "invalid credential … rid: 617682e0-09059ac5-34a8e2ea": the text, and the id that WeChat's support asks for.
ApiError error_of(int errcode, const json::object& object) {
  ApiError error{errcode, truncate_chars(text_member(object, "errmsg"), errmsg_chars_max), {}};
  constexpr std::string_view mark = "rid: ";
  const std::size_t at = error.errmsg.rfind(mark);
  if (at == std::string::npos) return error;
  const std::string_view behind = std::string_view(error.errmsg).substr(at + mark.size());
  error.rid = behind.substr(0, behind.find_first_not_of("0123456789abcdefABCDEF-"));
  if (error.rid.empty()) return error;
  error.errmsg.resize(at);
  while (error.errmsg.ends_with(' ') || error.errmsg.ends_with(',')) error.errmsg.pop_back();
  return error;
}

// The answer's object, when it is JSON and no error.
ApiResult<json::object> object_of(int http_status, std::string_view body) {
  if (http_status != 200) return std::unexpected(not_understood("HTTP status " + std::to_string(http_status)));
  auto value = parse_json(body);
  if (!value || !value->is_object()) return std::unexpected(not_understood("The answer is not a JSON object."));
  json::object& object = value->get_object();
  const json::value* code = object.if_contains("errcode");
  if (code == nullptr) return std::move(object);
  const std::int64_t* number = code->if_int64();
  if (number == nullptr || *number < -9999999 || *number > 999999999)
    return std::unexpected(not_understood("The answer's errcode is no number."));
  if (*number != 0) return std::unexpected(error_of(static_cast<int>(*number), object));
  return std::move(object);
}

bool is_json_type(std::string_view content_type) {
  return content_type.starts_with("application/json") || content_type.starts_with("text/");
}

// attachment; filename="abc.jpg": the name alone, without a path.
std::string filename_of(std::string_view disposition) {
  constexpr std::string_view mark = "filename=";
  const std::size_t at = disposition.find(mark);
  if (at == std::string_view::npos) return {};
  std::string_view name = disposition.substr(at + mark.size());
  if (name.starts_with('"')) {
    name = name.substr(1, name.find('"', 1) - 1);
  } else {
    name = name.substr(0, name.find_first_of("; "));
  }
  if (const std::size_t slash = name.find_last_of("/\\"); slash != std::string_view::npos)
    name.remove_prefix(slash + 1);
  const bool clean = valid_utf8(name) && std::ranges::none_of(name, [](char c) { return c > 0 && c < 0x20; });
  return clean && name != "." && name != ".." ? truncate_chars(name, 128) : std::string();
}

}  // namespace

ApiResult<TokenAnswer> parse_token_answer(int http_status, std::string_view body) {
  const auto object = object_of(http_status, body);
  if (!object) return std::unexpected(object.error());
  TokenAnswer answer{text_member(*object, "access_token"), number_member(*object, "expires_in")};
  if (answer.access_token.empty() || answer.expires_in_s <= 0 || answer.expires_in_s > 30 * 86400)
    return std::unexpected(not_understood("The answer has no access_token and expires_in."));
  return answer;
}

ApiResult<Done> parse_done(int http_status, std::string_view body) {
  const auto object = object_of(http_status, body);
  if (!object) return std::unexpected(object.error());
  // An empty object would be no word of success: another server may have answered.
  if (!object->contains("errcode")) return std::unexpected(not_understood("The answer has no errcode."));
  return Done{};
}

ApiResult<MediaUploaded> parse_media_uploaded(int http_status, std::string_view body) {
  const auto object = object_of(http_status, body);
  if (!object) return std::unexpected(object.error());
  MediaUploaded answer{text_member(*object, "media_id"), number_member(*object, "created_at")};
  if (answer.media_id.empty()) return std::unexpected(not_understood("The answer has no media_id."));
  return answer;
}

ApiResult<MediaBytes> parse_media_get(int http_status, std::string_view content_type, std::string_view disposition,
                                      std::string_view body) {
  if (http_status != 200 || body.empty()) return std::unexpected(object_of(http_status, body).error());
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (is_json_type(content_type) || (first != std::string_view::npos && body[first] == '{')) {
    const auto object = object_of(http_status, body);
    if (object && object->contains("video_url")) {
      MediaBytes video;
      video.video_url = text_member(*object, "video_url");
      return video;
    }
    if (!object && object.error().errcode != errcode_not_understood) return std::unexpected(object.error());
    if (is_json_type(content_type))
      return std::unexpected(not_understood("The answer is neither a file nor an error."));
  }
  return MediaBytes{std::string(content_type), std::string(body), filename_of(disposition), {}};
}

ApiResult<std::vector<std::string>> parse_ip_list(int http_status, std::string_view body) {
  const auto object = object_of(http_status, body);
  if (!object) return std::unexpected(object.error());
  const json::value* list = object->if_contains("ip_list");
  const json::array* array = list == nullptr ? nullptr : list->if_array();
  if (array == nullptr) return std::unexpected(not_understood("The answer has no ip_list."));
  std::vector<std::string> out;
  for (const json::value& item : *array) {
    const json::string* text = item.if_string();
    if (text == nullptr || text->empty() || text->size() > 64)
      return std::unexpected(not_understood("The ip_list holds something that is no address."));
    out.emplace_back(text->data(), text->size());
  }
  return out;
}

namespace {

// The keywords of the strategies that name one.
std::vector<std::string> keywords_of(const json::object& object) {
  constexpr std::size_t keywords_max = 20, chars_max = 64;
  std::vector<std::string> out;
  const json::value* detail = object.if_contains("detail");
  const json::array* strategies = detail == nullptr ? nullptr : detail->if_array();
  if (strategies == nullptr) return out;
  for (const json::value& one : *strategies) {
    const json::object* strategy = one.if_object();
    const std::string keyword = strategy == nullptr ? "" : truncate_chars(text_member(*strategy, "keyword"), chars_max);
    if (!keyword.empty() && out.size() < keywords_max && std::ranges::count(out, keyword) == 0) out.push_back(keyword);
  }
  return out;
}

}  // namespace

ApiResult<TextSecurity> parse_text_security(int http_status, std::string_view body) {
  const auto object = object_of(http_status, body);
  if (!object) return std::unexpected(object.error());
  const json::value* result = object->if_contains("result");
  const json::object* said = result == nullptr ? nullptr : result->if_object();
  const std::string suggest = said == nullptr ? std::string() : text_member(*said, "suggest");
  TextSecurity answer{TextSecurity::Suggest::pass, said == nullptr ? 0 : number_member(*said, "label"),
                      keywords_of(*object)};
  if (suggest == "pass") return answer;
  if (suggest != "risky" && suggest != "review")
    return std::unexpected(not_understood("The answer has no result.suggest."));
  answer.suggest = suggest == "risky" ? TextSecurity::Suggest::risky : TextSecurity::Suggest::review;
  return answer;
}

}  // namespace miniops::wechat
