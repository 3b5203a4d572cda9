// From a rule to the questions that it asks.
#pragma once

#include "alerts/ports.hpp"
#include "alerts/signals.hpp"

namespace miniops::alerts {

struct Plan {
  Shape shape{};
  Statistic statistic{};
  std::shared_ptr<const Selection> records;
  std::shared_ptr<const Selection> trials;  // of a rate; else nullptr
  std::optional<events::Field> by{};
};

// `slow_above`: what counts as slow, for rules of that statistic. Fails with alerts.invalid_query, alerts.not_found (of
// a saved query). Not for event kinds and health.
Task<Result<Plan>> plan_of(Rule rule, QueryParser& queries, double slow_above);
// All values of a rule about performance.
std::shared_ptr<const Selection> values_of(const Watch& watch);

// Whether an issue is among those that a rule of an event kind watches.
bool concerns(const Rule& rule, const IssueNews& news);

}  // namespace miniops::alerts
