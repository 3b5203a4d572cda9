#include "teams/team.hpp"

namespace miniops::teams {

namespace {

json::array texts_json(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

}  // namespace

Group default_group_at_first() {
  Group group{default_group};
  group.name = "默认客服组";
  return group;
}

std::vector<GroupId> groups_of(const AgentSettings& agent) {
  if (agent.groups.empty()) return {default_group};
  std::vector<GroupId> out;
  for (const Membership& membership : agent.groups) out.push_back(membership.group);
  return out;
}

json::object to_json(const Group& group) {
  return {{"id", group.id.str()},
          {"version", group.version},
          {"name", group.name},
          {"is_default", group.id == default_group},
          {"calendar", calendar::to_json(group.calendar)},
          {"busy",
           {{"set", word(group.busy.set)},
            {"from_waiting", group.busy.from_waiting},
            {"limit_percent", group.busy.limit_percent}}},
          {"tier", word(group.tier)},
          {"escalation",
           {{"waiting_minutes", group.escalation.waiting_minutes},
            {"assigned_minutes", group.escalation.assigned_minutes}}},
          {"created_at", group.created_at},
          {"updated_at", group.updated_at}};
}

json::object to_json(const Skill& skill) { return {{"id", skill.id.str()}, {"name", skill.name}}; }

json::object to_json(const AgentSettings& agent) {
  json::array skills, groups;
  for (const AgentSkill& one : agent.skills)
    skills.push_back(json::object{{"skill_id", one.skill.str()}, {"level", one.level}});
  for (const Membership& one : agent.groups)
    groups.push_back(
        json::object{{"group_id", one.group.str()},
                     {"shift", one.shift ? json::value(calendar::to_json(*one.shift)) : json::value(nullptr)}});
  return {{"version", agent.version},
          {"load_max", agent.load_max},
          {"skills", std::move(skills)},
          {"languages", texts_json(agent.languages)},
          {"groups", std::move(groups)}};
}

json::object to_json(const Settings& settings) {
  return {{"version", settings.version},
          {"points_per_minute", settings.points_per_minute},
          {"presence_reasons", texts_json(settings.reasons)}};
}

}  // namespace miniops::teams
