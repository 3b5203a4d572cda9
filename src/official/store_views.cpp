// What people look at.
#include "base/json.hpp"
#include "base/text.hpp"
#include "official/store.hpp"

namespace miniops::official::store {

namespace {

constexpr std::int64_t last = INT64_MAX;

// For LIKE: each character stands for itself.
std::string containing(const std::string& text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

std::vector<LogMessage> messages_of(const std::string& stored) {
  std::vector<LogMessage> out;
  boost::system::error_code problem;
  const json::value list = json::parse(stored, problem);
  if (problem || !list.is_array()) return out;
  for (const json::value& one : list.get_array())
    out.push_back({one.at(0).as_int64(), static_cast<int>(one.at(1).as_int64()), std::string(one.at(2).as_string())});
  return out;
}

}  // namespace

std::vector<PerformancePoint> performance(sql::Transaction& tx, const AppId& appid, Metric metric,
                                          std::string_view device, std::string_view network, Days days) {
  std::vector<PerformancePoint> out;
  for (const sql::Row& row :
       tx.query("SELECT day, cost_ms FROM official_performance WHERE appid = $1 AND metric = $2 AND device = $3 AND "
                "network = $4 AND day >= $5 AND day <= $6 ORDER BY day",
                {appid, static_cast<std::int64_t>(metric), device, network, days.from, days.to}))
    out.push_back({row.integer(0), row.number(1)});
  return out;
}

std::vector<ErrorRow> js_errors(sql::Transaction& tx, const AppId& appid, Days days, Place after, int limit) {
  const auto [events, error] = after.value_or(std::pair{last, last});
  std::vector<ErrorRow> out;
  for (const sql::Row& row :
       tx.query("SELECT error, message, stack, events, users, first_day, last_day FROM (SELECT error, min(message) AS "
                "message, min(stack) AS stack, CAST(sum(events) AS BIGINT) AS events, max(users) AS users, min(day) AS "
                "first_day, max(day) AS last_day FROM official_js_errors WHERE appid = $1 AND day >= $2 AND day <= $3 "
                "GROUP BY error) AS errors WHERE events < $4 OR (events = $4 AND error < $5) ORDER BY events DESC, "
                "error DESC LIMIT $6",
                {appid, days.from, days.to, events, error, limit}))
    out.push_back(
        {row.integer(0), row.text(1), row.text(2), row.integer(3), row.integer(4), row.integer(5), row.integer(6)});
  return out;
}

bool has_js_error(sql::Transaction& tx, const AppId& appid, std::int64_t error) {
  return tx.query_one("SELECT 1 FROM official_js_errors WHERE appid = $1 AND error = $2 LIMIT 1", {appid, error})
      .has_value();
}

std::vector<EventRow> js_error_events(sql::Transaction& tx, const AppId& appid, std::int64_t error, Place before,
                                      int limit) {
  const auto [at, id] = before.value_or(std::pair{last, last});
  std::vector<EventRow> out;
  for (const sql::Row& row :
       tx.query("SELECT id, at, release, os, base_library, wechat, device, route, openid FROM official_js_error_events "
                "WHERE appid = $1 AND error = $2 AND (at < $3 OR (at = $3 AND id < $4)) ORDER BY at DESC, id DESC "
                "LIMIT $5",
                {appid, error, at, id, limit}))
    out.push_back(
        {row.integer(0),
         {row.integer(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6), row.text(7), row.text(8)}});
  return out;
}

std::vector<LogRow> logs(sql::Transaction& tx, const AppId& appid, const LogFilter& filter, Place before, int limit) {
  const auto [at, id] = before.value_or(std::pair{last, last});
  std::vector<LogRow> out;
  for (const sql::Row& row : tx.query(
           "SELECT id, at, level, page, platform, wechat, base_library, trace, filter, openid, messages FROM "
           "official_logs WHERE appid = $1 AND at >= $2 AND at < $3 AND level >= $4 AND folded LIKE $5 ESCAPE '\\' AND "
           "($6 = '' OR "
           "page = $6) AND ($7 = '' OR trace = $7) AND (at < $8 OR (at = $8 AND id < $9)) ORDER BY at DESC, id DESC "
           "LIMIT $10",
           {appid, filter.from, filter.to, filter.level, containing(fold(filter.text)), filter.page, filter.trace, at,
            id, limit}))
    out.push_back({row.integer(0),
                   {row.integer(1), static_cast<int>(row.integer(2)), row.text(3), row.text(4), row.text(5),
                    row.text(6), row.text(7), row.text(8), row.text(9), messages_of(row.text(10))}});
  return out;
}

std::vector<Feedback> feedback(sql::Transaction& tx, const AppId& appid, TimeMs from, TimeMs to, int type, Place before,
                               int limit) {
  const auto [at, id] = before.value_or(std::pair{last, last});
  std::vector<Feedback> out;
  for (const sql::Row& row :
       tx.query("SELECT id, at, type, text, phone, openid, nickname, system, pictures FROM official_feedback WHERE "
                "appid = $1 AND at >= $2 AND at < $3 AND ($4 = 0 OR type = $4) AND (at < $5 OR (at = $5 AND id < $6)) "
                "ORDER BY at DESC, id DESC LIMIT $7",
                {appid, from, to, type, at, id, limit}))
    out.push_back({row.integer(0), row.integer(1), static_cast<int>(row.integer(2)), row.text(3), row.text(4),
                   row.text(5), row.text(6), row.text(7), row.integer(8)});
  return out;
}

std::vector<Word> words(sql::Transaction& tx, const AppId& appid, Source source) {
  std::vector<Word> out;
  for (const sql::Row& row :
       tx.query("SELECT name, value FROM official_words WHERE appid = $1 AND source = $2 ORDER BY place",
                {appid, to_string(source)}))
    out.push_back({row.text(0), row.text(1)});
  return out;
}

}  // namespace miniops::official::store
