#include "people/entries.hpp"

#include <fmt/format.h>

#include "people/session_from.hpp"

namespace miniops::people {

namespace {

// Whoever was deleted since is somebody still.
constexpr std::string_view counts =
    "CAST(COALESCE(SUM(e.entries), 0) AS BIGINT), COUNT(DISTINCT COALESCE(p.person, e.profile)) FROM people_entries e "
    "LEFT JOIN "
    "people_profiles p ON p.id = e.profile WHERE e.appid = $1 AND e.day >= $2 AND e.day < $3";

std::vector<Entries> entries_in(const sql::Rows& rows) {
  std::vector<Entries> out;
  for (const sql::Row& row : rows) out.push_back({row.text(0), row.integer(1), row.integer(2)});
  return out;
}

}  // namespace

void count_entry(sql::Transaction& tx, const AppId& appid, ProfileId profile, std::string_view source, TimeMs day) {
  tx.execute_later(
      "INSERT INTO people_entries (appid, day, source, profile, entries) VALUES ($1, $2, $3, $4, 1) ON CONFLICT "
      "(appid, "
      "day, source, profile) DO UPDATE SET entries = people_entries.entries + 1",
      {appid, day, source, profile});
}

void forget_sources(sql::Transaction& tx, ProfileId profile) {
  for (const sql::Row& row : tx.query(
           "SELECT appid, day, source, entries FROM people_entries WHERE profile = $1 AND source <> ''", {profile})) {
    const std::string& source = row.text(2);
    const std::string kept = plain_source(source);
    if (kept == source) continue;
    tx.execute("DELETE FROM people_entries WHERE appid = $1 AND day = $2 AND source = $3 AND profile = $4",
               {row.text(0), row.integer(1), source, profile});
    tx.execute(
        "INSERT INTO people_entries (appid, day, source, profile, entries) VALUES ($1, $2, $3, $4, $5) ON CONFLICT "
        "(appid, day, source, profile) DO UPDATE SET entries = people_entries.entries + excluded.entries",
        {row.text(0), row.integer(1), kept, profile, row.integer(3)});
  }
}

std::vector<Entries> commonest_entries(sql::Transaction& tx, const AppId& appid, const EntryDays& days, int limit) {
  static const std::string select =
      fmt::format("SELECT e.source, {} GROUP BY e.source ORDER BY SUM(e.entries) DESC, e.source LIMIT $4", counts);
  return entries_in(tx.query(select, {appid, days.from, days.to, limit}));
}

std::vector<Entries> entries_of(sql::Transaction& tx, const AppId& appid, const EntryDays& days,
                                std::span<const std::string> sources) {
  if (sources.empty()) return {};
  sql::Params params{appid, days.from, days.to};
  std::string places;
  for (const std::string& source : sources) {
    params.emplace_back(source);
    places += fmt::format("{}${}", places.empty() ? "" : ",", params.size());
  }
  return entries_in(
      tx.query(fmt::format("SELECT e.source, {} AND e.source IN ({}) GROUP BY e.source", counts, places), params));
}

Entries all_entries(sql::Transaction& tx, const AppId& appid, const EntryDays& days) {
  static const std::string select = fmt::format("SELECT {}", counts);
  const auto row = tx.query_one(select, {appid, days.from, days.to});
  return {"", row->integer(0), row->integer(1)};
}

}  // namespace miniops::people
