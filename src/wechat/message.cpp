#include "wechat/message.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "wechat/errors.hpp"
#include "wechat/xml.hpp"

namespace miniops::wechat {

namespace {

constexpr std::size_t name_bytes_max = 128;  // of an openid, a MsgType, an Event

bool is_media_key(std::string_view key) { return key == "MediaId" || key == "ThumbMediaId"; }

void add_once(std::vector<std::string>& list, std::string item) {
  if (!item.empty() && std::ranges::find(list, item) == list.end()) list.push_back(std::move(item));
}

// The two formats seen alike: named texts, and the items of a `List`. A number is the text that it came as.
class XmlFields {
 public:
  explicit XmlFields(pugi::xml_node node) : node_(node) {}
  bool has(const char* name) const { return static_cast<bool>(node_.child(name)); }
  std::string text(const char* name) const { return text_of(node_.child(name)); }
  XmlFields inner(const char* name) const { return XmlFields(node_.child(name)); }
  std::vector<XmlFields> list() const {
    std::vector<XmlFields> out;
    for (pugi::xml_node item : node_.children("List")) out.emplace_back(item);
    return out;
  }
  void collect_media(std::vector<std::string>& out) const {
    for (pugi::xml_node child : node_.children()) {
      if (is_media_key(child.name())) add_once(out, text_of(child));
      XmlFields(child).collect_media(out);
    }
  }

 private:
  pugi::xml_node node_;
};

class JsonFields {
 public:
  explicit JsonFields(const json::value* value) : object_(value == nullptr ? nullptr : value->if_object()) {}
  bool has(const char* name) const { return object_ != nullptr && object_->contains(name); }
  std::string text(const char* name) const {
    const json::value* value = object_ == nullptr ? nullptr : object_->if_contains(name);
    return value == nullptr ? std::string() : text_of_value(*value);
  }
  JsonFields inner(const char* name) const {
    return JsonFields(object_ == nullptr ? nullptr : object_->if_contains(name));
  }
  // One item comes as an object, several as an array.
  std::vector<JsonFields> list() const {
    std::vector<JsonFields> out;
    const json::value* items = object_ == nullptr ? nullptr : object_->if_contains("List");
    if (items == nullptr) return out;
    if (items->is_object()) out.emplace_back(items);
    if (const json::array* array = items->if_array()) {
      for (const json::value& item : *array) out.emplace_back(&item);
    }
    return out;
  }
  void collect_media(std::vector<std::string>& out) const {
    if (object_ == nullptr) return;
    for (const auto& member : *object_) {
      if (is_media_key(member.key())) add_once(out, text_of_value(member.value()));
      collect_media_of(member.value(), out);
    }
  }

 private:
  static std::string text_of_value(const json::value& value) {
    if (const json::string* text = value.if_string()) return std::string(text->data(), text->size());
    if (const bool* flag = value.if_bool()) return *flag ? "true" : "false";
    return {};
  }
  static void collect_media_of(const json::value& value, std::vector<std::string>& out) {
    if (value.is_object()) JsonFields(&value).collect_media(out);
    if (const json::array* array = value.if_array()) {
      for (const json::value& item : *array) collect_media_of(item, out);
    }
  }

  const json::object* object_;
};

struct SubscribeName {
  std::string_view event;
  const char* wrapper;  // of the List in XML; JSON has none
};
constexpr std::array<SubscribeName, 3> subscribe_names{{{"subscribe_msg_popup_event", "SubscribeMsgPopupEvent"},
                                                        {"subscribe_msg_change_event", "SubscribeMsgChangeEvent"},
                                                        {"subscribe_msg_sent_event", "SubscribeMsgSentEvent"}}};

template <class Fields>
SubscribeEvent read_subscribe(const Fields& fields, const SubscribeName& name) {
  SubscribeEvent out{std::string(name.event), {}};
  for (const Fields& item : (fields.has(name.wrapper) ? fields.inner(name.wrapper) : fields).list()) {
    out.items.push_back({item.text("TemplateId"), item.text("SubscribeStatusString"), item.text("PopupScene"),
                         item.text(item.has("MsgID") ? "MsgID" : "MsgId"), item.text("ErrorCode"),
                         item.text("ErrorStatus")});
  }
  return out;
}

constexpr std::array<std::string_view, 3> authorization_names{"user_info_modified", "user_authorization_revoke",
                                                              "user_authorization_cancellation"};

template <class Fields>
Content read_event(const Fields& fields, std::string_view event) {
  if (event == "user_enter_tempsession") return EnterTempSession{fields.text("SessionFrom")};
  for (const SubscribeName& name : subscribe_names) {
    if (event == name.event) return read_subscribe(fields, name);
  }
  if (std::ranges::find(authorization_names, event) != authorization_names.end()) {
    // Both spellings occur.
    return AuthorizationEvent{OpenId(fields.text(fields.has("OpenID") ? "OpenID" : "openid")),
                              fields.text("RevokeInfo")};
  }
  return Unsupported{};
}

template <class Fields>
Content read_content(const Fields& fields, std::string_view type) {
  if (type == "text") return Text{fields.text("Content")};
  if (type == "image") return Image{fields.text("PicUrl"), fields.text("MediaId")};
  if (type == "miniprogrampage")
    return MiniProgramPage{fields.text("Title"), fields.text("AppId"), fields.text("PagePath"), fields.text("ThumbUrl"),
                           fields.text("ThumbMediaId")};
  if (type == "link") return Link{fields.text("Title"), fields.text("Description"), fields.text("Url")};
  if (type == "location")
    return Location{fields.text("Location_X"), fields.text("Location_Y"), fields.text("Scale"), fields.text("Label")};
  return Unsupported{};
}

std::int64_t seconds_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && end == text.data() + text.size() && value >= 0 ? value : 0;
}

// The authorisation events of third-party platforms have an InfoType and neither MsgType nor FromUserName.
template <class Fields>
Message read_info(const Fields& fields) {
  Message message;
  message.to_user_name = fields.text("AppId");
  message.create_time = seconds_of(fields.text("CreateTime"));
  message.msg_type = "InfoType:" + truncate_chars(fields.text("InfoType"), name_bytes_max);
  return message;
}

template <class Fields>
Result<Message> read_message(const Fields& fields) {
  if (!fields.has("MsgType") && !fields.has("FromUserName") && fields.has("InfoType")) return read_info(fields);
  Message message;
  message.to_user_name = fields.text("ToUserName");
  message.from_user_name = OpenId(fields.text("FromUserName"));
  message.create_time = seconds_of(fields.text("CreateTime"));
  message.msg_type = fields.text("MsgType");
  if (message.msg_type.empty()) return malformed("The message has no MsgType.");
  if (message.from_user_name.empty()) return malformed("The message has no FromUserName.");
  if (is_event(message)) {
    message.event = fields.text("Event");
    message.content = read_event(fields, message.event);
  } else {
    message.msg_id = fields.text("MsgId");
    message.content = read_content(fields, fold(message.msg_type));
  }
  const auto too_long = [](const std::string& name) { return name.size() > name_bytes_max; };
  if (too_long(message.from_user_name.str()) || too_long(message.msg_type) || too_long(message.event) ||
      too_long(message.msg_id))
    return malformed("A name in the message is far too long.");
  fields.collect_media(message.media_ids);
  return message;
}

}  // namespace

Result<Message> parse_message(Format format, std::string_view body) {
  if (format == Format::xml) {
    pugi::xml_document document;
    const auto root = parse_xml(body, document);
    if (!root) return std::unexpected(root.error());
    return read_message(XmlFields(*root));
  }
  JsonLimits limits;
  limits.numbers_as_text = true;  // a MsgId has 64 bits or more: it must never become a double
  const auto value = parse_json(body, limits);
  if (!value) return malformed(value.error().message);
  if (!value->is_object()) return malformed("The message is not a JSON object.");
  return read_message(JsonFields(&*value));
}

bool is_event(const Message& message) {
  return message.msg_type.starts_with("InfoType:") || fold(message.msg_type) == "event";
}

bool is_customer_message(const Message& message) { return !is_event(message); }

std::string dedup_key(const Message& message, std::string_view decrypted_body) {
  // FromUserName + CreateTime, which many libraries use for events, would drop different events of one second.
  return message.msg_id.empty() ? "e:" + hex(sha256(decrypted_body)) : "m:" + message.msg_id;
}

}  // namespace miniops::wechat
