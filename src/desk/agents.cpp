#include "desk/agents.hpp"

#include "base/log.hpp"
#include "desk/errors.hpp"
#include "identity/audit.hpp"

namespace miniops::desk {

namespace {

constexpr std::size_t assign_chunk = 100;
constexpr int first_of_queue = 200;
constexpr int return_chunk = 200;
constexpr TimeMs permissions_every_ms = 10 * second_ms;
constexpr TimeMs heartbeat_written_every_ms = 10 * second_ms;
constexpr std::size_t heartbeats_per_write = 500;

bool somebody_is_free(const routing::Snapshot& snapshot) {
  return std::ranges::any_of(snapshot.agents, [&](const routing::Agent& agent) {
    return agent.presence == Presence::online && std::ranges::any_of(snapshot.groups, [&](const routing::Group& group) {
             return agent.load < routing::limit_in(group, agent);
           });
  });
}

bool asks_how_many_wait(const teams::Group& group) { return group.busy.set == routing::BusySwitch::automatic; }

}  // namespace

Presences presences_of(sql::Transaction& tx, const AppId& appid, const teams::Setup& setup,
                       std::int64_t load_max_default, TimeMs now) {
  Presences out;
  out.agents = store::agents_of(tx, appid);
  const auto loads = store::loads_of(tx, appid);
  teams::AtDesk desk;
  for (const Agent& agent : out.agents) {
    const auto load = std::ranges::find(loads, agent.account, &std::pair<AccountId, std::int64_t>::first);
    desk.agents.push_back(
        {agent.account, agent.presence, load == loads.end() ? 0 : load->second, agent.load_max, agent.assigned_at});
  }
  if (std::ranges::any_of(setup.roster().groups, asks_how_many_wait)) desk.waiting = store::waiting_by_group(tx, appid);
  desk.load_max = load_max_default;
  out.snapshot = setup.roster().snapshot(desk, now);
  return out;
}

boost::json::object to_json(const AgentView& view) {
  return {{"account_id", view.agent.account.str()},
          {"display_name", view.agent.display_name},
          {"presence", word(view.agent.presence)},
          {"reason", view.agent.presence == view.agent.chosen ? view.agent.reason : std::string()},
          {"load", view.load},
          {"load_max", view.load_max},
          {"since", view.agent.since == 0 ? boost::json::value(nullptr) : boost::json::value(view.agent.since)}};
}

AgentView Agents::view_of(sql::Transaction& tx, Agent agent) const {
  const std::int64_t load = store::load_of(tx, agent.appid, agent.account);
  const std::int64_t load_max = load_max_of(*with_.common.placer.setups().of(agent.appid), agent.account, agent,
                                            with_.common.configs.of(agent.appid)->settings.load_max_default);
  return {std::move(agent), load, load_max};
}

void Agents::tell(const AgentView& view, boost::json::object besides) const {
  boost::json::object message = to_json(view);
  for (auto& [key, value] : besides) message[key] = std::move(value);
  message["type"] = "presence";
  message["appid"] = view.agent.appid.str();
  with_.broadcaster.broadcast(view.agent.appid, std::move(message), {});
}

Task<Result<std::vector<AgentView>>> Agents::list(Access access) {
  auto read = [=, this](sql::Transaction& tx) -> Result<std::vector<AgentView>> {
    std::vector<Agent> agents = store::agents_of(tx, access.appid());
    for (const Colleague& colleague : with_.colleagues.members(tx, access.appid())) {
      const auto known = std::ranges::find(agents, colleague.account, &Agent::account);
      if (known != agents.end()) {
        known->display_name = colleague.display_name;
      } else {
        agents.push_back({access.appid(), colleague.account, colleague.display_name});
      }
    }
    std::vector<AgentView> views;
    for (Agent& agent : agents) views.push_back(view_of(tx, std::move(agent)));
    return views;
  };
  co_return co_await with_.database.read(std::move(read));
}

// Into the history, and to other programs unless all is as it was.
void Agents::presence_changed(sql::Transaction& tx, const Agent& before, const Agent& agent, const std::string& reason,
                              TimeMs now) const {
  with_.presence_log.changed(tx, agent.appid, agent.account, agent.presence, reason, now);
  constexpr auto kind = webhooks::Kind::agent_presence_changed;
  if (before.presence == agent.presence && before.reason == reason) return;
  if (!with_.common.events.wanted(agent.appid, kind)) return;
  with_.common.events.emit(tx, {kind,
                                agent.appid,
                                {},
                                now,
                                {{"agent_id", agent.account.str()},
                                 {"display_name", agent.display_name},
                                 {"from", word(before.presence)},
                                 {"to", word(agent.presence)},
                                 {"reason", reason}}});
}

Task<Result<AgentView>> Agents::own(Access access) {
  auto read = [=, this](sql::Transaction& tx) -> Result<AgentView> {
    auto agent = store::find_agent(tx, access.appid(), access.account());
    if (!agent) agent = Agent{access.appid(), access.account(), with_.colleagues.name_of(tx, access.account())};
    return view_of(tx, std::move(*agent));
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<AgentView>> Agents::set_own(Access access, Presence presence, std::string reason,
                                        std::optional<std::int64_t> load_max) {
  const TimeMs now = with_.clock.now();
  auto write = [=, this](sql::Transaction& tx) -> Result<AgentView> {
    if (auto known = with_.presence_log.check(tx, access.appid(), presence, reason); !known)
      return std::unexpected(known.error());
    Agent agent = store::find_agent(tx, access.appid(), access.account()).value_or(Agent{});
    const Agent before = agent;
    if (agent.presence != presence || agent.since == 0) agent.since = now;
    agent.appid = access.appid();
    agent.account = access.account();
    agent.display_name = with_.colleagues.name_of(tx, access.account());
    if (agent.display_name.empty()) agent.display_name = access.username();
    agent.presence = presence;
    agent.chosen = presence;
    agent.reason = reason;
    agent.heartbeat_at = now;
    if (load_max) agent.load_max = *load_max;
    store::put_agent(tx, agent);
    presence_changed(tx, before, agent, reason, now);
    if (presence == Presence::offline) {
      if (auto returned = return_customers(tx, agent, "the agent went offline", now); !returned)
        return std::unexpected(returned.error());
      if (auto ended = end_offers(tx, agent, now); !ended) return std::unexpected(ended.error());
    }
    return view_of(tx, std::move(agent));
  };
  auto view = co_await with_.database.write(std::move(write));
  if (view) {
    tell(*view);
    with_.broadcaster.changed(access.appid());
    with_.freed();
  }
  co_return view;
}

// A supervisor of the mini program, or of a group that the agent is in.
Result<void> Agents::may_set(const Access& access, AccountId account) const {
  const auto setup = with_.common.placer.setups().of(access.appid());
  for (const teams::GroupId group : teams::groups_of(setup->roster().of(account)))
    if (access.may(identity::Permission::desk_supervise, group.str())) return {};
  return fail(errors::not_supervisor());
}

Task<Result<AgentView>> Agents::set_for(Access access, AccountId account, Presence presence, std::string reason) {
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.common.ids.next();
  using Told = std::pair<AgentView, std::string>;  // and who did it
  auto write = [=, this](sql::Transaction& tx) -> Result<Told> {
    if (auto may = may_set(access, account); !may) return std::unexpected(may.error());
    auto agent = store::find_agent(tx, access.appid(), account);
    if (!agent) return fail(errors::not_found("agent"));
    if (agent->presence == Presence::offline) return fail(errors::agent_offline(agent->display_name));
    if (auto known = with_.presence_log.check(tx, access.appid(), presence, reason); !known)
      return std::unexpected(known.error());
    identity::audit(tx, access,
                    {audit_id,
                     now,
                     "desk.agent.presence",
                     "account:" + account.str(),
                     {{"presence", {{"from", word(agent->presence)}, {"to", word(presence)}}},
                      {"reason", {{"from", agent->reason}, {"to", reason}}}}});
    const Agent before = *agent;
    if (agent->presence != presence) agent->since = now;
    agent->presence = agent->chosen = presence;
    agent->reason = reason;
    store::put_agent(tx, *agent);
    presence_changed(tx, before, *agent, reason, now);
    return Told(view_of(tx, std::move(*agent)), with_.colleagues.name_of(tx, access.account()));
  };
  auto told = co_await with_.database.write(std::move(write));
  if (!told) co_return std::unexpected(told.error());
  const std::string& by = told->second.empty() ? access.username() : told->second;
  tell(told->first, {{"by", {{"id", access.account().str()}, {"display_name", by}}}});
  with_.freed();
  co_return std::move(told->first);
}

void Agents::heartbeat(AccountId account) {
  const std::lock_guard lock(mutex_);
  seen_[account] = with_.clock.now();
}

// ---- presence ----

std::map<AccountId, TimeMs> Agents::heartbeats() {
  const std::lock_guard lock(mutex_);
  // Whoever stays silent for an hour is forgotten here; the row has their last heartbeat.
  std::erase_if(seen_, [&](const auto& entry) { return with_.clock.now() - entry.second > hour_ms; });
  return seen_;
}

Task<Result<bool>> Agents::presence_step() {
  const auto seen = heartbeats();
  const TimeMs now = with_.clock.now();
  const bool permissions = now - permissions_seen_ >= permissions_every_ms;
  if (permissions) permissions_seen_ = now;
  auto read = [=, this](sql::Transaction& tx) -> Result<Roll> { return call_roll(tx, permissions); };
  auto roll = co_await with_.database.read(std::move(read));
  if (!roll) co_return std::unexpected(roll.error());
  auto seen_at = [&](const Agent& agent) {
    const auto found = seen.find(agent.account);
    return found == seen.end() ? TimeMs{0} : found->second;
  };

  for (const Agent& agent : roll->gone)
    if (auto taken = co_await take_presence(agent, Taken::no_longer_agent, 0, now); !taken)
      co_return std::unexpected(taken.error());
  std::vector<Agent> alive;  // whose heartbeat is to be written down
  for (Agent& agent : roll->present) {
    const TimeMs grace_ms = with_.common.configs.of(agent.appid)->settings.grace_seconds * second_ms;
    const TimeMs written = agent.heartbeat_at;
    agent.heartbeat_at = std::max(written, seen_at(agent));
    if (now - agent.heartbeat_at > grace_ms) {
      const auto taken = co_await take_presence(agent, Taken::connection_lost, grace_ms, now);
      if (!taken) co_return std::unexpected(taken.error());
    } else if (agent.heartbeat_at - written >= std::min(heartbeat_written_every_ms, grace_ms / 2)) {
      alive.push_back(std::move(agent));
    }
  }
  for (const Agent& agent : roll->lost) {
    if (seen_at(agent) < agent.since) continue;  // no sign of life since the presence was taken
    const auto restored = co_await restore(agent, seen_at(agent));
    if (!restored) co_return std::unexpected(restored.error());
  }
  co_return co_await write_heartbeats(std::move(alive));
}

Task<Result<bool>> Agents::write_heartbeats(std::vector<Agent> alive) {
  if (alive.empty()) co_return false;
  const bool more = alive.size() > heartbeats_per_write;
  if (more) alive.resize(heartbeats_per_write);
  auto write = [alive = std::move(alive), more](sql::Transaction& tx) -> Result<bool> {
    store::note_heartbeats(tx, alive);
    return more;
  };
  co_return co_await with_.database.write(std::move(write));
}

// Whoever was taken out of the mini program, or may not reply there any more, has a connection for another one: their
// heartbeat goes on.
Result<Agents::Roll> Agents::call_roll(sql::Transaction& tx, bool permissions) const {
  Roll roll{store::present_agents(tx), store::lost_agents(tx), {}};
  if (!permissions) return roll;
  std::map<AppId, std::set<AccountId>> members;
  for (const Agent& agent : roll.present) {
    const auto [found, first] = members.try_emplace(agent.appid);
    if (first)
      for (const Colleague& one : with_.colleagues.members(tx, agent.appid)) found->second.insert(one.account);
    if (!found->second.contains(agent.account) && !with_.colleagues.may_answer(tx, agent.appid, agent.account))
      roll.gone.push_back(agent);
  }
  std::erase_if(roll.present, [&](const Agent& one) {
    return std::ranges::any_of(
        roll.gone, [&](const Agent& gone) { return gone.appid == one.appid && gone.account == one.account; });
  });
  return roll;
}

Task<Result<void>> Agents::take_presence(Agent agent, Taken why, TimeMs grace_ms, TimeMs now) {
  auto write = [=, this](sql::Transaction& tx) -> Result<AgentView> {
    Agent stored = store::find_agent(tx, agent.appid, agent.account).value_or(agent);
    stored.heartbeat_at = std::max(stored.heartbeat_at, agent.heartbeat_at);
    const bool gone = why == Taken::no_longer_agent;
    // Another node, or the agent, may have been faster.
    if ((gone || now - stored.heartbeat_at > grace_ms) && stored.presence != Presence::offline) {
      const Agent before = stored;
      stored.presence = Presence::offline;
      if (gone) stored.chosen = Presence::offline;  // nobody brings it back but they
      stored.since = now;
      store::put_agent(tx, stored);
      presence_changed(tx, before, stored, "", now);
      const std::string_view said = gone ? "may not answer here any more" : "the agent's connection was lost";
      if (auto returned = return_customers(tx, stored, said, now); !returned) return std::unexpected(returned.error());
      if (auto ended = end_offers(tx, stored, now); !ended) return std::unexpected(ended.error());
    }
    return view_of(tx, std::move(stored));
  };
  const auto view = co_await with_.database.write(std::move(write));
  if (!view) co_return std::unexpected(view.error());
  log::info("desk.agent_lost", {{"appid", agent.appid.str()}, {"account", agent.account.str()}});
  tell(*view);
  with_.broadcaster.changed(agent.appid);
  with_.freed();
  co_return Result<void>();
}

// The customers who wait go back to the queue, with the time they have waited.
Result<void> Agents::return_customers(sql::Transaction& tx, const Agent& agent, std::string_view why,
                                      TimeMs now) const {
  Recorder recorder(tx, with_.common, now);
  for (;;) {
    // Who was answered stays until they write.
    auto waiting = store::unanswered_of(tx, agent.appid, agent.account, return_chunk);
    for (Conversation& conversation : waiting) {
      recorder.event(conversation,
                     to_queue(conversation, "returned", Actor::system("presence"), std::string(why), now));
      if (auto saved = recorder.save(conversation); !saved) return saved;
    }
    if (std::ssize(waiting) < return_chunk) return {};
  }
}

// Nobody is there to answer: who offered it need not wait.
Result<void> Agents::end_offers(sql::Transaction& tx, const Agent& agent, TimeMs now) const {
  Recorder recorder(tx, with_.common, now);
  for (Conversation& conversation : store::offered_to(tx, agent.appid, agent.account, return_chunk)) {
    const Offer over = conversation.offer;
    recorder.event(conversation,
                   end_offer(conversation, "transfer_expired", Actor::system("presence"), "the agent is offline"));
    recorder.tell(conversation, over, "expired", conversation.holder());
    if (auto saved = recorder.save(conversation); !saved) return saved;
  }
  return {};
}

Task<Result<void>> Agents::restore(Agent agent, TimeMs seen_at) {
  const TimeMs now = with_.clock.now();
  auto write = [=, this](sql::Transaction& tx) -> Result<AgentView> {
    Agent stored = store::find_agent(tx, agent.appid, agent.account).value_or(agent);
    if (!with_.colleagues.may_answer(tx, agent.appid, agent.account)) {
      stored.chosen = Presence::offline;
    } else if (stored.presence == Presence::offline) {
      const Agent before = stored;
      stored.presence = stored.chosen;
      stored.since = now;
      presence_changed(tx, before, stored, stored.reason, now);
    }
    stored.heartbeat_at = std::max(stored.heartbeat_at, seen_at);
    store::put_agent(tx, stored);
    return view_of(tx, std::move(stored));
  };
  const auto view = co_await with_.database.write(std::move(write));
  if (!view) co_return std::unexpected(view.error());
  tell(*view);
  with_.freed();
  co_return Result<void>();
}

// ---- the queue ----

Task<Result<bool>> Agents::assignment_step() {
  auto read = [](sql::Transaction& tx) -> Result<std::vector<AppId>> { return store::apps_to_assign(tx); };
  const auto apps = co_await with_.database.read(std::move(read));
  if (!apps) co_return std::unexpected(apps.error());
  bool more = false;
  for (const AppId& appid : *apps) {
    if (!with_.common.configs.of(appid)->settings.auto_assign) continue;
    const auto assigned = co_await assign(appid);
    if (!assigned) co_return std::unexpected(assigned.error());
    more = more || *assigned;
  }
  co_return more;
}

Agents::Turns Agents::turns(sql::Transaction& tx, const AppId& appid, const teams::Setup& setup,
                            std::int64_t load_max_default, TimeMs now, std::size_t at_most) {
  Turns turns;
  Presences now_there = presences_of(tx, appid, setup, load_max_default, now);
  turns.agents = std::move(now_there.agents);
  if (!somebody_is_free(now_there.snapshot)) return turns;  // most of the time: the queue need not be read
  for (const int look_at : {first_of_queue, store::waiting_max}) {
    turns.waiting = store::waiting_of(tx, appid, setup, look_at);
    turns.decisions = routing::match(turns.waiting, now_there.snapshot, now, at_most);
    if (turns.decisions.size() == at_most || std::ssize(turns.waiting) < look_at) break;
  }
  return turns;
}

Task<Result<bool>> Agents::assign(AppId appid) {
  const auto setup = with_.common.placer.setups().of(appid);
  const std::int64_t load_max = with_.common.configs.of(appid)->settings.load_max_default;
  // Looking is cheap and needs no writer: most of the time everybody is full.
  auto look = [=, this](sql::Transaction& tx) -> Result<bool> {
    return !turns(tx, appid, *setup, load_max, with_.clock.now(), 1).decisions.empty();
  };
  const auto useful = co_await with_.database.read(std::move(look));
  if (!useful) co_return std::unexpected(useful.error());
  if (!*useful) co_return false;

  auto write = [=, this](sql::Transaction& tx) -> Result<bool> {
    // Only here: a conversation that was opened while this waited for its turn is not given away before it was opened.
    const TimeMs now = with_.clock.now();
    const Turns found = turns(tx, appid, *setup, load_max, now, assign_chunk);
    Recorder recorder(tx, with_.common, now);
    for (const routing::Assignment& decision : found.decisions) {
      auto conversation = store::find_conversation(tx, found.waiting[decision.waiting].conversation);
      if (!conversation) continue;
      const Agent& agent = found.agents[decision.agent];
      recorder.event(*conversation, desk::assign(*conversation, agent.account, agent.display_name, "assigned",
                                                 Actor::system("assignment"), word(decision.why), now));
      store::note_assignment(tx, appid, agent.account, now);
      if (auto saved = recorder.save(*conversation); !saved) return std::unexpected(saved.error());
    }
    return found.decisions.size() == assign_chunk;
  };
  const auto more = co_await with_.database.write(std::move(write));
  if (more) {
    with_.common.channels.wake();  // automation rules may have said something
    with_.broadcaster.changed(appid);
  }
  co_return more;
}

}  // namespace miniops::desk
