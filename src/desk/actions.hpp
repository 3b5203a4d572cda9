// What agents do to a conversation, as functions of a write on its way: they check who may, change it, and leave its
// event row. False: there was nothing to change. Whoever calls them saves the conversation, once, at the end.
// Private to the desk.
#pragma once

#include "desk/outgoing.hpp"
#include "desk/work.hpp"

namespace miniops::desk {

inline constexpr TimeMs parked_ms_max = 30 * day_ms;

// Who may be given conversations; nullopt: not this account.
std::optional<Colleague> find_colleague(sql::Transaction& tx, const AppId& appid, AccountId account,
                                        Colleagues& colleagues);

// ---- who has it; what they fail with is said in service.hpp ----
Result<bool> take(Work& work);
Result<bool> release(Work& work, const std::string& note = "");
Result<bool> transfer(Work& work, AccountId to, const std::string& note);
Result<bool> transfer_to_group(Work& work, routing::GroupId to, const std::string& note);
Result<bool> park(Work& work, TimeMs until, const std::string& note);
Result<bool> unpark(Work& work, const std::string& note = "");
// outcome: "resolved" or "unresolved"
Result<bool> close(Work& work, const std::string& reason, const std::string& outcome);
Result<bool> reopen(Work& work);
// What close() did, taken back: whoever had it has it again, and whoever waited waits still.
Result<bool> take_back_close(Work& work, const std::string& note);

// ---- what is said ----
// What the word list makes of it: masked, flagged, or desk.blocked_word. The words that were found.
Result<std::string> check_words(const WordMatcher& matcher, ToSend& sending);
// Of the caller, not yet numbered.
Message message_of(const Work& work, const ToSend& sending);
// Stores it and hands it to the outbox; who answers a conversation that nobody has, takes it. As it was stored.
// desk.conversation_closed, desk.unknown_picture
Result<Message> say(Work& work, const ToSend& sending, Message message);
// For whoever gets the conversation; an empty one is none.
void add_note(Work& work, const std::string& note);
// Why a message must wait for the customer.
std::string why_held(const Work& work);

}  // namespace miniops::desk
