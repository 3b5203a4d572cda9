// What a person or a rule wants to send, decoded from the API's form.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/error.hpp"
#include "desk/conversation.hpp"
#include "wechat/api.hpp"

namespace miniops::desk {

struct ToSend {
  bool note = false;           // a private note: `text` is what it says
  std::string text{};          // the note's, or the text message's
  std::vector<Named> named{};  // by the note; their names are looked up when it is written
  bool consult = false;        // it asks them
  wechat::Outgoing message{};
  std::string picture_id{};  // of an image, or of a card's cover
};

// {msgtype: text|image|link|miniprogrampage[|note], <msgtype>: {…}}. Other members are left to the caller. Fails with
// request.invalid (JSON pointers relative to `object`) and with what wechat::parse_outgoing refuses.
Result<ToSend> parse_to_send(const boost::json::object& object, bool notes_allowed);

// With another text: what the word list made of it.
void replace_text(ToSend& sending, std::string text);

}  // namespace miniops::desk
