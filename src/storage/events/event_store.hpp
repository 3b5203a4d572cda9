// The event store: rows of telemetry by the ten-million, asked about in columns. The interface knows no engine; the
// embedded one is DuckDB, and ClickHouse follows.
//
// Strings that repeat are numbers here (the caller keeps the dictionaries); what one row says is text, properties one
// JSON object. Rows lie in a table per kind and day of receipt, the tables of a month in one file. A load puts rows,
// the memory of what was seen, the ledger and the position of the spool into one transaction, so that whatever dies
// when, each record is stored once.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "storage/events/predicate.hpp"
#include "storage/sql/value.hpp"

namespace miniops::events {

// 16 bytes: ids of records, sessions, page views. In answers they are 32 hexadecimal digits.
struct Id128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const Id128&) const = default;
  bool empty() const { return high == 0 && low == 0; }
};
std::optional<Id128> parse_id128(std::string_view digits);  // nullopt: it is not 32 hexadecimal digits

struct Row {
  std::int32_t app = 0;
  std::int32_t kind = 0;  // with the day of receipt the table
  std::int32_t name = 0;
  TimeMs time = 0;  // on the corrected clock
  TimeMs received = 0;
  bool late = false;
  double weight = 1;
  std::optional<double> value{};
  Id128 id{}, session{}, page_view{};
  std::string trace{};
  std::int32_t level = 0;
  std::int64_t person = 0;
  std::int32_t release = 0, build = 0, page = 0, scene = 0, device = 0, network = 0, region = 0, client = 0;
  std::int64_t issue = 0;         // of an error: what it belongs to
  std::int32_t log_template = 0;  // of a log line
  std::string text{};
  std::string properties{};
};

// A client's id that was stored, so that the same record is recognised when it is sent again.
struct Seen {
  std::int32_t app = 0;
  Id128 id{};
  TimeMs at = 0;
};

// Numbered batches of one install of our SDK that were stored: first … last.
struct SeenBatches {
  std::int32_t app = 0;
  Id128 install{};
  std::int64_t first = 0;
  std::int64_t last = 0;
  TimeMs at = 0;
};

struct LedgerRow {
  std::int32_t app = 0;
  TimeMs at = 0;
  std::string fate, reason, category, client, example;
  std::int64_t count = 0;
};

// What one transaction stores.
struct Load {
  std::vector<Row> rows{};
  std::vector<Seen> seen{};
  std::vector<SeenBatches> batches{};
  std::vector<LedgerRow> ledger{};
  std::int64_t segment = 0;  // the spool is stored up to here
  std::int64_t offset = 0;
};

// What a loader has to know when it begins.
struct LoadState {
  std::int64_t segment = 0;
  std::int64_t offset = 0;
  std::vector<Seen> seen{};            // of the last 24 hours
  std::vector<SeenBatches> batches{};  // of installs heard of in the last 90 days; runs without gaps are one
};

// ---- questions ----

// All of `any_of` are alternatives; conditions of one question must all hold.
struct Condition {
  Field field = Field::name;
  std::vector<std::variant<std::int64_t, std::string>> any_of{};  // ids: 32 hexadecimal digits
  bool negated = false;
};

// Rows of one mini program and kind whose `time` is in [from, to).
struct Scope {
  std::int32_t app = 0;
  std::int32_t kind = 0;
  TimeMs from = 0;
  TimeMs to = 0;
  std::vector<Condition> where{};
  std::string text_contains{};  // as it is written
  Matching matching{};
  bool by_receipt = false;  // [from, to) and series are of the time of receipt: alerts
  bool without_late = false;
};

enum class Measure {
  count,   // the sum of the weights: how many there were
  people,  // distinct persons among the rows; never additive
  sessions,
  sum,  // of value
  mean,
  quantiles,  // p50 p75 p90 p95 p99 of value, within 1 %
};

struct Quantiles {
  double p50 = 0, p75 = 0, p90 = 0, p95 = 0, p99 = 0;
};

struct Point {
  TimeMs at = 0;         // the beginning of the interval (series)
  std::int64_t key = 0;  // of `by`; 0 without one, -1: all that are not among the top
  double value = 0;
  double count = 0;  // weighted
  std::optional<Quantiles> quantiles{};
  std::string text_key{};  // of `by_property`
};

// One value for each interval and each value of `by` (of the `top` most frequent ones).
struct SeriesQuestion {
  Scope scope;
  Measure measure = Measure::count;
  TimeMs interval_ms = hour_ms;
  TimeMs offset_ms = 0;  // of the local time: days begin there
  std::optional<Field> by{};
  int top = 7;
};

// One value for each value of `by`, the largest count first; or for each of a property, as Predicate names it ("" for
// rows without it).
struct BreakdownQuestion {
  Scope scope;
  Measure measure = Measure::count;
  Field by = Field::name;
  int top = 50;
  std::string by_property{};
};

// How the values of rows are spread: their buckets, which can be added up. Quantiles are made of them.
struct BucketsQuestion {
  Scope scope;
  std::optional<Field> by{};
  int top = 7;                               // of `by`, the most frequent
  std::vector<std::string> by_properties{};  // instead of `by`: properties, as Predicate names them, joined by a blank
  TimeMs interval_ms = 0;                    // 0: the whole range is one
  TimeMs offset_ms = 0;
  // Not 0: what is as far into its period counts as one, so that a day's hours are of all days. A multiple of
  // interval_ms.
  TimeMs period_ms = 0;
};
struct BucketCount {
  TimeMs at = 0;         // the beginning of the interval, or how far it is into its period
  std::int64_t key = 0;  // of `by`; 0 without one, -1: all that are not among the top
  std::string text_key{};
  std::int32_t bucket = 0;
  double count = 0;  // weighted
};

// A place among rows: a time and a sequence number, as in FoundRow.
using RowPlace = std::pair<TimeMs, std::int64_t>;

// The newest first, behind `before`; with `after` the oldest first, from there on.
struct RowsQuestion {
  Scope scope;
  int limit = 50;
  std::optional<RowPlace> before{};
  std::optional<RowPlace> after{};
};

struct FoundRow {
  std::int64_t sequence = 0;
  TimeMs time = 0, received = 0;
  bool late = false;
  double weight = 1;
  std::optional<double> value{};
  std::int64_t name = 0, level = 0, person = 0, release = 0, build = 0, page = 0, scene = 0, device = 0, network = 0,
               region = 0, client = 0, issue = 0, log_template = 0;
  std::string id, session, page_view, trace, text, properties;
};

// Someone by whose number rows are stored; rows of others that count as them have other numbers.
struct Person {
  std::int32_t app = 0;
  std::int64_t number = 0;
};

// What is stored of people.
struct PersonRows {
  std::map<std::int32_t, std::int64_t> of_kind{};
  std::int64_t tables = 0;  // days and kinds
};

struct LedgerSum {
  std::string fate, reason, category, client, example;
  std::int64_t count = 0;
};

struct KindSize {
  std::int32_t kind = 0;
  std::int32_t app = 0;
  std::int64_t rows = 0;
  TimeMs oldest = 0, newest = 0;  // of receipt
};

struct Sizes {
  std::vector<KindSize> kinds{};
  std::int64_t bytes = 0;  // of all files
};

struct Options {
  std::filesystem::path folder;
  int threads = 2;               // of one question
  int askers = 2;                // questions at a time
  std::int64_t memory_mb = 768;  // of the engine
  int question_ms_max = 10000;   // then it is stopped: storage.question_too_slow
};

// What changes the store is called by one thread, the loader's; questions by any that may block. Errors:
// storage.question_too_slow, storage.events_unavailable, storage.full, storage.question_refused,
// storage.question_too_large.
class EventStore {
 public:
  // Opens at once, and makes what is missing. Fails with storage.event_library_missing, storage.events_unavailable.
  static Result<std::unique_ptr<EventStore>> open(const Options& options);
  virtual ~EventStore() = default;

  // `month` ("2026-11"): of receipt, UTC. A month that is not there begins with what the one before it remembers of the
  // last 24 hours.
  virtual Result<LoadState> state(const std::string& month) = 0;
  virtual Result<void> load(const std::string& month, const Load& load) = 0;
  // From now on `from` counts as `to` in every question about people; 0 undoes it. Rows are not rewritten. Not kept: it
  // is told anew after each opening.
  virtual Result<void> count_as(std::int64_t from, std::int64_t to) = 0;
  // Drops a kind's days of receipt before `day` ("20261120"), of all mini programs.
  virtual Result<void> forget(std::int32_t kind, const std::string& day) = 0;
  // The same of one mini program, which costs more: its rows are deleted from tables that stay.
  virtual Result<void> forget(std::int32_t kind, std::int32_t app, const std::string& day) = 0;

  virtual Result<PersonRows> held_of(const std::vector<Person>& people) = 0;
  // Deletes the rows of these people from one table, which is written anew; what stays of them is counts: a row for
  // each hour, name, page, release … that says how many there were. True: call again. False: no table holds any, and
  // their bytes are gone from the files. Goes on where it was when it is interrupted.
  virtual Result<bool> forget_people(const std::vector<Person>& people) = 0;
  // Writes one table anew whose day has been over for an hour, in the order in which it is asked about: mini program,
  // name, time. Each once. False: none is left.
  virtual Result<bool> tidy_day(TimeMs now) = 0;
  // Once an hour: each load adds sums of its own to the rollups, and they become one.
  virtual Result<void> sum_up() = 0;
  // Until the next call that changes something, the files are whole: a copy of them can be opened.
  virtual Result<void> settle() = 0;

  virtual Result<std::vector<Point>> series(const SeriesQuestion& question) = 0;
  virtual Result<std::vector<Point>> breakdown(const BreakdownQuestion& question) = 0;
  // By interval, key and bucket; of rows that have a value.
  virtual Result<std::vector<BucketCount>> buckets(const BucketsQuestion& question) = 0;
  virtual Result<std::vector<FoundRow>> rows(const RowsQuestion& question) = 0;
  virtual Result<std::vector<LedgerSum>> ledger(std::int32_t app, TimeMs from, TimeMs to) = 0;
  virtual Result<Sizes> sizes() = 0;
};

std::string month_of(TimeMs time);  // "2026-11", UTC
std::string day_of(TimeMs time);    // "20261121", UTC

// ---- quantiles ----

// A duration's bucket: equal on every engine, so that a quantile is a sum over buckets. Buckets are 2 % wide, the
// middle of one is within 1 % of what it holds. 0 and less have one bucket.
std::int32_t bucket_of(double value);
double value_of_bucket(std::int32_t bucket);
// From (bucket, weight), in ascending order of buckets.
Quantiles quantiles_of(const std::vector<std::pair<std::int32_t, double>>& buckets);

}  // namespace miniops::events
