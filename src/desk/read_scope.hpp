// Which conversations of a mini program somebody may read: those of their groups, and those that they have. All of
// them with desk.records_all, desk.supervise or desk.inspect; a group's, too, where one of these is granted for it.
// Besides, while it is open, one that they were named in, or that is offered to them: to read it and to write notes.
#pragma once

#include <set>

#include "desk/conversation.hpp"
#include "identity/access.hpp"
#include "live/change_log.hpp"
#include "teams/setup.hpp"

namespace miniops::desk {

// Who reads it because somebody asked them: named in a note, or offered it.
std::vector<AccountId> named_readers(const Conversation& conversation);

// A value; as of the moment when it was made.
struct ReadScope {
  AccountId account{};
  std::optional<std::set<routing::GroupId>> groups{};      // nullopt: all
  std::optional<std::set<routing::GroupId>> supervised{};  // of these, what is whispered is heard; nullopt: of all
  std::set<routing::GroupId> member_of{};                  // the reader's own groups; the others are by a grant

  // Of their groups, or theirs: they may change it, too, as far as their permissions go.
  bool works_on(const Conversation& conversation) const {
    return !groups || groups->contains(conversation.placement.group) ||
           (!account.empty() && conversation.assignee == account);
  }
  bool covers(const Conversation& conversation) const;
  // Of one that they read: it is neither theirs nor their groups', and nobody asked them. That they do is audited
  // (identity/reading_log.hpp), as is what they search where they reach so far.
  bool by_grant(const Conversation& conversation) const;
  bool wide() const;
  bool supervises(const Conversation& conversation) const {
    return !supervised || supervised->contains(conversation.placement.group);
  }
  // Of a conversation that they read: whispers are for some of its readers only.
  bool hears(const Message& message, const Conversation& in) const {
    return message.whispered_to.empty() || message.whispered_to == account || message.sender_id == account.str() ||
           supervises(in);
  }
};

// Whoever is in no group works in the default one (ADR 0023).
ReadScope read_scope(const identity::Access& access, const teams::Setup& setup);
// Both fail with desk.other_group.
Result<void> may_read(const ReadScope& scope, const Conversation& conversation);
Result<void> may_work_on(const ReadScope& scope, const Conversation& conversation);
// The same question, as the change log asks it.
std::optional<std::set<std::string>> groups_read(const identity::Access& access, const teams::Setup& setup);
live::Audience audience_of(const Conversation& conversation);
// With desk.supervise: of the mini program, or of its group.
live::Audience supervisors_of(const Conversation& conversation);

// The same in SQL, each " AND …" with its values added to `params`: over desk_conversations c, and what of the messages
// m of a thread that they read is for them.
std::string covered_by(const ReadScope& scope, sql::Params& params);
std::string heard_by(const ReadScope& scope, sql::Params& params);

}  // namespace miniops::desk
