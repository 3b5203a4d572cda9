// Routing rules.
#include "teams/errors.hpp"
#include "teams/service.hpp"
#include "teams/service_parts.hpp"

namespace miniops::teams {

namespace {

std::string object_of(RuleId id) { return "routing_rule:" + id.str(); }

// Everybody as if at their desks: warnings are about what is set up, not about this hour.
AtDesk everybody(sql::Transaction& tx, const AppId& appid) {
  AtDesk desk;
  for (const identity::Member& member : agents_of(tx, appid)) desk.agents.push_back({member.account});
  return desk;
}

std::vector<routing::Warning> warnings_in(sql::Transaction& tx, const AppId& appid,
                                          const std::vector<PlacedRule>& placed, TimeMs now) {
  const Roster roster{store::groups(tx, appid), store::agents(tx, appid)};
  std::vector<routing::Rule> rules;
  for (const PlacedRule& one : placed) rules.push_back(one.rule);
  return routing::warnings_of(rules, roster.snapshot(everybody(tx, appid), now));
}

std::vector<RuleShown> all_shown(sql::Transaction& tx, const AppId& appid, TimeMs now) {
  const auto placed = store::rules(tx, appid);
  const auto warnings = warnings_in(tx, appid, placed, now);
  std::vector<RuleShown> out;
  for (const PlacedRule& one : placed) {
    RuleShown shown{one, out.size()};
    for (const routing::Warning& warning : warnings)
      if (warning.rule == one.rule.id) shown.warnings.push_back(warning);
    out.push_back(std::move(shown));
  }
  return out;
}

Result<RuleShown> shown(sql::Transaction& tx, const AppId& appid, RuleId id, TimeMs now) {
  for (RuleShown& one : all_shown(tx, appid, now))
    if (one.placed.rule.id == id) return std::move(one);
  return fail(errors::not_found("routing rule"));
}

Result<std::size_t> position_of(const std::vector<PlacedRule>& all, RuleId id) {
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].rule.id == id) return i;
  return fail(errors::not_found("routing rule"));
}

// Where to put one before another; behind all without one.
Result<std::size_t> place_before(const std::vector<PlacedRule>& all, RuleId before) {
  if (before.empty()) return all.size();
  return position_of(all, before);
}

// Nobody may be sent where nobody is looked for.
Result<void> check(sql::Transaction& tx, const AppId& appid, const routing::Target& target) {
  const Roster roster{store::groups(tx, appid)};
  const auto skills = store::skills(tx, appid);
  if (roster.find(target.group) == nullptr) return fail(errors::no_such_target("group"));
  for (const routing::Overflow& step : target.overflow)
    for (const GroupId group : step.groups)
      if (roster.find(group) == nullptr) return fail(errors::no_such_target("group"));
  for (const routing::SkillNeeded& needed : target.skills)
    if (std::ranges::find(skills, needed.skill, &Skill::id) == skills.end())
      return fail(errors::no_such_target("skill"));
  return {};
}

Result<routing::Rule> patched(const routing::Rule& before, const json::object& patch) {
  routing::Rule bare = before;
  bare.id = {};
  json::object body = routing::rule_json(bare);
  for (const auto& member : patch) body[member.key()] = member.value();
  auto after = routing::parse_rule(body);
  if (after) after->id = before.id;
  return after;
}

}  // namespace

Task<Result<std::vector<RuleShown>>> Service::rules(Access access) {
  const TimeMs now = with_.clock.now();
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<RuleShown>> {
    return all_shown(tx, access.appid(), now);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<RuleShown>> Service::rule(Access access, RuleId id) {
  const TimeMs now = with_.clock.now();
  auto read = [=](sql::Transaction& tx) -> Result<RuleShown> { return shown(tx, access.appid(), id, now); };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<RuleShown>> Service::add_rule(Access access, json::value rule, RuleId before) {
  const TimeMs now = with_.clock.now();
  auto parsed = routing::parse_rule(rule);
  if (!parsed) co_return std::unexpected(parsed.error());
  parsed->id = with_.ids.next_as<RuleId>();
  const PlacedRule placed{std::move(*parsed), 1, access.username(), now};
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<RuleShown> {
    const auto all = store::rules(tx, access.appid());
    if (all.size() >= routing::rules_max) return fail(errors::too_many("routing rules", routing::rules_max));
    if (auto ok = check(tx, access.appid(), placed.rule.target); !ok) return std::unexpected(ok.error());
    const auto position = place_before(all, before);
    if (!position) return std::unexpected(position.error());
    store::insert_rule(tx, access.appid(), placed, *position);
    changes["rule"] = from_to(nullptr, routing::rule_json(placed.rule));
    changes["position"] = from_to(nullptr, *position);
    return shown(tx, access.appid(), placed.rule.id, now);
  };
  Note note{"teams.routing_rule.create", object_of(placed.rule.id), Part::routing_rules};
  co_return co_await configure<RuleShown>(access, std::move(note), std::move(change));
}

Task<Result<RuleShown>> Service::change_rule(Access access, RuleId id, std::int64_t version, json::object patch) {
  const TimeMs now = with_.clock.now();
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<RuleShown> {
    const auto all = store::rules(tx, access.appid());
    const auto position = position_of(all, id);
    if (!position) return std::unexpected(position.error());
    const PlacedRule& before = all[*position];
    if (before.version != version) return fail(errors::changed());
    auto after = patched(before.rule, patch);
    if (!after) return std::unexpected(after.error());
    if (auto ok = check(tx, access.appid(), after->target); !ok) return std::unexpected(ok.error());
    store::update_rule(tx, access.appid(), {*after, version + 1, access.username(), now});
    changes["rule"] = from_to(routing::rule_json(before.rule), routing::rule_json(*after));
    return shown(tx, access.appid(), id, now);
  };
  Note note{"teams.routing_rule.update", object_of(id), Part::routing_rules};
  co_return co_await configure<RuleShown>(access, std::move(note), std::move(change));
}

Task<Result<RuleShown>> Service::move_rule(Access access, RuleId id, RuleId before) {
  const TimeMs now = with_.clock.now();
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<RuleShown> {
    const auto all = store::rules(tx, access.appid());
    const auto from = position_of(all, id);
    if (!from) return std::unexpected(from.error());
    auto to = before == id ? from : place_before(all, before);
    if (!to) return std::unexpected(to.error());
    if (*to > *from) --*to;  // its own place becomes free
    store::move_rule(tx, access.appid(), id, *from, *to);
    changes["position"] = from_to(*from, *to);
    return shown(tx, access.appid(), id, now);
  };
  Note note{"teams.routing_rule.move", object_of(id), Part::routing_rules};
  co_return co_await configure<RuleShown>(access, std::move(note), std::move(change));
}

Task<Result<void>> Service::remove_rule(Access access, RuleId id) {
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<bool> {
    const auto all = store::rules(tx, access.appid());
    const auto position = position_of(all, id);
    if (!position) return std::unexpected(position.error());
    store::delete_rule(tx, access.appid(), id, *position);
    changes["rule"] = from_to(routing::rule_json(all[*position].rule), nullptr);
    return true;
  };
  Note note{"teams.routing_rule.delete", object_of(id), Part::routing_rules};
  const auto done = co_await configure<bool>(access, std::move(note), std::move(change));
  if (!done) co_return std::unexpected(done.error());
  co_return Result<void>{};
}

}  // namespace miniops::teams
