// What a note does that names colleagues, as functions of a write on its way (actions.hpp). Private to the desk.
#pragma once

#include "desk/mentions_store.hpp"
#include "desk/outgoing.hpp"
#include "desk/work.hpp"

namespace miniops::desk {

// The names of whom it names; the writer is left out. desk.not_an_agent, desk.conversation_closed, desk.too_many
Result<void> look_up_named(const Work& work, ToSend& sending);
// Whom the note names is told and may read along; and it answers what its writer was asked.
void tell_named(Work& work, const ToSend& sending, const Message& note);
// By who wrote the note, has the conversation, or supervises it. desk.not_found, desk.already_taken, desk.other_group
Result<void> withdraw(Work& work, MentionId mention);

}  // namespace miniops::desk
