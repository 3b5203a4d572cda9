// The module's rows, as verbs of the domain. Called inside closures; stateless.
#pragma once

#include <optional>

#include "reports/rows.hpp"
#include "storage/sql/database.hpp"

namespace miniops::reports::store {

// ---- what is to be derived ----
struct Pending {
  std::vector<std::int64_t> ids;
  std::vector<ConversationId> conversations;  // each once
};
// The first rows, of at most `conversations_max` conversations.
Pending pending(sql::Transaction& tx, int rows_max, std::size_t conversations_max);
void remove_pending(sql::Transaction& tx, const std::vector<std::int64_t>& ids);
std::int64_t count_pending(sql::Transaction& tx, int count_max);

// ---- facts ----
struct Stored {
  ConversationId id{};
  AppId appid{};
  std::int64_t day = 0;
  TimeMs last_at = 0;
  ConversationId previous{};
  std::string facts{};  // codec.hpp
  bool operator==(const Stored&) const = default;
};
std::optional<Stored> find(sql::Transaction& tx, ConversationId id);
void put(sql::Transaction& tx, const Stored& stored);
void remove(sql::Transaction& tx, ConversationId id);
// Those with after < id <= until.
std::vector<ConversationId> stored_between(sql::Transaction& tx, ConversationId after, ConversationId until, int limit);
// The facts of conversations in which something happened since then, at most `limit`, the newest.
std::string moved_since(sql::Transaction& tx, const AppId& appid, TimeMs since, int limit);

// ---- days ----
// Something of that day changed.
void touch_day(sql::Transaction& tx, const AppId& appid, std::int64_t day, TimeMs now);
// What of from … to there is, of each day one behind the other.
std::vector<std::string> facts_of_days(sql::Transaction& tx, const AppId& appid, std::int64_t from, std::int64_t to);

struct Day {
  AppId appid{};
  std::int64_t day = 0;
  std::int64_t generation = 0;
};
// One that is not packed, and did not change since `quiet_since`.
std::optional<Day> day_to_pack(sql::Transaction& tx, TimeMs quiet_since);
std::string facts_of_day(sql::Transaction& tx, const AppId& appid, std::int64_t day);
// Nothing when the day changed meanwhile.
void pack(sql::Transaction& tx, const Day& day, const std::string& facts);

// ---- rebuilding ----
struct Rebuild {
  std::int64_t version = 0;
  bool running = false;
  ConversationId after{};
};
Rebuild rebuild(sql::Transaction& tx);
void put_rebuild(sql::Transaction& tx, const Rebuild& rebuild);

}  // namespace miniops::reports::store
