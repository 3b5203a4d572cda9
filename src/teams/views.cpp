#include "teams/views.hpp"

namespace miniops::teams {

json::object to_json(const GroupShown& shown) {
  json::object out = to_json(shown.group);
  out["agents"] = shown.agents;
  return out;
}

json::object to_json(const AgentShown& shown) {
  json::object out = to_json(shown.settings);
  out["account_id"] = shown.member.account.str();
  out["username"] = shown.member.username;
  out["display_name"] = shown.member.display_name;
  out["presence"] = word(shown.stay ? shown.stay->presence : Presence::offline);
  out["reason"] = shown.stay ? shown.stay->reason : std::string();
  out["since"] = shown.stay ? json::value(shown.stay->from) : json::value(nullptr);
  return out;
}

json::object to_json(const RuleShown& shown) {
  json::object out = routing::rule_json(shown.placed.rule);
  json::array warnings;
  for (const routing::Warning& warning : shown.warnings) warnings.push_back(routing::to_json(warning));
  out["id"] = shown.placed.rule.id.str();
  out["version"] = shown.placed.version;
  out["position"] = shown.position;
  out["updated_by"] = shown.placed.updated_by;
  out["updated_at"] = shown.placed.updated_at;
  out["warnings"] = std::move(warnings);
  return out;
}

json::object to_json(const Stay& stay) {
  return {{"presence", word(stay.presence)},
          {"reason", stay.reason},
          {"from", stay.from},
          {"to", stay.to == 0 ? json::value(nullptr) : json::value(stay.to)}};
}

}  // namespace miniops::teams
