// What is done to days as a whole: dropped when they are kept no longer, put in order when they are over.
#include "storage/events/duck_store.hpp"

namespace miniops::events {

namespace {

// Reports are received for a moment after midnight under the day before: blocks lie in the spool.
constexpr TimeMs over_after_ms = hour_ms;

}  // namespace

void DuckStore::mark(const std::string& month, std::string_view what, const DayTable& table) {
  loader_.execute(fmt::format("INSERT INTO {}.main.marks VALUES ($1, $2, $3)", catalog_of(month)),
                  std::array<Cell, 3>{what, std::int64_t{table.first}, std::string_view(table.second)});
}

std::vector<std::string> DuckStore::marked(std::string_view what) {
  std::vector<std::string> months;
  for (const std::string& month : months_)  // written by this thread alone
    if (!loader_
             .query(fmt::format("SELECT 1 FROM {}.main.marks WHERE what = $1 LIMIT 1", catalog_of(month)),
                    std::array<Cell, 1>{what})
             .empty())
      months.push_back(month);
  return months;
}

// The table's rows become those of `rows`; part of the transaction. The name stays, so a question that looked before
// finds the new one.
void DuckStore::write_anew(const DayTable& table, const std::string& rows, bool tidy) {
  const std::string name = full_name(table.first, table.second);
  const std::string fresh = name + "_anew";
  loader_.execute(fmt::format("CREATE TABLE {} ({})", fresh, columns_text()));
  loader_.execute(
      fmt::format("INSERT INTO {} {} ORDER BY {}", fresh, rows, tidy ? "app, name, time, sequence" : "sequence"));
  loader_.execute("DROP TABLE " + name);
  loader_.execute(fmt::format("ALTER TABLE {} RENAME TO {}", fresh, table_of(table.first, table.second)));
}

Result<bool> DuckStore::tidy_day(TimeMs now) {
  const std::string open_day = day_of(now - over_after_ms);
  for (const DayTable& table : tables_.all()) {
    const auto& [kind, day] = table;
    if (day >= open_day || kind == kind_of_lines || tidy_.contains(table)) continue;
    try {
      DuckTransaction transaction(loader_);
      write_anew(table, "SELECT * FROM " + full_name(kind, day), true);
      mark(month_of_day(day), "tidy", table);
      transaction.commit();
    } catch (const DuckFailure& failure) {
      return std::unexpected(noted("events.day_not_tidied", failure));
    }
    tidy_.insert(table);
    return true;
  }
  return false;
}

// First no question finds them any more, then they go: one that has their names already is asked again (Askers::ask).
void DuckStore::drop(const std::string& month, const std::vector<DayTable>& tables) {
  for (const auto& [kind, day] : tables) tables_.remove(kind, day);
  try {
    DuckTransaction transaction(loader_);
    for (const auto& [kind, day] : tables) {
      loader_.execute("DROP TABLE " + full_name(kind, day));
      if (kind == kind_of_lines) filters_.drop(day);
      rollups_.drop({kind, day});
      loader_.execute(fmt::format("DELETE FROM {}.main.marks WHERE kind = $1 AND day = $2", catalog_of(month)),
                      std::array<Cell, 2>{std::int64_t{kind}, std::string_view(day)});
    }
    transaction.commit();
  } catch (const DuckFailure&) {
    for (const auto& [kind, day] : tables) tables_.add(kind, day);
    throw;
  }
  for (const DayTable& table : tables) tidy_.erase(table);
}

Result<void> DuckStore::forget(std::int32_t kind, const std::string& day) {
  std::map<std::string, std::vector<DayTable>> old;
  for (const DayTable& table : tables_.all())
    if (table.first == kind && table.second < day) old[month_of_day(table.second)].push_back(table);
  try {
    for (const auto& [month, tables] : old) drop(month, tables);
    return {};
  } catch (const DuckFailure& failure) {
    return std::unexpected(noted("events.not_forgotten", failure));
  }
}

Result<void> DuckStore::forget(std::int32_t kind, std::int32_t app, const std::string& day) {
  try {
    for (const std::string& month : months_)  // written by this thread alone
      for (const DayTable& table : rollups_.days_of(month, kind, app, day)) {
        DuckTransaction transaction(loader_);
        loader_.execute(fmt::format("DELETE FROM {} WHERE app = {}", full_name(kind, table.second), app));
        rollups_.drop(table, app);
        transaction.commit();
      }
    return {};
  } catch (const DuckFailure& failure) {
    return std::unexpected(noted("events.not_forgotten", failure));
  }
}

Result<void> DuckStore::sum_up() {
  try {
    for (const std::string& month : months_) rollups_.merge(month);
    return {};
  } catch (const DuckFailure& failure) {
    return std::unexpected(noted("events.not_summed_up", failure));
  }
}

// The engine settles no file that somebody reads.
Result<void> DuckStore::settle() {
  try {
    askers_.alone([&] {
      for (const std::string& month : attached_) loader_.execute("CHECKPOINT " + catalog_of(month));
    });
    return {};
  } catch (const DuckFailure& failure) {
    return std::unexpected(noted("events.not_settled", failure));
  }
}

}  // namespace miniops::events
