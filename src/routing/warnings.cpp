#include "routing/warnings.hpp"

namespace miniops::routing {

namespace {

constexpr std::size_t warnings_max = 500;

bool is_among(const std::vector<GroupId>& groups, GroupId group) {
  return std::ranges::find(groups, group) != groups.end();
}

class Checker {
 public:
  explicit Checker(const Snapshot& snapshot) : snapshot_(snapshot) {}

  // `before`: the enabled rules before it.
  void check(const Rule& rule, std::span<const Rule* const> before, bool last) {
    const auto taker = std::ranges::find_if(before, [&](const Rule* other) {
      return always_holds(other->condition) || other->condition == rule.condition;
    });
    if (taker != before.end()) out.push_back({rule.id, WarningKind::unreachable, (*taker)->id});
    if (!last && always_holds(rule.condition)) out.push_back({rule.id, WarningKind::matches_everything});
    target(rule);
  }

  // A rule whose group is gone takes nothing.
  bool has_group(GroupId group) const {
    return std::ranges::find(snapshot_.groups, group, &Group::id) != snapshot_.groups.end();
  }

  std::vector<Warning> out;

 private:
  void target(const Rule& rule) {
    std::vector<GroupId> groups{rule.target.group};
    for (const Overflow& step : rule.target.overflow)
      for (const GroupId group : step.groups)
        if (!is_among(groups, group)) groups.push_back(group);
    for (const GroupId group : groups)
      if (!has_group(group)) out.push_back({rule.id, WarningKind::no_such_group, {}, group});
    if (!has_group(rule.target.group)) return;
    const auto members = members_of(groups);
    if (members.empty()) out.push_back({rule.id, WarningKind::empty_group, {}, rule.target.group});
    for (const SkillNeeded& needed : rule.target.skills) {
      const auto has = [&](const Agent* agent) {
        return std::ranges::any_of(agent->skills, [&](const AgentSkill& skill) {
          return skill.skill == needed.skill && skill.level >= needed.level;
        });
      };
      if (!members.empty() && std::ranges::none_of(members, has))
        out.push_back({rule.id, WarningKind::nobody_has_skill, {}, {}, needed.skill});
    }
  }

  std::vector<const Agent*> members_of(const std::vector<GroupId>& groups) const {
    std::vector<const Agent*> members;
    for (const Agent& agent : snapshot_.agents) {
      const auto belongs = [&](const Membership& one) { return is_among(groups, one.group); };
      if (std::ranges::any_of(agent.groups, belongs)) members.push_back(&agent);
    }
    return members;
  }

  const Snapshot& snapshot_;
};

}  // namespace

std::vector<Warning> warnings_of(const std::vector<Rule>& rules, const Snapshot& snapshot) {
  Checker checker(snapshot);
  std::vector<const Rule*> enabled, before;
  for (const Rule& rule : rules)
    if (rule.enabled) enabled.push_back(&rule);
  for (const Rule* rule : enabled) {
    checker.check(*rule, before, rule == enabled.back());
    if (checker.has_group(rule->target.group)) before.push_back(rule);
  }
  if (checker.out.size() > warnings_max) checker.out.resize(warnings_max);
  return std::move(checker.out);
}

json::object to_json(const Warning& warning) {
  const auto id_or_null = [](auto id) { return id.empty() ? json::value(nullptr) : json::value(id.str()); };
  return {{"rule", warning.rule.str()},
          {"kind", word(warning.kind)},
          {"other", id_or_null(warning.other)},
          {"group", id_or_null(warning.group)},
          {"skill", id_or_null(warning.skill)}};
}

}  // namespace miniops::routing
