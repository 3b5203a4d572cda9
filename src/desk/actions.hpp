// What agents do to a conversation, as functions of a write on its way: they check who may, change it, and leave its
// event row. False: there was nothing to change. Whoever calls them saves the conversation, once, at the end.
// Private to the desk.
#pragma once

#include "desk/clearance.hpp"
#include "desk/outgoing.hpp"
#include "desk/work.hpp"
#include "desk/wrap_up.hpp"

namespace miniops::desk {

inline constexpr TimeMs parked_ms_max = 30 * day_ms;

// Who may be given conversations; nullopt: not this account.
std::optional<Colleague> find_colleague(sql::Transaction& tx, const AppId& appid, AccountId account,
                                        Colleagues& colleagues);

// ---- who has it; what they fail with is said in service.hpp ----
Result<bool> take(Work& work);
Result<bool> release(Work& work, const std::string& note = "");
Result<bool> transfer(Work& work, AccountId to, const std::string& note);
// To whom it was offered; what they say to it. desk.no_offer
Result<bool> accept_transfer(Work& work);
Result<bool> decline_transfer(Work& work, const std::string& note);
// By the sender, or who supervises.
Result<bool> withdraw_transfer(Work& work);
// Whoever had it. desk.not_supervisor, desk.conversation_closed
Result<bool> take_over(Work& work);
Result<bool> transfer_to_group(Work& work, routing::GroupId to, const std::string& note);
Result<bool> transfer_to_tier(Work& work, routing::Tier to, const std::string& note);
Result<bool> park(Work& work, TimeMs until, const std::string& note);
Result<bool> unpark(Work& work, const std::string& note = "");
// outcome: "resolved" or "unresolved". One that is closed already is only wrapped up.
Result<bool> close(Work& work, const std::string& note, const std::string& outcome, const wrapup::Patch& patch = {});
Result<bool> reopen(Work& work);
// What close() did, taken back: whoever had it has it again, and whoever waited waits still.
Result<bool> take_back_close(Work& work, const std::string& note);

// ---- what is said ----
// desk.conversation_moved: somebody else answered the customer after the message `seen_seq`; with what was said.
Result<void> check_unmoved(const Work& work, std::int64_t seen_seq);
// Of the caller, not yet numbered.
Message message_of(const Work& work, const ToSend& sending);
// Whether it is what was stored under its client_id: masked texts of different numbers may be equal.
bool is_same(sql::Transaction& tx, const Message& stored, const Message& again);
// Stores it and hands it to the channel; who answers a conversation that nobody has, takes it. As it was stored. What
// the agent confirmed for it to be cleared has its event row. desk.conversation_closed, desk.unknown_picture,
// desk.channel_cannot_send
Result<Message> say(Work& work, const ToSend& sending, Message message, const Clearance& clearance = {});
// For whoever gets the conversation; an empty one is none.
void add_note(Work& work, const std::string& note);

}  // namespace miniops::desk
