// Reports as tables that people take along (sheet.hpp). Pure.
#pragma once

#include "reports/service.hpp"

namespace miniops::reports {

// A line for each row, and one for the totals.
void fill(Sheet& sheet, const Report& report, Interval interval, By by);
// A line for each value, of as many conversations as fit.
void fill(Sheet& sheet, const Listing& listing);
// A line for each agent, or mini program.
void fill(Sheet& sheet, const AgentReport& report);
void fill(Sheet& sheet, const std::vector<ProgramReport>& programs);

}  // namespace miniops::reports
