#include "gateway/dead_letters.hpp"

#include "base/text.hpp"
#include "gateway/errors.hpp"
#include "identity/audit.hpp"
#include "live/change_log.hpp"

namespace miniops::gateway {

namespace {

constexpr std::string_view columns =
    "SELECT id, consumer, entry_id, openid, received_at, failed_at, attempts, error, message "
    "FROM gateway_dead_letters ";

DeadLetter letter_of(const sql::Row& row) {
  DeadLetter letter;
  letter.id = row.integer(0);
  letter.consumer = row.text(1);
  letter.entry_id = row.integer(2);
  letter.openid = row.id<OpenId>(3);
  letter.received_at = row.integer(4);
  letter.failed_at = row.integer(5);
  letter.attempts = static_cast<int>(row.integer(6));
  letter.error = row.text(7);
  letter.message = row.text(8);
  return letter;
}

Result<DeadLetter> find(sql::Transaction& tx, const AppId& appid, std::int64_t id) {
  static const std::string statement = std::string(columns) + "WHERE appid = $1 AND id = $2";
  const auto row = tx.query_one(statement, {appid, id});
  if (!row) return fail(errors::dead_letter_not_found());
  return letter_of(*row);
}

std::string kind_of(const JournalEntry& entry) {
  const auto message = wechat::parse_message(entry.format, entry.clear());
  if (!message) return "unreadable";
  const std::string kind = message->event.empty() ? message->msg_type : message->msg_type + " " + message->event;
  return truncate_chars(kind, 100);
}

void remove(sql::Transaction& tx, const identity::Access& access, const DeadLetter& letter,
            const identity::AuditEntry& entry) {
  tx.execute("DELETE FROM gateway_dead_letters WHERE appid = $1 AND id = $2", {access.appid(), letter.id});
  identity::audit(tx, access, entry);
}

}  // namespace

void insert_dead_letter(sql::Transaction& tx, DeadLetter letter, const JournalEntry& entry, std::int64_t change_id) {
  letter.message = kind_of(entry);
  tx.execute(
      "INSERT INTO gateway_dead_letters (appid, id, consumer, entry_id, openid, received_at, failed_at, attempts, "
      "error, message) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (entry_id, consumer) DO NOTHING",
      {entry.appid, letter.id, letter.consumer, entry_id_of(entry.partition, entry.position), entry.openid,
       entry.received_at, letter.failed_at, letter.attempts, truncate_chars(letter.error, 500), letter.message});
  live::Change change{entry.appid, "dead_letter", identity::Permission::gateway_read, {}};
  change.data = {{"id", std::to_string(letter.id)}, {"consumer", letter.consumer}};
  live::append_change(tx, change_id, letter.failed_at, change);
}

std::int64_t count_dead_letters(sql::Transaction& tx, const AppId& appid, std::string_view consumer) {
  return tx
      .query_one("SELECT COUNT(*) FROM gateway_dead_letters WHERE appid = $1 AND consumer = $2", {appid, consumer})
      ->integer(0);
}

Task<Result<DeadLetters::List>> DeadLetters::list(const identity::Access& access, net::Page page) {
  std::pair<std::int64_t, std::int64_t> before{std::numeric_limits<std::int64_t>::max(), 0};
  if (page.cursor) {
    auto read = net::read_cursor(*page.cursor);
    if (!read) co_return std::unexpected(read.error());
    before = *read;
  }
  auto work = [appid = access.appid(), before, limit = page.limit](sql::Transaction& tx) -> Result<List> {
    static const std::string statement = std::string(columns) +
                                         "WHERE appid = $1 AND (failed_at < $2 OR (failed_at = $2 AND id < $3)) "
                                         "ORDER BY failed_at DESC, id DESC LIMIT $4";
    List list;
    for (const sql::Row& row : tx.query(statement, {appid, before.first, before.second, limit + 1})) {
      list.items.push_back(letter_of(row));
    }
    if (list.items.size() > static_cast<std::size_t>(limit)) {
      list.items.pop_back();
      list.next_cursor = net::make_cursor(list.items.back().failed_at, list.items.back().id);
    }
    return list;
  };
  co_return co_await database_.read(std::move(work));
}

Task<Result<void>> DeadLetters::replay(const identity::Access& access, std::int64_t id) {
  identity::AuditEntry entry{ids_.next(), clock_.now(), "dead_letter.replay", "dead_letter:" + std::to_string(id), {}};
  TransactionalConsumer* taker = nullptr;
  auto work = [this, &access, id, &entry, &taker](sql::Transaction& tx) -> Result<void> {
    auto letter = find(tx, access.appid(), id);
    if (!letter) return std::unexpected(letter.error());
    const auto consumer = consumers_.find(letter->consumer);
    const auto journal = find_entry(tx, letter->entry_id);
    if (consumer == consumers_.end() || !journal) return fail(errors::dead_letter_not_found());
    taker = consumer->second;
    auto applied = taker->apply(tx, *journal, entry.at);
    if (!applied) return fail(errors::replay_failed(applied.error()));
    remove(tx, access, *letter, entry);
    return {};
  };
  auto done = co_await database_.write(std::move(work));
  if (done) taker->committed();
  co_return done;
}

Task<Result<void>> DeadLetters::drop(const identity::Access& access, std::int64_t id) {
  identity::AuditEntry entry{ids_.next(), clock_.now(), "dead_letter.drop", "dead_letter:" + std::to_string(id), {}};
  auto work = [&access, id, &entry](sql::Transaction& tx) -> Result<void> {
    auto letter = find(tx, access.appid(), id);
    if (!letter) return std::unexpected(letter.error());
    remove(tx, access, *letter, entry);
    return {};
  };
  co_return co_await database_.write(std::move(work));
}

}  // namespace miniops::gateway
