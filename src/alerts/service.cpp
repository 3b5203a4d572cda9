// Alerts, silences, receivers.
#include "alerts/service.hpp"

#include "alerts/default_rules.hpp"
#include "alerts/errors.hpp"
#include "identity/audit.hpp"

namespace miniops::alerts {

namespace {

constexpr TimeMs unreviewed_ms = 7 * day_ms;
constexpr std::size_t silences_max = 200;

}  // namespace

// ---- alerts ----

Task<Result<std::vector<Alert>>> Service::list(Access access, store::AlertFilter filter, store::Before before,
                                               int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Alert>> {
    return store::list_alerts(tx, access.appid(), filter, before, limit);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Alert>> Service::find(Access access, AlertId id) {
  auto read = [=](sql::Transaction& tx) -> Result<Alert> {
    auto found = store::alert(tx, access.appid(), id);
    if (!found) return fail(errors::not_found("alert"));
    return std::move(*found);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Summary>> Service::summary(Access access) {
  const TimeMs now = with_.clock.now();
  auto read = [=](sql::Transaction& tx) -> Result<Summary> {
    Summary summary;
    summary.open = store::count_open(tx, access.appid());
    summary.unreviewed = store::count_unreviewed(tx, access.appid(), now - unreviewed_ms);
    summary.evaluated_to = store::evaluated_to(tx, access.appid());
    std::set<RuleId> blind;
    for (const store::SightOf& one : store::sights(tx, access.appid()))
      if (one.sight != Sight::normal) blind.insert(one.rule);
    for (const Rule& rule : store::rules(tx, access.appid()))
      if (rule.enabled && blind.contains(rule.id)) ++summary.blind;
    return summary;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<std::vector<store::TimelineEntry>>> Service::timeline(Access access, AlertId id) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<store::TimelineEntry>> {
    if (!store::alert(tx, access.appid(), id)) return fail(errors::not_found("alert"));
    return store::timeline(tx, access.appid(), id);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Alert>> Service::change(Access access, AlertId id, std::string what, Change how, json::object detail) {
  const TimeMs now = with_.clock.now();
  const identity::AuditEntry entry{with_.ids.next(), now, "alerts.alert." + what, "alert:" + id.str()};
  auto write = [=, this](sql::Transaction& tx) -> Result<Alert> {
    const auto found = store::alert(tx, access.appid(), id);
    if (!found) return fail(errors::not_found("alert"));
    auto changed = how(*found, now);
    if (!changed) return changed;
    Recorder record(tx, with_.ids, now);
    if (!record.save(*changed, what, access.username(), detail)) return fail(errors::changed());
    if (what == "resolved") {
      const auto rule = store::rule(tx, access.appid(), found->rule);
      const auto all = store::receivers(tx, access.appid()).value_or(Receivers{});
      record.tell(*changed, all.of(rule ? rule->receivers : std::vector<std::string>{}, *changed), "resolved");
    }
    identity::audit(tx, access, entry);
    ++changed->version;
    return changed;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<Alert>> Service::acknowledge(Access access, AlertId id, std::string note) {
  json::object detail;
  if (!note.empty()) detail["note"] = note;
  const std::string& by = access.username();
  return change(
      access, id, "acknowledged", [by](Alert alert, TimeMs at) { return acknowledged(std::move(alert), by, at); },
      std::move(detail));
}

Task<Result<Alert>> Service::resolve(Access access, AlertId id, std::string note) {
  json::object detail;
  if (!note.empty()) detail["note"] = note;
  return change(
      access, id, "resolved", [](Alert alert, TimeMs at) { return resolved(std::move(alert), at); }, std::move(detail));
}

Task<Result<Alert>> Service::close(Access access, AlertId id, Closing closing) {
  const std::string& by = access.username();
  json::object detail{{"note", closing.note}};
  return change(
      access, id, "closed", [by, closing](Alert alert, TimeMs at) { return closed(std::move(alert), closing, by, at); },
      std::move(detail));
}

Task<Result<store::TimelineEntry>> Service::comment(Access access, AlertId id, std::string text) {
  const store::TimelineEntry entry{with_.ids.next(), with_.clock.now(), "comment", access.username(), {{"text", text}}};
  const identity::AuditEntry audited{with_.ids.next(), entry.at, "alerts.alert.comment", "alert:" + id.str()};
  auto write = [=](sql::Transaction& tx) -> Result<store::TimelineEntry> {
    if (!store::alert(tx, access.appid(), id)) return fail(errors::not_found("alert"));
    store::add_entry(tx, access.appid(), id, entry);
    identity::audit(tx, access, audited);
    return entry;
  };
  co_return co_await with_.database.write(std::move(write));
}

// ---- who is told ----

Task<Result<std::vector<Silence>>> Service::silences(Access access) {
  auto read = [access, now = with_.clock.now()](sql::Transaction& tx) -> Result<std::vector<Silence>> {
    return store::silences_of(tx, access.appid(), now);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Silence>> Service::silence(Access access, Silence silence) {
  const TimeMs now = with_.clock.now();
  silence.id = with_.ids.next();
  silence.appid = access.appid();
  silence.created_by = access.username();
  silence.created_at = now;
  const identity::AuditEntry entry{with_.ids.next(),
                                   now,
                                   "alerts.silence.create",
                                   "alert_silence:" + std::to_string(silence.id),
                                   {{"reason", {{"to", silence.reason}}}}};
  auto write = [=](sql::Transaction& tx) -> Result<Silence> {
    if (store::silences_of(tx, access.appid(), now).size() >= silences_max) return fail(errors::too_many_silences());
    store::insert_silence(tx, silence);
    identity::audit(tx, access, entry);
    return silence;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<void>> Service::end_silence(Access access, std::int64_t id) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "alerts.silence.end",
                                   "alert_silence:" + std::to_string(id)};
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    if (!store::end_silence(tx, access.appid(), id, entry.at)) return fail(errors::not_found("silence"));
    identity::audit(tx, access, entry);
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<Receivers>> Service::receivers(Access access) {
  auto read = [access](sql::Transaction& tx) -> Result<Receivers> {
    return store::receivers(tx, access.appid()).value_or(Receivers{});
  };
  co_return co_await with_.database.read(std::move(read));
}

// A mini program's first table of receivers comes with its default rules, so that neither is lost by being early.
Task<Result<Receivers>> Service::put_receivers(Access access, Receivers receivers) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), "alerts.receivers.update",
                                   "alert_receivers:" + access.appid().str()};
  auto rules = default_rules(access.appid(), entry.at);
  for (Rule& rule : rules) rule.id = with_.ids.next_as<RuleId>();
  auto write = [=](sql::Transaction& tx) -> Result<Receivers> {
    identity::AuditEntry changed = entry;
    const auto before = store::receivers(tx, access.appid());
    if (!before) {
      for (const Rule& rule : rules) store::insert_rule(tx, rule);
      sql::raise_config_version(tx);
    }
    changed.changes["receivers"] = {{"from", to_json(before.value_or(Receivers{}))}, {"to", to_json(receivers)}};
    store::put_receivers(tx, access.appid(), receivers);
    identity::audit(tx, access, changed);
    return receivers;
  };
  co_return co_await with_.database.write(std::move(write));
}

}  // namespace miniops::alerts
