// What messages say, in the form that the API shows: from WeChat's pushes, from what agents send, and from notes.
#pragma once

#include <string>
#include <string_view>

#include "desk/conversation.hpp"
#include "wechat/api.hpp"
#include "wechat/message.hpp"

namespace miniops::desk {

// Of a customer's message. Kinds that we do not know come out as "unsupported", with the kind and its media.
Content content_of(const wechat::Message& message);
Content content_of(const wechat::Outgoing& message, std::string_view picture_id);
// named: whom it names; consult: it asks them.
Content note_content(std::string_view text, const std::vector<Named>& named = {}, bool consult = false);
// What a stored note says.
std::string text_of_note(const Message& note);
// 'Entered from page …': the note of a user_enter_tempsession event.
Content entered_content(std::string_view session_from);

// A note that the machinery makes: `event` and what it is of, and a sentence for whoever does not know the event.
Content system_content(std::string_view event, std::string_view sentence, boost::json::object details);

// What a message of this kind shows in one line of the list: the title of a card, the first line of a text.
std::string summary_of(std::string_view msgtype, const boost::json::object& body);
// Of a message, as agents see it.
std::string summary_of(const Message& message);
// All of it that a person would search for.
std::string search_text_of(std::string_view msgtype, const boost::json::object& body);

// The page or channel that a button's session-from names, as far as it can be told: mini programs write a query string
// with page=…, JSON with a "page" or "path", or the bare path or a short word (people::plain_source). Anything else is
// none: it may say who the customer is, and sources outlive what was said. It comes from the phone: shown, never
// trusted.
std::string source_of(std::string_view session_from);

}  // namespace miniops::desk
