// What people do with issues.
#include "issues/errors.hpp"
#include "issues/routes.hpp"

namespace miniops::issues {

namespace {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

constexpr std::size_t ids_max = 100;
constexpr std::size_t releases_max = 200;

// ---- reading a change ----

bool is_null(const json::value& body, std::string_view key) {
  const json::value* value = body.is_object() ? body.as_object().if_contains(key) : nullptr;
  return value != nullptr && value->is_null();
}

std::optional<std::optional<Ignoring>> ignoring_in(JsonInput& in, const json::value& body) {
  if (is_null(body, "ignored")) {
    in.optional_value("ignored");
    return std::optional<Ignoring>();
  }
  if (!in.has("ignored")) return std::nullopt;
  JsonInput inner = in.object("ignored");
  Ignoring ignored;
  ignored.until_at = inner.optional_integer("until_at", 1, 9'000'000'000'000).value_or(0);
  ignored.until_count = inner.optional_integer("until_count", 1, 1'000'000'000).value_or(0);
  ignored.until_release = inner.optional_boolean("until_release").value_or(false);
  if (ignored.until_at == 0 && ignored.until_count == 0 && !ignored.until_release)
    in.mistake("ignored", "needs until_at, until_count or until_release");
  return std::optional(std::move(ignored));
}

bool is_link(std::string_view url) { return url.starts_with("https://") || url.starts_with("http://"); }

void read_state(JsonInput& in, Change& change) {
  if (const auto state = in.optional_choice("state", {"found", "classified", "located", "fixed", "released"}))
    change.state = parse_workflow(*state);
  change.resolve = in.optional_boolean("resolve").value_or(false);
  change.fixed_in = in.optional_text("fixed_in", {1, 200});
  if (change.state && change.resolve) in.mistake("resolve", "cannot stand beside state");
  if (change.fixed_in && !change.resolve && !(change.state && is_resolved(*change.state)))
    in.mistake("fixed_in", "needs resolve, or the state fixed or released");
}

Change change_in(JsonInput& in, const json::value& body) {
  Change change;
  read_state(in, change);
  if (const auto assignee = in.optional_id("assignee_id")) change.assignee = identity::AccountId(*assignee);
  if (is_null(body, "assignee_id")) change.assignee = std::optional<identity::AccountId>();
  if (const auto severity = in.optional_choice("severity", {"P0", "P1", "P2", "P3"}))
    change.severity = parse_severity(*severity);
  if (is_null(body, "severity")) change.severity = std::optional<Severity>();
  change.ignored = ignoring_in(in, body);
  if (const auto url = in.optional_text("tracker_url", {1, 1000})) {
    change.tracker_url = *url;
    if (!is_link(*url)) in.mistake("tracker_url", "must begin with https:// or http://");
  }
  if (is_null(body, "tracker_url")) change.tracker_url = std::optional<std::string>();
  const bool something =
      change.state || change.resolve || change.assignee || change.severity || change.ignored || change.tracker_url;
  if (!something) in.mistake("", "says nothing that is to be changed");
  return change;
}

std::vector<std::int64_t> ids_in(JsonInput& in, std::string_view name) {
  std::vector<std::int64_t> ids;
  for (const std::string& text : in.optional_texts(name, ids_max, {1, 20})) {
    const auto id = parse_id(text);
    if (!id) in.mistake(name, "holds what is no id");
    if (id && std::ranges::find(ids, *id) == ids.end()) ids.push_back(*id);
  }
  if (ids.empty()) in.mistake(name, "must name at least one");
  return ids;
}

// ---- answers ----

Answer change_one(const RouteTargets& to, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const Change change = change_in(in, *body);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const std::vector<std::int64_t> only{*id};
  const auto issues = co_await to.service.change(access, only, change);
  if (!issues) co_return std::unexpected(issues.error());
  co_return Response::json(Views(access, to.clock.now()).issue(issues->front()));
}

Answer change_many(const RouteTargets& to, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const auto ids = ids_in(in, "ids");
  JsonInput inner = in.object("change");
  const json::value* given = in.optional_value("change");
  const Change change = change_in(inner, given == nullptr ? json::value() : *given);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto issues = co_await to.service.change(access, ids, change);
  if (!issues) co_return std::unexpected(issues.error());
  const Views views(access, to.clock.now());
  json::array items;
  for (const Issue& issue : *issues) items.push_back(views.issue(issue));
  co_return list_answer(std::move(items));
}

Answer merge(const RouteTargets& to, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const auto ids = ids_in(in, "ids");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto issue = co_await to.service.merge(access, *id, ids);
  if (!issue) co_return std::unexpected(issue.error());
  co_return Response::json(Views(access, to.clock.now()).issue(*issue));
}

// Of a body with one id.
template <class Act>
Answer with_id(const RouteTargets& to, Request& request, Access access, std::string_view name, Act act) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const auto other = in.optional_id(name);
  if (!other) in.mistake(name, "is missing");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto issue = co_await act(access, *id, *other);
  if (!issue) co_return std::unexpected(issue.error());
  co_return Response::json(Views(access, to.clock.now()).issue(*issue));
}

Answer split(const RouteTargets& to, Request& request, Access access) {
  return with_id(to, request, access, "key_id", [&service = to.service](Access who, std::int64_t id, std::int64_t key) {
    return service.split(std::move(who), id, key);
  });
}

Answer undo(const RouteTargets& to, Request& request, Access access) {
  return with_id(to, request, access, "activity_id",
                 [&service = to.service](Access who, std::int64_t id, std::int64_t step) {
                   return service.undo(std::move(who), id, step);
                 });
}

Answer comment(const RouteTargets& to, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const std::string text = in.text("text", {1, 5000});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto said = co_await to.service.comment(access, *id, text);
  if (!said) co_return std::unexpected(said.error());
  co_return Response::json(Views(access, to.clock.now()).activity(*said), 201);
}

Answer list_activity(const RouteTargets& to, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto asked = page_in(request);
  if (!asked) co_return std::unexpected(asked.error());
  const auto page = co_await to.service.activity(access, *id, asked->after, asked->limit);
  if (!page) co_return std::unexpected(page.error());
  const Views views(access, to.clock.now());
  json::array items;
  for (const Activity& activity : page->items) items.push_back(views.activity(activity));
  co_return list_answer(std::move(items), page->next);
}

Answer order_releases(const RouteTargets& to, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const auto releases = in.optional_texts("releases", releases_max, {1, 500});
  if (releases.empty()) in.mistake("releases", "must name at least one");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto ordered = co_await to.service.order_releases(access, releases);
  if (!ordered) co_return std::unexpected(ordered.error());
  co_return Response::json(json::object{{"releases", json::value_from(*ordered)}});
}

}  // namespace

void mount_actions(identity::Guard& guard, const RouteTargets& to) {
  const auto route = [&](Method method, std::string_view path, Permission permission, auto handler) {
    guard.app_route(method, fmt::format("{}{}", base_path, path), permission,
                    [=](Request& request, const Access& access) -> Answer { return handler(to, request, access); });
  };
  using enum Permission;
  route(Method::patch, "/{id}", issues_handle, change_one);
  route(Method::post, "/changes", issues_handle, change_many);
  route(Method::post, "/{id}/merge", issues_handle, merge);
  route(Method::post, "/{id}/split", issues_handle, split);
  route(Method::post, "/{id}/undo", issues_handle, undo);
  route(Method::post, "/{id}/comments", issues_handle, comment);
  route(Method::get, "/{id}/activity", telemetry_read, list_activity);
  route(Method::put, "/releases/order", issues_handle, order_releases);
}

}  // namespace miniops::issues
