// Agents' rows: presence and limits. Called inside closures; stateless.
#pragma once

#include <optional>
#include <vector>

#include "desk/conversation.hpp"
#include "desk/presence.hpp"
#include "storage/sql/database.hpp"
#include "teams/setup.hpp"

namespace miniops::desk {

struct Agent {
  AppId appid;
  AccountId account;
  std::string display_name;
  Presence presence = Presence::offline;  // what counts
  Presence chosen = Presence::offline;    // what the agent set; offline by a lost connection keeps it
  std::int64_t load_max = 0;              // 0: the setting's default
  TimeMs since = 0;                       // of the presence
  TimeMs heartbeat_at = 0;
  TimeMs assigned_at = 0;
  std::string reason{};  // why they are busy or away; kept with `chosen`
};

// How many conversations an agent may have at once: by what is set for them, what they chose, and the mini program's
// limit.
std::int64_t load_max_of(const teams::Setup& setup, AccountId account, const std::optional<Agent>& agent,
                         std::int64_t load_max_default);

namespace store {

std::optional<Agent> find_agent(sql::Transaction& tx, const AppId& appid, AccountId account);
// Somebody who was there and is not now. Who never came online may answer all the same.
bool is_offline(sql::Transaction& tx, const AppId& appid, AccountId account);
std::vector<Agent> agents_of(sql::Transaction& tx, const AppId& appid);
void put_agent(sql::Transaction& tx, const Agent& agent);
void note_assignment(sql::Transaction& tx, const AppId& appid, AccountId account, TimeMs at);

// Conversations that each agent has at this moment.
std::vector<std::pair<AccountId, std::int64_t>> loads_of(sql::Transaction& tx, const AppId& appid);
std::int64_t load_of(sql::Transaction& tx, const AppId& appid, AccountId account);

// All agents who are online or busy, of all mini programs.
std::vector<Agent> present_agents(sql::Transaction& tx);
// All agents whose presence was taken by a lost connection.
std::vector<Agent> lost_agents(sql::Transaction& tx);
// Only forward.
void note_heartbeats(sql::Transaction& tx, const std::vector<Agent>& agents);
// Mini programs where somebody is online and somebody waits in the queue.
std::vector<AppId> apps_to_assign(sql::Transaction& tx);

}  // namespace store
}  // namespace miniops::desk
