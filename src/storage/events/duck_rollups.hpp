// Rollups: counts by the hour, so that a chart of a month does not read its rows.
//
// A row of a rollup is like a row of records that stands for many: its weight is how many they were, its value their
// mean, its time the beginning of their hour. So a question is put to it in the same words. A load adds its own partial
// sums in its transaction; they are merged once an hour. Each knows the day of receipt of its records, and goes with
// that day's table. Private to storage/events.
#pragma once

#include "storage/events/duck_statement.hpp"
#include "storage/events/duck_tables.hpp"

namespace miniops::events {

// For the loader's thread. What it writes is part of the connection's transaction. Throws DuckFailure.
class RollupWriter {
 public:
  explicit RollupWriter(DuckConnection& loader) : loader_(loader) {}

  // Makes the tables in a month's file. Those of a month that an older program wrote are filled from its rows.
  void make(const std::string& month, std::span<const DayTable> filled_from);
  void add(const std::string& month, std::span<const Row> rows);
  void rolled_back() { partial_.clear(); }
  // The days before `day` that have records of a mini program: it is counted there, or has none.
  std::vector<DayTable> days_of(const std::string& month, std::int32_t kind, std::int32_t app, const std::string& day);
  // Of a table that is dropped, or of one mini program's rows in it.
  void drop(const DayTable& table, std::optional<std::int32_t> app = {});
  // Partial sums become one; in a transaction of its own.
  void merge(const std::string& month);

 private:
  DuckConnection& loader_;
  std::set<std::string> partial_;  // days that are marked for merge()
};

// What a question asks for besides its scope; nullopt of `interval_ms`: no intervals.
struct RollupUse {
  Measure measure = Measure::count;
  std::optional<Field> by{};
  std::optional<TimeMs> interval_ms{};
  TimeMs offset_ms = 0;
};
// What to read instead of the rows: whole hours from a rollup, and what the range has of other hours from the rows.
// Empty: only the rows can answer.
std::vector<Source> rolled_up(DuckConnection& connection, const DuckTables& tables, const Scope& scope,
                              const RollupUse& use);

}  // namespace miniops::events
