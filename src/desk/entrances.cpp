#include "desk/entrances.hpp"

#include <fmt/format.h>

#include <map>

namespace miniops::desk {

namespace {

using BySource = std::map<std::string, Entrance>;
constexpr std::string_view opened = "FROM desk_conversations WHERE appid = $1 AND opened_at >= $2 AND opened_at < $3";

Entrance& entrance_of(BySource& all, const std::string& source) {
  Entrance& one = all[source];
  one.source = source;
  return one;
}

void take(BySource& all, const std::vector<people::Entries>& counted) {
  for (const people::Entries& one : counted) {
    Entrance& entrance = entrance_of(all, one.source);
    entrance.entries = one.entries;
    entrance.people = one.people;
  }
}

void take(BySource& all, const sql::Rows& conversations) {
  for (const sql::Row& row : conversations) entrance_of(all, row.text(0)).conversations = row.integer(1);
}

// Whatever is among the commonest of one kind gets its figures of the other, too.
BySource commonest(sql::Transaction& tx, const AppId& appid, const people::EntryDays& days, int limit) {
  static const std::string most =
      fmt::format("SELECT source, COUNT(*) {} GROUP BY source ORDER BY COUNT(*) DESC, source LIMIT $4", opened);
  BySource all;
  take(all, people::commonest_entries(tx, appid, days, limit));
  take(all, tx.query(most, {appid, days.from, days.to, limit}));
  sql::Params params{appid, days.from, days.to};
  std::vector<std::string> sources;
  std::string places;
  for (const auto& [source, counted] : all) {
    sources.push_back(source);
    params.emplace_back(source);
    places += fmt::format("{}${}", places.empty() ? "" : ",", params.size());
  }
  if (sources.empty()) return all;
  take(all, people::entries_of(tx, appid, days, sources));
  take(all,
       tx.query(fmt::format("SELECT source, COUNT(*) {} AND source IN ({}) GROUP BY source", opened, places), params));
  return all;
}

}  // namespace

Task<Result<EntranceList>> Entrances::list(identity::Access access, people::EntryDays days) {
  auto read = [=](sql::Transaction& tx) -> Result<EntranceList> {
    static const std::string count = fmt::format("SELECT COUNT(*) {}", opened);
    EntranceList list;
    for (auto& [source, one] : commonest(tx, access.appid(), days, listed_max + 1)) list.items.push_back(one);
    std::ranges::sort(list.items, [](const Entrance& a, const Entrance& b) {
      return std::tuple(-a.entries, -a.conversations, a.source) < std::tuple(-b.entries, -b.conversations, b.source);
    });
    list.more = std::ssize(list.items) > listed_max;
    if (list.more) list.items.resize(listed_max);
    const auto all = people::all_entries(tx, access.appid(), days);
    list.total = {"", all.entries, all.people, tx.query_one(count, {access.appid(), days.from, days.to})->integer(0)};
    return list;
  };
  co_return co_await database_.read(std::move(read));
}

}  // namespace miniops::desk
