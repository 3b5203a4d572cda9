// Rules.
#include "alerts/default_rules.hpp"
#include "alerts/errors.hpp"
#include "alerts/service.hpp"
#include "identity/audit.hpp"

namespace miniops::alerts {

namespace {

RuleShown shown(sql::Transaction& tx, const Rule& rule) {
  RuleShown out{rule};
  for (const store::SightOf& one : store::sights(tx, rule.appid)) {
    if (one.rule != rule.id) continue;
    if (rule.enabled) out.sight = one.sight;
    out.since = one.since;
  }
  for (const Alert& alert : store::open_alerts(tx, rule.appid))
    if (alert.rule == rule.id && alert.state != State::pending) ++out.open;
  return out;
}

std::vector<RuleShown> all_shown(sql::Transaction& tx, const AppId& appid) {
  std::map<RuleId, store::SightOf> sights;
  for (const store::SightOf& one : store::sights(tx, appid)) sights[one.rule] = one;
  std::map<RuleId, std::int64_t> open;
  for (const Alert& alert : store::open_alerts(tx, appid))
    if (alert.state != State::pending) ++open[alert.rule];
  std::vector<RuleShown> out;
  for (const Rule& rule : store::rules(tx, appid)) {
    RuleShown one{rule};
    if (const auto sight = sights.find(rule.id); sight != sights.end()) {
      if (rule.enabled) one.sight = sight->second.sight;
      one.since = sight->second.since;
    }
    one.open = open[rule.id];
    out.push_back(std::move(one));
  }
  return out;
}

// What nobody watches any more is over, and nobody is told.
void end_alerts_of(sql::Transaction& tx, Recorder& record, const Rule& rule, const std::string& by, TimeMs now) {
  for (Alert alert : store::open_alerts(tx, rule.appid)) {
    if (alert.rule != rule.id) continue;
    if (alert.state == State::pending) {
      store::delete_alert(tx, alert);
      continue;
    }
    alert.state = State::resolved;
    alert.resolved_at = now;
    alert.repeat_at = alert.escalate_at = 0;
    record.save(alert, "resolved", by, {{"text", "rule"}});
  }
}

identity::AuditEntry audit_of(IdSource& ids, TimeMs now, std::string_view what, RuleId id) {
  return {ids.next(), now, fmt::format("alerts.rule.{}", what), "alert_rule:" + id.str()};
}

}  // namespace

// That what a rule names is there.
Task<Result<void>> Service::check(AppId appid, Rule rule) {
  if (rule.kind == RuleKind::health) {
    const auto figures = co_await with_.health.figures(appid);
    if (!figures) co_return std::unexpected(figures.error());
    if (std::ranges::find(*figures, rule.watch.figure, &HealthFigure::name) == figures->end())
      co_return fail(errors::unknown_figure());
  }
  if (rule.kind == RuleKind::log_match)
    if (const auto parsed = with_.queries.parse(rule.watch.query); !parsed)
      co_return fail(errors::invalid_query(parsed.error().message));
  if (rule.kind == RuleKind::saved_query)
    if (const auto saved = co_await with_.queries.saved(appid, rule.watch.query_id); !saved)
      co_return std::unexpected(saved.error());
  co_return Result<void>{};
}

Task<Result<std::vector<RuleShown>>> Service::rules(Access access) {
  auto read = [access](sql::Transaction& tx) -> Result<std::vector<RuleShown>> {
    return all_shown(tx, access.appid());
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<RuleShown>> Service::rule(Access access, RuleId id) {
  auto read = [=](sql::Transaction& tx) -> Result<RuleShown> {
    const auto found = store::rule(tx, access.appid(), id);
    if (!found) return fail(errors::not_found("rule"));
    return shown(tx, *found);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<RuleShown>> Service::add_rule(Access access, Rule rule) {
  rule.id = with_.ids.next_as<RuleId>();
  rule.appid = access.appid();
  rule.created_at = rule.updated_at = with_.clock.now();
  if (auto ok = co_await check(access.appid(), rule); !ok) co_return std::unexpected(ok.error());
  auto entry = audit_of(with_.ids, rule.created_at, "create", rule.id);
  entry.changes["name"] = {{"to", rule.name}};
  auto write = [=](sql::Transaction& tx) -> Result<RuleShown> {
    if (store::rules(tx, access.appid()).size() >= rules_max) return fail(errors::too_many_rules());
    store::insert_rule(tx, rule);
    sql::raise_config_version(tx);
    identity::audit(tx, access, entry);
    return RuleShown{rule};
  };
  auto made = co_await with_.database.write(std::move(write));
  co_await with_.version.refresh();
  co_return made;
}

Task<Result<RuleShown>> Service::change_rule(Access access, RuleId id, json::value patch) {
  auto read = [=](sql::Transaction& tx) -> Result<Rule> {
    auto found = store::rule(tx, access.appid(), id);
    if (!found) return fail(errors::not_found("rule"));
    return std::move(*found);
  };
  const auto before = co_await with_.database.read(std::move(read));
  if (!before) co_return std::unexpected(before.error());
  auto changed = patched(*before, patch);
  if (!changed) co_return std::unexpected(changed.error());
  changed->updated_at = with_.clock.now();
  if (auto ok = co_await check(access.appid(), *changed); !ok) co_return std::unexpected(ok.error());
  auto entry = audit_of(with_.ids, changed->updated_at, "update", id);
  entry.changes["rule"] = {{"from", definition_of(*before)}, {"to", definition_of(*changed)}};
  const TimeMs as_of = before->updated_at;
  auto write = [=, this, rule = *changed](sql::Transaction& tx) -> Result<RuleShown> {
    const auto now_there = store::rule(tx, access.appid(), id);
    if (!now_there) return fail(errors::not_found("rule"));
    if (now_there->updated_at != as_of) return fail(errors::changed());
    store::update_rule(tx, rule);
    Recorder record(tx, with_.ids, entry.at);
    if (!rule.enabled) end_alerts_of(tx, record, rule, access.username(), entry.at);
    sql::raise_config_version(tx);
    identity::audit(tx, access, entry);
    return shown(tx, rule);
  };
  auto done = co_await with_.database.write(std::move(write));
  co_await with_.version.refresh();
  co_return done;
}

Task<Result<void>> Service::remove_rule(Access access, RuleId id) {
  const auto entry = audit_of(with_.ids, with_.clock.now(), "remove", id);
  auto write = [=, this](sql::Transaction& tx) -> Result<void> {
    const auto found = store::rule(tx, access.appid(), id);
    if (!found) return fail(errors::not_found("rule"));
    Recorder record(tx, with_.ids, entry.at);
    end_alerts_of(tx, record, *found, access.username(), entry.at);
    store::remove_rule(tx, access.appid(), id);
    sql::raise_config_version(tx);
    identity::AuditEntry gone = entry;
    gone.changes["name"] = {{"from", found->name}};
    identity::audit(tx, access, gone);
    return {};
  };
  auto done = co_await with_.database.write(std::move(write));
  co_await with_.version.refresh();
  co_return done;
}

Task<Result<std::vector<RuleShown>>> Service::restore_rules(Access access) {
  auto wanted = default_rules(access.appid(), with_.clock.now());
  for (Rule& rule : wanted) rule.id = with_.ids.next_as<RuleId>();
  const auto entry = audit_of(with_.ids, with_.clock.now(), "restore", RuleId());
  auto write = [=](sql::Transaction& tx) -> Result<std::vector<RuleShown>> {
    std::set<std::string> there;
    for (const Rule& rule : store::rules(tx, access.appid())) there.insert(rule.default_key);
    for (const Rule& rule : wanted)
      if (!there.contains(rule.default_key)) store::insert_rule(tx, rule);
    if (!store::receivers(tx, access.appid())) store::put_receivers(tx, access.appid(), Receivers{});
    sql::raise_config_version(tx);
    identity::audit(tx, access, entry);
    return all_shown(tx, access.appid());
  };
  auto done = co_await with_.database.write(std::move(write));
  co_await with_.version.refresh();
  co_return done;
}

}  // namespace miniops::alerts
