// The API's form of teams.
#pragma once

#include "teams/service.hpp"

namespace miniops::teams {

json::object to_json(const GroupShown& shown);
json::object to_json(const AgentShown& shown);
json::object to_json(const RuleShown& shown);
json::object to_json(const Stay& stay);

}  // namespace miniops::teams
