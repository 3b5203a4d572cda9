#include "desk/replay.hpp"

#include "routing/decide.hpp"

namespace miniops::desk {

// Alone, there and free: what is left is who they are.
routing::Obstacle Replay::obstacle(const Conversation& conversation, const routing::Target& target,
                                   const std::string& language) const {
  const teams::AgentSettings& set = setup_.roster().of(conversation.assignee);
  routing::Agent agent{conversation.assignee, {}, set.skills, set.languages};
  for (const teams::GroupId group : teams::groups_of(set)) agent.groups.push_back({group});
  agent.limit = 1;
  agent.presence = routing::Presence::online;
  routing::Snapshot alone;
  for (const routing::Membership& one : agent.groups) alone.groups.push_back({one.group});
  alone.agents.push_back(std::move(agent));
  routing::Waiting waiting{conversation.id};
  waiting.target = setup_.standing(target);
  waiting.language = language;
  // Whoever waits since ever has been through all steps of overflow.
  return routing::explain(waiting, alone, conversation.opened_at).candidates.front().obstacle;
}

void Replay::add(const Conversation& conversation, routing::GroupId before, const routing::Facts& facts) {
  const routing::Placement placed = routing::route(facts, rules_, conversation.opened_at);
  const routing::GroupId after = placed.target.group;
  ++conversations_;
  ++groups_[before].first;
  ++groups_[after].second;
  const bool moved = before != after, had = !conversation.assignee.empty();
  const auto why = had ? obstacle(conversation, placed.target, facts.language) : routing::Obstacle::none;
  const bool fits = why == routing::Obstacle::none;
  moved_ += moved;
  had_agent_ += had;
  agent_fits_ += had && fits;
  if ((!moved && fits) || changes_.size() == changes_shown) return;
  changes_.push_back(boost::json::object{
      {"conversation_id", conversation.id.str()},
      {"from_group", before.str()},
      {"to_group", after.str()},
      {"rule_id", placed.rule.empty() ? "" : placed.rule.str()},
      {"agent_id", had ? boost::json::value(conversation.assignee.str()) : boost::json::value(nullptr)},
      {"agent_obstacle", fits ? boost::json::value(nullptr) : boost::json::value(word(why))}});
}

boost::json::object Replay::to_json() const {
  boost::json::array groups;
  for (const auto& [id, counts] : groups_)
    groups.push_back(boost::json::object{{"group_id", id.str()}, {"before", counts.first}, {"after", counts.second}});
  return {{"conversations", conversations_},
          {"moved", moved_},
          {"groups", std::move(groups)},
          {"agents", {{"had", had_agent_}, {"fit", agent_fits_}}},
          {"changes", changes_}};
}

}  // namespace miniops::desk
