// What is around a push's message: the body before decryption, and the passive reply on its way back.
#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "wechat/errors.hpp"
#include "wechat/push.hpp"
#include "wechat/xml.hpp"

namespace miniops::wechat {

namespace {

char first_sign(std::string_view body) {
  const std::size_t at = body.find_first_not_of(" \t\r\n");
  return at == std::string_view::npos ? '\0' : body[at];
}

Result<Envelope> parse_xml_envelope(std::string_view body) {
  pugi::xml_document document;
  const auto root = parse_xml(body, document);
  if (!root) return std::unexpected(root.error());
  Envelope envelope{Format::xml};
  envelope.encrypt = text_of(root->child("Encrypt"));
  envelope.has_clear_message = root->child("MsgType") || root->child("FromUserName") || root->child("InfoType");
  envelope.to_user_name = text_of(root->child(root->child("ToUserName") ? "ToUserName" : "AppId"));
  return envelope;
}

std::string text_under(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

Result<Envelope> parse_json_envelope(std::string_view body) {
  const auto value = parse_json(body);
  if (!value) return malformed(value.error().message);
  const json::object* object = value->if_object();
  if (object == nullptr) return malformed("The body is not a JSON object.");
  Envelope envelope{Format::json};
  envelope.encrypt = text_under(*object, "Encrypt");
  envelope.has_clear_message =
      object->contains("MsgType") || object->contains("FromUserName") || object->contains("InfoType");
  envelope.to_user_name = text_under(*object, object->contains("ToUserName") ? "ToUserName" : "AppId");
  return envelope;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 19 && (text[0] != '0' || text.size() == 1) &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<Envelope> parse_envelope(std::string_view body) {
  switch (first_sign(body)) {
    case '<':
      return parse_xml_envelope(body);
    case '{':
      return parse_json_envelope(body);
    default:
      return malformed("The body begins neither with '<' nor with '{'.");
  }
}

std::string build_envelope(Format format, std::string_view to_user_name, std::string_view encrypt) {
  if (format == Format::json) return json::serialize(json::object{{"ToUserName", to_user_name}, {"Encrypt", encrypt}});
  std::string out = "<xml>";
  append_cdata(out, "ToUserName", to_user_name);
  append_cdata(out, "Encrypt", encrypt);
  return out += "</xml>";
}

std::string seal_reply(Format format, std::string_view reply, std::string_view token, std::string_view aes_key,
                       std::string_view appid, std::string_view timestamp, std::string_view nonce,
                       std::string_view random16) {
  const std::string encrypted = encrypt(aes_key, reply, appid, random16);
  const std::string signed_by = msg_signature(token, timestamp, nonce, encrypted);
  if (format == Format::json) {
    json::object out{{"Encrypt", encrypted}, {"MsgSignature", signed_by}};
    if (is_number(timestamp)) {
      out["TimeStamp"] = std::stoll(std::string(timestamp));
    } else {
      out["TimeStamp"] = timestamp;
    }
    out["Nonce"] = nonce;
    return json::serialize(out);
  }
  std::string out = "<xml>";
  append_cdata(out, "Encrypt", encrypted);
  append_cdata(out, "MsgSignature", signed_by);
  if (is_number(timestamp)) {
    append_bare(out, "TimeStamp", timestamp);
  } else {
    append_cdata(out, "TimeStamp", timestamp);
  }
  append_cdata(out, "Nonce", nonce);
  return out += "</xml>";
}

}  // namespace miniops::wechat
