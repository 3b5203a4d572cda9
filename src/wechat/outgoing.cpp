// What a mini program may send, and under which limits.
#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "wechat/api.hpp"

namespace miniops::wechat {

namespace {

// WeChat answers 45002 … 45006 beyond limits that it publishes nowhere for mini programs. These are what is known to
// pass: its older documents give 2048 bytes for a text, and a card's title shows 64 characters at most.
constexpr std::size_t text_bytes_max = 2048;
constexpr std::size_t title_chars_max = 64;
constexpr std::size_t description_chars_max = 512;
constexpr std::size_t url_chars_max = 2048;
constexpr std::size_t path_chars_max = 1024;
constexpr std::size_t media_id_chars_max = 256;

// WeChat refuses \u escapes (40033), and JSON can write control characters in no other way.
bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7F;
  });
}

std::string clean_text(JsonInput& in, std::string_view key, TextRule rule) {
  std::string text = in.text(key, rule);
  if (has_control(text)) in.mistake(key, "Control characters are not allowed.");
  return text;
}

bool is_web_address(std::string_view url) {
  const bool scheme = url.starts_with("https://") || url.starts_with("http://");
  const std::string_view rest = url.substr(std::min(url.find("//") + 2, url.size()));
  return scheme && !rest.empty() && rest.front() != '/' && url.find_first_of(" \t\r\n<>\"") == std::string_view::npos;
}

std::string web_address(JsonInput& in, std::string_view key, bool required) {
  std::string url =
      required ? in.text(key, {1, url_chars_max}) : in.optional_text(key, {0, url_chars_max}).value_or("");
  if (!url.empty() && (!is_web_address(url) || has_control(url)))
    in.mistake(key, "An address that begins with https:// or http:// is expected.");
  return url;
}

SendText read_text(JsonInput& in) {
  SendText out{clean_text(in, "content", {1, text_bytes_max})};
  if (out.content.size() > text_bytes_max)
    in.mistake("content", "Must have at most " + std::to_string(text_bytes_max) + " bytes, has " +
                              std::to_string(out.content.size()) + ".");
  return out;
}

SendImage read_image(JsonInput& in) { return {clean_text(in, "media_id", {1, media_id_chars_max})}; }

SendLink read_link(JsonInput& in) {
  SendLink out;
  out.title = clean_text(in, "title", {1, title_chars_max});
  out.description = in.optional_text("description", {0, description_chars_max}).value_or("");
  if (has_control(out.description)) in.mistake("description", "Control characters are not allowed.");
  out.url = web_address(in, "url", true);
  out.thumb_url = web_address(in, "thumb_url", false);
  return out;
}

SendMiniProgramPage read_page(JsonInput& in) {
  SendMiniProgramPage out;
  out.title = clean_text(in, "title", {1, title_chars_max});
  out.pagepath = clean_text(in, "pagepath", {1, path_chars_max});
  out.thumb_media_id = clean_text(in, "thumb_media_id", {1, media_id_chars_max});
  return out;
}

// Reads the object that is named after its msgtype; pointers in the error begin with that name.
template <class Read>
Result<Outgoing> read_part(const json::object& object, std::string_view msgtype, Read read) {
  const json::value* part = object.if_contains(msgtype);
  const json::value nothing;
  JsonInput in(part == nullptr ? nothing : *part);
  Outgoing out = read(in);
  if (auto ok = in.finish(); !ok) {
    Error error = std::move(ok.error());
    for (FieldError& field : error.fields) field.pointer = "/" + std::string(msgtype) + field.pointer;
    return fail(std::move(error));
  }
  return out;
}

struct ToJson {
  json::object operator()(const SendText& m) const { return {{"content", m.content}}; }
  json::object operator()(const SendImage& m) const { return {{"media_id", m.media_id}}; }
  json::object operator()(const SendLink& m) const {
    return {{"title", m.title}, {"description", m.description}, {"url", m.url}, {"thumb_url", m.thumb_url}};
  }
  json::object operator()(const SendMiniProgramPage& m) const {
    return {{"title", m.title}, {"pagepath", m.pagepath}, {"thumb_media_id", m.thumb_media_id}};
  }
};

struct TypeName {
  std::string_view operator()(const SendText&) const { return "text"; }
  std::string_view operator()(const SendImage&) const { return "image"; }
  std::string_view operator()(const SendLink&) const { return "link"; }
  std::string_view operator()(const SendMiniProgramPage&) const { return "miniprogrampage"; }
};

}  // namespace

std::string_view msgtype_of(const Outgoing& message) { return std::visit(TypeName{}, message); }

json::object outgoing_json(const Outgoing& message) {
  const std::string_view msgtype = msgtype_of(message);
  json::object out{{"msgtype", msgtype}};
  out[msgtype] = std::visit(ToJson{}, message);
  return out;
}

Result<Outgoing> parse_outgoing(const json::object& object) {
  const json::value* named = object.if_contains("msgtype");
  const json::string* name = named == nullptr ? nullptr : named->if_string();
  const std::string msgtype = name == nullptr ? std::string() : std::string(name->data(), name->size());
  if (msgtype == "text") return read_part(object, msgtype, read_text);
  if (msgtype == "image") return read_part(object, msgtype, read_image);
  if (msgtype == "link") return read_part(object, msgtype, read_link);
  if (msgtype == "miniprogrampage") return read_part(object, msgtype, read_page);
  Error error{"wechat.msgtype_not_allowed", "A mini program may send text, image, link and miniprogrampage only.",
              ErrorKind::invalid};
  error.fields.push_back({"/msgtype", "One of these is expected: text, image, link, miniprogrampage."});
  return fail(std::move(error));
}

}  // namespace miniops::wechat
