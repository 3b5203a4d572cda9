// The module's SQL. Called inside closures; stateless. Private to the module.
#pragma once

#include "official/plan.hpp"
#include "storage/sql/database.hpp"

namespace miniops::official {

struct Failure {
  std::optional<int> errcode{};  // WeChat's; nullopt: no answer, or none that is understood
  std::string text{};
  TimeMs at = 0;
};

// How far a source came.
struct SourceState {
  Source source = Source::performance;
  bool enabled = true;
  bool running = false;
  Position position{};
  std::int64_t version = 0;
  TimeMs next_at = 0, last_run_at = 0, last_success_at = 0;
  std::int64_t failures = 0;
  std::optional<Failure> failure{};
  std::int64_t minute = 0, calls = 0;
  std::int64_t stored = 0;
};

struct Keep {
  std::int64_t days = 365;     // official.keep_days: daily figures, errors, feedback
  std::int64_t log_days = 30;  // official.keep_log_days
};

}  // namespace miniops::official

namespace miniops::official::store {

// ---- sources ----

void insert_missing(sql::Transaction& tx, const AppId& appid, TimeMs next_at);
std::vector<SourceState> states(sql::Transaction& tx, const AppId& appid);  // in the order of `sources`
std::optional<SourceState> find(sql::Transaction& tx, const AppId& appid, Source source);
// Raises the version. False: it changed since it was read.
bool save(sql::Transaction& tx, const AppId& appid, const SourceState& state);
std::vector<std::pair<AppId, Source>> due(sql::Transaction& tx, TimeMs now, int limit);

// ---- what was pulled ----

// What is new of it is stored; gives how much was. What is too old to be kept, and of people who were forgotten, is
// not.
std::int64_t put(sql::Transaction& tx, const AppId& appid, Source source, const Harvest& harvest, const Keep& keep,
                 TimeMs now);
// Deletes up to so many rows that are too old; gives how many there were.
std::int64_t prune(sql::Transaction& tx, const Keep& keep, TimeMs now, int limit);
// Deletes up to so many rows of a person, and notes that they are to be forgotten.
std::int64_t forget(sql::Transaction& tx, const AppId& appid, const std::string& openid, TimeMs now, int limit);

// ---- what people look at ----

struct Days {
  std::int64_t from = 0, to = 0;  // both belong to it
};
std::vector<PerformancePoint> performance(sql::Transaction& tx, const AppId& appid, Metric metric,
                                          std::string_view device, std::string_view network, Days days);

using Place = std::optional<std::pair<std::int64_t, std::int64_t>>;  // the list goes on behind it

struct ErrorRow {
  std::int64_t error = 0;
  std::string message, stack;
  std::int64_t events = 0, users = 0, first_day = 0, last_day = 0;
};
std::vector<ErrorRow> js_errors(sql::Transaction& tx, const AppId& appid, Days days, Place after, int limit);
bool has_js_error(sql::Transaction& tx, const AppId& appid, std::int64_t error);
struct EventRow {
  std::int64_t id = 0;
  JsErrorEvent event;
};
std::vector<EventRow> js_error_events(sql::Transaction& tx, const AppId& appid, std::int64_t error, Place before,
                                      int limit);

struct LogFilter {
  TimeMs from = 0, to = 0;
  int level = 2;
  std::string text{}, page{}, trace{};  // empty: any
};
struct LogRow {
  std::int64_t id = 0;
  LogLine line;
};
std::vector<LogRow> logs(sql::Transaction& tx, const AppId& appid, const LogFilter& filter, Place before, int limit);

std::vector<Feedback> feedback(sql::Transaction& tx, const AppId& appid, TimeMs from, TimeMs to, int type, Place before,
                               int limit);
std::vector<Word> words(sql::Transaction& tx, const AppId& appid, Source source);

}  // namespace miniops::official::store
