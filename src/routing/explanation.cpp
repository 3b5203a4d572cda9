#include "routing/explanation.hpp"

namespace miniops::routing {

namespace {

template <class Id>
json::value id_or_null(Id id) {
  return id.empty() ? json::value(nullptr) : json::value(id.str());
}

json::object to_json(const Compared& compared) {
  json::object out{{"index", compared.index}, {"field", word(compared.field)}, {"op", word(compared.comparison)},
                   {"seen", compared.seen},   {"held", compared.held},         {"trusted", compared.trusted}};
  if (!compared.key.empty()) out["key"] = compared.key;
  return out;
}

json::object to_json(const Candidate& candidate) {
  return {
      {"account_id", candidate.account.str()},
      {"obstacle", candidate.obstacle == Obstacle::none ? json::value(nullptr) : json::value(word(candidate.obstacle))},
      {"presence", word(candidate.presence)},
      {"skill", id_or_null(candidate.skill)},
      {"load", candidate.load},
      {"limit", candidate.limit}};
}

}  // namespace

json::object to_json(const Explanation& explanation) {
  json::array considered;
  for (const Considered& one : explanation.considered) {
    json::array compared;
    for (const Compared& each : one.compared) compared.push_back(to_json(each));
    considered.push_back(
        json::object{{"rule", one.rule.str()}, {"verdict", word(one.verdict)}, {"compared", std::move(compared)}});
  }
  return {{"rule", id_or_null(explanation.rule)},
          {"group", explanation.group.str()},
          {"priority", explanation.priority},
          {"considered", std::move(considered)},
          {"cut", explanation.cut}};
}

json::object to_json(const AgentsExplanation& explanation) {
  json::array candidates;
  for (const Candidate& one : explanation.candidates) candidates.push_back(to_json(one));
  return {{"agent", id_or_null(explanation.agent)},
          {"why", explanation.why ? json::value(word(*explanation.why)) : json::value(nullptr)},
          {"overflow", explanation.overflow},
          {"candidates", std::move(candidates)},
          {"left_out", explanation.left_out}};
}

}  // namespace miniops::routing
