// Incidents and their reviews.
#include "alerts/errors.hpp"
#include "alerts/json_words.hpp"
#include "alerts/routes.hpp"

namespace miniops::alerts {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

json::object head(const Incident& incident, std::int64_t alerts) {
  return {{"id", incident.id.str()},
          {"title", incident.title},
          {"state", word(incident.state)},
          {"priority", word(incident.priority)},
          {"opened_at", incident.opened_at},
          {"opened_by", incident.opened_by},
          {"resolved_at", incident.resolved_at == 0 ? json::value(nullptr) : json::value(incident.resolved_at)},
          {"alerts", alerts},
          {"reviewed", !incident.review.empty()}};
}

json::object whole(const IncidentShown& shown_incident, std::string_view language) {
  json::object out = head(shown_incident.incident, static_cast<std::int64_t>(shown_incident.alerts.size()));
  json::array items;
  for (const Alert& alert : shown_incident.alerts) items.push_back(shown(alert, language));
  json::array timeline;
  for (std::size_t i = 0; i < shown_incident.timeline.size(); ++i) {
    const IncidentEntry& entry = shown_incident.timeline[i];
    timeline.push_back({{"id", entry.id == 0 ? fmt::format("{}-{}", word(entry.kind), i) : std::to_string(entry.id)},
                        {"at", entry.at},
                        {"kind", word(entry.kind)},
                        {"by", entry.by},
                        {"text", entry.text},
                        {"alert_id", entry.alert.empty() ? json::value(nullptr) : json::value(entry.alert.str())}});
  }
  out["items"] = std::move(items);
  out["timeline"] = std::move(timeline);
  return out;
}

Answer answer_of(Service& service, Request& request, Access access, IncidentId id, int status) {
  const std::string language(language_of(request));
  const auto found = co_await service.incident(access, id, language);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(whole(*found, language), status);
}

Answer list_incidents(Service& service, Request& request, Access access) {
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  std::optional<IncidentState> state;
  if (const auto text = request.query_value("state"); text && *text != "all") {
    state = parse_word<IncidentState>(*text);
    if (!state) co_return fail(errors::invalid_question("state", "is no state"));
  }
  auto found = co_await service.incidents(access, state, page->before, page->limit + 1);
  if (!found) co_return std::unexpected(found.error());
  store::Before next;
  if (found->size() > static_cast<std::size_t>(page->limit)) {
    found->pop_back();
    next = std::pair(found->back().incident.opened_at, found->back().incident.id.value());
  }
  json::array items;
  for (const auto& one : *found) items.push_back(head(one.incident, one.alerts));
  co_return list_answer(std::move(items), next);
}

Answer open(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  std::string title = in.text("title", {1, 200});
  const auto priority = word_of<Priority>(in, "priority");
  std::vector<AlertId> alerts;
  for (const std::string& text : in.optional_texts("alert_ids", 50, {1, 20})) {
    const auto id = parse_id(text);
    if (!id) in.mistake("alert_ids", "holds what is no id");
    alerts.push_back(AlertId(id.value_or(0)));
  }
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto made = co_await service.open_incident(access, std::move(title), priority, std::move(alerts));
  if (!made) co_return std::unexpected(made.error());
  co_return co_await answer_of(service, request, access, *made, 201);
}

Answer one_incident(Service& service, Request& request, Access access) {
  const auto id = id_in<IncidentId>(request, "incident");
  if (!id) co_return std::unexpected(id.error());
  co_return co_await answer_of(service, request, access, *id, 200);
}

Answer change(Service& service, Request& request, Access access) {
  const auto id = id_in<IncidentId>(request, "incident");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  Service::IncidentPatch patch{in.optional_text("title", {1, 200}), optional_word<Priority>(in, "priority"),
                               optional_word<IncidentState>(in, "state")};
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  if (auto done = co_await service.change_incident(access, *id, std::move(patch)); !done)
    co_return std::unexpected(done.error());
  co_return co_await answer_of(service, request, access, *id, 200);
}

Answer add_alert(Service& service, Request& request, Access access) {
  const auto id = id_in<IncidentId>(request, "incident");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const auto alert = parse_id(in.text("alert_id", {1, 20}));
  if (!alert) in.mistake("alert_id", "is no id");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  if (auto done = co_await service.add_to_incident(access, *id, AlertId(*alert)); !done)
    co_return std::unexpected(done.error());
  co_return co_await answer_of(service, request, access, *id, 200);
}

Answer add_entry(Service& service, Request& request, Access access) {
  const auto id = id_in<IncidentId>(request, "incident");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const std::string kind = in.choice("kind", {"action", "comment"});
  std::string text = in.text("text", {1, 4000});
  const TimeMs at = in.optional_integer("at", 0, request.received_at).value_or(0);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const EntryKind what = kind == "action" ? EntryKind::action : EntryKind::comment;
  if (auto done = co_await service.add_entry(access, *id, what, std::move(text), at); !done)
    co_return std::unexpected(done.error());
  co_return co_await answer_of(service, request, access, *id, 200);
}

Answer review_of(Service& service, Request& request, Access access, IncidentId id) {
  const auto found = co_await service.review(access, id, std::string(language_of(request)));
  if (!found) co_return std::unexpected(found.error());
  const auto& [markdown, written_at] = *found;
  co_return Response::json(
      json::object{{"markdown", markdown},
                   {"written", written_at != 0},
                   {"updated_at", written_at == 0 ? json::value(nullptr) : json::value(written_at)}});
}

Answer review(Service& service, Request& request, Access access) {
  const auto id = id_in<IncidentId>(request, "incident");
  if (!id) co_return std::unexpected(id.error());
  co_return co_await review_of(service, request, access, *id);
}

Answer write_review(Service& service, Request& request, Access access) {
  const auto id = id_in<IncidentId>(request, "incident");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  std::string markdown = in.text("markdown", {1, 50'000});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  if (auto done = co_await service.write_review(access, *id, std::move(markdown)); !done)
    co_return std::unexpected(done.error());
  co_return co_await review_of(service, request, access, *id);
}

}  // namespace

void mount_incidents(identity::Guard& guard, RouteTargets to) {
  Service* service = &to.service;
  const std::string base = std::string(base_path) + "/incidents";
  const auto add = [&](Method method, std::string path, Permission permission, auto handler) {
    guard.app_route(method, base + path, permission, [service, handler](Request& request, const Access& access) {
      return handler(*service, request, access);
    });
  };
  add(Method::get, "", Permission::telemetry_read, list_incidents);
  add(Method::post, "", Permission::alerts_handle, open);
  add(Method::get, "/{id}", Permission::telemetry_read, one_incident);
  add(Method::patch, "/{id}", Permission::alerts_handle, change);
  add(Method::post, "/{id}/alerts", Permission::alerts_handle, add_alert);
  add(Method::post, "/{id}/entries", Permission::alerts_handle, add_entry);
  add(Method::get, "/{id}/review", Permission::telemetry_read, review);
  add(Method::put, "/{id}/review", Permission::alerts_handle, write_review);
}

}  // namespace miniops::alerts
