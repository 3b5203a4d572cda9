// Deleting people. Their rows go from each day's table, which is written anew without them; then the places where they
// lay in the file are overwritten, since the engine marks blocks as free and leaves the bytes in them.
#include "storage/events/duck_store.hpp"

namespace miniops::events {

namespace {

constexpr int rounds_max = 20;

// What stays of a row: that there was one, at that hour, of that name and page. One row stands for all that are equal
// in this, as rows of a rollup do. Version 0 marks it: it is counted, and never listed.
std::string counts_of(const std::string& rows) {
  return fmt::format(
      "SELECT min(sequence) AS sequence, app, name, CAST(hour AS BIGINT) * {0} AS time, hour, received // {0} * {0} AS "
      "received, late, sum(weight) AS weight, sum(value * weight) / sum(weight) AS value, bucket, NULL AS id, NULL AS "
      "session, NULL AS page_view, NULL AS trace, level, 0 AS person, release, build, page, 0 AS scene, 0 AS device, 0 "
      "AS network, 0 AS region, client, '' AS text, '' AS properties, 0 AS version, issue, log_template FROM {1} GROUP "
      "BY app, name, hour, received // {0} * {0}, late, bucket, level, release, build, page, client, issue, "
      "log_template",
      hour_ms, rows);
}

// The condition that a row is of one of these; numbers only, so it may stand in the text.
std::string is_one_of(const std::vector<Person>& people) {
  std::map<std::int32_t, std::string> numbers;
  for (const Person& person : people) {
    if (person.number == 0) continue;  // of nobody
    std::string& all = numbers[person.app];
    all += fmt::format("{}{}", all.empty() ? "" : ", ", person.number);
  }
  std::string text = "false";
  for (const auto& [app, all] : numbers) text += fmt::format(" OR (app = {} AND person IN ({}))", app, all);
  return text;
}

}  // namespace

Result<PersonRows> DuckStore::held_of(const std::vector<Person>& people) {
  try {
    PersonRows held;
    for (const auto& [kind, day] : tables_.all()) {
      const auto rows =
          loader_.query(fmt::format("SELECT count(*) FROM {} WHERE {}", full_name(kind, day), is_one_of(people)));
      const std::int64_t count = rows.front().integer(0);
      if (count == 0) continue;
      held.of_kind[kind] += count;
      ++held.tables;
    }
    return held;
  } catch (const DuckFailure& failure) {
    return std::unexpected(noted("events.people_not_counted", failure));
  }
}

std::optional<DayTable> DuckStore::next_with(const std::vector<Person>& people) {
  for (const DayTable& table : tables_.all())
    if (!loader_
             .query(fmt::format("SELECT 1 FROM {} WHERE {} LIMIT 1", full_name(table.first, table.second),
                                is_one_of(people)))
             .empty())
      return table;
  return std::nullopt;
}

Result<bool> DuckStore::forget_people(const std::vector<Person>& people) {
  try {
    if (const auto table = next_with(people)) {
      const std::string from = full_name(table->first, table->second);
      const std::string gone = is_one_of(people);
      const bool lines = table->first == kind_of_lines;
      DuckTransaction transaction(loader_);
      // Their words are in the filters of their day, which are made again.
      if (lines) filters_.drop(table->second);
      write_anew(*table,
                 fmt::format("SELECT * FROM {0} WHERE NOT ({1}) UNION ALL {2}", from, gone,
                             counts_of(fmt::format("{} WHERE {}", from, gone))),
                 tidy_.contains(*table));
      mark(month_of_day(table->second), "deleted");
      transaction.commit();
      if (lines) filters_.attach(table->second);
      return true;
    }
    for (const std::string& month : marked("deleted")) overwrite_deleted(month);
    return false;
  } catch (const DuckFailure& failure) {
    return std::unexpected(noted("events.people_not_forgotten", failure));
  }
}

// A question that still reads a dropped table keeps its blocks from being free, so there is none meanwhile.
void DuckStore::overwrite_deleted(const std::string& month) {
  const std::string catalog = catalog_of(month);
  const auto free_blocks = [&] {
    loader_.execute("CHECKPOINT " + catalog);
    return loader_
        .query("SELECT free_blocks FROM pragma_database_size() WHERE database_name = $1",
               std::array<Cell, 1>{std::string_view(catalog)})
        .front()
        .integer(0);
  };
  askers_.alone([&] {
    const std::string filler = catalog + ".main.filler";
    loader_.execute(fmt::format("CREATE OR REPLACE TABLE {} (number BIGINT USING COMPRESSION uncompressed)", filler));
    // A block takes 32,767 numbers. To write the list of what is free may free a block again.
    std::int64_t free = free_blocks();
    for (int round = 0; round < rounds_max && free > 0; ++round, free = free_blocks())
      loader_.execute(fmt::format("INSERT INTO {} SELECT range FROM range({})", filler, free << 15));
    if (free > 0) throw DuckFailure(DuckFailure::Kind::broken, catalog + ": free blocks cannot be overwritten");
    loader_.execute("DROP TABLE " + filler);
    loader_.execute(fmt::format("DELETE FROM {}.main.marks WHERE what = 'deleted'", catalog));
    loader_.execute("CHECKPOINT " + catalog);
  });
}

}  // namespace miniops::events
