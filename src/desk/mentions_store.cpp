#include "desk/mentions_store.hpp"

#include <fmt/format.h>

namespace miniops::desk {

namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 3> kinds = {"mention", "consult", "answer"};

Mention read_mention(const sql::Row& row) {
  Mention mention;
  mention.id = row.id<MentionId>(0);
  mention.appid = row.id<AppId>(1);
  mention.conversation = row.id<ConversationId>(2);
  mention.message = row.id<MessageId>(3);
  const auto kind = std::ranges::find(kinds, row.text(4));
  if (kind != kinds.end()) mention.kind = static_cast<MentionKind>(kind - kinds.begin());
  mention.whom = {row.id<AccountId>(5), row.text(6)};
  mention.from = {row.id<AccountId>(7), row.text(8)};
  mention.created_at = row.integer(9);
  mention.read_at = row.integer(10);
  mention.answered_at = row.integer(11);
  mention.answer = row.id<MessageId>(12);
  return mention;
}

std::vector<Mention> read_mentions(const sql::Rows& rows) {
  std::vector<Mention> mentions;
  mentions.reserve(rows.size());
  for (const sql::Row& row : rows) mentions.push_back(read_mention(row));
  return mentions;
}

// Of those that stand.
std::string select_mentions(std::string_view where) {
  return fmt::format(
      "SELECT id, appid, conversation_id, message_id, kind, account_id, account_name, from_id, from_name, created_at, "
      "read_at, answered_at, answer_id FROM desk_mentions WHERE withdrawn_at = 0 AND {}",
      where);
}

}  // namespace

std::string_view to_string(MentionKind kind) { return kinds[static_cast<std::size_t>(kind)]; }

namespace store {

void insert_mention(sql::Transaction& tx, const Mention& mention) {
  tx.execute(
      "INSERT INTO desk_mentions (id, appid, conversation_id, message_id, kind, account_id, account_name, from_id, "
      "from_name, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {mention.id, mention.appid, mention.conversation, mention.message, to_string(mention.kind), mention.whom.account,
       mention.whom.name, mention.from.account, mention.from.name, mention.created_at});
}

std::vector<Mention> mentions_in(sql::Transaction& tx, ConversationId id, int limit) {
  static const std::string sql = select_mentions("conversation_id = $1 AND kind <> 'answer' ORDER BY id LIMIT $2");
  return read_mentions(tx.query(sql, {id, limit}));
}

std::vector<AccountId> named_accounts(sql::Transaction& tx, ConversationId id) {
  std::vector<AccountId> accounts;
  for (const sql::Row& row : tx.query(
           "SELECT DISTINCT account_id FROM desk_mentions WHERE conversation_id = $1 AND withdrawn_at = 0 AND kind "
           "<> 'answer' ORDER BY account_id",
           {id}))
    accounts.push_back(row.id<AccountId>(0));
  return accounts;
}

std::optional<Mention> find_mention(sql::Transaction& tx, MentionId id) {
  static const std::string sql = select_mentions("id = $1");
  const auto row = tx.query_one(sql, {id});
  return row ? std::optional(read_mention(*row)) : std::nullopt;
}

void withdraw_mention(sql::Transaction& tx, MentionId id, TimeMs now) {
  tx.execute("UPDATE desk_mentions SET withdrawn_at = $2 WHERE id = $1", {id, now});
}

std::vector<Mention> asked_of(sql::Transaction& tx, ConversationId id, AccountId account) {
  static const std::string sql =
      select_mentions("conversation_id = $1 AND account_id = $2 AND kind = 'consult' AND answered_at = 0 ORDER BY id");
  return read_mentions(tx.query(sql, {id, account}));
}

void note_answer(sql::Transaction& tx, MentionId id, MessageId answer, TimeMs now) {
  tx.execute(
      "UPDATE desk_mentions SET answered_at = $2, answer_id = $3, read_at = CASE WHEN read_at = 0 THEN $2 ELSE read_at "
      "END WHERE id = $1",
      {id, now, answer});
}

std::vector<Mention> inbox_of(sql::Transaction& tx, const AppId& appid, AccountId account, bool unread_only,
                              MentionId before, int limit) {
  const MentionId below = before.empty() ? MentionId(std::numeric_limits<std::int64_t>::max()) : before;
  return read_mentions(
      tx.query(select_mentions(fmt::format("appid = $1 AND account_id = $2 AND id < $3{} ORDER BY id DESC LIMIT $4",
                                           unread_only ? " AND read_at = 0" : "")),
               {appid, account, below, limit}));
}

std::int64_t unread_mentions(sql::Transaction& tx, const AppId& appid, AccountId account) {
  return tx
      .query_one(
          "SELECT COUNT(*) FROM desk_mentions WHERE appid = $1 AND account_id = $2 AND withdrawn_at = 0 AND read_at = "
          "0",
          {appid, account})
      .value()
      .integer(0);
}

void mark_mention_read(sql::Transaction& tx, const AppId& appid, AccountId account, MentionId id, TimeMs now) {
  tx.execute("UPDATE desk_mentions SET read_at = $4 WHERE id = $3 AND appid = $1 AND account_id = $2 AND read_at = 0",
             {appid, account, id, now});
}

void mark_mentions_read(sql::Transaction& tx, const AppId& appid, AccountId account, TimeMs now) {
  tx.execute(
      "UPDATE desk_mentions SET read_at = $3 WHERE appid = $1 AND account_id = $2 AND withdrawn_at = 0 AND read_at = 0",
      {appid, account, now});
}

}  // namespace store
}  // namespace miniops::desk
