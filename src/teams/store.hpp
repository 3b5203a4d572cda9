// The module's rows, as verbs of the domain. Called inside closures; stateless.
//
// What reads of `only` one mini program reads of all when that is empty.
#pragma once

#include "storage/sql/database.hpp"
#include "teams/presence.hpp"
#include "teams/roster.hpp"

namespace miniops::teams::store {

// ---- settings ----
Settings settings(sql::Transaction& tx, const AppId& appid);
std::map<AppId, Settings> settings_by_app(sql::Transaction& tx, const AppId& only = {});
void put_settings(sql::Transaction& tx, const AppId& appid, const Settings& settings);

// ---- groups and skills ----
// By name, the default one first, whether it has a row or not.
std::vector<Group> groups(sql::Transaction& tx, const AppId& appid);
std::map<AppId, std::vector<Group>> groups_by_app(sql::Transaction& tx, const AppId& only = {});
void put_group(sql::Transaction& tx, const AppId& appid, const Group& group);
void delete_group(sql::Transaction& tx, const AppId& appid, GroupId id);  // with its memberships
std::vector<Skill> skills(sql::Transaction& tx, const AppId& appid);
std::map<AppId, std::vector<Skill>> skills_by_app(sql::Transaction& tx, const AppId& only = {});
void put_skill(sql::Transaction& tx, const AppId& appid, const Skill& skill);
void delete_skill(sql::Transaction& tx, const AppId& appid, SkillId id);  // agents lose it

// ---- agents ----
using Agents = std::map<AccountId, AgentSettings>;
Agents agents(sql::Transaction& tx, const AppId& appid);
std::map<AppId, Agents> agents_by_app(sql::Transaction& tx, const AppId& only = {});
AgentSettings agent(sql::Transaction& tx, const AppId& appid, AccountId account);
void put_agent(sql::Transaction& tx, const AppId& appid, AccountId account, const AgentSettings& agent);
// Who is in the group already stays as they are there.
void join(sql::Transaction& tx, const AppId& appid, GroupId group, const std::vector<AccountId>& accounts);
void leave(sql::Transaction& tx, const AppId& appid, GroupId group, const std::vector<AccountId>& accounts);

// ---- routing rules ----
std::vector<PlacedRule> rules(sql::Transaction& tx, const AppId& appid);  // in their order
std::map<AppId, std::vector<PlacedRule>> rules_by_app(sql::Transaction& tx, const AppId& only = {});
void insert_rule(sql::Transaction& tx, const AppId& appid, const PlacedRule& rule, std::size_t position);
void update_rule(sql::Transaction& tx, const AppId& appid, const PlacedRule& rule);
void move_rule(sql::Transaction& tx, const AppId& appid, RuleId id, std::size_t from, std::size_t to);
void delete_rule(sql::Transaction& tx, const AppId& appid, RuleId id, std::size_t position);

// ---- presence ----
struct StayFilter {
  AccountId account{};
  TimeMs from = 0, to = 0;  // stays that reach into this time
};
using Before = std::optional<std::pair<TimeMs, std::int64_t>>;  // from, id
// The newest first.
std::vector<Stay> stays(sql::Transaction& tx, const AppId& appid, const StayFilter& filter, const Before& before,
                        int limit);
std::optional<Stay> current_stay(sql::Transaction& tx, const AppId& appid, AccountId account);
std::map<AccountId, Stay> current_stays(sql::Transaction& tx, const AppId& appid);
void insert_stay(sql::Transaction& tx, const AppId& appid, const Stay& stay);
void end_stay(sql::Transaction& tx, const Stay& stay, TimeMs at);

}  // namespace miniops::teams::store
