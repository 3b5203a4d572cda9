// The module's SQL. Private to the module.
#pragma once

#include <map>
#include <optional>

#include "automation/log.hpp"
#include "storage/sql/database.hpp"

namespace miniops::automation::store {

// ---- rules, in their order ----

std::map<AppId, std::vector<PlacedRule>> rules_by_app(sql::Transaction& tx, const AppId& only = {});
std::vector<PlacedRule> rules(sql::Transaction& tx, const AppId& appid);
// The others make room.
void insert_rule(sql::Transaction& tx, const AppId& appid, const PlacedRule& placed, std::size_t position);
void update_rule(sql::Transaction& tx, const AppId& appid, const PlacedRule& placed);
void move_rule(sql::Transaction& tx, const AppId& appid, RuleId id, std::size_t from, std::size_t to);
void delete_rule(sql::Transaction& tx, const AppId& appid, RuleId id, std::size_t position);
// Its name; nullopt: it is gone, or was paused before.
std::optional<std::string> pause(sql::Transaction& tx, const AppId& appid, RuleId id, TimeMs at);

// ---- the log ----

struct LogFilter {
  std::optional<RuleId> rule{};
  std::optional<Outcome> outcome{};
  std::optional<std::int64_t> conversation{};
};
using Before = std::optional<std::pair<std::int64_t, std::int64_t>>;  // (at, id)

void insert_log(sql::Transaction& tx, const LogEntry& entry);
// Newest first.
std::vector<LogEntry> log_before(sql::Transaction& tx, const AppId& appid, const LogFilter& filter,
                                 const Before& before, int limit);

}  // namespace miniops::automation::store
