// The API's form of rules, the log and the dry run.
#pragma once

#include "automation/service.hpp"

namespace miniops::automation {

json::object to_json(const RuleShown& shown);
json::object to_json(const LogEntry& entry);
// personal_data: whether nicknames are shown as they are.
json::object to_json(const DryRun& run, bool personal_data);

}  // namespace miniops::automation
