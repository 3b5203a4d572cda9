// Which tables lie in which month's file, and their columns. Private to storage/events.
#pragma once

#include <map>
#include <mutex>
#include <set>

#include "storage/events/duckdb_connection.hpp"

namespace miniops::events {

struct ColumnOf {
  const char* name;
  const char* type;  // as SQL declares it
  duckdb_type written;
};
// The order in which DuckStore writes them.
std::span<const ColumnOf> row_columns();
std::string columns_text();                                        // as CREATE TABLE takes them
std::string catalog_of(const std::string& month);                  // "m2026_11"
std::string table_of(std::int32_t kind, const std::string& day);   // "k1_20261121"
std::string full_name(std::int32_t kind, const std::string& day);  // "m2026_11.main.k1_20261121"

// A day's table: its kind and its day.
using DayTable = std::pair<std::int32_t, std::string>;
std::string month_of_day(const std::string& day);  // "2026-11"
inline constexpr std::int32_t kind_of_performance = 2;
// Lines stay in the order of their sequence numbers, which the search for words relies on.
inline constexpr std::int32_t kind_of_lines = 4;
// No row is received so long after its time, or so long before it: phones' clocks are a little off.
inline constexpr TimeMs latest_ms = 31 * day_ms;
inline constexpr TimeMs earliest_ms = hour_ms;

// Safe from any thread.
class DuckTables {
 public:
  void add(std::int32_t kind, const std::string& day);
  void remove(std::int32_t kind, const std::string& day);
  bool has(std::int32_t kind, const std::string& day) const;
  std::vector<DayTable> all() const;
  // The days whose rows may lie in [from, to), in their order: a row comes up to 30 days late.
  std::vector<std::string> holding(std::int32_t kind, TimeMs from, TimeMs to, bool by_receipt) const;

 private:
  mutable std::mutex mutex_;
  std::set<DayTable> tables_;
};

// `name` of duckdb_tables() read back; nullopt: it is none of row tables.
std::optional<DayTable> parse_table(std::string_view name);

}  // namespace miniops::events
