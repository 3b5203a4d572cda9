#include "storage/events/duck_rollups.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <charconv>

namespace miniops::events {

namespace {

// Which columns of the records a rollup tells apart, besides app, kind, name and hour. docs/metrics.md lists them.
struct Rollup {
  const char* table;
  bool release, build, page;
  bool spread;  // the buckets of values, for quantiles; of performance only, since it holds many
  bool has(Field field) const {
    return field == Field::name || (release && field == Field::release) || (build && field == Field::build) ||
           (page && field == Field::page);
  }
  bool answers(Measure measure, std::int32_t kind) const {
    if (spread) return measure == Measure::quantiles && kind == kind_of_performance;
    return measure == Measure::count || measure == Measure::sum || measure == Measure::mean;
  }
};
constexpr std::array<Rollup, 3> rollups{{{"hours_release", true, true, false, false},
                                         {"hours_page", false, false, true, false},
                                         {"hours_spread", true, false, false, true}}};

constexpr std::string_view rollup_columns =
    "kind INTEGER, day INTEGER, app INTEGER, name INTEGER, hour INTEGER, release INTEGER, build UTINYINT, "
    "page INTEGER, bucket SMALLINT, value DOUBLE, weight DOUBLE";
constexpr std::array types{DUCKDB_TYPE_INTEGER,  DUCKDB_TYPE_INTEGER, DUCKDB_TYPE_INTEGER,  DUCKDB_TYPE_INTEGER,
                           DUCKDB_TYPE_INTEGER,  DUCKDB_TYPE_INTEGER, DUCKDB_TYPE_UTINYINT, DUCKDB_TYPE_INTEGER,
                           DUCKDB_TYPE_SMALLINT, DUCKDB_TYPE_DOUBLE,  DUCKDB_TYPE_DOUBLE};

int number_of_day(const std::string& day) {
  int number = 0;
  std::from_chars(day.data(), day.data() + day.size(), number);
  return number;
}

std::string table_in(const std::string& month, const Rollup& rollup) {
  return fmt::format("{}.main.{}", catalog_of(month), rollup.table);
}

// Equal ones of `source` as one. With and without a value they stay apart, so that a mean is of those that have one.
std::string summed(const std::string& source) {
  return fmt::format(
      "SELECT kind, day, app, name, hour, release, build, page, bucket, sum(value * weight) / sum(weight) AS value, "
      "sum(weight) AS weight FROM ({}) GROUP BY kind, day, app, name, hour, release, build, page, bucket, "
      "value IS NULL ORDER BY kind, app, name, hour",
      source);
}

// The records of a day's table, as a rollup sees them.
std::string seen_by(const Rollup& rollup, const DayTable& table) {
  const auto column = [](bool told, const char* name, const char* otherwise) { return told ? name : otherwise; };
  return fmt::format(
      "SELECT {} AS kind, {} AS day, app, name, hour, {} AS release, {} AS build, {} AS page, {} AS bucket, value, "
      "weight FROM {}{}",
      table.first, number_of_day(table.second), column(rollup.release, "release", "0"),
      column(rollup.build, "build", "0"), column(rollup.page, "page", "0"), column(rollup.spread, "bucket", "NULL"),
      full_name(table.first, table.second), rollup.spread ? " WHERE bucket IS NOT NULL" : "");
}

// Partial sums of one load.
class Sums {
 public:
  explicit Sums(const Rollup& rollup) : rollup_(rollup) {}

  void add(const Row& row, int day) {
    if (rollup_.spread && (!row.value || row.kind != kind_of_performance)) return;
    Key key{row.kind, day, row.app, row.name, row.time / hour_ms};
    if (rollup_.release) key.release = row.release;
    if (rollup_.build) key.build = row.build;
    if (rollup_.page) key.page = row.page;
    if (rollup_.spread) key.bucket = bucket_of(*row.value);
    key.has_value = row.value.has_value();
    Sum& sum = sums_[key];
    sum.weight += row.weight;
    if (row.value) sum.value += *row.value * row.weight;
  }

  void write(DuckConnection& loader, const std::string& month) const {
    if (sums_.empty()) return;
    DuckAppender out(loader, catalog_of(month), rollup_.table, types);
    for (const auto& [key, sum] : sums_) {
      std::size_t at = 0;
      for (const std::int64_t number :
           {std::int64_t{key.kind}, std::int64_t{key.day}, std::int64_t{key.app}, std::int64_t{key.name}, key.hour,
            std::int64_t{key.release}, std::int64_t{key.build}, std::int64_t{key.page}})
        out.set(at++, number);
      out.set(at++, rollup_.spread ? Cell(std::int64_t{key.bucket}) : Cell(nullptr));
      out.set(at++, key.has_value ? Cell(sum.value / sum.weight) : Cell(nullptr));
      out.set(at, sum.weight);
      out.end_row();
    }
    out.close();
  }

 private:
  struct Key {
    std::int32_t kind = 0;
    int day = 0;
    std::int32_t app = 0, name = 0;
    std::int64_t hour = 0;
    std::int32_t release = 0, build = 0, page = 0, bucket = 0;
    bool has_value = false;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      std::size_t hash = 0;
      for (const std::int64_t part :
           {std::int64_t{key.kind}, std::int64_t{key.day}, std::int64_t{key.app}, std::int64_t{key.name}, key.hour,
            std::int64_t{key.release}, std::int64_t{key.build}, std::int64_t{key.page}, std::int64_t{key.bucket},
            std::int64_t{key.has_value}})
        hash = (hash ^ static_cast<std::size_t>(part)) * 0x9e3779b97f4a7c15ULL;
      return hash ^ hash >> 32;
    }
  };
  struct Sum {
    double weight = 0, value = 0;
  };
  const Rollup& rollup_;
  boost::unordered_flat_map<Key, Sum, KeyHash> sums_;
};

}  // namespace

// ---- the loader ----

void RollupWriter::make(const std::string& month, std::span<const DayTable> filled_from) {
  for (const Rollup& rollup : rollups) {
    const bool there =
        !loader_
             .query("SELECT 1 FROM duckdb_tables() WHERE database_name = $1 AND table_name = $2",
                    std::array<Cell, 2>{std::string_view(catalog_of(month)), std::string_view(rollup.table)})
             .empty();
    if (there) continue;
    loader_.execute(fmt::format("CREATE TABLE {} ({})", table_in(month, rollup), rollup_columns));
    for (const DayTable& table : filled_from)
      if (!rollup.spread || table.first == kind_of_performance)
        loader_.execute(fmt::format("INSERT INTO {} {}", table_in(month, rollup), summed(seen_by(rollup, table))));
  }
}

void RollupWriter::add(const std::string& month, std::span<const Row> rows) {
  std::map<TimeMs, std::string> days;
  std::vector<int> day_of_row;
  for (const Row& row : rows) {
    const auto [day, fresh] = days.try_emplace(row.received / day_ms);
    if (fresh) day->second = day_of(row.received);
    day_of_row.push_back(number_of_day(day->second));
  }
  for (const Rollup& rollup : rollups) {
    Sums sums(rollup);
    for (std::size_t i = 0; i < rows.size(); ++i) sums.add(rows[i], day_of_row[i]);
    sums.write(loader_, month);
  }
  for (const auto& [time, day] : days)
    if (partial_.insert(day).second)
      loader_.execute(fmt::format("INSERT INTO {}.main.marks VALUES ('partial', 0, $1)", catalog_of(month)),
                      std::array<Cell, 1>{std::string_view(day)});
}

void RollupWriter::merge(const std::string& month) {
  std::string days;
  for (const sql::Row& row :
       loader_.query(fmt::format("SELECT DISTINCT day FROM {}.main.marks WHERE what = 'partial'", catalog_of(month))))
    days += fmt::format("{}{}", days.empty() ? "" : ", ", number_of_day(row.text(0)));
  if (days.empty()) return;
  for (const Rollup& rollup : rollups)
    loader_.execute(
        fmt::format("CREATE OR REPLACE TEMP TABLE {} AS {}", rollup.table,
                    summed(fmt::format("SELECT * FROM {} WHERE day IN ({})", table_in(month, rollup), days))));
  DuckTransaction transaction(loader_);
  for (const Rollup& rollup : rollups) {
    loader_.execute(fmt::format("DELETE FROM {} WHERE day IN ({})", table_in(month, rollup), days));
    loader_.execute(fmt::format("INSERT INTO {} SELECT * FROM temp.main.{} ORDER BY kind, app, name, hour",
                                table_in(month, rollup), rollup.table));
  }
  loader_.execute(fmt::format("DELETE FROM {}.main.marks WHERE what = 'partial'", catalog_of(month)));
  transaction.commit();
  partial_.clear();
  for (const Rollup& rollup : rollups) loader_.execute(fmt::format("DROP TABLE temp.main.{}", rollup.table));
}

std::vector<DayTable> RollupWriter::days_of(const std::string& month, std::int32_t kind, std::int32_t app,
                                            const std::string& day) {
  std::vector<DayTable> days;
  for (const sql::Row& row :
       loader_.query(fmt::format("SELECT DISTINCT day FROM {} WHERE kind = $1 AND app = $2 AND day < $3",
                                 table_in(month, rollups.front())),
                     std::array<Cell, 3>{std::int64_t{kind}, std::int64_t{app}, std::int64_t{number_of_day(day)}}))
    days.emplace_back(kind, std::to_string(row.integer(0)));
  return days;
}

void RollupWriter::drop(const DayTable& table, std::optional<std::int32_t> app) {
  for (const Rollup& rollup : rollups)
    loader_.execute(fmt::format("DELETE FROM {} WHERE kind = {} AND day = {}{}",
                                table_in(month_of_day(table.second), rollup), table.first, number_of_day(table.second),
                                app ? fmt::format(" AND app = {}", *app) : ""));
}

// ---- questions ----

namespace {

// What a rollup and a day's table have in common.
constexpr std::string_view common = "app, name, hour, release, build, page, bucket, value, weight";

TimeMs hour_begin(TimeMs time) { return time - (time % hour_ms + hour_ms) % hour_ms; }

const Rollup* rollup_for(const Scope& scope, const RollupUse& use) {
  const bool plain = !scope.by_receipt && !scope.without_late && !scope.matching && scope.text_contains.empty();
  const bool whole_hours = !use.interval_ms || (*use.interval_ms % hour_ms == 0 && use.offset_ms % hour_ms == 0);
  if (!plain || !whole_hours) return nullptr;
  const auto fits = [&](const Rollup& rollup) {
    return rollup.answers(use.measure, scope.kind) && (!use.by || rollup.has(*use.by)) &&
           std::ranges::all_of(scope.where, [&](const Condition& one) { return rollup.has(one.field); });
  };
  const auto found = std::ranges::find_if(rollups, fits);
  return found == rollups.end() ? nullptr : &*found;
}

// The rows of a part of an hour. Late ones lie in the tables of later days: the rollup knows in which.
void add_part(DuckConnection& connection, std::span<const std::string> months, std::int32_t kind, TimeMs from,
              TimeMs to, std::vector<Source>& sources) {
  if (from >= to) return;
  for (const std::string& month : months)
    for (const sql::Row& row : connection.query(
             fmt::format("SELECT DISTINCT day FROM {} WHERE kind = $1 AND hour = $2", table_in(month, rollups.front())),
             std::array<Cell, 2>{std::int64_t{kind}, hour_begin(from) / hour_ms}))
      sources.push_back({fmt::format("(SELECT time, {} FROM {} WHERE time >= {} AND time < {})", common,
                                     full_name(kind, std::to_string(row.integer(0))), from, to)});
}

}  // namespace

std::vector<Source> rolled_up(DuckConnection& connection, const DuckTables& tables, const Scope& scope,
                              const RollupUse& use) {
  const Rollup* rollup = rollup_for(scope, use);
  const TimeMs first = hour_begin(scope.from + hour_ms - 1);
  const TimeMs last = hour_begin(scope.to);
  if (rollup == nullptr || first >= last) return {};
  std::vector<std::string> months;
  for (const std::string& day : tables.holding(scope.kind, scope.from, scope.to, false))
    if (months.empty() || months.back() != month_of_day(day)) months.push_back(month_of_day(day));
  std::vector<Source> sources;
  for (const std::string& month : months)
    sources.push_back(
        {fmt::format("(SELECT CAST(hour AS BIGINT) * {} AS time, {} FROM {} WHERE kind = {} AND hour >= {} "
                     "AND hour < {})",
                     hour_ms, common, table_in(month, *rollup), scope.kind, first / hour_ms, last / hour_ms)});
  add_part(connection, months, scope.kind, scope.from, first, sources);
  add_part(connection, months, scope.kind, last, scope.to, sources);
  return sources;
}

}  // namespace miniops::events
