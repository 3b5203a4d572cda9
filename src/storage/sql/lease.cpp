#include "storage/sql/lease.hpp"

namespace miniops::sql {

namespace {
constexpr int node_numbers = 1024;
}

bool take_lease(Transaction& tx, std::string_view name, std::string_view owner, std::int64_t for_ms) {
  const TimeMs now = tx.database_now();
  return tx.execute(
             "INSERT INTO leases (name, owner, expires_at) VALUES ($1, $2, $3) "
             "ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at "
             "WHERE leases.owner = excluded.owner OR leases.expires_at <= $4",
             {name, owner, now + for_ms, now}) == 1;
}

void give_back_lease(Transaction& tx, std::string_view name, std::string_view owner) {
  tx.execute("DELETE FROM leases WHERE name = $1 AND owner = $2", {name, owner});
}

void give_back_leases_of(Transaction& tx, std::string_view owner) {
  tx.execute("DELETE FROM leases WHERE owner = $1", {owner});
}

Result<int> take_node_number(Transaction& tx, std::string_view owner, std::int64_t for_ms) {
  const TimeMs now = tx.database_now();
  if (const auto held =
          tx.query_one("UPDATE nodes SET expires_at = $2 WHERE owner = $1 RETURNING number", {owner, now + for_ms}))
    return static_cast<int>(held->integer(0));
  const Rows taken = tx.query("SELECT number FROM nodes WHERE expires_at > $1 ORDER BY number", {now});
  int number = 0;
  for (const Row& row : taken) {
    if (row.integer(0) != number) break;
    ++number;
  }
  if (number >= node_numbers)
    return fail(ErrorKind::unavailable, "storage.no_free_node", "all 1024 node numbers are taken");
  tx.execute(
      "INSERT INTO nodes (number, owner, expires_at) VALUES ($1, $2, $3) "
      "ON CONFLICT (number) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at",
      {number, owner, now + for_ms});
  return number;
}

}  // namespace miniops::sql
