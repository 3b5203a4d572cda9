#include "automation/routes.hpp"

#include "automation/errors.hpp"
#include "automation/views.hpp"

namespace miniops::automation {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

using Answer = Task<Result<Response>>;
using Handle = Answer (*)(Service&, Request&, Access);
constexpr std::string_view base_path = "/api/v1/miniprograms/{appid}";

Result<RuleId> id_in(const Request& request) {
  const auto id = parse_as<RuleId>(request.param("id"));
  return id ? Result<RuleId>(*id) : fail(errors::not_found());
}

// A body's fields, one of which may be this API's own; the others are the rule's.
struct Split {
  json::value own;
  json::object rule;
};

Result<Split> split_body(const Request& request, std::string_view name) {
  auto body = net::json_body(request);
  if (!body) return std::unexpected(body.error());
  if (!body->is_object()) return std::unexpected(JsonInput(*body).finish().error());
  json::object own;
  json::object& rule = body->get_object();
  if (const json::value* given = rule.if_contains(name)) own[name] = *given;
  rule.erase(name);
  return Split{std::move(own), std::move(rule)};
}

Result<RuleId> before_in(const json::value& own) {
  JsonInput in(own);
  const RuleId before(in.optional_id("before").value_or(0));
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  return before;
}

Result<Response> shown_answer(const Result<RuleShown>& shown, int status = 200) {
  if (!shown) return std::unexpected(shown.error());
  return Response::json(to_json(*shown), status);
}

Answer list(Service& service, Request&, Access access) {
  const auto found = co_await service.rules(std::move(access));
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const RuleShown& one : *found) items.push_back(to_json(one));
  co_return Response::json(json::object{{"items", std::move(items)}});
}

Answer one(Service& service, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto found = co_await service.rule(std::move(access), *id);
  co_return shown_answer(found);
}

Answer add(Service& service, Request& request, Access access) {
  auto body = split_body(request, "before");
  if (!body) co_return std::unexpected(body.error());
  const auto before = before_in(body->own);
  if (!before) co_return std::unexpected(before.error());
  const auto made = co_await service.add(std::move(access), std::move(body->rule), *before);
  co_return shown_answer(made, 201);
}

Answer change(Service& service, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  auto body = split_body(request, "version");
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(body->own);
  const std::int64_t version = in.integer("version", 1, std::numeric_limits<std::int64_t>::max());
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto changed = co_await service.change(std::move(access), *id, version, std::move(body->rule));
  co_return shown_answer(changed);
}

Answer move(Service& service, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  const auto before = before_in(*body);
  if (!before) co_return std::unexpected(before.error());
  const auto moved = co_await service.move(std::move(access), *id, *before);
  co_return shown_answer(moved);
}

Answer remove(Service& service, Request& request, Access access) {
  const auto id = id_in(request);
  if (!id) co_return std::unexpected(id.error());
  if (auto done = co_await service.remove(std::move(access), *id); !done) co_return std::unexpected(done.error());
  co_return Response::no_content();
}

Answer dry_run(Service& service, Request& request, Access access) {
  auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  const bool personal_data = access.sees_personal_data();
  const auto run = co_await service.dry_run(std::move(access), std::move(*body));
  if (!run) co_return std::unexpected(run.error());
  co_return Response::json(to_json(*run, personal_data));
}

Result<store::LogFilter> filter_in(const Request& request) {
  store::LogFilter filter;
  if (const auto text = request.query_value("rule_id")) {
    filter.rule = parse_as<RuleId>(*text);
    if (!filter.rule) return fail(errors::invalid_query("rule_id", "must be an id"));
  }
  if (const auto text = request.query_value("outcome")) {
    filter.outcome = parse_word<Outcome>(*text);
    if (!filter.outcome)
      return fail(errors::invalid_query("outcome", "must be fired, not_matched, repeated, too_often or paused"));
  }
  if (const auto text = request.query_value("conversation_id")) {
    filter.conversation = parse_id(*text);
    if (!filter.conversation) return fail(errors::invalid_query("conversation_id", "must be an id"));
  }
  return filter;
}

Answer log(Service& service, Request& request, Access access) {
  const auto filter = filter_in(request);
  if (!filter) co_return std::unexpected(filter.error());
  const auto page = net::page_of(request);
  if (!page) co_return std::unexpected(page.error());
  store::Before before;
  if (page->cursor) {
    const auto read = net::read_cursor(*page->cursor);
    if (!read) co_return std::unexpected(read.error());
    before = *read;
  }
  const auto found = co_await service.log(std::move(access), *filter, before, page->limit);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const LogEntry& entry : found->items) items.push_back(to_json(entry));
  json::value cursor = nullptr;
  if (found->next) cursor = net::make_cursor(found->next->first, found->next->second);
  co_return Response::json(json::object{{"items", std::move(items)}, {"next_cursor", std::move(cursor)}});
}

}  // namespace

void mount(identity::Guard& guard, Service& service) {
  const auto route = [&](Method method, std::string_view path, Permission permission, Handle handle) {
    guard.app_route(
        method, std::string(base_path) + std::string(path), permission,
        [&service, handle](Request& request, const Access& access) { return handle(service, request, access); });
  };
  route(Method::get, "/automation-rules", Permission::desk_read, list);
  route(Method::post, "/automation-rules", Permission::desk_configure, add);
  route(Method::post, "/automation-rules/dry-run", Permission::desk_configure, dry_run);
  route(Method::get, "/automation-rules/{id}", Permission::desk_read, one);
  route(Method::patch, "/automation-rules/{id}", Permission::desk_configure, change);
  route(Method::del, "/automation-rules/{id}", Permission::desk_configure, remove);
  route(Method::post, "/automation-rules/{id}/move", Permission::desk_configure, move);
  route(Method::get, "/automation-log", Permission::desk_configure, log);
}

}  // namespace miniops::automation
