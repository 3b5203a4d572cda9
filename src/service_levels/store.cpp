#include "service_levels/store.hpp"

namespace miniops::service_levels::store {

namespace {

constexpr std::int64_t every_priority = -1;

Target target_of(const sql::Row& row) {
  const std::int64_t priority = row.integer(1);
  return {row.text(0),    priority == every_priority ? std::nullopt : std::optional(priority),
          row.integer(2), row.integer(3),
          row.integer(4), row.integer(5) != 0};
}

constexpr std::string_view target_columns =
    "t.group_id, t.priority, t.first_answer_ms, t.next_answer_ms, t.resolution_ms, t.business";

Warnings warnings_of(const sql::Row& row, std::size_t at) {
  return {static_cast<int>(row.integer(at)), static_cast<int>(row.integer(at + 1))};
}

}  // namespace

// ---- targets ----

Targets targets(sql::Transaction& tx, const AppId& appid) {
  Targets found;
  const auto settings = tx.query_one(
      "SELECT version, half_percent, most_percent, updated_by, updated_at FROM service_levels_settings WHERE appid = "
      "$1",
      {appid});
  if (!settings) return found;
  found.version = settings->integer(0);
  found.warnings = warnings_of(*settings, 1);
  found.updated_by = settings->text(3);
  found.updated_at = settings->integer(4);
  static const std::string select = fmt::format(
      "SELECT {} FROM service_levels_targets t WHERE t.appid = $1 ORDER BY t.group_id, t.priority", target_columns);
  for (const sql::Row& row : tx.query(select, {appid})) found.items.push_back(target_of(row));
  return found;
}

void put_targets(sql::Transaction& tx, const AppId& appid, const Targets& targets) {
  tx.execute(
      "INSERT INTO service_levels_settings (appid, version, half_percent, most_percent, updated_by, updated_at) VALUES "
      "($1,$2,$3,$4,$5,$6) ON CONFLICT (appid) DO UPDATE SET version = excluded.version, half_percent = "
      "excluded.half_percent, most_percent = excluded.most_percent, updated_by = excluded.updated_by, updated_at = "
      "excluded.updated_at",
      {appid, targets.version, targets.warnings.half_percent, targets.warnings.most_percent, targets.updated_by,
       targets.updated_at});
  tx.execute("DELETE FROM service_levels_targets WHERE appid = $1", {appid});
  std::vector<sql::Params> rows;
  for (const Target& one : targets.items)
    rows.push_back({appid, one.group, one.priority.value_or(every_priority), one.first_answer_ms, one.next_answer_ms,
                    one.resolution_ms, one.business});
  tx.execute_many(
      "INSERT INTO service_levels_targets (appid, group_id, priority, first_answer_ms, next_answer_ms, resolution_ms, "
      "business) VALUES ($1,$2,$3,$4,$5,$6,$7)",
      rows);
}

std::optional<Terms> terms(sql::Transaction& tx, const AppId& appid, std::string_view group, std::int64_t priority) {
  // What is general sorts first.
  static const std::string select = fmt::format(
      "SELECT {}, s.half_percent, s.most_percent FROM service_levels_targets t JOIN service_levels_settings s ON "
      "s.appid = t.appid WHERE t.appid = $1 AND (t.group_id = '' OR t.group_id = $2) AND (t.priority = -1 OR "
      "t.priority = $3) ORDER BY CASE WHEN t.group_id = '' THEN 1 ELSE 0 END, t.priority DESC LIMIT 1",
      target_columns);
  const auto row = tx.query_one(select, {appid, group, priority});
  return row ? std::optional(Terms{target_of(*row), warnings_of(*row, 6)}) : std::nullopt;
}

// ---- calendars ----

void keep(sql::Transaction& tx, const Hours& hours) {
  if (hours.key.empty()) return;
  // Nearly always it is there, and its body need not be sent.
  if (tx.query_one("SELECT 1 FROM service_levels_calendars WHERE key = $1", {hours.key})) return;
  tx.execute("INSERT INTO service_levels_calendars (key, body) VALUES ($1,$2) ON CONFLICT (key) DO NOTHING",
             {hours.key, json::serialize(calendar::to_json(hours.calendar))});
}

SharedHours hours(sql::Transaction& tx, const std::string& key) {
  if (key.empty()) return round_the_clock();
  const auto row = tx.query_one("SELECT body FROM service_levels_calendars WHERE key = $1", {key});
  const auto body = row ? parse_json(row->text(0)) : Result<json::value>(nullptr);
  auto parsed = body ? calendar::parse_calendar(*body) : Result<calendar::Calendar>(std::unexpected(body.error()));
  // Damaged: all time counts, rather than none.
  return parsed ? std::make_shared<const Hours>(Hours{key, std::move(*parsed)}) : round_the_clock();
}

}  // namespace miniops::service_levels::store
