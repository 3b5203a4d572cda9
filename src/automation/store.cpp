#include "automation/store.hpp"

namespace miniops::automation::store {

namespace {

PlacedRule rule_of(const sql::Row& row) {
  PlacedRule placed{parse_rule(json::parse(row.text(3))).value(),
                    row.integer(2),
                    row.integer(4),
                    row.integer(5),
                    row.text(6),
                    row.integer(7)};
  placed.rule.id = row.id<RuleId>(1);
  return placed;
}

std::string json_of(const PlacedRule& placed) { return json::serialize(rule_json(placed.rule)); }

}  // namespace

std::map<AppId, std::vector<PlacedRule>> rules_by_app(sql::Transaction& tx, const AppId& only) {
  constexpr std::string_view columns = "appid, id, version, rule, since, paused_at, updated_by, updated_at";
  static const std::string all = fmt::format("SELECT {} FROM automation_rules ORDER BY appid, position", columns);
  static const std::string one =
      fmt::format("SELECT {} FROM automation_rules WHERE appid = $1 ORDER BY position", columns);
  std::map<AppId, std::vector<PlacedRule>> out;
  for (const sql::Row& row : only.empty() ? tx.query(all) : tx.query(one, {only}))
    out[row.id<AppId>(0)].push_back(rule_of(row));
  return out;
}

std::vector<PlacedRule> rules(sql::Transaction& tx, const AppId& appid) {
  auto by_app = rules_by_app(tx, appid);
  return std::move(by_app[appid]);
}

void insert_rule(sql::Transaction& tx, const AppId& appid, const PlacedRule& placed, std::size_t position) {
  const std::string rule = json_of(placed);
  tx.execute("UPDATE automation_rules SET position = position + 1 WHERE appid = $1 AND position >= $2",
             {appid, position});
  tx.execute(
      "INSERT INTO automation_rules (appid, id, position, version, rule, since, updated_by, updated_at) VALUES "
      "($1, $2, $3, $4, $5, $6, $7, $8)",
      {appid, placed.rule.id, position, placed.version, rule, placed.since, placed.updated_by, placed.updated_at});
}

void update_rule(sql::Transaction& tx, const AppId& appid, const PlacedRule& placed) {
  const std::string rule = json_of(placed);
  tx.execute(
      "UPDATE automation_rules SET version = $3, rule = $4, since = $5, paused_at = $6, updated_by = $7, updated_at = "
      "$8 "
      "WHERE appid = $1 AND id = $2",
      {appid, placed.rule.id, placed.version, rule, placed.since, placed.paused_at, placed.updated_by,
       placed.updated_at});
}

void move_rule(sql::Transaction& tx, const AppId& appid, RuleId id, std::size_t from, std::size_t to) {
  // Those in between make room: they go one place towards where it came from.
  if (from < to) {
    tx.execute(
        "UPDATE automation_rules SET position = position - 1 WHERE appid = $1 AND position > $2 AND position <= $3",
        {appid, from, to});
  } else {
    tx.execute(
        "UPDATE automation_rules SET position = position + 1 WHERE appid = $1 AND position >= $3 AND position < $2",
        {appid, from, to});
  }
  tx.execute("UPDATE automation_rules SET position = $3 WHERE appid = $1 AND id = $2", {appid, id, to});
}

void delete_rule(sql::Transaction& tx, const AppId& appid, RuleId id, std::size_t position) {
  tx.execute("DELETE FROM automation_rules WHERE appid = $1 AND id = $2", {appid, id});
  tx.execute("UPDATE automation_rules SET position = position - 1 WHERE appid = $1 AND position > $2",
             {appid, position});
}

std::optional<std::string> pause(sql::Transaction& tx, const AppId& appid, RuleId id, TimeMs at) {
  const auto row = tx.query_one(
      "UPDATE automation_rules SET paused_at = $3, version = version + 1 WHERE appid = $1 AND id = $2 AND paused_at = "
      "0 "
      "RETURNING rule",
      {appid, id, at});
  return row ? std::optional(parse_rule(json::parse(row->text(0))).value().name) : std::nullopt;
}

}  // namespace miniops::automation::store
