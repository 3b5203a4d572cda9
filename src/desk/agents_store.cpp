#include "desk/agents_store.hpp"

#include <fmt/format.h>

#include "desk/queue_store.hpp"

namespace miniops::desk {

std::int64_t load_max_of(const teams::Setup& setup, AccountId account, const std::optional<Agent>& agent,
                         std::int64_t load_max_default) {
  return teams::limit_of(setup.roster().of(account), agent ? agent->load_max : 0, load_max_default);
}

}  // namespace miniops::desk

namespace miniops::desk::store {

namespace {

constexpr std::string_view columns =
    "appid, account_id, display_name, presence, chosen, load_max, since, heartbeat_at, assigned_at, reason";

std::vector<Agent> read_agents(const sql::Rows& rows) {
  std::vector<Agent> agents;
  for (const sql::Row& row : rows) {
    agents.push_back({row.id<AppId>(0), row.id<AccountId>(1), row.text(2), parse_word<Presence>(row.text(3)).value(),
                      parse_word<Presence>(row.text(4)).value(), row.integer(5), row.integer(6), row.integer(7),
                      row.integer(8), row.text(9)});
  }
  return agents;
}

std::string select_agents(std::string_view where) {
  return fmt::format("SELECT {} FROM desk_agents WHERE {}", columns, where);
}

}  // namespace

std::optional<Agent> find_agent(sql::Transaction& tx, const AppId& appid, AccountId account) {
  static const std::string sql = select_agents("appid = $1 AND account_id = $2");
  auto agents = read_agents(tx.query(sql, {appid, account}));
  return agents.empty() ? std::nullopt : std::optional(std::move(agents.front()));
}

bool is_offline(sql::Transaction& tx, const AppId& appid, AccountId account) {
  const auto agent = find_agent(tx, appid, account);
  return agent && agent->presence == Presence::offline;
}

std::vector<Agent> agents_of(sql::Transaction& tx, const AppId& appid) {
  static const std::string sql = select_agents("appid = $1 ORDER BY account_id");
  return read_agents(tx.query(sql, {appid}));
}

void put_agent(sql::Transaction& tx, const Agent& agent) {
  tx.execute(
      "INSERT INTO desk_agents (appid, account_id, display_name, presence, chosen, load_max, since, heartbeat_at, "
      "assigned_at, reason) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) ON CONFLICT (appid, account_id) DO UPDATE SET "
      "display_name = excluded.display_name, presence = excluded.presence, chosen = excluded.chosen, "
      "load_max = excluded.load_max, since = excluded.since, heartbeat_at = excluded.heartbeat_at, "
      "reason = excluded.reason",
      {agent.appid, agent.account, agent.display_name, word(agent.presence), word(agent.chosen), agent.load_max,
       agent.since, agent.heartbeat_at, agent.assigned_at, agent.reason});
}

void note_assignment(sql::Transaction& tx, const AppId& appid, AccountId account, TimeMs at) {
  tx.execute("UPDATE desk_agents SET assigned_at = $3 WHERE appid = $1 AND account_id = $2", {appid, account, at});
}

std::vector<std::pair<AccountId, std::int64_t>> loads_of(sql::Transaction& tx, const AppId& appid) {
  std::vector<std::pair<AccountId, std::int64_t>> loads;
  for (const sql::Row& row :
       tx.query("SELECT assignee_id, COUNT(*) FROM desk_conversations WHERE appid = $1 "
                "AND assignee_id <> 0 AND state = 'active' AND stage = 'assigned' GROUP BY assignee_id",
                {appid})) {
    loads.emplace_back(row.id<AccountId>(0), row.integer(1));
  }
  return loads;
}

std::int64_t load_of(sql::Transaction& tx, const AppId& appid, AccountId account) {
  return tx
      .query_one(
          "SELECT COUNT(*) FROM desk_conversations WHERE appid = $1 AND assignee_id = $2 AND assignee_id <> 0 "
          "AND state = 'active' AND stage = 'assigned'",
          {appid, account})
      .value()
      .integer(0);
}

std::vector<Agent> present_agents(sql::Transaction& tx) {
  static const std::string sql = select_agents("presence <> 'offline'");
  return read_agents(tx.query(sql));
}

std::vector<Agent> lost_agents(sql::Transaction& tx) {
  static const std::string sql = select_agents("presence = 'offline' AND chosen <> 'offline'");
  return read_agents(tx.query(sql));
}

void note_heartbeats(sql::Transaction& tx, const std::vector<Agent>& agents) {
  std::vector<sql::Params> rows;
  rows.reserve(agents.size());
  for (const Agent& agent : agents) rows.push_back({agent.appid, agent.account, agent.heartbeat_at});
  tx.execute_many("UPDATE desk_agents SET heartbeat_at = $3 WHERE appid = $1 AND account_id = $2 AND heartbeat_at < $3",
                  rows);
}

// Once for each mini program, not for each of its agents.
std::vector<AppId> apps_to_assign(sql::Transaction& tx) {
  std::vector<AppId> apps;
  static const std::string select = fmt::format(
      "SELECT a.appid FROM (SELECT DISTINCT appid FROM desk_agents WHERE presence = 'online') a WHERE EXISTS (SELECT 1 "
      "FROM desk_conversations c WHERE c.appid = a.appid AND {})",
      is_queued);
  for (const sql::Row& row : tx.query(select)) apps.push_back(row.id<AppId>(0));
  return apps;
}

}  // namespace miniops::desk::store
