// What holds for every message that parses, in whichever format it came.
#pragma once

#include "base/text.hpp"
#include "targets/fuzz.hpp"
#include "wechat/message.hpp"

namespace miniops::fuzz {

inline void check_message(wechat::Format format, std::string_view body) {
  const auto message = wechat::parse_message(format, body);
  if (!message) {
    require(message.error().code == "wechat.malformed");
    return;
  }
  require(body.size() <= 1 << 20 && valid_utf8(body));
  require(!message->msg_type.empty() && valid_utf8(message->msg_type) && valid_utf8(message->from_user_name.str()));
  const std::string key = wechat::dedup_key(*message, body);
  require(key.size() > 2 && key.size() < 200);
  if (message->msg_type.starts_with("InfoType:")) return;
  // What was understood survives being written and read again, in both formats.
  for (wechat::Format other : {wechat::Format::xml, wechat::Format::json}) {
    const std::string written = wechat::build_message(other, *message);
    if (written.size() > 1 << 20) continue;
    const auto back = wechat::parse_message(other, written);
    require(back.has_value());
    require(back->from_user_name == message->from_user_name && back->msg_id == message->msg_id);
    require(back->msg_type == message->msg_type && back->event == message->event);
    require(back->content.index() == message->content.index());
    require(wechat::build_message(other, *back) == written);
    wechat::transfer_customer_service(other, *message, 1763701200);
  }
}

}  // namespace miniops::fuzz
