#include "teams/roster.hpp"

#include "calendar/business_time.hpp"

namespace miniops::teams {

namespace {

using OpenGroups = std::map<GroupId, bool>;

std::vector<routing::Membership> duties(const AgentSettings& agent, const OpenGroups& open, TimeMs now) {
  std::vector<routing::Membership> out;
  const auto is_open = [&open](GroupId group) {
    const auto found = open.find(group);
    return found != open.end() && found->second;
  };
  if (agent.groups.empty()) out.push_back({default_group, is_open(default_group)});
  for (const Membership& one : agent.groups)
    out.push_back({one.group, one.shift ? calendar::open_at(*one.shift, now) : is_open(one.group)});
  return out;
}

}  // namespace

std::int64_t limit_of(const AgentSettings& set, std::int64_t chosen, std::int64_t otherwise) {
  if (set.load_max == 0) return chosen > 0 ? chosen : otherwise;
  return chosen > 0 ? std::min(chosen, set.load_max) : set.load_max;
}

const Group* Roster::find(GroupId id) const {
  const auto found = std::ranges::find(groups, id, &Group::id);
  return found == groups.end() ? nullptr : &*found;
}

const AgentSettings& Roster::of(AccountId account) const {
  static const AgentSettings nothing_set;
  const auto found = agents.find(account);
  return found == agents.end() ? nothing_set : found->second;
}

routing::Snapshot Roster::snapshot(const AtDesk& desk, TimeMs now) const {
  routing::Snapshot out;
  OpenGroups open;
  for (const Group& group : groups) {
    const auto waiting = desk.waiting.find(group.id);
    out.groups.push_back({group.id, group.busy, waiting == desk.waiting.end() ? 0 : waiting->second});
    open[group.id] = calendar::open_at(group.calendar, now);
  }
  for (const AtDesk::Agent& there : desk.agents) {
    const AgentSettings& set = of(there.account);
    routing::Agent agent{there.account, duties(set, open, now), set.skills, set.languages};
    agent.load = there.load;
    agent.limit = limit_of(set, there.load_chosen, desk.load_max);
    agent.presence = there.presence;
    agent.assigned_at = there.assigned_at;
    out.agents.push_back(std::move(agent));
  }
  return out;
}

}  // namespace miniops::teams
