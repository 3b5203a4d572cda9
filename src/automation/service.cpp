#include "automation/service.hpp"

#include "automation/errors.hpp"
#include "identity/audit.hpp"

namespace miniops::automation {

namespace {

json::object from_to(json::value from, json::value to) { return {{"from", std::move(from)}, {"to", std::move(to)}}; }

Result<std::size_t> position_of(const std::vector<PlacedRule>& all, RuleId id) {
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].rule.id == id) return i;
  return fail(errors::not_found());
}

// Where to put one before another; behind all without one.
Result<std::size_t> place_before(const std::vector<PlacedRule>& all, RuleId before) {
  if (before.empty()) return all.size();
  return position_of(all, before);
}

Result<Rule> patched(const Rule& before, const json::object& patch) {
  json::object body = rule_json(before);
  for (const auto& member : patch) body[member.key()] = member.value();
  auto after = parse_rule(body);
  if (after) after->id = before.id;
  return after;
}

// What was due before counts again only if the rule waits for the same.
bool waits_alike(const PlacedRule& before, const Rule& after) {
  return before.works() && after.enabled && before.rule.when == after.when;
}

}  // namespace

template <class Value, class Change>
Task<Result<Value>> Service::configure(Access access, std::string action, RuleId id, Change change) {
  const std::int64_t audit_id = with_.ids.next();
  const TimeMs now = with_.clock.now();
  auto write = [=](sql::Transaction& tx) -> Result<Value> {
    json::object changes;
    auto value = change(tx, changes);
    if (!value) return value;
    sql::raise_config_version(tx);
    identity::audit(tx, access, {audit_id, now, action, "automation_rule:" + id.str(), std::move(changes)});
    return value;
  };
  auto value = co_await with_.database.write(std::move(write));
  if (!value) co_return value;
  co_await with_.version.refresh();
  // Should it fail, the loop loads it a moment later.
  std::ignore = co_await with_.rule_sets.load(true);
  co_return value;
}

// ---- reading ----

std::vector<Warning> Service::warnings_of(sql::Transaction& tx, const AppId& appid, const Rule& rule) const {
  std::vector<Warning> out;
  if (matches_everything(rule)) out.push_back({WarningKind::matches_everything});
  for (std::size_t i = 0; i < rule.steps.size(); ++i)
    if (!with_.desk.check(tx, appid, rule.steps[i])) out.push_back({WarningKind::broken, i});
  return out;
}

std::vector<RuleShown> Service::all_shown(sql::Transaction& tx, const AppId& appid) const {
  std::vector<RuleShown> out;
  for (PlacedRule& one : store::rules(tx, appid)) {
    auto warnings = warnings_of(tx, appid, one.rule);
    out.push_back({std::move(one), out.size(), std::move(warnings)});
  }
  return out;
}

Result<RuleShown> Service::shown(sql::Transaction& tx, const AppId& appid, RuleId id) const {
  for (RuleShown& one : all_shown(tx, appid))
    if (one.placed.rule.id == id) return std::move(one);
  return fail(errors::not_found());
}

Task<Result<std::vector<RuleShown>>> Service::rules(Access access) {
  auto read = [=, this](sql::Transaction& tx) -> Result<std::vector<RuleShown>> {
    return all_shown(tx, access.appid());
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<RuleShown>> Service::rule(Access access, RuleId id) {
  auto read = [=, this](sql::Transaction& tx) -> Result<RuleShown> { return shown(tx, access.appid(), id); };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<DryRun>> Service::dry_run(Access access, json::value rule) {
  const auto parsed = parse_rule(rule);
  if (!parsed) co_return std::unexpected(parsed.error());
  const TimeMs now = with_.clock.now();
  Rule tried = *parsed;
  tried.id = RuleId(1);  // so that what is timed can name it
  auto read = [=, this](sql::Transaction& tx) -> Result<DryRun> {
    DryRun out{with_.desk.past(tx, access, tried, tried_max, now)};
    out.warnings = warnings_of(tx, access.appid(), tried);
    return out;
  };
  auto out = co_await with_.database.read(std::move(read));
  if (out) out->tried = automation::dry_run(tried, out->past);
  co_return out;
}

Task<Result<LogPage>> Service::log(Access access, store::LogFilter filter, store::Before before, int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<LogPage> {
    LogPage page{store::log_before(tx, access.appid(), filter, before, limit + 1)};
    if (std::ssize(page.items) <= limit) return page;
    page.items.pop_back();
    page.next = {page.items.back().at, page.items.back().id.value()};
    return page;
  };
  co_return co_await with_.database.read(std::move(read));
}

// ---- changes ----

// Nothing is sent where nobody is.
Result<void> Service::check(sql::Transaction& tx, const AppId& appid, const Rule& rule) const {
  for (const Step& step : rule.steps)
    if (auto there = with_.desk.check(tx, appid, step); !there) return there;
  return {};
}

Task<Result<RuleShown>> Service::add(Access access, json::value rule, RuleId before) {
  const TimeMs now = with_.clock.now();
  auto parsed = parse_rule(rule);
  if (!parsed) co_return std::unexpected(parsed.error());
  parsed->id = with_.ids.next_as<RuleId>();
  const RuleId id = parsed->id;
  const PlacedRule placed{std::move(*parsed), 1, now, 0, access.username(), now};
  auto change = [=, this](sql::Transaction& tx, json::object& changes) -> Result<RuleShown> {
    const auto all = store::rules(tx, access.appid());
    if (all.size() >= rules_max) return fail(errors::too_many(rules_max));
    if (auto ok = check(tx, access.appid(), placed.rule); !ok) return std::unexpected(ok.error());
    const auto position = place_before(all, before);
    if (!position) return std::unexpected(position.error());
    store::insert_rule(tx, access.appid(), placed, *position);
    changes["rule"] = from_to(nullptr, rule_json(placed.rule));
    changes["position"] = from_to(nullptr, *position);
    return shown(tx, access.appid(), id);
  };
  co_return co_await configure<RuleShown>(access, "automation.rule.create", id, std::move(change));
}

Task<Result<RuleShown>> Service::change(Access access, RuleId id, std::int64_t version, json::object patch) {
  const TimeMs now = with_.clock.now();
  auto change = [=, this](sql::Transaction& tx, json::object& changes) -> Result<RuleShown> {
    const auto all = store::rules(tx, access.appid());
    const auto position = position_of(all, id);
    if (!position) return std::unexpected(position.error());
    const PlacedRule& before = all[*position];
    if (before.version != version) return fail(errors::changed());
    auto after = patched(before.rule, patch);
    if (!after) return std::unexpected(after.error());
    // A rule whose group is gone can still be switched off.
    if (after->steps != before.rule.steps)
      if (auto ok = check(tx, access.appid(), *after); !ok) return std::unexpected(ok.error());
    const TimeMs since = waits_alike(before, *after) ? before.since : now;
    changes["rule"] = from_to(rule_json(before.rule), rule_json(*after));
    store::update_rule(tx, access.appid(), {std::move(*after), version + 1, since, 0, access.username(), now});
    return shown(tx, access.appid(), id);
  };
  co_return co_await configure<RuleShown>(access, "automation.rule.update", id, std::move(change));
}

Task<Result<RuleShown>> Service::move(Access access, RuleId id, RuleId before) {
  auto change = [=, this](sql::Transaction& tx, json::object& changes) -> Result<RuleShown> {
    const auto all = store::rules(tx, access.appid());
    const auto from = position_of(all, id);
    if (!from) return std::unexpected(from.error());
    auto to = before == id ? from : place_before(all, before);
    if (!to) return std::unexpected(to.error());
    if (*to > *from) --*to;  // its own place becomes free
    store::move_rule(tx, access.appid(), id, *from, *to);
    changes["position"] = from_to(*from, *to);
    return shown(tx, access.appid(), id);
  };
  co_return co_await configure<RuleShown>(access, "automation.rule.move", id, std::move(change));
}

Task<Result<void>> Service::remove(Access access, RuleId id) {
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<bool> {
    const auto all = store::rules(tx, access.appid());
    const auto position = position_of(all, id);
    if (!position) return std::unexpected(position.error());
    store::delete_rule(tx, access.appid(), id, *position);
    changes["rule"] = from_to(rule_json(all[*position].rule), nullptr);
    return true;
  };
  const auto done = co_await configure<bool>(access, "automation.rule.delete", id, std::move(change));
  if (!done) co_return std::unexpected(done.error());
  co_return Result<void>{};
}

}  // namespace miniops::automation
