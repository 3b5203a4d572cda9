// What is inside a push: messages and events a mini program receives, typed; everything else kept whole.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "wechat/push.hpp"

namespace miniops::wechat {

struct Text {
  std::string content;
};
struct Image {
  std::string pic_url, media_id;
};
struct MiniProgramPage {
  std::string title, appid, page_path, thumb_url, thumb_media_id;
};
struct Link {
  std::string title, description, url;
};
struct Location {
  std::string latitude, longitude, scale, label;  // as they came
};
struct EnterTempSession {
  std::string session_from;
};
// subscribe_msg_popup_event, subscribe_msg_change_event, subscribe_msg_sent_event
struct SubscribeItem {
  std::string template_id, status, popup_scene, msg_id, error_code, error_status;
};
struct SubscribeEvent {
  std::string event;
  std::vector<SubscribeItem> items;
};
// user_info_modified · user_authorization_revoke · user_authorization_cancellation: what a person took back. The push
// comes from the platform, not from the person.
struct AuthorizationEvent {
  OpenId openid;
  std::string revoke_info;  // "6,8": of user_authorization_revoke
};
// Anything else: whoever needs it keeps the raw form beside the Message (the journal does).
struct Unsupported {};

using Content = std::variant<Text, Image, MiniProgramPage, Link, Location, EnterTempSession, SubscribeEvent,
                             AuthorizationEvent, Unsupported>;

struct Message {
  std::string to_user_name;
  OpenId from_user_name;
  std::int64_t create_time = 0;        // seconds, as WeChat says; shown, never sorted by
  std::string msg_type;                // as it came, any case kept
  std::string event;                   // for MsgType event
  std::string msg_id;                  // decimal or cloud text; empty for events
  std::vector<std::string> media_ids;  // every MediaId / ThumbMediaId found, known type or not
  Content content = Unsupported{};
};

// Fails with wechat.malformed: not XML/JSON, entity declarations, deeper than 32, over 1 MiB, invalid UTF-8, NUL, or
// without MsgType/FromUserName (third-party InfoType pushes have neither: they come out as Unsupported with
// msg_type "InfoType:…").
Result<Message> parse_message(Format format, std::string_view body);

bool is_event(const Message& message);
// A customer's message that opens a conversation and the reply window: not an event.
bool is_customer_message(const Message& message);

// The key under which a push is stored once: "m:<MsgId>", or "e:<sha256 hex of the decrypted body>" without one.
std::string dedup_key(const Message& message, std::string_view decrypted_body);

// The passive reply that hands the user to WeChat's own agent tool.
std::string transfer_customer_service(Format format, const Message& message, std::int64_t now_seconds);

// Building pushes, for the sandbox and tests: fields in WeChat's order.
std::string build_message(Format format, const Message& message);

}  // namespace miniops::wechat
