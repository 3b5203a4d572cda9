// Routing rules.
#include "teams/routes.hpp"

namespace miniops::teams {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

// A body's fields, some of which are this API's own and the others the rule's.
struct Split {
  json::value own;
  json::object rule;
};

Result<Split> split_body(const Request& request, std::initializer_list<std::string_view> names) {
  auto body = net::json_body(request);
  if (!body) return std::unexpected(body.error());
  if (!body->is_object()) return std::unexpected(JsonInput(*body).finish().error());
  json::object own;
  json::object& rule = body->get_object();
  for (const std::string_view name : names) {
    if (const json::value* given = rule.if_contains(name)) own[name] = *given;
    rule.erase(name);
  }
  return Split{std::move(own), std::move(rule)};
}

Answer list_rules(Service& service, Request&, Access access) {
  const auto found = co_await service.rules(access);
  if (!found) co_return std::unexpected(found.error());
  co_return list_answer(*found);
}

Answer one_rule(Service& service, Request& request, Access access) {
  const auto id = id_in<RuleId>(request, "routing rule");
  if (!id) co_return std::unexpected(id.error());
  const auto found = co_await service.rule(access, *id);
  co_return answer_of(found);
}

Answer add_rule(Service& service, Request& request, Access access) {
  auto body = split_body(request, {"before"});
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(body->own);
  const RuleId before(in.optional_id("before").value_or(0));
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto made = co_await service.add_rule(access, std::move(body->rule), before);
  co_return answer_of(made, 201);
}

Answer change_rule(Service& service, Request& request, Access access) {
  const auto id = id_in<RuleId>(request, "routing rule");
  if (!id) co_return std::unexpected(id.error());
  auto body = split_body(request, {"version"});
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(body->own);
  const std::int64_t version = read_version(in);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto changed = co_await service.change_rule(access, *id, version, std::move(body->rule));
  co_return answer_of(changed);
}

Answer move(Service& service, Request& request, Access access) {
  const auto id = id_in<RuleId>(request, "routing rule");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const RuleId before(in.optional_id("before").value_or(0));
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto moved = co_await service.move_rule(access, *id, before);
  co_return answer_of(moved);
}

Answer remove(Service& service, Request& request, Access access) {
  const auto id = id_in<RuleId>(request, "routing rule");
  if (!id) co_return std::unexpected(id.error());
  const auto done = co_await service.remove_rule(access, *id);
  co_return answer_of(done);
}

}  // namespace

void mount_rules(identity::Guard& guard, Service& service) {
  const auto add = [&](Method method, std::string_view path, Permission permission, auto handler) {
    route(guard, service, method, path, permission, handler);
  };
  add(Method::get, "/routing-rules", Permission::desk_read, list_rules);
  add(Method::post, "/routing-rules", Permission::desk_configure, add_rule);
  add(Method::get, "/routing-rules/{id}", Permission::desk_read, one_rule);
  add(Method::patch, "/routing-rules/{id}", Permission::desk_configure, change_rule);
  add(Method::del, "/routing-rules/{id}", Permission::desk_configure, remove);
  add(Method::post, "/routing-rules/{id}/move", Permission::desk_configure, move);
}

}  // namespace miniops::teams
