// Quick replies, their folders, and how often they are used.
#include "quick_replies/store.hpp"

#include "quick_replies/shared.hpp"
#include "quick_replies/uses.hpp"

namespace miniops::quick_replies {

namespace {

constexpr std::int64_t slots = 16;

// With at most 16 rows of uses for each.
constexpr std::string_view listed =
    "SELECT e.id, e.appid, e.account_id, e.folder, e.shortcut, e.title, e.content, e.picture_id, e.initials, "
    "e.created_at, e.updated_at, CAST(COALESCE(SUM(u.uses), 0) AS BIGINT), COALESCE(MAX(u.last_used_at), 0) FROM "
    "quick_replies_entries e LEFT JOIN quick_replies_uses u ON u.reply = e.id WHERE ";

std::string select_where(std::string_view condition) {
  return fmt::format("{}{} GROUP BY e.id ORDER BY e.id", listed, condition);
}

Listed listed_of(const sql::Row& row) {
  return {{row.id<QuickReplyId>(0), row.id<AppId>(1), row.id<AccountId>(2), row.text(3), row.text(4), row.text(5),
           row.text(6), row.text(7), row.text(8), row.integer(9), row.integer(10)},
          row.integer(11),
          row.integer(12)};
}

std::vector<Listed> all_of(const sql::Rows& rows) {
  std::vector<Listed> out;
  for (const sql::Row& row : rows) out.push_back(listed_of(row));
  return out;
}

}  // namespace

void count_use(sql::Transaction& tx, const AppId& appid, AccountId account, QuickReplyId id, TimeMs now) {
  tx.execute_later(
      "INSERT INTO quick_replies_uses (reply, slot, uses, last_used_at) SELECT id, CAST($4 AS BIGINT), 1, CAST($5 AS "
      "BIGINT) FROM quick_replies_entries WHERE appid = $1 AND id = $2 AND (account_id = $3 OR account_id = 0) ON "
      "CONFLICT (reply, slot) DO UPDATE SET uses = quick_replies_uses.uses + 1, last_used_at = excluded.last_used_at",
      {appid, id, account, account.value() % slots, now});
}

namespace store {

std::vector<Listed> replies_for(sql::Transaction& tx, const AppId& appid, AccountId account) {
  static const std::string select = select_where("e.appid = $1 AND (e.account_id = $2 OR e.account_id = 0)");
  return all_of(tx.query(select, {appid, account}));
}

std::vector<Listed> replies_of(sql::Transaction& tx, const AppId& appid, AccountId owner) {
  static const std::string select = select_where("e.appid = $1 AND e.account_id = $2");
  return all_of(tx.query(select, {appid, owner}));
}

std::optional<Listed> reply(sql::Transaction& tx, const AppId& appid, QuickReplyId id) {
  static const std::string select = select_where("e.appid = $1 AND e.id = $2");
  const auto row = tx.query_one(select, {appid, id});
  return row ? std::optional(listed_of(*row)) : std::nullopt;
}

std::int64_t count_replies(sql::Transaction& tx, const AppId& appid, AccountId owner) {
  return tx
      .query_one("SELECT COUNT(*) FROM quick_replies_entries WHERE appid = $1 AND account_id = $2", {appid, owner})
      ->integer(0);
}

void insert_replies(sql::Transaction& tx, const std::vector<QuickReply>& replies) {
  std::vector<sql::Params> rows;
  for (const QuickReply& one : replies)
    rows.push_back({one.id, one.appid, one.owner, one.folder, one.shortcut, one.title, one.content, one.picture_id,
                    one.initials, one.created_at, one.updated_at});
  tx.execute_many(
      "INSERT INTO quick_replies_entries (id, appid, account_id, folder, shortcut, title, content, picture_id, "
      "initials, "
      "created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      rows);
}

void update_reply(sql::Transaction& tx, const QuickReply& one) {
  tx.execute(
      "UPDATE quick_replies_entries SET account_id = $2, folder = $3, shortcut = $4, title = $5, content = $6, "
      "picture_id = $7, initials = $8, updated_at = $9 WHERE id = $1",
      {one.id, one.owner, one.folder, one.shortcut, one.title, one.content, one.picture_id, one.initials,
       one.updated_at});
}

void delete_reply(sql::Transaction& tx, QuickReplyId id) {
  tx.execute("DELETE FROM quick_replies_uses WHERE reply = $1", {id});
  tx.execute("DELETE FROM quick_replies_entries WHERE id = $1", {id});
}

std::vector<Folder> folders_for(sql::Transaction& tx, const AppId& appid, AccountId account) {
  std::vector<Folder> out;
  for (const sql::Row& row : tx.query(
           "SELECT folder, account_id, COUNT(*) FROM quick_replies_entries WHERE appid = $1 AND (account_id = $2 OR "
           "account_id = 0) AND folder <> '' GROUP BY folder, account_id",
           {appid, account}))
    out.push_back({row.text(0), row.integer(1) == 0, row.integer(2)});
  return out;
}

void move_replies(sql::Transaction& tx, const std::vector<std::pair<QuickReplyId, std::string>>& to_folders,
                  TimeMs at) {
  std::vector<sql::Params> rows;
  for (const auto& [id, folder] : to_folders) rows.push_back({id, folder, at});
  tx.execute_many("UPDATE quick_replies_entries SET folder = $2, updated_at = $3 WHERE id = $1", rows);
}

}  // namespace store

std::optional<QuickReply> shared_reply(sql::Transaction& tx, const AppId& appid, QuickReplyId id) {
  auto found = store::reply(tx, appid, id);
  if (!found || !found->reply.owner.empty()) return std::nullopt;
  return std::move(found->reply);
}

}  // namespace miniops::quick_replies
