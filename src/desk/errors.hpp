// The desk's error codes (docs/errors.md).
#pragma once

#include <boost/json/array.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace miniops::desk::errors {

inline Error make(ErrorKind kind, std::string code, std::string message) {
  return Error{std::move(code), std::move(message), kind};
}

inline Error not_found(std::string_view what) {
  return make(ErrorKind::not_found, "desk.not_found", "there is no such " + std::string(what));
}
inline Error other_group() {
  return make(ErrorKind::forbidden, "desk.other_group", "this conversation is neither yours nor your groups'");
}
inline Error not_supervisor() {
  return make(ErrorKind::forbidden, "desk.not_supervisor", "this is for who supervises the mini program or the group");
}
inline Error nobody_has_it() {
  return make(ErrorKind::conflict, "desk.nobody_has_it", "no agent has this conversation");
}
inline Error no_offer() {
  return make(ErrorKind::conflict, "desk.no_offer", "no transfer of this conversation waits for you");
}
inline Error already_taken(std::string_view by) {
  return make(ErrorKind::conflict, "desk.already_taken", "this conversation is already with " + std::string(by));
}
inline Error conversation_closed() {
  return make(ErrorKind::conflict, "desk.conversation_closed", "the conversation is closed; reopen it first");
}
inline Error conversation_open() {
  return make(ErrorKind::conflict, "desk.conversation_open", "the conversation is not closed");
}
inline Error newer_conversation() {
  return make(ErrorKind::conflict, "desk.newer_conversation", "the customer has a newer conversation; use that one");
}
inline Error conversation_changed() {
  return make(ErrorKind::conflict, "desk.conversation_changed", "somebody changed the conversation in the meantime");
}
// `answers`: what was said, as brief_json() shows it.
inline Error conversation_moved(boost::json::array answers) {
  Error error = make(ErrorKind::conflict, "desk.conversation_moved", "a colleague has answered in the meantime");
  error.details["answers"] = std::move(answers);
  return error;
}
inline Error empty_tier() { return make(ErrorKind::conflict, "desk.empty_tier", "no group belongs to this tier"); }
inline Error agent_full(std::string_view who) {
  return make(ErrorKind::conflict, "desk.agent_full", std::string(who) + " has reached the limit of conversations");
}
inline Error agent_offline(std::string_view who) {
  return make(ErrorKind::conflict, "desk.agent_offline", std::string(who) + " is offline");
}
inline Error not_an_agent() {
  return make(ErrorKind::rejected, "desk.not_an_agent", "this account may not reply in this mini program");
}
inline Error not_assigned() {
  return make(ErrorKind::conflict, "desk.not_assigned", "only a conversation that an agent has can be parked");
}
inline Error parked_too_long() {
  return make(ErrorKind::rejected, "desk.parked_too_long", "a conversation is parked until a time within 30 days");
}
inline Error not_resendable() {
  return make(ErrorKind::conflict, "desk.not_resendable", "only an agent's message that failed can be sent again");
}
inline Error same_client_id() {
  return make(ErrorKind::conflict, "desk.client_id_reused", "this client_id was used for another message");
}
inline Error channel_cannot_send(std::string_view what) {
  return make(ErrorKind::rejected, "desk.channel_cannot_send", "this customer's channel sends no " + std::string(what));
}
inline Error unknown_picture() {
  return make(ErrorKind::rejected, "desk.unknown_picture", "there is no such picture; upload it first");
}
// `may_confirm`: the agent may send it all the same, when they say so.
inline Error blocked_word(const std::vector<std::string>& words, bool may_confirm) {
  Error error = make(ErrorKind::rejected, "desk.blocked_word", "the message contains words that may not be sent");
  boost::json::array list;
  for (const std::string& word : words) list.emplace_back(word);
  error.details["words"] = std::move(list);
  error.details["may_confirm"] = may_confirm;
  return error;
}
inline Error too_many(std::string_view what, int count_max) {
  return make(ErrorKind::rejected, "desk.too_many",
              "there may be at most " + std::to_string(count_max) + " " + std::string(what));
}
inline Error word_exists() { return make(ErrorKind::conflict, "desk.word_exists", "the list has this word already"); }

inline Error shared_view_forbidden() {
  return make(ErrorKind::forbidden, "identity.forbidden", "shared views need the permission desk.configure");
}

inline Error reason_required() {
  return {"desk.reason_required", "say why the customer wrote: this mini program requires a contact reason",
          ErrorKind::rejected};
}

}  // namespace miniops::desk::errors
