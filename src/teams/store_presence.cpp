// The history of presence.
#include "teams/store.hpp"

namespace miniops::teams::store {

namespace {

constexpr std::string_view columns = "id, account_id, presence, reason, from_at, to_at";

Stay stay_of(const sql::Row& row) {
  return {row.integer(0), row.id<AccountId>(1), parse_word<Presence>(row.text(2)).value(),
          row.text(3),    row.integer(4),       row.integer(5)};
}

}  // namespace

// One stay begins where the one before ends: of those that began before `from`, only the last reaches into the time.
std::vector<Stay> stays(sql::Transaction& tx, const AppId& appid, const StayFilter& filter, const Before& before,
                        int limit) {
  static const std::string select = fmt::format(
      "SELECT {} FROM teams_presence WHERE appid = $1 AND account_id = $2 AND from_at < $4 AND from_at >= (SELECT "
      "COALESCE(MAX(from_at), 0) FROM teams_presence WHERE appid = $1 AND account_id = $2 AND from_at <= $3) AND "
      "(from_at < $5 OR (from_at = $5 AND id < $6)) ORDER BY from_at DESC, id DESC LIMIT $7",
      columns);
  constexpr std::int64_t end = std::numeric_limits<std::int64_t>::max();
  const auto [at, id] = before.value_or(std::pair(end, end));
  std::vector<Stay> out;
  for (const sql::Row& row : tx.query(select, {appid, filter.account, filter.from, filter.to, at, id, limit}))
    out.push_back(stay_of(row));
  return out;
}

std::optional<Stay> current_stay(sql::Transaction& tx, const AppId& appid, AccountId account) {
  static const std::string select =
      fmt::format("SELECT {} FROM teams_presence WHERE appid = $1 AND account_id = $2 AND to_at = 0", columns);
  const auto row = tx.query_one(select, {appid, account});
  return row ? std::optional(stay_of(*row)) : std::nullopt;
}

std::map<AccountId, Stay> current_stays(sql::Transaction& tx, const AppId& appid) {
  static const std::string select =
      fmt::format("SELECT {} FROM teams_presence WHERE appid = $1 AND to_at = 0", columns);
  std::map<AccountId, Stay> out;
  for (const sql::Row& row : tx.query(select, {appid})) out.emplace(row.id<AccountId>(1), stay_of(row));
  return out;
}

void insert_stay(sql::Transaction& tx, const AppId& appid, const Stay& stay) {
  tx.execute(
      "INSERT INTO teams_presence (id, appid, account_id, presence, reason, from_at, to_at) VALUES ($1, $2, $3, $4, "
      "$5, "
      "$6, $7)",
      {stay.id, appid, stay.account, word(stay.presence), stay.reason, stay.from, stay.to});
}

void end_stay(sql::Transaction& tx, const Stay& stay, TimeMs at) {
  tx.execute("UPDATE teams_presence SET to_at = $2 WHERE id = $1", {stay.id, at});
}

}  // namespace miniops::teams::store
