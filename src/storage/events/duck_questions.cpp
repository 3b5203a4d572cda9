// Questions become SQL here.
#include "storage/events/duck_store.hpp"

namespace miniops::events {

namespace fs = std::filesystem;

namespace {

// Of one statement; to read all costs less than more of them.
constexpr std::size_t sources_max = 512;

constexpr std::size_t buckets_max = 400'000;  // of one answer

// The weighted count stands beside every measure.
std::string measured(Measure measure) {
  switch (measure) {
    case Measure::count:
      return "sum(weight)";
    case Measure::people:
      return "CAST(count(DISTINCT nullif(person, 0)) AS DOUBLE)";
    case Measure::sessions:
      return "CAST(count(DISTINCT session) AS DOUBLE)";
    case Measure::sum:
      return "coalesce(sum(value * weight), 0)";
    case Measure::mean:
      return "coalesce(sum(value * weight) / sum(CASE WHEN value IS NOT NULL THEN weight END), 0)";
    case Measure::quantiles:
      return "bucket";
  }
  std::unreachable();
}

bool asks_people(Measure measure, std::optional<Field> by) { return measure == Measure::people || by == Field::person; }

enum class Key { number, text };

Point point_of(const sql::Row& row, Key key) {
  Point point;
  point.at = row.integer(0);
  if (key == Key::number)
    point.key = row.integer(1);
  else
    point.text_key = row.text(1);
  return point;
}

// Rows of (at, key, bucket, count), ordered, become one point for each (at, key).
std::vector<Point> points_of_buckets(const sql::Rows& rows, Key key) {
  std::vector<Point> points;
  std::vector<std::pair<std::int32_t, double>> buckets;
  const auto close = [&] {
    if (points.empty()) return;
    points.back().quantiles = quantiles_of(buckets);
    points.back().value = points.back().quantiles->p50;
    buckets.clear();
  };
  for (const sql::Row& row : rows) {
    const Point next = point_of(row, key);
    if (points.empty() || points.back().at != next.at || points.back().key != next.key ||
        points.back().text_key != next.text_key) {
      close();
      points.push_back(next);
    }
    points.back().count += row.number(3);
    buckets.emplace_back(static_cast<std::int32_t>(row.integer(2)), row.number(3));
  }
  close();
  return points;
}

std::vector<Point> points_of(const sql::Rows& rows, Key key) {
  std::vector<Point> points;
  for (const sql::Row& row : rows) {
    Point& point = points.emplace_back(point_of(row, key));
    point.value = row.number(2);
    point.count = row.number(3);
  }
  return points;
}

// The number of a row's interval. Hours are a column of small numbers, by which DuckDB groups in a third of the time.
std::string interval_of(const Scope& scope, TimeMs interval_ms, TimeMs offset_ms, TimeMs period_ms = 0) {
  const bool whole_hours = interval_ms % hour_ms == 0 && offset_ms % hour_ms == 0 && period_ms % hour_ms == 0;
  const TimeMs unit = whole_hours && !scope.by_receipt ? hour_ms : 1;
  std::string time = fmt::format("({} + {})", unit == hour_ms ? "hour" : time_of(scope), offset_ms / unit);
  if (period_ms != 0) time = fmt::format("({} % {})", time, period_ms / unit);
  return fmt::format("{} // {}", time, interval_ms / unit);
}

// The top in the engine: a property may have a value for each row.
std::string top_of(Measure measure, const std::string& key, int top) {
  if (measure != Measure::quantiles)
    return fmt::format(
        " SELECT CAST(0 AS BIGINT), {} AS key, {}, sum(weight) AS count FROM r GROUP BY key ORDER BY count DESC, key "
        "LIMIT {}",
        key, measured(measure), top);
  return fmt::format(
      " SELECT CAST(0 AS BIGINT), key, bucket, count FROM (SELECT {} AS key, bucket, sum(weight) AS count, "
      "sum(sum(weight)) OVER (PARTITION BY key) AS whole FROM r WHERE bucket IS NOT NULL GROUP BY key, bucket) "
      "QUALIFY dense_rank() OVER (ORDER BY whole DESC, key) <= {} ORDER BY key, bucket",
      key, top);
}

// What a row's bucket is counted under.
std::string key_of(const BucketsQuestion& question, Statement& statement) {
  if (question.by_properties.empty())
    return question.by ? fmt::format("coalesce(CAST({} AS BIGINT), 0)", column_of(*question.by)) : "CAST(0 AS BIGINT)";
  std::string values;
  for (const std::string& property : question.by_properties)
    values += fmt::format(", nullif(property_text(properties, {}), '')", statement.lend({property, {}}));
  return fmt::format("concat_ws(' '{})", values);
}

}  // namespace

std::vector<Source> DuckStore::sources_with(DuckConnection& connection, const Scope& scope) {
  const auto days = tables_.holding(scope.kind, scope.from, scope.to, scope.by_receipt);
  std::vector<Source> whole;
  for (const std::string& day : days) whole.push_back({full_name(scope.kind, day)});
  if (scope.kind != kind_of_lines) return whole;
  std::vector<Source> sources;
  for (const std::string& day : days) {
    const auto blocks = blocks_with(connection, loans_, filtered_, day, scope, with_counts(times_of(scope)));
    const auto of_day = sources_of(full_name(scope.kind, day), blocks);
    sources.insert(sources.end(), of_day.begin(), of_day.end());
  }
  return sources.size() > sources_max ? whole : sources;
}

std::vector<Source> DuckStore::sources_with(DuckConnection& connection, const Scope& scope, const RollupUse& use) {
  auto sources = rolled_up(connection, tables_, scope, use);
  return sources.empty() ? sources_with(connection, scope) : sources;
}

Result<std::vector<Point>> DuckStore::series(const SeriesQuestion& question) {
  return askers_.ask([&](DuckConnection& connection) -> std::vector<Point> {
    const DuckTransaction together(connection);  // its statements see the same rows
    const auto sources = sources_with(connection, question.scope,
                                      {question.measure, question.by, question.interval_ms, question.offset_ms});
    if (sources.empty()) return {};
    std::string key = "CAST(0 AS BIGINT)";
    if (question.by) {
      const std::string column(column_of(*question.by));
      Statement most(loans_);
      most.rows_of(sources, question.scope, question.by == Field::person);
      most.text +=
          fmt::format(" SELECT {0} FROM r WHERE {0} IS NOT NULL GROUP BY 1 ORDER BY sum(weight) DESC, 1 LIMIT {1}",
                      column, question.top);
      std::string top;
      for (const sql::Row& row : most.ask(connection))
        top += fmt::format("{}{}", top.empty() ? "" : ", ", row.integer(0));
      if (top.empty()) return {};
      key = fmt::format("CAST(CASE WHEN r.{0} IN ({1}) THEN r.{0} ELSE -1 END AS BIGINT)", column, top);
    }
    const bool quantiles = question.measure == Measure::quantiles;
    Statement statement(loans_);
    statement.rows_of(sources, question.scope, asks_people(question.measure, question.by));
    // DuckDB groups by all that is no aggregate: with quantiles by the bucket, too.
    statement.text += fmt::format(
        " SELECT {} AS interval_number, {} AS key, {} AS value, sum(weight) AS count FROM r{} GROUP BY ALL ORDER BY 1, "
        "2, 3",
        interval_of(question.scope, question.interval_ms, question.offset_ms), key, measured(question.measure),
        quantiles ? " WHERE bucket IS NOT NULL" : "");
    const auto rows = statement.ask(connection);
    auto points = quantiles ? points_of_buckets(rows, Key::number) : points_of(rows, Key::number);
    for (Point& point : points) point.at = point.at * question.interval_ms - question.offset_ms;
    return points;
  });
}

Result<std::vector<Point>> DuckStore::breakdown(const BreakdownQuestion& question) {
  return askers_.ask([&](DuckConnection& connection) -> std::vector<Point> {
    const DuckTransaction together(connection);  // its statements see the same rows
    const auto sources = question.by_property.empty()
                             ? sources_with(connection, question.scope, {question.measure, question.by})
                             : sources_with(connection, question.scope);
    if (sources.empty()) return {};
    const Key key = question.by_property.empty() ? Key::number : Key::text;
    Statement statement(loans_);
    statement.rows_of(sources, question.scope, asks_people(question.measure, question.by));
    statement.text += top_of(
        question.measure,
        key == Key::number
            ? fmt::format("coalesce(CAST(r.{} AS BIGINT), 0)", column_of(question.by))
            : fmt::format("coalesce(property_text(properties, {}), '')", statement.lend({question.by_property, {}})),
        question.top);
    const auto rows = statement.ask(connection);
    auto points = question.measure == Measure::quantiles ? points_of_buckets(rows, key) : points_of(rows, key);
    std::ranges::sort(points, {}, [](const Point& one) { return std::tuple(-one.count, one.key, one.text_key); });
    return points;
  });
}

Result<std::vector<BucketCount>> DuckStore::buckets(const BucketsQuestion& question) {
  const TimeMs interval = question.interval_ms;
  const Key key = question.by_properties.empty() ? Key::number : Key::text;
  const bool in_rollups = key == Key::number && question.period_ms % hour_ms == 0;
  const RollupUse use{Measure::quantiles, question.by, interval == 0 ? std::nullopt : std::optional(interval),
                      question.offset_ms};
  auto found = askers_.ask([&](DuckConnection& connection) -> std::vector<BucketCount> {
    const DuckTransaction together(connection);  // its statements see the same rows
    const auto sources =
        in_rollups ? sources_with(connection, question.scope, use) : sources_with(connection, question.scope);
    if (sources.empty()) return {};
    Statement statement(loans_);
    statement.rows_of(sources, question.scope, question.by == Field::person);
    statement.text += fmt::format(
        ", b AS (SELECT {} AS interval_number, {} AS key, bucket, sum(weight) AS count FROM r WHERE bucket IS NOT NULL "
        "GROUP BY ALL), t AS (SELECT key FROM b GROUP BY key ORDER BY sum(count) DESC, key LIMIT {}) "
        "SELECT interval_number, {}, b.bucket, sum(b.count), t.key IS NULL FROM b LEFT JOIN t ON t.key = b.key "
        "GROUP BY ALL ORDER BY 1, 5, 2, 3 LIMIT {}",
        interval == 0 ? "CAST(0 AS BIGINT)"
                      : interval_of(question.scope, interval, question.offset_ms, question.period_ms),
        key_of(question, statement), question.top, key == Key::number ? "coalesce(t.key, -1)" : "coalesce(t.key, '')",
        buckets_max + 1);
    std::vector<BucketCount> buckets;
    for (const sql::Row& row : statement.ask(connection)) {
      BucketCount& one = buckets.emplace_back();
      if (interval != 0) one.at = row.integer(0) * interval - (question.period_ms == 0 ? question.offset_ms : 0);
      if (key == Key::text) one.text_key = row.text(1);
      one.key = row.integer(4) != 0 ? -1 : key == Key::text ? 0 : row.integer(1);
      one.bucket = static_cast<std::int32_t>(row.integer(2));
      one.count = row.number(3);
    }
    return buckets;
  });
  if (found && found->size() > buckets_max)
    return fail(ErrorKind::rejected, "storage.question_too_large",
                "the answer would be too large; narrow its time range, or ask for longer intervals");
  return found;
}

Result<std::vector<LedgerSum>> DuckStore::ledger(std::int32_t app, TimeMs from, TimeMs to) {
  return askers_.ask([&](DuckConnection& connection) {
    std::vector<LedgerSum> out;
    std::string all;
    {
      const std::lock_guard lock(months_mutex_);
      for (const std::string& month : months_)
        if (month >= month_of(from) && month <= month_of(to))
          all += fmt::format("{}SELECT * FROM {}.main.ledger", all.empty() ? "" : " UNION ALL ", catalog_of(month));
    }
    if (all.empty()) return out;
    const std::string text = fmt::format(
        "SELECT fate, reason, category, client, coalesce(last(example) FILTER (example <> ''), ''), "
        "CAST(sum(count) AS BIGINT) FROM ({}) WHERE app = $1 AND at_ms >= $2 AND at_ms < $3 GROUP BY 1, 2, 3, 4 ORDER "
        "BY 6 DESC",
        all);
    for (const auto& row : connection.query(text, std::array<Cell, 3>{std::int64_t{app}, from, to}))
      out.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.integer(5)});
    return out;
  });
}

Result<Sizes> DuckStore::sizes() {
  return askers_.ask([&](DuckConnection& connection) {
    Sizes sizes;
    std::string all;
    for (const auto& [kind, day] : tables_.all()) {
      all += fmt::format("{}SELECT CAST({} AS INTEGER) AS kind, app, received FROM {}",
                         all.empty() ? "" : " UNION ALL ", kind, full_name(kind, day));
    }
    if (!all.empty())
      for (const auto& row : connection.query(fmt::format(
               "SELECT kind, app, count(*), min(received), max(received) FROM ({}) GROUP BY 1, 2 ORDER BY 1, 2", all)))
        sizes.kinds.push_back({static_cast<std::int32_t>(row.integer(0)), static_cast<std::int32_t>(row.integer(1)),
                               row.integer(2), row.integer(3), row.integer(4)});
    for (const auto& entry : fs::directory_iterator(options_.folder))
      if (entry.is_regular_file()) sizes.bytes += static_cast<std::int64_t>(entry.file_size());
    return sizes;
  });
}

}  // namespace miniops::events
