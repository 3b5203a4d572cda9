// Alerts, silences, receivers.
#include "alerts/routes.hpp"

#include <charconv>

#include "alerts/errors.hpp"
#include "alerts/json_words.hpp"

namespace miniops::alerts {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

constexpr TimeMs silence_ms_max = 30 * day_ms;

json::value time_or_null(TimeMs at) { return at == 0 ? json::value(nullptr) : json::value(at); }
template <class Id>
json::value id_or_null(Id id) {
  return id.empty() ? json::value(nullptr) : json::value(id.str());
}
json::value word_or_null(std::string_view text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::object shown(const store::TimelineEntry& entry) {
  return {{"id", std::to_string(entry.id)},
          {"at", entry.at},
          {"what", entry.what},
          {"by", entry.by},
          {"detail", entry.detail}};
}

json::object shown(const Silence& silence) {
  return {{"id", std::to_string(silence.id)},
          {"rule_id", id_or_null(silence.rule)},
          {"kind", silence.kind ? json::value(word(*silence.kind)) : json::value(nullptr)},
          {"severity_max", silence.severity_max ? json::value(word(*silence.severity_max)) : json::value(nullptr)},
          {"group", word_or_null(silence.group)},
          {"page_prefix", word_or_null(silence.page_prefix)},
          {"reason", silence.reason},
          {"starts_at", silence.starts_at},
          {"ends_at", silence.ends_at},
          {"created_by", silence.created_by},
          {"created_at", silence.created_at}};
}

json::object shown(const Summary& summary) {
  const auto counts = [&](State state) {
    json::object out{{"notice", 0}, {"warning", 0}, {"critical", 0}};
    for (const store::Counted& one : summary.open)
      if (one.state == state) out[word(one.severity)] = one.count;
    return out;
  };
  return {{"firing", counts(State::firing)},
          {"acknowledged", counts(State::acknowledged)},
          {"resolved_unreviewed", summary.unreviewed},
          {"rules_blind", summary.blind},
          {"evaluated_to", time_or_null(summary.evaluated_to)}};
}

// ---- alerts ----

Result<store::AlertFilter> filter_in(const Request& request) {
  store::AlertFilter filter;
  const std::string state = request.query_value("state").value_or("open");
  if (state == "open") {
    filter.states = {State::firing, State::acknowledged};
  } else if (state != "all") {
    const auto known = parse_word<State>(state);
    if (!known) return fail(errors::invalid_question("state", "is no state"));
    filter.states = {*known};
  }
  if (const auto severity = request.query_value("severity")) {
    filter.severity = parse_word<Severity>(*severity);
    if (!filter.severity) return fail(errors::invalid_question("severity", "is no severity"));
  }
  if (const auto rule = request.query_value("rule")) {
    const auto id = parse_id(*rule);
    if (!id) return fail(errors::invalid_question("rule", "is no id"));
    filter.rule = RuleId(*id);
  }
  const auto from = time_in(request, "from", 0);
  const auto to = time_in(request, "to", 0);
  if (!from) return std::unexpected(from.error());
  if (!to) return std::unexpected(to.error());
  filter.from = *from;
  filter.to = *to;
  return filter;
}

Answer list_rules(Service& service, Request& request, Access access) {
  const auto filter = filter_in(request);
  if (!filter) co_return std::unexpected(filter.error());
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  const std::string language(language_of(request));
  auto found = co_await service.list(access, *filter, page->before, page->limit + 1);
  if (!found) co_return std::unexpected(found.error());
  store::Before next;
  if (found->size() > static_cast<std::size_t>(page->limit)) {
    found->pop_back();
    next = std::pair(found->back().began_at, found->back().id.value());
  }
  json::array items;
  for (const Alert& alert : *found) items.push_back(shown(alert, language));
  co_return list_answer(std::move(items), next);
}

Answer summary(Service& service, Request&, Access access) {
  const auto found = co_await service.summary(access);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown(*found));
}

Answer one(Service& service, Request& request, Access access) {
  const auto id = id_in<AlertId>(request, "alert");
  if (!id) co_return std::unexpected(id.error());
  const auto found = co_await service.find(access, *id);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(shown(*found, language_of(request)));
}

Answer timeline(Service& service, Request& request, Access access) {
  const auto id = id_in<AlertId>(request, "alert");
  if (!id) co_return std::unexpected(id.error());
  const auto found = co_await service.timeline(access, *id);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const auto& entry : *found) items.push_back(shown(entry));
  co_return list_answer(std::move(items));
}

// acknowledge and resolve.
Answer handle(Service& service, Request& request, Access access,
              Task<Result<Alert>> (Service::*act)(Access, AlertId, std::string)) {
  const auto id = id_in<AlertId>(request, "alert");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  std::string note = in.optional_text("note", {0, 2000}).value_or("");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto done = co_await (service.*act)(access, *id, std::move(note));
  if (!done) co_return std::unexpected(done.error());
  co_return Response::json(shown(*done, language_of(request)));
}

Answer close(Service& service, Request& request, Access access) {
  const auto id = id_in<AlertId>(request, "alert");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  Closing closing{in.text("note", {1, 4000})};
  const std::string verdict = in.choice("verdict", {"useful", "noise", "unclear"});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  closing.opinion = parse_word<Opinion>(verdict).value_or(Opinion::unclear);
  const auto done = co_await service.close(access, *id, std::move(closing));
  if (!done) co_return std::unexpected(done.error());
  co_return Response::json(shown(*done, language_of(request)));
}

Answer comment(Service& service, Request& request, Access access) {
  const auto id = id_in<AlertId>(request, "alert");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  std::string text = in.text("text", {1, 4000});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto done = co_await service.comment(access, *id, std::move(text));
  if (!done) co_return std::unexpected(done.error());
  co_return Response::json(shown(*done), 201);
}

// ---- who is told ----

Answer list_silences(Service& service, Request&, Access access) {
  const auto found = co_await service.silences(access);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const Silence& one_silence : *found) items.push_back(shown(one_silence));
  co_return list_answer(std::move(items));
}

Answer silence(Service& service, Request& request, Access access, TimeMs now) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  Silence wanted;
  if (const auto rule = in.optional_text("rule_id", {1, 20})) {
    const auto id = parse_id(*rule);
    if (!id) in.mistake("rule_id", "is no id");
    wanted.rule = RuleId(id.value_or(0));
  }
  wanted.kind = optional_word<RuleKind>(in, "kind");
  wanted.severity_max = optional_word<Severity>(in, "severity_max");
  wanted.group = in.optional_text("group", {1, 500}).value_or("");
  wanted.page_prefix = in.optional_text("page_prefix", {1, 200}).value_or("");
  wanted.reason = in.text("reason", {1, 500});
  wanted.starts_at = in.optional_integer("starts_at", 0, now + silence_ms_max).value_or(now);
  wanted.ends_at = in.integer("ends_at", now, now + silence_ms_max);
  if (wanted.ends_at <= wanted.starts_at) in.mistake("ends_at", "lies before its beginning");
  const bool all = wanted.rule.empty() && !wanted.kind && !wanted.severity_max && wanted.group.empty();
  if (all && wanted.page_prefix.empty()) in.mistake("rule_id", "or another matcher is needed");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto made = co_await service.silence(access, std::move(wanted));
  if (!made) co_return std::unexpected(made.error());
  co_return Response::json(shown(*made), 201);
}

Answer end_silence(Service& service, Request& request, Access access) {
  const auto id = parse_id(request.param("id"));
  if (!id) co_return fail(errors::not_found("silence"));
  if (auto done = co_await service.end_silence(access, *id); !done) co_return std::unexpected(done.error());
  co_return Response::no_content();
}

Answer receivers(Service& service, Request&, Access access) {
  const auto found = co_await service.receivers(access);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(to_json(*found));
}

Answer put_receivers(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  auto wanted = parse_receivers(*body);
  if (!wanted) co_return std::unexpected(wanted.error());
  const auto stored = co_await service.put_receivers(access, std::move(*wanted));
  if (!stored) co_return std::unexpected(stored.error());
  co_return Response::json(to_json(*stored));
}

}  // namespace

// ---- what requests have in common ----

Error no_such(std::string_view what) { return errors::not_found(what); }

std::string_view language_of(const Request& request) {
  return request.headers.get("accept-language").value_or("zh").starts_with("en") ? "en" : "zh";
}

Response list_answer(json::array items, const store::Before& next) {
  json::value cursor = nullptr;
  if (next) cursor = net::make_cursor(next->first, next->second);
  return Response::json(json::object{{"items", std::move(items)}, {"next_cursor", std::move(cursor)}});
}

Result<PageAsked> page_in(const Request& request) {
  const auto page = net::page_of(request);
  if (!page) return std::unexpected(page.error());
  PageAsked asked{page->limit};
  if (!page->cursor) return asked;
  const auto before = net::read_cursor(*page->cursor);
  if (!before) return std::unexpected(before.error());
  asked.before = *before;
  return asked;
}

Result<TimeMs> time_in(const Request& request, std::string_view name, TimeMs otherwise) {
  const auto text = request.query_value(name);
  if (!text) return otherwise;
  TimeMs at = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), at);
  if (problem != std::errc{} || end != text->data() + text->size() || at < 0)
    return fail(errors::invalid_question(name, "must be a time in milliseconds"));
  return at;
}

json::object shown(const Alert& alert, std::string_view language) {
  const json::value group_by = word_or_null(alert.group_by);
  return {{"id", alert.id.str()},
          {"rule_id", alert.rule.str()},
          {"rule_name", alert.rule_name},
          {"kind", word(alert.kind)},
          {"group_by", group_by},
          {"group", alert.issue != 0 ? std::string() : alert.group},
          {"state", word(alert.state)},
          {"severity", word(alert.severity)},
          {"priority", word(alert.priority)},
          {"cause", word(alert.cause)},
          {"value", alert.value},
          {"worst", alert.worst},
          {"expected", alert.expected},
          {"count", alert.count},
          {"sentence", sentence(alert, language)},
          {"began_at", alert.began_at},
          {"fired_at", time_or_null(alert.fired_at)},
          {"acknowledged_at", time_or_null(alert.acknowledged_at)},
          {"acknowledged_by", alert.acknowledged_by},
          {"resolved_at", time_or_null(alert.resolved_at)},
          {"closed_at", time_or_null(alert.closed_at)},
          {"closed_by", alert.closed_by},
          {"note", alert.note},
          {"verdict", word(alert.opinion)},
          {"reopened", alert.reopened},
          {"flapping", is_flapping(alert)},
          {"respond_by", time_or_null(alert.escalate_at)},
          {"escalated", alert.escalated},
          {"hidden_by", alert.hidden_by},
          {"incident_id", id_or_null(alert.incident)},
          {"issue_id", alert.issue == 0 ? json::value(nullptr) : json::value(std::to_string(alert.issue))},
          {"page", alert.page},
          {"error_name", alert.error_name}};
}

void mount(identity::Guard& guard, RouteTargets to) {
  Service* service = &to.service;
  const Clock* clock = &to.clock;
  const std::string base(base_path);
  mount_rules(guard, to);
  mount_incidents(guard, to);
  const auto add = [&](Method method, std::string path, Permission permission, auto handler) {
    guard.app_route(method, base + path, permission, [service, handler](Request& request, const Access& access) {
      return handler(*service, request, access);
    });
  };
  add(Method::get, "", Permission::telemetry_read, list_rules);
  add(Method::get, "/summary", Permission::telemetry_read, summary);
  add(Method::get, "/{id}", Permission::telemetry_read, one);
  add(Method::get, "/{id}/timeline", Permission::telemetry_read, timeline);
  add(Method::post, "/{id}/acknowledge", Permission::alerts_handle,
      [](Service& s, Request& request, Access access) { return handle(s, request, access, &Service::acknowledge); });
  add(Method::post, "/{id}/resolve", Permission::alerts_handle,
      [](Service& s, Request& request, Access access) { return handle(s, request, access, &Service::resolve); });
  add(Method::post, "/{id}/close", Permission::alerts_handle, close);
  add(Method::post, "/{id}/comments", Permission::alerts_handle, comment);
  add(Method::get, "/silences", Permission::telemetry_read, list_silences);
  add(Method::post, "/silences", Permission::alerts_handle,
      [clock](Service& s, Request& request, Access access) { return silence(s, request, access, clock->now()); });
  add(Method::del, "/silences/{id}", Permission::alerts_handle, end_silence);
  add(Method::get, "/receivers", Permission::telemetry_read, receivers);
  add(Method::put, "/receivers", Permission::alerts_manage, put_receivers);
}

}  // namespace miniops::alerts
