// Agents: what is set for them, their skills and groups.
#include "teams/store.hpp"

namespace miniops::teams::store {

namespace {

// One table's rows of an agent, of a mini program, or of all.
struct Which {
  const AppId& only;
  AccountId account{};
};

sql::Rows rows_of(sql::Transaction& tx, std::string_view select, const Which& which) {
  constexpr std::string_view order = "ORDER BY 1, 2, 3";
  if (which.only.empty()) return tx.query(fmt::format("{} {}", select, order));
  if (which.account.empty()) return tx.query(fmt::format("{} WHERE appid = $1 {}", select, order), {which.only});
  return tx.query(fmt::format("{} WHERE appid = $1 AND account_id = $2 {}", select, order),
                  {which.only, which.account});
}

std::string json_of(const std::vector<std::string>& texts) {
  return json::serialize(json::array(texts.begin(), texts.end()));
}

std::vector<std::string> texts_in(const std::string& text) {
  std::vector<std::string> out;
  for (const json::value& one : json::parse(text).as_array()) out.emplace_back(one.as_string());
  return out;
}

std::string json_of(const std::optional<Calendar>& shift) {
  return shift ? json::serialize(calendar::to_json(*shift)) : std::string();
}

std::optional<Calendar> shift_in(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return calendar::parse_calendar(json::parse(text)).value();
}

std::map<AppId, Agents> read(sql::Transaction& tx, const Which& which) {
  std::map<AppId, Agents> out;
  const auto agent_in = [&out](const sql::Row& row) -> AgentSettings& {
    return out[row.id<AppId>(0)][row.id<AccountId>(1)];
  };
  for (const sql::Row& row :
       rows_of(tx, "SELECT appid, account_id, version, load_max, languages FROM teams_agents", which)) {
    AgentSettings& agent = agent_in(row);
    agent.version = row.integer(2);
    agent.load_max = row.integer(3);
    agent.languages = texts_in(row.text(4));
  }
  for (const sql::Row& row : rows_of(tx, "SELECT appid, account_id, skill_id, level FROM teams_agent_skills", which))
    agent_in(row).skills.push_back({row.id<SkillId>(2), static_cast<int>(row.integer(3))});
  for (const sql::Row& row : rows_of(tx, "SELECT appid, account_id, group_id, shift FROM teams_memberships", which))
    agent_in(row).groups.push_back({row.id<GroupId>(2), shift_in(row.text(3))});
  return out;
}

// Their settings are other ones now.
void count_change(sql::Transaction& tx, const AppId& appid, const std::vector<AccountId>& accounts) {
  std::vector<sql::Params> rows;
  for (const AccountId account : accounts) rows.push_back({appid, account});
  tx.execute_many(
      "INSERT INTO teams_agents (appid, account_id, version, load_max, languages) VALUES ($1, $2, 2, 0, '[]') ON "
      "CONFLICT (appid, account_id) DO UPDATE SET version = teams_agents.version + 1",
      rows);
}

}  // namespace

std::map<AppId, Agents> agents_by_app(sql::Transaction& tx, const AppId& only) { return read(tx, {only}); }

Agents agents(sql::Transaction& tx, const AppId& appid) {
  auto by_app = read(tx, {appid});
  return std::move(by_app[appid]);
}

AgentSettings agent(sql::Transaction& tx, const AppId& appid, AccountId account) {
  auto by_app = read(tx, {appid, account});
  return std::move(by_app[appid][account]);
}

void put_agent(sql::Transaction& tx, const AppId& appid, AccountId account, const AgentSettings& agent) {
  const std::string languages = json_of(agent.languages);
  tx.execute(
      "INSERT INTO teams_agents (appid, account_id, version, load_max, languages) VALUES ($1, $2, $3, $4, $5) ON "
      "CONFLICT (appid, account_id) DO UPDATE SET version = excluded.version, load_max = excluded.load_max, languages "
      "= excluded.languages",
      {appid, account, agent.version, agent.load_max, languages});
  tx.execute("DELETE FROM teams_agent_skills WHERE appid = $1 AND account_id = $2", {appid, account});
  std::vector<sql::Params> skills;
  for (const AgentSkill& one : agent.skills) skills.push_back({appid, account, one.skill, one.level});
  tx.execute_many("INSERT INTO teams_agent_skills (appid, account_id, skill_id, level) VALUES ($1, $2, $3, $4)",
                  skills);
  tx.execute("DELETE FROM teams_memberships WHERE appid = $1 AND account_id = $2", {appid, account});
  for (const Membership& one : agent.groups) {
    const std::string shift = json_of(one.shift);
    tx.execute("INSERT INTO teams_memberships (appid, account_id, group_id, shift) VALUES ($1, $2, $3, $4)",
               {appid, account, one.group, shift});
  }
}

void join(sql::Transaction& tx, const AppId& appid, GroupId group, const std::vector<AccountId>& accounts) {
  std::vector<sql::Params> rows;
  for (const AccountId account : accounts) rows.push_back({appid, account, group});
  tx.execute_many(
      "INSERT INTO teams_memberships (appid, account_id, group_id, shift) VALUES ($1, $2, $3, '') ON CONFLICT DO "
      "NOTHING",
      rows);
  count_change(tx, appid, accounts);
}

void leave(sql::Transaction& tx, const AppId& appid, GroupId group, const std::vector<AccountId>& accounts) {
  std::vector<sql::Params> rows;
  for (const AccountId account : accounts) rows.push_back({appid, account, group});
  tx.execute_many("DELETE FROM teams_memberships WHERE appid = $1 AND account_id = $2 AND group_id = $3", rows);
  count_change(tx, appid, accounts);
}

}  // namespace miniops::teams::store
