// Questions become SQL here. Every value is a parameter; the names of columns and tables are our own constants.
#include <charconv>

#include "storage/events/duck_store.hpp"

namespace miniops::events {

namespace fs = std::filesystem;

namespace {

std::string_view column_of(Field field) {
  switch (field) {
    case Field::name:
      return "name";
    case Field::level:
      return "level";
    case Field::person:
      return "person";
    case Field::session:
      return "session";
    case Field::page_view:
      return "page_view";
    case Field::release:
      return "release";
    case Field::build:
      return "build";
    case Field::page:
      return "page";
    case Field::scene:
      return "scene";
    case Field::device:
      return "device";
    case Field::network:
      return "network";
    case Field::region:
      return "region";
    case Field::client:
      return "client";
    case Field::trace:
      return "trace";
    case Field::issue:
      return "issue";
    case Field::log_template:
      return "log_template";
  }
  std::unreachable();
}

std::string_view time_of(const Scope& scope) { return scope.by_receipt ? "received" : "time"; }

bool is_id(Field field) { return field == Field::session || field == Field::page_view; }

std::optional<Id128> parse_id128(const std::string& digits) {
  if (digits.size() != 32) return std::nullopt;
  Id128 id;
  const auto read = [&](std::size_t from, std::uint64_t& part) {
    const auto [end, problem] = std::from_chars(digits.data() + from, digits.data() + from + 16, part, 16);
    return problem == std::errc{} && end == digits.data() + from + 16;
  };
  if (!read(0, id.high) || !read(16, id.low)) return std::nullopt;
  return id;
}

// A statement as it grows, with its parameters.
class Statement {
 public:
  // The rows of a scope as `r`; false when no table can hold any. `people`: each row's person is the one that it counts
  // as, which costs a join.
  bool rows_of(const DuckTables& tables, const Scope& scope, bool people) {
    people =
        people || std::ranges::any_of(scope.where, [](const Condition& one) { return one.field == Field::person; });
    std::string all;
    for (const std::string& table : tables.holding(scope.kind, scope.from, scope.to, scope.by_receipt))
      all += fmt::format("{}SELECT * FROM {}", all.empty() ? "" : " UNION ALL ", table);
    if (all.empty()) return false;
    if (people)
      all = fmt::format(
          "SELECT a.* REPLACE (coalesce(c.canonical, a.person) AS person) FROM ({}) a LEFT JOIN memory.main.counted_as "
          "c "
          "ON c.person = a.person",
          all);
    text = fmt::format("WITH r AS (SELECT * FROM ({0}) WHERE app = {1} AND {4} >= {2} AND {4} < {3}", all,
                       param(std::int64_t{scope.app}), param(scope.from), param(scope.to), time_of(scope));
    if (scope.without_late) text += " AND NOT late";
    for (const Condition& condition : scope.where) add(condition);
    if (!scope.text_contains.empty())
      text += fmt::format(" AND contains(text, {})", param(std::string_view(scope.text_contains)));
    text += ")";
    return true;
  }

  std::string param(const Cell& value) {
    params.push_back(value);
    return fmt::format("${}", params.size());
  }

  std::string text;
  std::vector<Cell> params;

 private:
  void add(const Condition& condition) {
    std::string values;
    for (const auto& value : condition.any_of) {
      if (!values.empty()) values += ", ";
      values += param(cell_of(condition.field, value));
    }
    const std::string_view column = column_of(condition.field);
    if (values.empty()) {
      text += condition.negated ? "" : " AND false";
    } else {
      text += fmt::format(" AND {}{} IN ({})", column, condition.negated ? " NOT" : "", values);
    }
  }

  static Cell cell_of(Field field, const std::variant<std::int64_t, std::string>& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
    const std::string& text_given = std::get<std::string>(value);
    if (!is_id(field)) return std::string_view(text_given);
    return parse_id128(text_given).value_or(Id128{});
  }
};

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

// Rows of (at, key, bucket, count), ordered, become one point for each (at, key).
std::vector<Point> points_of_buckets(const sql::Rows& rows) {
  std::vector<Point> points;
  std::vector<std::pair<std::int32_t, double>> buckets;
  const auto close = [&] {
    if (points.empty()) return;
    points.back().quantiles = quantiles_of(buckets);
    points.back().value = points.back().quantiles->p50;
    buckets.clear();
  };
  for (const sql::Row& row : rows) {
    if (points.empty() || points.back().at != row.integer(0) || points.back().key != row.integer(1)) {
      close();
      points.push_back({row.integer(0), row.integer(1)});
    }
    points.back().count += row.number(3);
    buckets.emplace_back(static_cast<std::int32_t>(row.integer(2)), row.number(3));
  }
  close();
  return points;
}

std::vector<Point> points_of(const sql::Rows& rows) {
  std::vector<Point> points;
  for (const sql::Row& row : rows) points.push_back({row.integer(0), row.integer(1), row.number(2), row.number(3)});
  return points;
}

std::vector<Point> measured_points(DuckConnection& connection, Statement& statement, Measure measure,
                                   const std::string& at, const std::string& key) {
  const bool quantiles = measure == Measure::quantiles;
  statement.text += fmt::format(
      " SELECT {} AS begins_ms, {} AS key, {} AS value, sum(weight) AS count FROM r{} GROUP BY ALL ORDER BY 1, 2, 3",
      at, key, measured(measure), quantiles ? " WHERE bucket IS NOT NULL" : "");
  // DuckDB groups by all that is no aggregate: with quantiles by the bucket, too.
  const auto rows = connection.query(statement.text, statement.params);
  return quantiles ? points_of_buckets(rows) : points_of(rows);
}

FoundRow found(const sql::Row& row) {
  FoundRow out;
  out.sequence = row.integer(0);
  out.time = row.integer(1);
  out.received = row.integer(2);
  out.late = row.integer(3) != 0;
  out.weight = row.number(4);
  if (!row.is_null(5)) out.value = row.number(5);
  const std::array<std::int64_t*, 13> numbers{&out.name,   &out.level,        &out.person, &out.release, &out.build,
                                              &out.page,   &out.scene,        &out.device, &out.network, &out.region,
                                              &out.client, &out.log_template, &out.issue};
  for (std::size_t i = 0; i < numbers.size(); ++i) *numbers[i] = row.optional_integer(6 + i).value_or(0);
  const std::array<std::string*, 6> texts{&out.id,    &out.session, &out.page_view,
                                          &out.trace, &out.text,    &out.properties};
  for (std::size_t i = 0; i < texts.size(); ++i) *texts[i] = row.optional_text(19 + i).value_or("");
  return out;
}

}  // namespace

Result<std::vector<Point>> DuckStore::series(const SeriesQuestion& question) {
  return askers_.ask([&](DuckConnection& connection) -> std::vector<Point> {
    std::string key = "CAST(0 AS BIGINT)";
    Statement statement;
    if (!statement.rows_of(tables_, question.scope, asks_people(question.measure, question.by))) return {};
    if (question.by) {
      const std::string column(column_of(*question.by));
      Statement most;
      most.rows_of(tables_, question.scope, question.by == Field::person);
      most.text +=
          fmt::format(" SELECT {0} FROM r WHERE {0} IS NOT NULL GROUP BY 1 ORDER BY sum(weight) DESC, 1 LIMIT {1}",
                      column, question.top);
      std::string top;
      for (const sql::Row& row : connection.query(most.text, most.params))
        top += fmt::format("{}{}", top.empty() ? "" : ", ", row.integer(0));
      if (top.empty()) return {};
      key = fmt::format("CAST(CASE WHEN r.{0} IN ({1}) THEN r.{0} ELSE -1 END AS BIGINT)", column, top);
    }
    const std::string at = fmt::format("({2} + {0}) // {1} * {1} - {0}", question.offset_ms, question.interval_ms,
                                       time_of(question.scope));
    return measured_points(connection, statement, question.measure, at, key);
  });
}

Result<std::vector<Point>> DuckStore::breakdown(const BreakdownQuestion& question) {
  return askers_.ask([&](DuckConnection& connection) -> std::vector<Point> {
    Statement statement;
    if (!statement.rows_of(tables_, question.scope, asks_people(question.measure, question.by))) return {};
    const std::string key = fmt::format("coalesce(CAST(r.{} AS BIGINT), 0)", column_of(question.by));
    auto points = measured_points(connection, statement, question.measure, "CAST(0 AS BIGINT)", key);
    std::ranges::sort(
        points, [](const Point& a, const Point& b) { return std::pair(-a.count, a.key) < std::pair(-b.count, b.key); });
    if (points.size() > static_cast<std::size_t>(question.top)) points.resize(static_cast<std::size_t>(question.top));
    return points;
  });
}

Result<std::vector<FoundRow>> DuckStore::rows(const RowsQuestion& question) {
  return askers_.ask([&](DuckConnection& connection) -> std::vector<FoundRow> {
    Statement statement;
    if (!statement.rows_of(tables_, question.scope, true)) return {};
    statement.text +=
        " SELECT sequence, time, received, late, weight, value, name, level, person, release, build, page, scene, "
        "device, network, region, client, log_template, issue, id, session, page_view, trace, text, properties FROM r "
        "WHERE true";
    const auto beyond = [&](std::string_view relation, const RowPlace& place) {
      statement.text += fmt::format(" AND (time, sequence) {} ({}, {})", relation, statement.param(place.first),
                                    statement.param(place.second));
    };
    if (question.before) beyond("<", *question.before);
    if (question.after) beyond(">", *question.after);
    const std::string_view order = question.after ? "ASC" : "DESC";
    statement.text += fmt::format(" ORDER BY time {0}, sequence {0} LIMIT {1}", order, question.limit);
    std::vector<FoundRow> out;
    for (const sql::Row& row : connection.query(statement.text, statement.params)) out.push_back(found(row));
    return out;
  });
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
