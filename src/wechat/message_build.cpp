// Messages as bytes: pushes as WeChat makes them (for the sandbox and for tests), and the one passive reply.
#include <charconv>

#include "base/json.hpp"
#include "wechat/message.hpp"
#include "wechat/xml.hpp"

namespace miniops::wechat {

namespace {

// Collects fields in order and writes them in either format.
class Writer {
 public:
  explicit Writer(Format format) : format_(format) {}

  void text(std::string_view name, std::string_view value) {
    if (format_ == Format::xml) {
      append_cdata(xml_, name, value);
    } else {
      json_[name] = value;
    }
  }
  // A number where it can be one; a MsgId of the cloud is a text.
  void number(std::string_view name, std::string_view digits) {
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (problem != std::errc() || end != digits.data() + digits.size() || std::to_string(value) != digits) {
      text(name, digits);
    } else if (format_ == Format::xml) {
      append_bare(xml_, name, digits);
    } else {
      json_[name] = value;
    }
  }
  void text_if_any(std::string_view name, std::string_view value) {
    if (!value.empty()) text(name, value);
  }
  void raw_xml(std::string_view part) { xml_ += part; }
  json::object& object() { return json_; }
  Format format() const { return format_; }
  std::string inner_xml() && { return std::move(xml_); }
  json::object inner_json() && { return std::move(json_); }
  std::string finish() && { return format_ == Format::xml ? "<xml>" + xml_ + "</xml>" : json::serialize(json_); }

 private:
  Format format_;
  std::string xml_;
  json::object json_;
};

std::string_view wrapper_of(std::string_view event) {
  if (event == "subscribe_msg_popup_event") return "SubscribeMsgPopupEvent";
  if (event == "subscribe_msg_change_event") return "SubscribeMsgChangeEvent";
  return "SubscribeMsgSentEvent";
}

void write_item(Writer& out, const SubscribeItem& item) {
  out.text("TemplateId", item.template_id);
  out.text_if_any("SubscribeStatusString", item.status);
  out.text_if_any("PopupScene", item.popup_scene);
  out.text_if_any("MsgID", item.msg_id);
  out.text_if_any("ErrorCode", item.error_code);
  out.text_if_any("ErrorStatus", item.error_status);
}

struct WriteContent {
  Writer& out;
  const Message& message;

  void operator()(const Text& c) const { out.text("Content", c.content); }
  void operator()(const Image& c) const {
    out.text("PicUrl", c.pic_url);
    out.text("MediaId", c.media_id);
  }
  void operator()(const MiniProgramPage& c) const {
    out.text("Title", c.title);
    out.text("AppId", c.appid);
    out.text("PagePath", c.page_path);
    out.text("ThumbUrl", c.thumb_url);
    out.text("ThumbMediaId", c.thumb_media_id);
  }
  void operator()(const Link& c) const {
    out.text("Title", c.title);
    out.text("Description", c.description);
    out.text("Url", c.url);
  }
  void operator()(const Location& c) const {
    out.text("Location_X", c.latitude);
    out.text("Location_Y", c.longitude);
    out.text("Scale", c.scale);
    out.text("Label", c.label);
  }
  void operator()(const EnterTempSession& c) const { out.text("SessionFrom", c.session_from); }
  // XML wraps the items; in JSON they lie at the top, one as an object, several as an array.
  void operator()(const SubscribeEvent& c) const {
    std::string xml;
    json::array items;
    for (const SubscribeItem& item : c.items) {
      Writer inner(out.format());
      write_item(inner, item);
      if (out.format() == Format::xml) {
        append_bare(xml, "List", std::move(inner).inner_xml());
      } else {
        items.push_back(std::move(inner).inner_json());
      }
    }
    if (out.format() == Format::xml) {
      std::string wrapped;
      append_bare(wrapped, wrapper_of(c.event), xml);
      out.raw_xml(wrapped);
    } else if (items.size() == 1) {
      out.object()["List"] = items[0];
    } else {
      out.object()["List"] = std::move(items);
    }
  }
  void operator()(const AuthorizationEvent& c) const {
    out.text("OpenID", c.openid.str());
    if (!c.revoke_info.empty()) out.text("RevokeInfo", c.revoke_info);
  }
  void operator()(const Unsupported&) const {
    if (!message.media_ids.empty()) out.text("MediaId", message.media_ids[0]);
  }
};

}  // namespace

std::string build_message(Format format, const Message& message) {
  Writer out(format);
  out.text("ToUserName", message.to_user_name);
  out.text("FromUserName", message.from_user_name.str());
  const std::string time = std::to_string(message.create_time);
  // In the JSON of subscribe events WeChat writes CreateTime as a text.
  if (format == Format::json && std::holds_alternative<SubscribeEvent>(message.content)) {
    out.text("CreateTime", time);
  } else {
    out.number("CreateTime", time);
  }
  out.text("MsgType", message.msg_type);
  if (is_event(message)) out.text("Event", message.event);
  std::visit(WriteContent{out, message}, message.content);
  if (!message.msg_id.empty()) out.number("MsgId", message.msg_id);
  return std::move(out).finish();
}

std::string transfer_customer_service(Format format, const Message& message, std::int64_t now_seconds) {
  Writer out(format);
  out.text("ToUserName", message.from_user_name.str());
  out.text("FromUserName", message.to_user_name);
  out.number("CreateTime", std::to_string(now_seconds));
  out.text("MsgType", "transfer_customer_service");
  return std::move(out).finish();
}

}  // namespace miniops::wechat
