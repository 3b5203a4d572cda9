// Messages that nobody wrote: rules' replies, and what timers say.
#pragma once

#include "desk/content.hpp"
#include "desk/outgoing.hpp"
#include "gateway/outbox.hpp"

namespace miniops::desk {

// Hands it to the outbox as an automatic one and fills in the message's kind, body and state; what it says. Fails with
// gateway.window_closed, gateway.budget_spent and desk.unknown_picture: then it is not sent.
Result<Content> hand_over_automatic(sql::Transaction& tx, gateway::Outbox& outbox, const Thread& thread,
                                    const ToSend& sending, Message& message, TimeMs now);

}  // namespace miniops::desk
