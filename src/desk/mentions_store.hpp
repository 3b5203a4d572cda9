// Who was named in which note. Called inside closures; stateless.
#pragma once

#include <optional>
#include <vector>

#include "desk/conversation.hpp"
#include "storage/sql/database.hpp"

namespace miniops::desk {

using MentionId = NumberId<struct MentionIdTag>;

// mention: named. consult 咨询: asked; the next note of whom it asks there answers it. answer: of that, to who asked.
enum class MentionKind { mention, consult, answer };
std::string_view to_string(MentionKind kind);

struct Mention {
  MentionId id;
  AppId appid;
  ConversationId conversation;
  MessageId message;  // the note
  MentionKind kind = MentionKind::mention;
  Named whom{}, from{};
  TimeMs created_at = 0, read_at = 0;
  TimeMs answered_at = 0;  // a consult: 0 while it is asked
  MessageId answer{};
};

namespace store {

void insert_mention(sql::Transaction& tx, const Mention& mention);
// Those that stand, oldest first; answers are none.
std::vector<Mention> mentions_in(sql::Transaction& tx, ConversationId id, int limit);
// Whom these name.
std::vector<AccountId> named_accounts(sql::Transaction& tx, ConversationId id);
std::optional<Mention> find_mention(sql::Transaction& tx, MentionId id);  // that stands
void withdraw_mention(sql::Transaction& tx, MentionId id, TimeMs now);
// Consults that wait for this account's answer; and that they have it.
std::vector<Mention> asked_of(sql::Transaction& tx, ConversationId id, AccountId account);
void note_answer(sql::Transaction& tx, MentionId id, MessageId answer, TimeMs now);

// The newest first, before `before` (none: from the newest).
std::vector<Mention> inbox_of(sql::Transaction& tx, const AppId& appid, AccountId account, bool unread_only,
                              MentionId before, int limit);
std::int64_t unread_mentions(sql::Transaction& tx, const AppId& appid, AccountId account);
void mark_mention_read(sql::Transaction& tx, const AppId& appid, AccountId account, MentionId id, TimeMs now);
void mark_mentions_read(sql::Transaction& tx, const AppId& appid, AccountId account, TimeMs now);

}  // namespace store
}  // namespace miniops::desk
