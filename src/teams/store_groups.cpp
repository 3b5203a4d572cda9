// Settings, groups and skills.
#include "teams/store.hpp"

namespace miniops::teams::store {

namespace {

sql::Rows of_app_or_all(sql::Transaction& tx, std::string_view of_app, std::string_view of_all, const AppId& only) {
  return only.empty() ? tx.query(of_all) : tx.query(of_app, {only});
}

Settings settings_of(const sql::Row& row) {
  Settings settings{row.integer(1), row.integer(2), {}};
  for (const json::value& reason : json::parse(row.text(3)).as_array())
    settings.reasons.emplace_back(reason.as_string());
  return settings;
}

Group group_of(const sql::Row& row) {
  Group group{row.id<GroupId>(1), row.integer(2), row.text(3)};
  group.calendar = calendar::parse_calendar(json::parse(row.text(4))).value();
  group.busy.set = parse_word<routing::BusySwitch>(row.text(5)).value();
  group.busy.from_waiting = row.integer(6);
  group.busy.limit_percent = row.integer(7);
  group.created_at = row.integer(8);
  group.updated_at = row.integer(9);
  group.tier = parse_word<routing::Tier>(row.text(10)).value();
  group.escalation = {row.integer(11), row.integer(12)};
  return group;
}

void complete(std::vector<Group>& groups) {
  const auto found = std::ranges::find(groups, default_group, &Group::id);
  if (found == groups.end()) {
    groups.insert(groups.begin(), default_group_at_first());
  } else {
    std::rotate(groups.begin(), found, found + 1);
  }
}

template <class T>
T one_of(std::map<AppId, T> by_app, const AppId& appid) {
  return std::move(by_app[appid]);
}

}  // namespace

// ---- settings ----

std::map<AppId, Settings> settings_by_app(sql::Transaction& tx, const AppId& only) {
  constexpr std::string_view all = "SELECT appid, version, points_per_minute, reasons FROM teams_settings";
  constexpr std::string_view one =
      "SELECT appid, version, points_per_minute, reasons FROM teams_settings WHERE appid = $1";
  std::map<AppId, Settings> out;
  for (const sql::Row& row : of_app_or_all(tx, one, all, only)) out.emplace(row.id<AppId>(0), settings_of(row));
  return out;
}

Settings settings(sql::Transaction& tx, const AppId& appid) { return one_of(settings_by_app(tx, appid), appid); }

void put_settings(sql::Transaction& tx, const AppId& appid, const Settings& settings) {
  const std::string reasons = json::serialize(json::array(settings.reasons.begin(), settings.reasons.end()));
  tx.execute(
      "INSERT INTO teams_settings (appid, version, points_per_minute, reasons) VALUES ($1, $2, $3, $4) ON CONFLICT "
      "(appid) DO UPDATE SET version = excluded.version, points_per_minute = excluded.points_per_minute, reasons = "
      "excluded.reasons",
      {appid, settings.version, settings.points_per_minute, reasons});
}

// ---- groups ----

std::map<AppId, std::vector<Group>> groups_by_app(sql::Transaction& tx, const AppId& only) {
  constexpr std::string_view columns =
      "appid, id, version, name, calendar, busy, busy_from, busy_percent, created_at, updated_at, tier, "
      "escalate_waiting_minutes, escalate_assigned_minutes";
  static const std::string all = fmt::format("SELECT {} FROM teams_groups ORDER BY name, id", columns);
  static const std::string one = fmt::format("SELECT {} FROM teams_groups WHERE appid = $1 ORDER BY name, id", columns);
  std::map<AppId, std::vector<Group>> out;
  for (const sql::Row& row : of_app_or_all(tx, one, all, only)) out[row.id<AppId>(0)].push_back(group_of(row));
  for (auto& [appid, groups] : out) complete(groups);
  return out;
}

std::vector<Group> groups(sql::Transaction& tx, const AppId& appid) {
  auto by_app = groups_by_app(tx, appid);
  if (by_app.empty()) return {default_group_at_first()};
  return std::move(by_app.begin()->second);
}

void put_group(sql::Transaction& tx, const AppId& appid, const Group& group) {
  const std::string calendar = json::serialize(calendar::to_json(group.calendar));
  tx.execute(
      "INSERT INTO teams_groups (appid, id, version, name, calendar, busy, busy_from, busy_percent, created_at, "
      "updated_at, tier, escalate_waiting_minutes, escalate_assigned_minutes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
      "$9, $10, $11, $12, $13) ON CONFLICT (appid, id) DO UPDATE SET version = excluded.version, name = excluded.name, "
      "calendar = excluded.calendar, busy = excluded.busy, busy_from = excluded.busy_from, busy_percent = "
      "excluded.busy_percent, updated_at = excluded.updated_at, tier = excluded.tier, escalate_waiting_minutes = "
      "excluded.escalate_waiting_minutes, escalate_assigned_minutes = excluded.escalate_assigned_minutes",
      {appid, group.id, group.version, group.name, calendar, word(group.busy.set), group.busy.from_waiting,
       group.busy.limit_percent, group.created_at, group.updated_at, word(group.tier), group.escalation.waiting_minutes,
       group.escalation.assigned_minutes});
}

void delete_group(sql::Transaction& tx, const AppId& appid, GroupId id) {
  tx.execute(
      "UPDATE teams_agents SET version = version + 1 WHERE appid = $1 AND account_id IN (SELECT account_id FROM "
      "teams_memberships WHERE appid = $1 AND group_id = $2)",
      {appid, id});
  tx.execute("DELETE FROM teams_memberships WHERE appid = $1 AND group_id = $2", {appid, id});
  tx.execute("DELETE FROM teams_groups WHERE appid = $1 AND id = $2", {appid, id});
}

// ---- skills ----

std::map<AppId, std::vector<Skill>> skills_by_app(sql::Transaction& tx, const AppId& only) {
  constexpr std::string_view all = "SELECT appid, id, name FROM teams_skills ORDER BY name, id";
  constexpr std::string_view one = "SELECT appid, id, name FROM teams_skills WHERE appid = $1 ORDER BY name, id";
  std::map<AppId, std::vector<Skill>> out;
  for (const sql::Row& row : of_app_or_all(tx, one, all, only))
    out[row.id<AppId>(0)].push_back({row.id<SkillId>(1), row.text(2)});
  return out;
}

std::vector<Skill> skills(sql::Transaction& tx, const AppId& appid) { return one_of(skills_by_app(tx, appid), appid); }

void put_skill(sql::Transaction& tx, const AppId& appid, const Skill& skill) {
  tx.execute(
      "INSERT INTO teams_skills (appid, id, name) VALUES ($1, $2, $3) ON CONFLICT (appid, id) DO UPDATE SET name = "
      "excluded.name",
      {appid, skill.id, skill.name});
}

void delete_skill(sql::Transaction& tx, const AppId& appid, SkillId id) {
  tx.execute(
      "UPDATE teams_agents SET version = version + 1 WHERE appid = $1 AND account_id IN (SELECT account_id FROM "
      "teams_agent_skills WHERE appid = $1 AND skill_id = $2)",
      {appid, id});
  tx.execute("DELETE FROM teams_agent_skills WHERE appid = $1 AND skill_id = $2", {appid, id});
  tx.execute("DELETE FROM teams_skills WHERE appid = $1 AND id = $2", {appid, id});
}

}  // namespace miniops::teams::store
