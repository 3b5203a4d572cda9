// Puts conversations into queues: which one by the mini program's routing rules, and how far ahead.
//
// As with timers, whoever lets a customer wait does not choose: Recorder asks before each save. A conversation keeps
// its target over return and overflow, also when rules change meanwhile; a new one is chosen for the next contact.
#pragma once

#include "desk/config.hpp"
#include "desk/conversation.hpp"
#include "people/directory.hpp"
#include "teams/setup.hpp"

namespace miniops::desk {

// Safe from any thread: it holds nothing that changes.
class Placer {
 public:
  struct Collaborators {
    const teams::Setups& setups;
    const people::Directory& directory;
    const Configs& configs;
  };
  explicit Placer(const Collaborators& with) : with_(with) {}

  const teams::Setups& setups() const { return with_.setups; }

  // Of one that waits: chooses the queue if that has not been done, and works out the place. The event, when a rule
  // chose. Its messages and its thread must be stored.
  std::optional<Event> place(sql::Transaction& tx, Conversation& conversation, TimeMs now) const;
  // By hand: this group, whoever of it. Its place is worked out by place().
  static void send_to(Conversation& conversation, routing::GroupId group);

  // To a tier: its best group by the rules (src/routing/tier.hpp). False: it has none, and nothing is changed.
  bool send_to_tier(sql::Transaction& tx, Conversation& conversation, routing::Tier tier, TimeMs now) const;

  // When it is to be routed anew, for rules that ask how long it has waited; 0: never.
  TimeMs reroutes_at(const Conversation& conversation) const;

  // What rules can ask of it, as it is known at `now`.
  routing::Facts facts_of(sql::Transaction& tx, const Conversation& conversation, TimeMs now) const;

 private:
  const Collaborators with_;
};

// As it would be if this were all that the customer wrote.
void only_message(routing::Facts& facts, const std::string& msgtype, const std::string& body);

// What the mini program said of the customer when they came, signed or not; empty: nothing.
std::string language_of(const Thread& thread);

}  // namespace miniops::desk
