// Entries 进入: that somebody opened a session through a customer-service button, counted by day and by where they came
// from. Inside a transaction.
#pragma once

#include <span>

#include "people/person.hpp"
#include "storage/sql/database.hpp"

namespace miniops::people {

struct Entries {
  std::string source{};  // a page or entrance; empty: none was said
  std::int64_t entries = 0;
  std::int64_t people = 0;  // persons, whatever their profiles
};

// Days that begin from `from` on and before `to`.
struct EntryDays {
  TimeMs from = 0, to = 0;
};

// `day`: when it began on the mini program's clock.
void count_entry(sql::Transaction& tx, const AppId& appid, ProfileId profile, std::string_view source, TimeMs day);
// Somebody is deleted: what is neither a page nor a channel (plain_source) in their sources goes, and counts as none.
void forget_sources(sql::Transaction& tx, ProfileId profile);
// Of the sources with the most entries; the most first.
std::vector<Entries> commonest_entries(sql::Transaction& tx, const AppId& appid, const EntryDays& days, int limit);
// Of these sources, those that have any; in no order.
std::vector<Entries> entries_of(sql::Transaction& tx, const AppId& appid, const EntryDays& days,
                                std::span<const std::string> sources);
// Of all of them together; a person counts once.
Entries all_entries(sql::Transaction& tx, const AppId& appid, const EntryDays& days);

}  // namespace miniops::people
