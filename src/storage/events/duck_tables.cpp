#include "storage/events/duck_tables.hpp"

#include <date/date.h>

#include <charconv>

namespace miniops::events {

namespace {

constexpr auto number32 = DUCKDB_TYPE_INTEGER;
constexpr auto number64 = DUCKDB_TYPE_BIGINT;
constexpr auto id128 = DUCKDB_TYPE_HUGEINT;
constexpr auto text = DUCKDB_TYPE_VARCHAR;
// Properties and log lines are most of the bytes; zstd halves them where the default would not.
constexpr const char* packed = "VARCHAR USING COMPRESSION zstd";

constexpr std::array<ColumnOf, 29> columns{{
    {"sequence", "BIGINT", number64},
    {"app", "INTEGER", number32},
    {"name", "INTEGER", number32},
    {"time", "BIGINT", number64},
    {"hour", "INTEGER", number32},
    {"received", "BIGINT", number64},
    {"late", "BOOLEAN", DUCKDB_TYPE_BOOLEAN},
    {"weight", "DOUBLE", DUCKDB_TYPE_DOUBLE},
    {"value", "DOUBLE", DUCKDB_TYPE_DOUBLE},
    {"bucket", "SMALLINT", DUCKDB_TYPE_SMALLINT},
    {"id", "HUGEINT", id128},
    {"session", "HUGEINT", id128},
    {"page_view", "HUGEINT", id128},
    {"trace", "VARCHAR", text},
    {"level", "UTINYINT", DUCKDB_TYPE_UTINYINT},
    {"person", "BIGINT", number64},
    {"release", "INTEGER", number32},
    {"build", "UTINYINT", DUCKDB_TYPE_UTINYINT},
    {"page", "INTEGER", number32},
    {"scene", "INTEGER", number32},
    {"device", "INTEGER", number32},
    {"network", "INTEGER", number32},
    {"region", "INTEGER", number32},
    {"client", "INTEGER", number32},
    {"text", packed, text},
    {"properties", packed, text},
    {"version", "UTINYINT", DUCKDB_TYPE_UTINYINT},
    // Since version 2; tables of before get them when their file is attached.
    {"issue", "BIGINT", number64},
    {"log_template", "INTEGER", number32},
}};

date::year_month_day date_of(TimeMs time) {
  return date::year_month_day{
      date::floor<date::days>(date::sys_time<std::chrono::milliseconds>{std::chrono::milliseconds{time}})};
}

}  // namespace

std::string month_of(TimeMs time) {
  const auto date = date_of(time);
  return fmt::format("{:04}-{:02}", int{date.year()}, unsigned{date.month()});
}

std::string day_of(TimeMs time) {
  const auto date = date_of(time);
  return fmt::format("{:04}{:02}{:02}", int{date.year()}, unsigned{date.month()}, unsigned{date.day()});
}

std::span<const ColumnOf> row_columns() { return columns; }

std::string columns_text() {
  std::string text_of;
  for (const ColumnOf& column : columns)
    text_of += fmt::format("{}{} {}", text_of.empty() ? "" : ", ", column.name, column.type);
  return text_of;
}

std::string catalog_of(const std::string& month) { return "m" + month.substr(0, 4) + "_" + month.substr(5, 2); }

std::string table_of(std::int32_t kind, const std::string& day) { return fmt::format("k{}_{}", kind, day); }

std::string month_of_day(const std::string& day) { return day.substr(0, 4) + "-" + day.substr(4, 2); }

std::string full_name(std::int32_t kind, const std::string& day) {
  return catalog_of(month_of_day(day)) + ".main." + table_of(kind, day);
}

std::optional<DayTable> parse_table(std::string_view name) {
  const auto split = name.find('_');
  if (!name.starts_with('k') || split == std::string_view::npos || name.size() - split != 9) return std::nullopt;
  std::int32_t kind = 0;
  const auto digits = name.substr(1, split - 1);
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), kind);
  if (problem != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return std::pair{kind, std::string(name.substr(split + 1))};
}

void DuckTables::add(std::int32_t kind, const std::string& day) {
  const std::lock_guard lock(mutex_);
  tables_.emplace(kind, day);
}

void DuckTables::remove(std::int32_t kind, const std::string& day) {
  const std::lock_guard lock(mutex_);
  tables_.erase({kind, day});
}

bool DuckTables::has(std::int32_t kind, const std::string& day) const {
  const std::lock_guard lock(mutex_);
  return tables_.contains({kind, day});
}

std::vector<DayTable> DuckTables::all() const {
  const std::lock_guard lock(mutex_);
  return {tables_.begin(), tables_.end()};
}

std::vector<std::string> DuckTables::holding(std::int32_t kind, TimeMs from, TimeMs to, bool by_receipt) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> found;
  const auto end = tables_.upper_bound({kind, day_of(by_receipt ? to : to + latest_ms)});
  const auto begin = tables_.lower_bound({kind, day_of(by_receipt ? from : from - earliest_ms)});
  for (auto at = begin; at != end; ++at) found.push_back(at->second);
  return found;
}

}  // namespace miniops::events
