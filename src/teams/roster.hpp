// Who works in which group, and what routing is told of them at a moment. Pure.
#pragma once

#include <map>

#include "teams/team.hpp"

namespace miniops::teams {

// What the desk knows: who is there with how much, and how many wait.
struct AtDesk {
  struct Agent {
    AccountId account{};
    Presence presence = Presence::offline;
    std::int64_t load = 0;
    std::int64_t load_chosen = 0;  // the agent's own limit; 0: none
    TimeMs assigned_at = 0;        // when they got the last conversation
  };
  std::vector<Agent> agents{};
  std::map<GroupId, std::int64_t> waiting{};  // in each group's queue
  std::int64_t load_max = 0;                  // the mini program's limit for who has none
};

// Conversations at once. chosen: the agent's own limit, which cannot be above what is set for them; 0: none.
std::int64_t limit_of(const AgentSettings& set, std::int64_t chosen, std::int64_t otherwise);

struct Roster {
  std::vector<Group> groups{default_group_at_first()};  // the default one first
  std::map<AccountId, AgentSettings> agents{};          // of whom anything is set

  const Group* find(GroupId id) const;
  const AgentSettings& of(AccountId account) const;  // the defaults for whom nothing is set
  // Of all agents that the desk names. An agent may choose less than what is set for them, not more.
  routing::Snapshot snapshot(const AtDesk& desk, TimeMs now) const;
};

}  // namespace miniops::teams
