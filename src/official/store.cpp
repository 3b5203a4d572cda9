#include "official/store.hpp"

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace miniops::official::store {

namespace {

constexpr std::string_view columns =
    "source, enabled, running, position, version, next_at, last_run_at, last_success_at, failures, error_code, "
    "error_text, error_at, minute, calls, stored";

// No code of WeChat's: there was no answer, or none that is understood.
constexpr std::int64_t no_errcode = INT64_MIN;

std::optional<SourceState> read_state(const sql::Row& row) {
  const auto source = parse_source(row.text(0));
  if (!source) return std::nullopt;
  SourceState state;
  state.source = *source;
  state.enabled = row.integer(1) != 0;
  state.running = row.integer(2) != 0;
  state.position = position_of(row.text(3));
  state.version = row.integer(4);
  state.next_at = row.integer(5);
  state.last_run_at = row.integer(6);
  state.last_success_at = row.integer(7);
  state.failures = row.integer(8);
  if (const TimeMs at = row.integer(11); at != 0) {
    Failure failure{std::nullopt, row.text(10), at};
    if (row.integer(9) != no_errcode) failure.errcode = static_cast<int>(row.integer(9));
    state.failure = std::move(failure);
  }
  state.minute = row.integer(12);
  state.calls = row.integer(13);
  state.stored = row.integer(14);
  return state;
}

std::string person_of(const AppId& appid, const std::string& openid) {
  return hex(sha256(appid.str() + "\n" + openid));
}

bool is_forgotten(sql::Transaction& tx, const AppId& appid, const std::string& openid) {
  if (openid.empty()) return false;
  const std::string person = person_of(appid, openid);
  return tx.query_one("SELECT 1 FROM official_forgotten WHERE appid = $1 AND person = $2", {appid, person}).has_value();
}

std::int64_t put(sql::Transaction& tx, const AppId& appid, const Figures& figures, const Keep& keep, TimeMs now) {
  std::int64_t stored = 0;
  for (const PerformancePoint& point : figures.points) {
    if (point.day <= china_day(now) - keep.days) continue;
    stored += tx.execute(
        "INSERT INTO official_performance (appid, metric, device, network, day, cost_ms) VALUES ($1, $2, $3, $4, $5, "
        "$6) ON CONFLICT (appid, metric, device, network, day) DO UPDATE SET cost_ms = excluded.cost_ms",
        {appid, static_cast<std::int64_t>(figures.metric), figures.device, figures.network, point.day, point.cost_ms});
  }
  return stored;
}

std::int64_t put(sql::Transaction& tx, const AppId& appid, std::int64_t day, const JsError& error) {
  return tx.execute(
      "INSERT INTO official_js_errors (appid, day, error, message, stack, events, users) VALUES ($1, $2, $3, $4, $5, "
      "$6, $7) ON CONFLICT (appid, day, error) DO UPDATE SET events = excluded.events, users = excluded.users",
      {appid, day, error.number(), error.message, error.stack, error.events, error.users});
}

std::int64_t put(sql::Transaction& tx, const AppId& appid, std::int64_t error, const JsErrorEvent& event) {
  if (is_forgotten(tx, appid, event.openid)) return 0;
  return tx.execute(
      "INSERT INTO official_js_error_events (appid, id, error, at, release, os, base_library, wechat, device, route, "
      "openid) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (appid, id) DO NOTHING",
      {appid, number_of({std::to_string(error), std::to_string(event.id())}), error, event.at, event.release, event.os,
       event.base_library, event.wechat, event.device, event.route, event.openid});
}

std::int64_t put(sql::Transaction& tx, const AppId& appid, const LogLine& line, TimeMs oldest) {
  if (line.at < oldest || is_forgotten(tx, appid, line.openid)) return 0;
  json::array messages;
  std::string folded = fold(line.filter);
  for (const LogMessage& message : line.messages) {
    messages.push_back(json::array{message.at, message.level, message.text});
    folded += "\n" + fold(message.text);
  }
  return tx.execute(
      "INSERT INTO official_logs (appid, id, at, level, page, platform, wechat, base_library, trace, filter, openid, "
      "messages, folded) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (appid, id) DO "
      "NOTHING",
      {appid, line.id(), line.at, line.level, line.page, line.platform, line.wechat, line.base_library, line.trace,
       line.filter, line.openid, json::serialize(messages), folded});
}

std::int64_t put(sql::Transaction& tx, const AppId& appid, const Feedback& one, TimeMs oldest) {
  if (one.at < oldest || is_forgotten(tx, appid, one.openid)) return 0;
  return tx.execute(
      "INSERT INTO official_feedback (appid, id, at, type, text, phone, openid, nickname, pictures, system) VALUES "
      "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (appid, id) DO NOTHING",
      {appid, one.id, one.at, one.type, one.text, one.phone, one.openid, one.nickname, one.pictures, one.system});
}

// The list as it is now replaces the one before.
std::int64_t put(sql::Transaction& tx, const AppId& appid, Source source, const std::vector<Word>& words) {
  tx.execute("DELETE FROM official_words WHERE appid = $1 AND source = $2", {appid, to_string(source)});
  std::int64_t place = 0;
  for (const Word& word : words)
    tx.execute("INSERT INTO official_words (appid, source, place, name, value) VALUES ($1, $2, $3, $4, $5)",
               {appid, to_string(source), ++place, word.name, word.value});
  return place;
}

}  // namespace

// ---- sources ----

void insert_missing(sql::Transaction& tx, const AppId& appid, TimeMs next_at) {
  for (const Source source : sources)
    tx.execute(
        "INSERT INTO official_sources (appid, source, enabled, running, position, version, next_at, last_run_at, "
        "last_success_at, failures, error_code, error_text, error_at, minute, calls, stored) VALUES ($1, $2, 1, 0, '', "
        "0, $3, 0, 0, 0, 0, '', 0, 0, 0, 0) ON CONFLICT (appid, source) DO NOTHING",
        {appid, to_string(source), next_at});
}

std::vector<SourceState> states(sql::Transaction& tx, const AppId& appid) {
  static const std::string statement = fmt::format("SELECT {} FROM official_sources WHERE appid = $1", columns);
  std::vector<SourceState> out;
  for (const sql::Row& row : tx.query(statement, {appid}))
    if (auto state = read_state(row)) out.push_back(std::move(*state));
  std::ranges::sort(out, {}, &SourceState::source);
  return out;
}

std::optional<SourceState> find(sql::Transaction& tx, const AppId& appid, Source source) {
  static const std::string statement =
      fmt::format("SELECT {} FROM official_sources WHERE appid = $1 AND source = $2", columns);
  const auto row = tx.query_one(statement, {appid, to_string(source)});
  return row ? read_state(*row) : std::nullopt;
}

bool save(sql::Transaction& tx, const AppId& appid, const SourceState& state) {
  const Failure failure = state.failure.value_or(Failure{});
  const std::int64_t errcode = failure.errcode ? *failure.errcode : no_errcode;
  return tx.execute(
             "UPDATE official_sources SET enabled = $3, running = $4, position = $5, version = version + 1, "
             "next_at = $7, last_run_at = $8, last_success_at = $9, failures = $10, error_code = $11, "
             "error_text = $12, error_at = $13, minute = $14, calls = $15, stored = $16 "
             "WHERE appid = $1 AND source = $2 AND version = $6",
             {appid, to_string(state.source), state.enabled, state.running, to_text(state.position), state.version,
              state.next_at, state.last_run_at, state.last_success_at, state.failures, errcode, failure.text,
              failure.at, state.minute, state.calls, state.stored}) == 1;
}

std::vector<std::pair<AppId, Source>> due(sql::Transaction& tx, TimeMs now, int limit) {
  std::vector<std::pair<AppId, Source>> out;
  for (const sql::Row& row : tx.query("SELECT appid, source FROM official_sources WHERE enabled = 1 AND next_at <= $1 "
                                      "ORDER BY next_at, appid, source LIMIT $2",
                                      {now, limit}))
    if (const auto source = parse_source(row.text(1))) out.emplace_back(row.id<AppId>(0), *source);
  return out;
}

// ---- what was pulled ----

std::int64_t put(sql::Transaction& tx, const AppId& appid, Source source, const Harvest& harvest, const Keep& keep,
                 TimeMs now) {
  std::int64_t stored = 0;
  if (harvest.figures) stored += put(tx, appid, *harvest.figures, keep, now);
  for (const JsError& error : harvest.js_errors) stored += put(tx, appid, harvest.day, error);
  for (const JsErrorEvent& event : harvest.events) stored += put(tx, appid, harvest.error, event);
  for (const LogLine& line : harvest.logs) stored += put(tx, appid, line, now - keep.log_days * day_ms);
  for (const Feedback& one : harvest.feedback) stored += put(tx, appid, one, now - keep.days * day_ms);
  if (harvest.words) stored += put(tx, appid, source, *harvest.words);
  return stored;
}

std::int64_t prune(sql::Transaction& tx, const Keep& keep, TimeMs now, int limit) {
  const std::int64_t day = china_day(now) - keep.days;
  const TimeMs at = now - keep.days * day_ms;
  const TimeMs log_at = now - keep.log_days * day_ms;
  std::int64_t gone = 0;
  gone += tx.execute(
      "DELETE FROM official_performance WHERE (appid, metric, device, network, day) IN (SELECT appid, metric, device, "
      "network, day FROM official_performance WHERE day <= $1 LIMIT $2)",
      {day, limit});
  gone += tx.execute(
      "DELETE FROM official_js_errors WHERE (appid, day, error) IN (SELECT appid, day, error FROM official_js_errors "
      "WHERE day <= $1 LIMIT $2)",
      {day, limit});
  gone += tx.execute(
      "DELETE FROM official_js_error_events WHERE (appid, id) IN (SELECT appid, id FROM official_js_error_events WHERE "
      "at < $1 LIMIT $2)",
      {at, limit});
  gone += tx.execute(
      "DELETE FROM official_feedback WHERE (appid, id) IN (SELECT appid, id FROM official_feedback WHERE at < $1 "
      "LIMIT $2)",
      {at, limit});
  gone += tx.execute(
      "DELETE FROM official_logs WHERE (appid, id) IN (SELECT appid, id FROM official_logs WHERE at < $1 LIMIT $2)",
      {log_at, limit});
  return gone;
}

std::int64_t forget(sql::Transaction& tx, const AppId& appid, const std::string& openid, TimeMs now, int limit) {
  tx.execute(
      "INSERT INTO official_forgotten (appid, person, at) VALUES ($1, $2, $3) ON CONFLICT (appid, person) "
      "DO NOTHING",
      {appid, person_of(appid, openid), now});
  std::int64_t gone = 0;
  gone += tx.execute(
      "DELETE FROM official_logs WHERE appid = $1 AND id IN (SELECT id FROM official_logs WHERE appid = $1 AND "
      "openid = $2 LIMIT $3)",
      {appid, openid, limit});
  gone += tx.execute(
      "DELETE FROM official_feedback WHERE appid = $1 AND id IN (SELECT id FROM official_feedback WHERE appid = $1 AND "
      "openid = $2 LIMIT $3)",
      {appid, openid, limit});
  gone += tx.execute(
      "DELETE FROM official_js_error_events WHERE appid = $1 AND id IN (SELECT id FROM official_js_error_events WHERE "
      "appid = $1 AND openid = $2 LIMIT $3)",
      {appid, openid, limit});
  return gone;
}

}  // namespace miniops::official::store
