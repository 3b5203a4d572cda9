// Deletions of one person's data.
#include "records/store.hpp"

namespace miniops::records::store {

namespace {

constexpr std::string_view columns =
    "id, appid, openid, hash, state, asked_by, reason, asked_at, keeper, place, receipt, problem, due_at, finished_at";

std::string select_erasures(std::string_view condition) {
  return fmt::format("SELECT {} FROM records_erasures WHERE {}", columns, condition);
}

Erasure erasure_in(const sql::Row& row) {
  return {row.id<ErasureId>(0),
          row.id<AppId>(1),
          row.text(2),
          row.text(3),
          parse_word<ErasureState>(row.text(4)).value(),
          row.text(5),
          row.text(6),
          row.integer(7),
          row.text(8),
          row.text(9),
          receipt_in(json::parse(row.text(10)).as_object()),
          row.text(11),
          row.integer(12),
          row.integer(13)};
}

std::optional<Erasure> first_of(const std::optional<sql::Row>& row) {
  return row ? std::optional(erasure_in(*row)) : std::nullopt;
}

}  // namespace

void insert_erasure(sql::Transaction& tx, const Erasure& erasure) {
  const std::string receipt = json::serialize(to_json(erasure.receipt));
  tx.execute(
      "INSERT INTO records_erasures (id, appid, openid, hash, state, asked_by, reason, asked_at, receipt, due_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {erasure.id, erasure.appid, erasure.openid, erasure.hash, word(erasure.state), erasure.asked_by, erasure.reason,
       erasure.asked_at, receipt, erasure.due_at});
}

std::optional<Erasure> erasure(sql::Transaction& tx, const AppId& appid, ErasureId id) {
  static const std::string select = select_erasures("appid = $1 AND id = $2");
  return first_of(tx.query_one(select, {appid, id}));
}

std::optional<Erasure> open_erasure(sql::Transaction& tx, const Person& person) {
  static const std::string select = select_erasures("appid = $1 AND openid = $2 AND openid <> ''");
  return first_of(tx.query_one(select, {person.appid, person.openid}));
}

std::int64_t count_open_erasures(sql::Transaction& tx, const AppId& appid) {
  return tx.query_one("SELECT COUNT(*) FROM records_erasures WHERE appid = $1 AND openid <> ''", {appid})->integer(0);
}

std::vector<Erasure> list_erasures(sql::Transaction& tx, const AppId& appid, ErasureId before, int limit) {
  static const std::string select = select_erasures("appid = $1 AND ($2 = 0 OR id < $2) ORDER BY id DESC LIMIT $3");
  std::vector<Erasure> out;
  for (const sql::Row& row : tx.query(select, {appid, before, limit})) out.push_back(erasure_in(row));
  return out;
}

std::optional<Erasure> due_erasure(sql::Transaction& tx, TimeMs now) {
  static const std::string select =
      select_erasures("state IN ('waiting', 'erasing', 'cleaning') AND due_at <= $1 ORDER BY due_at, id LIMIT 1");
  return first_of(tx.query_one(select, {now}));
}

void save_erasure(sql::Transaction& tx, const Erasure& erasure) {
  const std::string receipt = json::serialize(to_json(erasure.receipt));
  tx.execute(
      "UPDATE records_erasures SET openid = $2, state = $3, keeper = $4, place = $5, receipt = $6, problem = $7, "
      "due_at "
      "= $8, finished_at = $9 WHERE id = $1",
      {erasure.id, erasure.openid, word(erasure.state), erasure.keeper, erasure.place, receipt, erasure.problem,
       erasure.due_at, erasure.finished_at});
}

void put_off_erasure(sql::Transaction& tx, ErasureId id, std::string_view problem, TimeMs until) {
  tx.execute("UPDATE records_erasures SET problem = $2, due_at = $3 WHERE id = $1 AND state <> 'done'",
             {id, problem, until});
}

void resume_erasures(sql::Transaction& tx, const AppId& appid, TimeMs now) {
  tx.execute("UPDATE records_erasures SET state = 'waiting', due_at = $2 WHERE appid = $1 AND state = 'held'",
             {appid, now});
}

bool work_waits(sql::Transaction& tx, TimeMs now) {
  return due_erasure(tx, now).has_value() || due_retention(tx, now).has_value() || next_export(tx).has_value();
}

}  // namespace miniops::records::store
