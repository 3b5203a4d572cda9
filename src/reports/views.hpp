// The API's form of reports.
#pragma once

#include "base/json.hpp"
#include "reports/service.hpp"

namespace miniops::reports {

json::object to_json(const Report& report, Interval interval, By by);
json::object to_json(const Listing& listing);
json::object to_json(const AgentReport& report);
json::object to_json(const Wallboard& board);
json::object to_json(const std::vector<ProgramReport>& programs);

}  // namespace miniops::reports
