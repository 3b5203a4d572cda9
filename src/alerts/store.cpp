#include "alerts/store.hpp"

#include "base/log.hpp"

namespace miniops::alerts::store {

namespace {

// What this program wrote itself; a rule that it cannot read is left alone and not evaluated.
std::optional<Rule> rule_of(const sql::Row& row) {
  auto rule = parse_rule(json::parse(row.text(2)));
  if (!rule) {
    log::error("alerts.unreadable_rule", {{"rule", std::to_string(row.integer(0))}});
    return std::nullopt;
  }
  rule->id = row.id<RuleId>(0);
  rule->appid = row.id<AppId>(1);
  rule->default_key = row.text(3);
  rule->created_at = row.integer(4);
  rule->updated_at = row.integer(5);
  return std::move(*rule);
}

constexpr std::string_view silence_columns =
    "id, appid, rule_id, kind, severity_max, group_key, page_prefix, reason, starts_at, ends_at, created_by, "
    "created_at";

Silence silence_of(const sql::Row& row) {
  Silence silence{row.integer(0), row.id<AppId>(1), row.id<RuleId>(2), parse_word<RuleKind>(row.text(3))};
  if (row.integer(4) >= 0) silence.severity_max = static_cast<Severity>(row.integer(4));
  silence.group = row.text(5);
  silence.page_prefix = row.text(6);
  silence.reason = row.text(7);
  silence.starts_at = row.integer(8);
  silence.ends_at = row.integer(9);
  silence.created_by = row.text(10);
  silence.created_at = row.integer(11);
  return silence;
}

}  // namespace

std::vector<Rule> rules(sql::Transaction& tx, const AppId& appid) {
  std::vector<Rule> out;
  for (const sql::Row& row :
       tx.query("SELECT id, appid, definition, default_key, created_at, updated_at FROM alerts_rules WHERE appid = $1 "
                "ORDER BY id",
                {appid}))
    if (auto rule = rule_of(row)) out.push_back(std::move(*rule));
  return out;
}

std::optional<Rule> rule(sql::Transaction& tx, const AppId& appid, RuleId id) {
  const auto row = tx.query_one(
      "SELECT id, appid, definition, default_key, created_at, updated_at FROM alerts_rules WHERE appid = $1 AND id = "
      "$2",
      {appid, id});
  return row ? rule_of(*row) : std::nullopt;
}

void insert_rule(sql::Transaction& tx, const Rule& rule) {
  tx.execute(
      "INSERT INTO alerts_rules (id, appid, definition, default_key, created_at, updated_at) VALUES ($1, $2, $3, $4, "
      "$5, $6)",
      {rule.id, rule.appid, json::serialize(definition_of(rule)), rule.default_key, rule.created_at, rule.updated_at});
}

void update_rule(sql::Transaction& tx, const Rule& rule) {
  tx.execute("UPDATE alerts_rules SET definition = $3, updated_at = $4 WHERE appid = $1 AND id = $2",
             {rule.appid, rule.id, json::serialize(definition_of(rule)), rule.updated_at});
}

void remove_rule(sql::Transaction& tx, const AppId& appid, RuleId id) {
  tx.execute("DELETE FROM alerts_rules WHERE appid = $1 AND id = $2", {appid, id});
  tx.execute("DELETE FROM alerts_sights WHERE rule_id = $1", {id});
}

std::optional<Receivers> receivers(sql::Transaction& tx, const AppId& appid) {
  const auto row = tx.query_one("SELECT receivers FROM alerts_settings WHERE appid = $1", {appid});
  if (!row) return std::nullopt;
  return parse_receivers(json::parse(row->text(0))).value_or(Receivers{});
}

void put_receivers(sql::Transaction& tx, const AppId& appid, const Receivers& receivers) {
  tx.execute(
      "INSERT INTO alerts_settings (appid, receivers) VALUES ($1, $2) ON CONFLICT (appid) DO UPDATE SET receivers = "
      "excluded.receivers",
      {appid, json::serialize(to_json(receivers))});
}

std::vector<SightOf> sights(sql::Transaction& tx, const AppId& appid) {
  std::vector<SightOf> out;
  for (const sql::Row& row : tx.query("SELECT rule_id, sight, since FROM alerts_sights WHERE appid = $1", {appid}))
    out.push_back({row.id<RuleId>(0), parse_word<Sight>(row.text(1)).value_or(Sight::normal), row.integer(2)});
  return out;
}

void put_sight(sql::Transaction& tx, const AppId& appid, const SightOf& sight) {
  tx.execute(
      "INSERT INTO alerts_sights (rule_id, appid, sight, since) VALUES ($1, $2, $3, $4) ON CONFLICT (rule_id) DO "
      "UPDATE SET sight = excluded.sight, since = excluded.since",
      {sight.rule, appid, word(sight.sight), sight.since});
}

TimeMs evaluated_to(sql::Transaction& tx, const AppId& appid) {
  const auto row = tx.query_one("SELECT evaluated_to FROM alerts_progress WHERE appid = $1", {appid});
  return row ? row->integer(0) : 0;
}

bool advance(sql::Transaction& tx, const AppId& appid, TimeMs from, TimeMs to) {
  if (from == 0)
    return tx.execute("INSERT INTO alerts_progress (appid, evaluated_to) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                      {appid, to}) == 1;
  return tx.execute("UPDATE alerts_progress SET evaluated_to = $3 WHERE appid = $1 AND evaluated_to = $2",
                    {appid, from, to}) == 1;
}

std::vector<Silence> silences_of(sql::Transaction& tx, const AppId& appid, TimeMs ends_after) {
  static const std::string select = fmt::format(
      "SELECT {} FROM alerts_silences WHERE appid = $1 AND ends_at > $2 ORDER BY ends_at, id", silence_columns);
  std::vector<Silence> out;
  for (const sql::Row& row : tx.query(select, {appid, ends_after})) out.push_back(silence_of(row));
  return out;
}

void insert_silence(sql::Transaction& tx, const Silence& silence) {
  static const std::string insert = fmt::format(
      "INSERT INTO alerts_silences ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)", silence_columns);
  tx.execute(insert, {silence.id, silence.appid, silence.rule, silence.kind ? word(*silence.kind) : "",
                      silence.severity_max ? static_cast<std::int64_t>(*silence.severity_max) : -1, silence.group,
                      silence.page_prefix, silence.reason, silence.starts_at, silence.ends_at, silence.created_by,
                      silence.created_at});
}

bool end_silence(sql::Transaction& tx, const AppId& appid, std::int64_t id, TimeMs now) {
  return tx.execute("UPDATE alerts_silences SET ends_at = $3 WHERE appid = $1 AND id = $2 AND ends_at > $3",
                    {appid, id, now}) == 1;
}

}  // namespace miniops::alerts::store
