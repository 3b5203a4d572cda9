// The module's SQL. Private to the module; called inside closures; stateless.
#pragma once

#include "service_levels/hours.hpp"
#include "service_levels/reports.hpp"
#include "service_levels/target.hpp"
#include "storage/sql/database.hpp"

namespace miniops::service_levels::store {

// ---- targets ----

Targets targets(sql::Transaction& tx, const AppId& appid);
void put_targets(sql::Transaction& tx, const AppId& appid, const Targets& targets);
// What holds for a conversation of that group and priority; nullopt: nothing is promised.
struct Terms {
  Target target;
  Warnings warnings;
};
std::optional<Terms> terms(sql::Transaction& tx, const AppId& appid, std::string_view group, std::int64_t priority);

// ---- calendars ----

void keep(sql::Transaction& tx, const Hours& hours);
SharedHours hours(sql::Transaction& tx, const std::string& key);

// ---- clocks ----

// Those of a conversation to which something can happen yet: all but answers that were given.
std::vector<ServiceClock> unsettled(sql::Transaction& tx, ConversationId conversation);
// Gives it its ordinal, which the row has, and not `clock`.
void insert_clock(sql::Transaction& tx, const ServiceClock& clock);
// Compare-and-set on `version`. False: it was changed meanwhile.
bool update_clock(sql::Transaction& tx, const ServiceClock& clock);
std::vector<ServiceClock> open_clocks(sql::Transaction& tx, std::span<const ConversationId> conversations);

// ---- reports ----

using Before = std::optional<std::pair<std::int64_t, std::int64_t>>;
// The newest first.
std::vector<ServiceClock> list_clocks(sql::Transaction& tx, const AppId& appid, ConversationId conversation,
                                      const Before& before, int limit);
std::vector<ServiceClock> list_breaches(sql::Transaction& tx, const AppId& appid, const BreachFilter& filter,
                                        const Before& before, int limit);
std::vector<Tally> tally(sql::Transaction& tx, const AppId& appid, const TallyQuestion& question);

}  // namespace miniops::service_levels::store
