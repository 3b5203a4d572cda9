// The API's form of reports, and their CSV.
#pragma once

#include "base/json.hpp"
#include "reports/service.hpp"

namespace miniops::reports {

json::object to_json(const Report& report, Interval interval, By by);
json::object to_json(const Listing& listing);
json::object to_json(const AgentReport& report);
json::object to_json(const Wallboard& board);
json::object to_json(const std::vector<ProgramReport>& programs);

// With a mark that tells spreadsheets that it is UTF-8. A cell that one would take for a formula gets a ' in front.
// Times are of the mini program's zone, spells in milliseconds.
std::string csv_of(const Report& report, Interval interval, By by);
std::string csv_of(const Listing& listing);

}  // namespace miniops::reports
