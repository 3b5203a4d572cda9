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
  // Of a replay: conversations a page, and at all.
  struct Limits {
    std::int64_t page = 2'000, all = 100'000;
  };
  explicit Simulator(const Collaborators& with) : Simulator(with, Limits()) {}
  Simulator(const Collaborators& with, const Limits& limits) : with_(with), limits_(limits) {}

  // By which rules; with a tier as if it were transferred there.
  struct Asked {
    Draft draft{};
    std::optional<routing::Tier> tier{};
  };

  // {queue, agents}: of made-up facts, whose `open` is worked out here, or of a conversation. Of who configures the
  // desk, and of who supervises it or a group, of conversations that they may read. desk.not_supervisor,
  // desk.other_group, desk.not_found, desk.empty_tier
  Task<Result<boost::json::object>> try_facts(Access access, routing::Facts facts, Asked asked);
  Task<Result<boost::json::object>> try_conversation(Access access, ConversationId id, Asked asked);

  // The conversations opened since then, the newest first, a page at a time; `total`, on the first page, is how many
  // there are. Tags and levels are today's. `cut`: there were more than are looked at.
  struct ReplayPlace {
    TimeMs since = 0;
    TimeMs opened_at = std::numeric_limits<TimeMs>::max();  // those before it
    ConversationId conversation{};
    std::int64_t seen = 0;
  };
  struct Replayed {
    boost::json::object page;
    std::optional<ReplayPlace> next{};
  };
  Task<Result<Replayed>> replay(Access access, ReplayPlace at, Draft draft);

 private:
  Result<boost::json::object> answer(sql::Transaction& tx, const AppId& appid, const routing::Facts& facts,
                                     routing::Waiting waiting, const Asked& asked) const;
  routing::RuleSet rules_of(const teams::Setup& setup, const Draft& draft) const;

  const Collaborators with_;
  const Limits limits_;
};

}  // namespace miniops::desk
