// Deletions of one person's data.
#include "records/store.hpp"

namespace miniops::records::store {

namespace {

constexpr std::string_view erasure_columns =
    "id, appid, openid, hash, asked_by, reason, asked_at, keeper, place, receipt";

std::string select_erasures(std::string_view condition) {
  return fmt::format("SELECT {} FROM records_erasures WHERE {}", erasure_columns, condition);
}

Erasure erasure_in(const sql::Row& row) {
  Erasure one;
  one.id = row.id<ErasureId>(0);
  one.appid = row.id<AppId>(1);
  one.openid = row.text(2);
  one.hash = row.text(3);
  one.asked_by = row.text(4);
  one.reason = row.text(5);
  one.asked_at = row.integer(6);
  one.keeper = row.text(7);
  one.place = row.text(8);
  one.receipt = receipt_in(json::parse(row.text(9)).as_object());
  return one;
}

std::optional<Erasure> first_erasure(const std::optional<sql::Row>& row) {
  return row ? std::optional(erasure_in(*row)) : std::nullopt;
}

}  // namespace

void insert_erasure(sql::Transaction& tx, const Erasure& erasure) {
  const std::string receipt = json::serialize(to_json(erasure.receipt));
  tx.execute(
      "INSERT INTO records_erasures (id, appid, openid, hash, asked_by, reason, asked_at, receipt) VALUES ($1, $2, $3, "
      "$4, $5, $6, $7, $8)",
      {erasure.id, erasure.appid, erasure.openid, erasure.hash, erasure.asked_by, erasure.reason, erasure.asked_at,
       receipt});
}

std::optional<Erasure> erasure(sql::Transaction& tx, const AppId& appid, ErasureId id) {
  static const std::string select = select_erasures("appid = $1 AND id = $2");
  return first_erasure(tx.query_one(select, {appid, id}));
}

std::optional<Erasure> open_erasure(sql::Transaction& tx, const Person& person) {
  static const std::string select = select_erasures("appid = $1 AND openid = $2 AND openid <> ''");
  return first_erasure(tx.query_one(select, {person.appid, person.openid}));
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

void save_erasure(sql::Transaction& tx, const Erasure& erasure) {
  const std::string receipt = json::serialize(to_json(erasure.receipt));
  tx.execute("UPDATE records_erasures SET openid = $2, keeper = $3, place = $4, receipt = $5 WHERE id = $1",
             {erasure.id, erasure.openid, erasure.keeper, erasure.place, receipt});
}

}  // namespace miniops::records::store
