// The desk's objects as the API shows them, with personal data masked for whoever may not see them.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string_view>

#include "desk/conversation.hpp"
#include "desk/left_message.hpp"
#include "desk/store.hpp"
#include "gateway/outbox.hpp"
#include "service_levels/marks.hpp"

namespace miniops::desk {

// What a viewer is shown. Live changes are written in clear and masked per recipient by the live hub.
struct Viewer {
  bool personal_data = false;
  std::string_view language = "zh";  // of explanations: "zh" or "en"
};

boost::json::value to_json(const std::optional<gateway::Budget>& budget);  // null: there is no window
boost::json::object to_json(const Conversation& conversation, const std::optional<gateway::Budget>& budget,
                            const std::vector<service_levels::Mark>& marks, const Viewer& viewer);
boost::json::object to_json(const Message& message, const Viewer& viewer);
// What was left, with a phone number of it as the contact.
boost::json::object left_message_json(const LeftMessage& left, const std::optional<Message>& message, TimeMs returns_at,
                                      TimeMs due_at, const Viewer& viewer);
// Who said what, in a line.
boost::json::object brief_json(const Message& message, const Viewer& viewer);
boost::json::object to_json(const store::StoredEvent& event, const Viewer& viewer);
boost::json::object to_json(const Thread& thread, const std::vector<std::string>& sources, const Viewer& viewer);

// Masks the free text in an object of the API: all strings under the keys that can hold what people write.
void mask_texts(boost::json::value& value);

}  // namespace miniops::desk
