#include "automation/log.hpp"

#include "automation/store.hpp"

namespace miniops::automation {

namespace {

constexpr TimeMs rates_kept_min = 10;

// The one that fired most in the minute.
std::optional<RuleId> busiest(sql::Transaction& tx, const AppId& appid, std::int64_t minute) {
  const auto row = tx.query_one(
      "SELECT rule_id FROM automation_rates WHERE appid = $1 AND minute = $2 ORDER BY fired DESC, rule_id LIMIT 1",
      {appid, minute});
  return row ? std::optional(row->id<RuleId>(0)) : std::nullopt;
}

Admitted refuse(sql::Transaction& tx, const AppId& appid, std::int64_t minute, TimeMs now) {
  const auto rule = busiest(tx, appid, minute);
  auto name = rule ? store::pause(tx, appid, *rule, now) : std::nullopt;
  if (!name) return {Admission::too_often};
  sql::raise_config_version(tx);
  return {Admission::pauses, {*rule, std::move(*name)}};
}

}  // namespace

void note(sql::Transaction& tx, const LogEntry& entry) { store::insert_log(tx, entry); }

Admitted admit(sql::Transaction& tx, const Firing& firing, TimeMs now) {
  const std::int64_t minute = now / minute_ms;
  const auto fired =
      tx.query_one("SELECT COALESCE(SUM(fired), 0) FROM automation_rates WHERE appid = $1 AND minute = $2",
                   {firing.appid, minute})
          ->integer(0);
  if (fired >= firings_per_minute_max) return refuse(tx, firing.appid, minute, now);
  const auto first = tx.execute(
      "INSERT INTO automation_turns (conversation_id, rule_id, turn, at) VALUES ($1, $2, $3, $4) ON CONFLICT "
      "(conversation_id, rule_id) DO UPDATE SET turn = excluded.turn, at = excluded.at WHERE automation_turns.turn < "
      "excluded.turn",
      {firing.conversation, firing.rule, firing.turn, now});
  if (first != 1) return {Admission::repeated};
  tx.execute(
      "INSERT INTO automation_rates (appid, minute, rule_id, fired) VALUES ($1, $2, $3, 1) ON CONFLICT (appid, minute, "
      "rule_id) DO UPDATE SET fired = automation_rates.fired + 1",
      {firing.appid, minute, firing.rule});
  return {};
}

std::int64_t clean(sql::Transaction& tx, TimeMs now, int limit) {
  tx.execute("DELETE FROM automation_rates WHERE minute < $1", {now / minute_ms - rates_kept_min});
  const std::int64_t turns = tx.execute(
      "DELETE FROM automation_turns WHERE (conversation_id, rule_id) IN (SELECT conversation_id, rule_id FROM "
      "automation_turns WHERE at < $1 LIMIT $2)",
      {now - log_kept_ms, limit});
  const std::int64_t logged =
      tx.execute("DELETE FROM automation_log WHERE id IN (SELECT id FROM automation_log WHERE at < $1 LIMIT $2)",
                 {now - log_kept_ms, limit});
  return std::max(turns, logged);
}

}  // namespace miniops::automation
