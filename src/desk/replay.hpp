// What rules make of conversations of the past: the queue of each, and whether the agent who had it could have it
// still. Pure. Private to the desk.
//
// Which agent would have got it, nobody can say: who was free at that moment follows from all that was given out
// before, which other rules would have changed as well. What can be said is whether the one who had it is in the group,
// and has the skills and the language, that these rules ask for: by what is set for them today.
#pragma once

#include <map>

#include "desk/conversation.hpp"
#include "routing/facts.hpp"
#include "teams/setup.hpp"

namespace miniops::desk {

class Replay {
 public:
  static constexpr std::size_t changes_shown = 100;

  // Both must outlive it. rules: those that are tried.
  Replay(const teams::Setup& setup, const routing::RuleSet& rules) : setup_(setup), rules_(rules) {}

  // before: the queue that it came into. facts: as they were when it was opened.
  void add(const Conversation& conversation, routing::GroupId before, const routing::Facts& facts);

  // {conversations, moved, groups, agents: {had, fit}, changes}
  boost::json::object to_json() const;

 private:
  routing::Obstacle obstacle(const Conversation& conversation, const routing::Target& target,
                             const std::string& language) const;

  const teams::Setup& setup_;
  const routing::RuleSet& rules_;
  std::map<routing::GroupId, std::pair<std::int64_t, std::int64_t>> groups_{};  // before, after
  boost::json::array changes_{};
  std::int64_t conversations_ = 0, moved_ = 0, had_agent_ = 0, agent_fits_ = 0;
};

}  // namespace miniops::desk
