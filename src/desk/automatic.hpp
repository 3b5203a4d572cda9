// Messages that nobody wrote: rules' replies, what timers say, notices and questions. Together they leave to people
// what the channel says (Capabilities::Window::for_people).
#pragma once

#include "desk/channel.hpp"
#include "desk/content.hpp"

namespace miniops::desk {

// Hands it to the channel as an automatic one and fills in the message's kind, body and state; what it says. Fails with
// gateway.window_closed, gateway.budget_spent, desk.unknown_picture and desk.channel_cannot_send: then it is not sent.
Result<Content> hand_over_automatic(sql::Transaction& tx, const Channels& channels, const Thread& thread,
                                    const ToSend& sending, Message& message, TimeMs now);

ToSend text_to_send(std::string text);

// How many more of them may be sent of this budget.
int for_automatic(const Channel& channel, const gateway::Budget& budget);

}  // namespace miniops::desk
