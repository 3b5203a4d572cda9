#include "desk/content.hpp"

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "people/session_from.hpp"

namespace miniops::desk {

namespace {

constexpr std::size_t summary_chars = 80;
constexpr std::size_t source_chars = 200;

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Content finished(std::string_view msgtype, json::object body) {
  Content content;
  content.msgtype = msgtype;
  content.summary = summary_of(msgtype, body);
  content.text = search_text_of(msgtype, body);
  content.body = std::move(body);
  return content;
}

json::array texts(const std::vector<std::string>& values) {
  json::array out;
  for (const std::string& value : values) out.emplace_back(value);
  return out;
}

// A kind of message that can stand as a key beside our own fields: voice, shortvideo …
bool known_word(std::string_view kind) {
  return !kind.empty() && kind.size() <= 32 && kind != "text" && kind != "note" && kind != "system" &&
         kind != erased_type && std::ranges::all_of(kind, [](char c) { return c >= 'a' && c <= 'z'; });
}

struct FromCustomer {
  const wechat::Message& message;

  Content operator()(const wechat::Text& text) const { return finished("text", {{"content", text.content}}); }
  Content operator()(const wechat::Image& image) const {
    return finished("image", {{"media_id", image.media_id}, {"pic_url", image.pic_url}});
  }
  Content operator()(const wechat::MiniProgramPage& page) const {
    return finished("miniprogrampage", {{"title", page.title},
                                        {"appid", page.appid},
                                        {"pagepath", page.page_path},
                                        {"thumb_url", page.thumb_url},
                                        {"thumb_media_id", page.thumb_media_id}});
  }
  Content operator()(const wechat::Link& link) const {
    return finished("link", {{"title", link.title}, {"description", link.description}, {"url", link.url}});
  }
  Content operator()(const wechat::Location& location) const {
    return finished("location", {{"latitude", location.latitude},
                                 {"longitude", location.longitude},
                                 {"scale", location.scale},
                                 {"label", location.label}});
  }
  template <class Other>
  Content operator()(const Other&) const {
    return finished(known_word(message.msg_type) ? message.msg_type : "unsupported",
                    {{"media_ids", texts(message.media_ids)}});
  }
};

// "page=pages/a" in a query string, decoded; empty without one.
std::string page_in_query(std::string_view query) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = pair.substr(0, equals);
    if (key != "page" && key != "path" && key != "pagePath" && key != "pagepath") continue;
    const auto value = url_decode(pair.substr(equals + 1), true);
    if (value && valid_utf8(*value)) return *value;
  }
  return {};
}

std::string page_in_json(std::string_view text) {
  const auto value = parse_json(text, {4, 4096});
  if (!value || !value->is_object()) return {};
  for (const std::string_view key : {"page", "path", "pagePath", "pagepath"}) {
    if (std::string page = text_of(value->get_object(), key); !page.empty()) return page;
  }
  return {};
}

}  // namespace

Content content_of(const wechat::Message& message) { return std::visit(FromCustomer{message}, message.content); }

Content content_of(const wechat::Outgoing& message, std::string_view picture_id) {
  const std::string_view msgtype = wechat::msgtype_of(message);
  const json::object whole = wechat::outgoing_json(message);
  const json::value* part = whole.if_contains(msgtype);
  json::object body = part != nullptr && part->is_object() ? part->get_object() : whole;
  if (!picture_id.empty()) {
    body.erase("media_id");  // not known before the picture is uploaded to WeChat
    body["picture_id"] = picture_id;
  }
  return finished(msgtype, std::move(body));
}

Content note_content(std::string_view text, const std::vector<Named>& named, bool consult) {
  json::object body{{"content", text}};
  if (!named.empty()) {
    json::array mentions;
    for (const Named& one : named)
      mentions.push_back(json::object{{"account_id", one.account.str()}, {"display_name", one.name}});
    body["mentions"] = std::move(mentions);
    body["consult"] = consult;
  }
  return finished("note", std::move(body));
}

std::string text_of_note(const Message& note) {
  boost::system::error_code problem;
  const json::value body = json::parse(note.body, problem);
  return problem || !body.is_object() ? std::string() : text_of(body.get_object(), "content");
}

Content entered_content(std::string_view session_from) {
  const std::string source = source_of(session_from);
  const std::string sentence = source.empty() ? "客户进入了会话" : "客户从 " + source + " 进入了会话";
  return system_content(
      "entered", sentence,
      {{"source", source}, {"session_from", truncate_chars(people::without_signature(session_from), 1000)}});
}

Content system_content(std::string_view event, std::string_view sentence, json::object details) {
  details["event"] = event;
  details["content"] = sentence;
  return finished("system", std::move(details));
}

std::string summary_of(std::string_view msgtype, const json::object& body) {
  std::string line;
  if (msgtype == "text" || msgtype == "note" || msgtype == "system") {
    line = text_of(body, "content");
  } else if (msgtype == "image") {
    line = "[图片]";
  } else if (msgtype == "miniprogrampage") {
    line = "[小程序] " + text_of(body, "title");
  } else if (msgtype == "link") {
    line = "[链接] " + text_of(body, "title");
  } else if (msgtype == erased_type) {
    line = "[内容已删除]";
  } else if (msgtype == "location") {
    line = "[位置] " + text_of(body, "label");
  } else {
    line = "[暂不支持的消息: " + std::string(msgtype) + "]";
  }
  std::ranges::replace(line, '\n', ' ');
  return truncate_chars(line, summary_chars);
}

std::string summary_of(const Message& message) {
  const json::value said = json::parse(message.body);
  return said.is_object() ? summary_of(message.msgtype, said.get_object()) : std::string();
}

std::string search_text_of(std::string_view msgtype, const json::object& body) {
  if (msgtype == "text" || msgtype == "note") return text_of(body, "content");
  std::string text;
  for (const std::string_view key : {"title", "description", "label"}) {
    const std::string part = text_of(body, key);
    if (!part.empty()) text += (text.empty() ? "" : "\n") + part;
  }
  return text;
}

std::string source_of(std::string_view session_from) {
  std::string source = session_from.starts_with('{') ? page_in_json(session_from) : page_in_query(session_from);
  if (source.empty()) {
    source = people::without_signature(session_from);
    if (people::plain_source(source).empty()) return {};
  }
  return truncate_chars(source, source_chars);
}

}  // namespace miniops::desk
