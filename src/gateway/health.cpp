#include "gateway/health.hpp"

#include "gateway/consumer_runner.hpp"
#include "gateway/dead_letters.hpp"
#include "gateway/errors.hpp"
#include "wechat/errors.hpp"

namespace miniops::gateway {

namespace {

constexpr TimeMs beat_ms = 10 * second_ms;
constexpr TimeMs gap_ms = 25 * second_ms;
constexpr TimeMs beats_kept_ms = 7 * day_ms;
constexpr TimeMs counts_kept_ms = 30 * day_ms;

void put_time(boost::json::object& object, std::string_view key, TimeMs at) {
  if (at != 0) {
    object[key] = at;
  } else {
    object[key] = nullptr;
  }
}

// How long within the last 24 h no process was there.
TimeMs down_ms(sql::Transaction& tx, TimeMs now) {
  const TimeMs from = now - day_ms;
  TimeMs down = 0;
  TimeMs last = 0;
  for (const sql::Row& row : tx.query("SELECT at FROM gateway_heartbeats WHERE at >= $1 ORDER BY at", {from})) {
    if (last != 0 && row.integer(0) - last > gap_ms) down += row.integer(0) - last - beat_ms;
    last = row.integer(0);
  }
  return down;
}

}  // namespace

boost::json::object token_json(const TokenRow& row, const Tokens::Settings& settings, TimeMs now) {
  boost::json::object token;
  const bool expired = row.health == TokenHealth::ok && now >= row.expires_at;
  token["state"] = expired ? "expired" : to_string(row.health);
  put_time(token, "obtained_at", row.obtained_at);
  put_time(token, "expires_at", row.expires_at);
  put_time(token, "next_refresh_at", row.expires_at == 0 ? 0 : row.expires_at - settings.ahead_ms);
  token["last_error"] = nullptr;
  if (row.health == TokenHealth::failing || row.health == TokenHealth::stopped) {
    boost::json::object error;
    error["errcode"] = row.errcode;
    error["errmsg"] = row.error;
    error["explanation"] = row.errcode == 0 ? row.error : wechat::explain(row.errcode, "zh");
    error["explanation_en"] = row.errcode == 0 ? row.error : wechat::explain(row.errcode, "en");
    error["at"] = row.error_at;
    if (const auto ip = wechat::ip_not_allowed(row.error)) error["ip"] = *ip;
    token["last_error"] = std::move(error);
  }
  token["forced_today"] = row.forced_day == china_day(now) ? row.forced_count : 0;
  return token;
}

boost::json::object Health::pushes(sql::Transaction& tx, const AppId& appid, TimeMs now) const {
  const PushStats::Figures figures = appid.empty() ? stats_.total() : stats_.figures(appid);
  boost::json::object pushes;
  pushes["per_second"] = figures.per_second;
  pushes["accepted"] = 0;
  pushes["duplicates"] = 0;
  pushes["dropped"] = 0;
  boost::json::object refused;
  TimeMs last = figures.last_at;
  const auto rows = tx.query(
      "SELECT outcome, SUM(count), MAX(last_at) FROM gateway_push_counts WHERE hour >= $1 AND (appid = $2 OR $2 = '') "
      "GROUP BY outcome",
      {(now - day_ms) / hour_ms, appid});
  for (const sql::Row& row : rows) {
    const std::string& outcome = row.text(0);
    if (outcome == "accepted" || outcome == "dropped") {
      pushes[outcome] = row.integer(1);
    } else if (outcome == "duplicate") {
      pushes["duplicates"] = row.integer(1);
    } else {
      refused[outcome] = row.integer(1);
    }
    if (outcome == "accepted" || outcome == "duplicate") last = std::max(last, row.integer(2));
  }
  pushes["refused"] = std::move(refused);
  pushes["ack_p50_ms"] = figures.ack_p50_ms;
  pushes["ack_p99_ms"] = figures.ack_p99_ms;
  put_time(pushes, "last_at", last);
  if (appid.empty()) pushes["unknown_appid"] = stats_.unknown_appid();
  return pushes;
}

boost::json::object Health::journal(sql::Transaction& tx, const AppId& appid) const {
  boost::json::object journal;
  const auto sum = tx.query_one("SELECT COALESCE(SUM(last_position), 0) FROM gateway_partitions");
  journal["last_position_sum"] = sum->integer(0);
  boost::json::array list;
  for (const std::string& name : consumers_) {
    const Lag lag = lag_of(tx, name);
    boost::json::object consumer;
    consumer["name"] = name;
    consumer["lag"] = lag.entries;
    const auto dead = tx.query_one(
        "SELECT COUNT(*) FROM gateway_dead_letters WHERE consumer = $1 AND (appid = $2 OR $2 = '')", {name, appid});
    consumer["dead_letters"] = dead->integer(0);
    put_time(consumer, "oldest_at", lag.oldest_at);
    list.push_back(std::move(consumer));
  }
  journal["consumers"] = std::move(list);
  return journal;
}

boost::json::object Health::outbox(sql::Transaction& tx, const AppId& appid, TimeMs now) const {
  boost::json::object outbox;
  for (const std::string_view state : {"queued", "sending", "held"}) outbox[state] = 0;
  for (const sql::Row& row : tx.query("SELECT state, COUNT(*) FROM gateway_outbox WHERE unfinished = 1 "
                                      "AND (appid = $1 OR $1 = '') GROUP BY state",
                                      {appid})) {
    outbox[row.text(0)] = row.integer(1);
  }
  outbox["failed_24h"] = 0;
  outbox["sent_24h"] = 0;
  for (const sql::Row& row : tx.query("SELECT state, COUNT(*) FROM gateway_outbox WHERE unfinished = 0 "
                                      "AND (appid = $1 OR $1 = '') AND finished_at > $2 GROUP BY state",
                                      {appid, now - day_ms})) {
    outbox[row.text(0) + "_24h"] = row.integer(1);
  }
  put_time(outbox, "paused_until", appid.empty() ? 0 : wechat_.paused_until(appid, "message/custom/send"));
  return outbox;
}

boost::json::object Health::relay(sql::Transaction& tx, const MiniProgram& program) const {
  boost::json::object relay;
  relay["url"] = program.relay_url;
  const auto queued = tx.query_one("SELECT COUNT(*) FROM gateway_relay_queue WHERE appid = $1", {program.appid});
  relay["lag"] = queued->integer(0);
  const auto state = tx.query_one(
      "SELECT last_success_at, last_error, last_error_at FROM gateway_relay_state WHERE appid = $1", {program.appid});
  relay["last_error"] = nullptr;
  if (state && state->integer(2) > state->integer(0)) relay["last_error"] = state->text(1);
  put_time(relay, "last_error_at", state ? state->integer(2) : 0);
  put_time(relay, "last_success_at", state ? state->integer(0) : 0);
  return relay;
}

boost::json::object Health::storage() const {
  const auto health = database_.health();
  boost::json::object storage;
  storage["writable"] = health.writable;
  if (health.problem.empty()) {
    storage["problem"] = nullptr;
  } else {
    storage["problem"] = health.problem;
  }
  storage["queued_writes"] = health.queued_writes;
  return storage;
}

Result<boost::json::object> Health::one(sql::Transaction& tx, const MiniProgram& program, TimeMs now) const {
  auto token = load_token(tx, sealer_, program.appid);
  if (!token) return std::unexpected(token.error());
  boost::json::object health;
  health["pushes"] = pushes(tx, program.appid, now);
  health["journal"] = journal(tx, program.appid);
  health["outbox"] = outbox(tx, program.appid, now);
  health["token"] = token_json(*token, tokens_, now);
  health["relay"] = relay(tx, program);
  health["storage"] = storage();
  health["down_ms_24h"] = down_ms(tx, now);
  return health;
}

Task<Result<boost::json::object>> Health::of(AppId appid) {
  const auto program = co_await programs_.find(appid);
  if (!program) co_return fail(errors::unknown_mini_program());
  const TimeMs now = clock_.now();
  auto work = [&](sql::Transaction& tx) -> Result<boost::json::object> { return one(tx, *program, now); };
  co_return co_await database_.read(std::move(work));
}

Task<Result<boost::json::object>> Health::all() {
  const auto programs = co_await programs_.all();
  const TimeMs now = clock_.now();
  auto work = [&](sql::Transaction& tx) -> Result<boost::json::object> {
    boost::json::object health;
    health["pushes"] = pushes(tx, AppId(), now);
    health["journal"] = journal(tx, AppId());
    health["outbox"] = outbox(tx, AppId(), now);
    health["storage"] = storage();
    health["down_ms_24h"] = down_ms(tx, now);
    boost::json::array list;
    for (const auto& program : programs) {
      auto item = one(tx, *program, now);
      if (!item) return std::unexpected(item.error());
      (*item)["appid"] = program->appid.str();
      (*item)["name"] = program->name;
      list.push_back(std::move(*item));
    }
    health["miniprograms"] = std::move(list);
    return health;
  };
  co_return co_await database_.read(std::move(work));
}

Task<Result<Health::Backlog>> Health::backlog() {
  auto work = [&](sql::Transaction& tx) -> Result<Backlog> {
    Backlog backlog;
    for (const std::string& name : consumers_) backlog.journal_lag += lag_of(tx, name).entries;
    backlog.outbox_open = tx.query_one("SELECT COUNT(*) FROM gateway_outbox WHERE unfinished = 1")->integer(0);
    backlog.dead_letters = tx.query_one("SELECT COUNT(*) FROM gateway_dead_letters")->integer(0);
    return backlog;
  };
  co_return co_await database_.read(std::move(work));
}

Task<Result<void>> Health::beat_step() {
  const TimeMs now = clock_.now();
  auto work = [now](sql::Transaction& tx) -> Result<void> {
    tx.execute("INSERT INTO gateway_heartbeats (at) VALUES ($1) ON CONFLICT (at) DO NOTHING",
               {now / beat_ms * beat_ms});
    tx.execute("DELETE FROM gateway_heartbeats WHERE at < $1", {now - beats_kept_ms});
    tx.execute("DELETE FROM gateway_push_counts WHERE hour < $1", {(now - counts_kept_ms) / hour_ms});
    return {};
  };
  co_return co_await database_.write(std::move(work));
}

}  // namespace miniops::gateway
