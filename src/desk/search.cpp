#include "desk/search.hpp"

#include "base/json.hpp"
#include "base/mask.hpp"
#include "desk/content.hpp"
#include "desk/sealing.hpp"
#include "storage/sql/fulltext.hpp"

namespace miniops::desk {

namespace {

constexpr int chunk = 500;

const sql::FullText& everyone() {
  static const sql::FullText table("desk_message_search");
  return table;
}
const sql::FullText& in_clear() {
  static const sql::FullText table("desk_private_search");
  return table;
}
const sql::FullText& customers() {
  static const sql::FullText table("desk_customer_search");
  return table;
}

// What is searched for in a message: as everyone may, and in clear. Equal when nothing is personal.
struct Indexed {
  std::string masked{}, clear{};
};
Indexed indexed(std::string_view msgtype, std::string_view body) {
  const json::value said = json::parse(body);
  if (!said.is_object()) return {};
  std::string text = search_text_of(msgtype, said.get_object());
  return {mask_personal_data(text), std::move(text)};
}

std::string customer_text(const Thread& thread) { return mask_personal_data(thread.nickname + "\n" + thread.note); }

}  // namespace

namespace store {

std::vector<MessageId> search_messages(sql::Transaction& tx, const AppId& appid, const Sought& sought, MessageId before,
                                       int limit) {
  std::vector<std::int64_t> found = everyone().find(tx, appid.str(), sought.words, before.value(), limit);
  if (sought.personal_data) {
    const auto add = [&found](const std::vector<std::int64_t>& more) {
      found.insert(found.end(), more.begin(), more.end());
    };
    add(in_clear().find(tx, appid.str(), sought.words, before.value(), limit));
    if (!sought.number_key.empty()) add(messages_with(tx, appid, sought.number_key, before, limit));
    std::ranges::sort(found, std::greater());
    found.erase(std::ranges::unique(found).begin(), found.end());
    if (found.size() > static_cast<std::size_t>(limit)) found.resize(static_cast<std::size_t>(limit));
  }
  std::vector<MessageId> ids;
  for (const std::int64_t id : found) ids.emplace_back(id);
  return ids;
}

std::vector<ThreadId> search_customers(sql::Transaction& tx, const AppId& appid, std::string_view words, int limit) {
  std::vector<ThreadId> ids;
  const auto exact = tx.query_one("SELECT id FROM desk_threads WHERE appid = $1 AND channel = $2 AND openid = $3",
                                  {appid, wechat_channel, words});
  if (exact) ids.push_back(exact->id<ThreadId>(0));
  for (const std::int64_t id : customers().find(tx, appid.str(), words, 0, limit)) ids.emplace_back(id);
  return ids;
}

void reindex_customer(sql::Transaction& tx, const Thread& before, const Thread& after) {
  customers().remove(tx, before.id.value(), before.appid.str(), customer_text(before));
  customers().put(tx, after.id.value(), after.appid.str(), customer_text(after));
}

void unindex_message(sql::Transaction& tx, MessageId id, const AppId& appid, std::string_view msgtype,
                     std::string_view body) {
  if (tx.execute("DELETE FROM desk_search_pending WHERE message_id = $1", {id}) != 0) return;  // not in it yet
  const auto [masked, clear] = indexed(msgtype, body);
  if (clear.empty()) return;
  everyone().remove(tx, id.value(), appid.str(), masked);
  if (masked != clear) in_clear().remove(tx, id.value(), appid.str(), clear);
}

void unindex_customer(sql::Transaction& tx, const Thread& thread) {
  customers().remove(tx, thread.id.value(), thread.appid.str(), customer_text(thread));
}

std::int64_t count_not_indexed(sql::Transaction& tx) {
  return tx.query_one("SELECT COUNT(*) FROM (SELECT 1 FROM desk_search_pending LIMIT 10000) AS waiting")->integer(0);
}

int index_messages(sql::Transaction& tx, int limit) {
  const auto rows = tx.query(
      "SELECT m.id, m.appid, m.msgtype, m.body FROM desk_search_pending p JOIN desk_messages m ON m.id = p.message_id "
      "ORDER BY p.message_id LIMIT $1",
      {limit});
  std::vector<sql::Params> done;
  for (const sql::Row& row : rows) {
    done.push_back({row.integer(0)});
    const auto [masked, clear] = indexed(row.text(2), row.text(3));
    if (clear.empty()) continue;
    everyone().put(tx, row.integer(0), row.text(1), masked);
    if (masked != clear) in_clear().put(tx, row.integer(0), row.text(1), clear);
  }
  if (!done.empty()) tx.execute_many("DELETE FROM desk_search_pending WHERE message_id = $1", done);
  return static_cast<int>(rows.size());
}

}  // namespace store

Task<Result<bool>> index_step(sql::Database& database) {
  auto look = [](sql::Transaction& tx) -> Result<bool> {
    return tx.query_one("SELECT 1 FROM desk_search_pending LIMIT 1").has_value();
  };
  const auto waiting = co_await database.read(std::move(look));
  if (!waiting || !*waiting) co_return waiting;
  auto index = [](sql::Transaction& tx) -> Result<int> { return store::index_messages(tx, chunk); };
  sql::WriteOptions options;
  options.background = true;
  const auto indexed = co_await database.write(std::move(index), std::move(options));
  if (!indexed) co_return std::unexpected(indexed.error());
  co_return *indexed == chunk;
}

}  // namespace miniops::desk
