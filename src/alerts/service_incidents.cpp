// Incidents.
#include "alerts/errors.hpp"
#include "alerts/service.hpp"
#include "identity/audit.hpp"

namespace miniops::alerts {

namespace {

constexpr TimeMs releases_before_ms = 2 * hour_ms;  // a release a while before is part of the story

identity::AuditEntry audit_of(IdSource& ids, TimeMs now, std::string_view what, IncidentId id) {
  return {ids.next(), now, fmt::format("alerts.incident.{}", what), "incident:" + id.str()};
}

// Those of the time of the incident.
std::vector<IncidentEntry> releases_of(const std::vector<std::pair<std::string, TimeMs>>& releases,
                                       const Incident& incident, TimeMs now) {
  const TimeMs end = incident.resolved_at > 0 ? incident.resolved_at : now;
  std::vector<IncidentEntry> out;
  for (const auto& [name, at] : releases)
    if (at >= incident.opened_at - releases_before_ms && at <= end)
      out.push_back({0, at, EntryKind::release, "", name});
  return out;
}

}  // namespace

Task<Result<std::vector<Service::Listed>>> Service::incidents(Access access, std::optional<IncidentState> state,
                                                              store::Before before, int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Listed>> {
    std::vector<Listed> out;
    for (Incident& one : store::list_incidents(tx, access.appid(), state, before, limit)) {
      const auto alerts = store::count_alerts(tx, one.id);
      out.push_back({std::move(one), alerts});
    }
    return out;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<IncidentShown>> Service::incident(Access access, IncidentId id, std::string language) {
  const auto releases = co_await with_.releases(access.appid());
  const TimeMs now = with_.clock.now();
  auto read = [=](sql::Transaction& tx) -> Result<IncidentShown> {
    auto found = store::incident(tx, access.appid(), id);
    if (!found) return fail(errors::not_found("incident"));
    IncidentShown shown{std::move(*found)};
    shown.alerts = store::alerts_of_incident(tx, access.appid(), id);
    shown.timeline = timeline_of(store::incident_entries(tx, access.appid(), id), shown.alerts,
                                 releases_of(releases, shown.incident, now), language);
    return shown;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<IncidentId>> Service::open_incident(Access access, std::string title, Priority priority,
                                                std::vector<AlertId> alerts) {
  Incident incident{with_.ids.next_as<IncidentId>(), access.appid(), std::move(title)};
  incident.priority = priority;
  incident.opened_at = with_.clock.now();
  incident.opened_by = access.username();
  const auto entry = audit_of(with_.ids, incident.opened_at, "open", incident.id);
  const std::int64_t first_entry = with_.ids.next();
  auto write = [=, this](sql::Transaction& tx) -> Result<IncidentId> {
    store::insert_incident(tx, incident);
    store::add_incident_entry(tx, incident,
                              {first_entry, incident.opened_at, EntryKind::opened, incident.opened_by, incident.title});
    Recorder record(tx, with_.ids, incident.opened_at);
    for (const AlertId alert : alerts) {
      auto found = store::alert(tx, access.appid(), alert);
      if (!found) return fail(errors::not_found("alert"));
      found->incident = incident.id;
      if (!record.save(*found, "incident", access.username(), {{"incident_id", incident.id.str()}}))
        return fail(errors::changed());
    }
    identity::audit(tx, access, entry);
    return incident.id;
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<void>> Service::change_incident(Access access, IncidentId id, IncidentPatch patch) {
  const auto entry = audit_of(with_.ids, with_.clock.now(), "update", id);
  const std::int64_t step = with_.ids.next();
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    auto found = store::incident(tx, access.appid(), id);
    if (!found) return fail(errors::not_found("incident"));
    if (patch.title) found->title = *patch.title;
    if (patch.priority) found->priority = *patch.priority;
    if (patch.state && *patch.state != found->state) {
      found->state = *patch.state;
      found->resolved_at = found->state == IncidentState::resolved ? entry.at : 0;
      store::add_incident_entry(tx, *found,
                                {step, entry.at, EntryKind::state, access.username(), std::string(word(found->state))});
    }
    store::update_incident(tx, *found);
    identity::audit(tx, access, entry);
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<void>> Service::add_to_incident(Access access, IncidentId id, AlertId alert) {
  const auto entry = audit_of(with_.ids, with_.clock.now(), "add_alert", id);
  auto write = [=, this](sql::Transaction& tx) -> Result<void> {
    if (!store::incident(tx, access.appid(), id)) return fail(errors::not_found("incident"));
    auto found = store::alert(tx, access.appid(), alert);
    if (!found) return fail(errors::not_found("alert"));
    found->incident = id;
    Recorder record(tx, with_.ids, entry.at);
    if (!record.save(*found, "incident", access.username(), {{"incident_id", id.str()}}))
      return fail(errors::changed());
    identity::audit(tx, access, entry);
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<void>> Service::add_entry(Access access, IncidentId id, EntryKind kind, std::string text, TimeMs at) {
  const std::int64_t step = with_.ids.next();
  const auto entry = audit_of(with_.ids, with_.clock.now(), "note", id);
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    const auto found = store::incident(tx, access.appid(), id);
    if (!found) return fail(errors::not_found("incident"));
    store::add_incident_entry(tx, *found, {step, at == 0 ? entry.at : at, kind, access.username(), text});
    identity::audit(tx, access, entry);
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<std::pair<std::string, TimeMs>>> Service::review(Access access, IncidentId id, std::string language) {
  const auto shown = co_await incident(access, id, language);
  if (!shown) co_return std::unexpected(shown.error());
  if (!shown->incident.review.empty()) co_return std::pair(shown->incident.review, shown->incident.review_at);
  co_return std::pair(review_template(shown->incident, shown->timeline, shown->alerts, language), TimeMs{0});
}

Task<Result<void>> Service::write_review(Access access, IncidentId id, std::string markdown) {
  const auto entry = audit_of(with_.ids, with_.clock.now(), "review", id);
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    auto found = store::incident(tx, access.appid(), id);
    if (!found) return fail(errors::not_found("incident"));
    found->review = markdown;
    found->review_at = entry.at;
    store::update_incident(tx, *found);
    identity::audit(tx, access, entry);
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

}  // namespace miniops::alerts
