// Escalation 升级: a conversation that waits, or is worked on, for longer than its group allows goes to the expert tier
// (src/routing/tier.hpp) by itself, once from its opening or reopening on. Private to the desk.
#pragma once

#include "desk/recorder.hpp"

namespace miniops::desk {

// When, in the working time of its group; 0: never. Pure.
TimeMs escalates_at(const Conversation& conversation, const teams::Setup& setup);

// Into the queue of the tier's best group, with the time that the customer has waited. An event says so, and a note to
// those who read it; whoever had it is told. The caller saves thread and conversation.
void escalate(sql::Transaction& tx, const Common& common, Recorder& recorder, Thread& thread,
              Conversation& conversation, TimeMs now);

}  // namespace miniops::desk
