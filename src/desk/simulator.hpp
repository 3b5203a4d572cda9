// Who would get this customer, and why; and what last week would have been by other rules. Asks the functions that
// really route (src/routing), changes nothing.
#pragma once

#include "desk/agents.hpp"

namespace miniops::desk {

// Drafts are rules that are not stored; nullopt: those that are.
using Draft = std::optional<std::vector<routing::Rule>>;

class Simulator {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    const Placer& placer;
    const Configs& configs;
  };
  explicit Simulator(const Collaborators& with) : with_(with) {}

  // {queue, agents}: of made-up facts, whose `open` is worked out here, or of a conversation. desk.not_found
  Task<Result<boost::json::object>> try_facts(Access access, routing::Facts facts, Draft draft);
  Task<Result<boost::json::object>> try_conversation(Access access, ConversationId id, Draft draft);

  // The conversations opened since then, the newest 2,000 of them: {conversations, cut, moved, groups, changes}. Tags
  // and levels are today's, presence is not asked.
  static constexpr int replayed_max = 2000;
  Task<Result<boost::json::object>> replay(Access access, TimeMs since, Draft draft);

 private:
  boost::json::object answer(sql::Transaction& tx, const AppId& appid, const routing::Facts& facts,
                             routing::Waiting waiting, const Draft& draft) const;
  routing::RuleSet rules_of(const teams::Setup& setup, const Draft& draft) const;

  const Collaborators with_;
};

}  // namespace miniops::desk
