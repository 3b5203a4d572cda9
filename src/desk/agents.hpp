// Agents' presence and the queue: who is there, and who gets whom.
//
// Presence is what the agent chose, kept by the server. A live socket (or any answer of the agent) is a heartbeat; when
// none came for grace_seconds the agent counts as offline, the waiting customers go back to the queue with their
// waiting time, and the choice is remembered: the next heartbeat restores it. A reload of the page changes nothing.
//
// heartbeat() is safe from any thread; the steps are run by one loop at a time, and are correct with several nodes.
#pragma once

#include <map>
#include <mutex>

#include "desk/agents_store.hpp"
#include "desk/queue_store.hpp"
#include "desk/service.hpp"
#include "teams/presence.hpp"

namespace miniops::desk {

struct AgentView {
  Agent agent;
  std::int64_t load = 0, load_max = 0;
};
boost::json::object to_json(const AgentView& view);

// The agents and queues of a mini program at one moment, as routing sees them; `agents` are the snapshot's, in its
// order.
struct Presences {
  std::vector<Agent> agents;
  routing::Snapshot snapshot;
};
Presences presences_of(sql::Transaction& tx, const AppId& appid, const teams::Setup& setup,
                       std::int64_t load_max_default, TimeMs now);

class Agents {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    const Common& common;
    Colleagues& colleagues;
    Broadcaster& broadcaster;
    const teams::PresenceLog& presence_log;
    std::function<void()> freed;  // somebody may be free now: look at the queue
  };
  explicit Agents(Collaborators with) : with_(std::move(with)) {}

  // Everyone who may answer, present or not.
  Task<Result<std::vector<AgentView>>> list(Access access);
  Task<Result<AgentView>> own(Access access);
  // reason: why they are busy or away, one of the mini program's. teams.unknown_reason
  Task<Result<AgentView>> set_own(Access access, Presence presence, std::string reason,
                                  std::optional<std::int64_t> load_max);

  // The same for an agent who is there, by who supervises the mini program or one of the agent's groups: audited, and
  // the agent is told by whom. desk.not_supervisor, desk.agent_offline
  Task<Result<AgentView>> set_for(Access access, AccountId account, Presence presence, std::string reason);

  // A sign of life, in memory; presence_step() writes it down.
  void heartbeat(AccountId account);

  // Writes heartbeats, restores who came back, takes the presence of who was lost. True: there is more.
  Task<Result<bool>> presence_step();
  // Gives those who wait to free agents, at most 50 conversations of one mini program (src/routing).
  Task<Result<bool>> assignment_step();

 private:
  AgentView view_of(sql::Transaction& tx, Agent agent) const;
  struct Roll {
    std::vector<Agent> present, lost;
    std::vector<Agent> gone;  // of those who are present: who may not answer there any more
  };
  enum class Taken { connection_lost, no_longer_agent };
  std::map<AccountId, TimeMs> heartbeats();
  Task<Result<bool>> write_heartbeats(std::vector<Agent> alive);
  Result<Roll> call_roll(sql::Transaction& tx, bool permissions) const;
  Task<Result<void>> take_presence(Agent agent, Taken why, TimeMs grace_ms, TimeMs now);
  void presence_changed(sql::Transaction& tx, const Agent& before, const Agent& agent, const std::string& reason,
                        TimeMs now) const;
  Result<void> return_customers(sql::Transaction& tx, const Agent& agent, std::string_view why, TimeMs now) const;
  Result<void> end_offers(sql::Transaction& tx, const Agent& agent, TimeMs now) const;
  Task<Result<void>> restore(Agent agent, TimeMs seen_at);
  Task<Result<bool>> assign(AppId appid);
  // Who gets whom at this moment.
  struct Turns {
    std::vector<routing::Waiting> waiting;
    std::vector<Agent> agents;
    std::vector<routing::Assignment> decisions;
  };
  static Turns turns(sql::Transaction& tx, const AppId& appid, const teams::Setup& setup, std::int64_t load_max_default,
                     TimeMs now, std::size_t at_most);
  Result<void> may_set(const Access& access, AccountId account) const;
  void tell(const AgentView& view, boost::json::object besides = {}) const;

  Collaborators with_;
  TimeMs permissions_seen_ = 0;  // when was last looked who may still answer; of the presence loop
  std::mutex mutex_;
  std::map<AccountId, TimeMs> seen_;  // the last sign of life that this node had
};

}  // namespace miniops::desk
