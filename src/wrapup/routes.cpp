#include "wrapup/routes.hpp"

#include "wrapup/errors.hpp"

namespace miniops::wrapup {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

using Answer = Task<Result<Response>>;

constexpr std::string_view base_path = "/api/v1/miniprograms/{appid}";

template <class Id>
Result<Id> id_in(const Request& request, std::string_view what) {
  const auto id = parse_as<Id>(request.param("id"));
  return id ? Result<Id>(*id) : fail(errors::not_found(what));
}

Response answer(const Reasons& reasons, int status = 200) {
  json::array items;
  for (const Reason& one : reasons) items.push_back(to_json(reasons, one));
  return Response::json(json::object{{"items", std::move(items)}}, status);
}

Response answer(const std::vector<Field>& fields) {
  json::array items;
  for (const Field& one : fields) items.push_back(to_json(one));
  return Response::json(json::object{{"items", std::move(items)}});
}

template <class Id>
std::vector<Id> ids_in(JsonInput& in, std::size_t count_max) {
  std::vector<Id> ids;
  for (const std::string& text : in.optional_texts("ids", count_max, {1, 20})) {
    const auto id = parse_as<Id>(text);
    if (!id) in.mistake("ids", "must be ids");
    ids.push_back(id.value_or(Id()));
  }
  return ids;
}

// ---- reasons ----

Answer list_reasons(Service& service, Request&, Access access) {
  const auto found = co_await service.reasons(access);
  if (!found) co_return std::unexpected(found.error());
  co_return answer(*found);
}

Answer add_reason(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  ReasonPatch given = read_reason(in, true);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto all = co_await service.add_reason(access, std::move(given));
  if (!all) co_return std::unexpected(all.error());
  co_return Response::json(to_json(*all, all->back()), 201);
}

Answer change_reason(Service& service, Request& request, Access access) {
  const auto id = id_in<ReasonId>(request, "reason");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  ReasonPatch patch = read_reason(in, false);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto all = co_await service.change_reason(access, *id, std::move(patch));
  if (!all) co_return std::unexpected(all.error());
  co_return Response::json(to_json(*all, *find(*all, *id)));
}

Answer order_reasons(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const ReasonId parent(in.optional_id("parent_id").value_or(0));
  auto ids = ids_in<ReasonId>(in, reasons_max);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto all = co_await service.order_reasons(access, parent, std::move(ids));
  if (!all) co_return std::unexpected(all.error());
  co_return answer(*all);
}

Answer remove_reason(Service& service, Request& request, Access access) {
  const auto id = id_in<ReasonId>(request, "reason");
  if (!id) co_return std::unexpected(id.error());
  if (auto done = co_await service.remove_reason(access, *id); !done) co_return std::unexpected(done.error());
  co_return Response::no_content();
}

// ---- fields ----

Answer list_fields(Service& service, Request&, Access access) {
  const auto found = co_await service.fields(access);
  if (!found) co_return std::unexpected(found.error());
  co_return answer(*found);
}

Answer add_field(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  Field field;
  read_field(in, field, false);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto made = co_await service.add_field(access, std::move(field));
  if (!made) co_return std::unexpected(made.error());
  co_return Response::json(to_json(*made), 201);
}

Answer change_field(Service& service, Request& request, Access access) {
  const auto id = id_in<FieldId>(request, "field");
  if (!id) co_return std::unexpected(id.error());
  auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  const auto changed = co_await service.change_field(access, *id, std::move(*body));
  if (!changed) co_return std::unexpected(changed.error());
  co_return Response::json(to_json(*changed));
}

Answer order_fields(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  auto ids = ids_in<FieldId>(in, fields_max);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto all = co_await service.order_fields(access, std::move(ids));
  if (!all) co_return std::unexpected(all.error());
  co_return answer(*all);
}

Answer remove_field(Service& service, Request& request, Access access) {
  const auto id = id_in<FieldId>(request, "field");
  if (!id) co_return std::unexpected(id.error());
  if (auto done = co_await service.remove_field(access, *id); !done) co_return std::unexpected(done.error());
  co_return Response::no_content();
}

// ---- tags, settings ----

Answer list_tags(Service& service, Request&, Access access) {
  const auto found = co_await service.tags(access);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const store::LatelyUsed& one : *found) items.push_back(json::object{{"tag", one.tag}, {"used_at", one.used_at}});
  co_return Response::json(json::object{{"items", std::move(items)}});
}

Answer settings(Service& service, Request&, Access access) {
  const auto required = co_await service.reason_required(access);
  if (!required) co_return std::unexpected(required.error());
  co_return Response::json(json::object{{"reason_required", *required}});
}

Answer change_settings(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const bool wanted = in.boolean("reason_required");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto required = co_await service.require_reason(access, wanted);
  if (!required) co_return std::unexpected(required.error());
  co_return Response::json(json::object{{"reason_required", *required}});
}

}  // namespace

void mount(identity::Guard& guard, Service& service) {
  using Handle = Answer (*)(Service&, Request&, Access);
  const auto route = [&](Method method, std::string_view path, Permission permission, Handle handle) {
    guard.app_route(
        method, std::string(base_path) + std::string(path), permission,
        [&service, handle](Request& request, const Access& access) { return handle(service, request, access); });
  };
  route(Method::get, "/contact-reasons", Permission::desk_read, list_reasons);
  route(Method::post, "/contact-reasons", Permission::desk_configure, add_reason);
  route(Method::put, "/contact-reasons/order", Permission::desk_configure, order_reasons);
  route(Method::patch, "/contact-reasons/{id}", Permission::desk_configure, change_reason);
  route(Method::del, "/contact-reasons/{id}", Permission::desk_configure, remove_reason);
  route(Method::get, "/conversation-fields", Permission::desk_read, list_fields);
  route(Method::post, "/conversation-fields", Permission::desk_configure, add_field);
  route(Method::put, "/conversation-fields/order", Permission::desk_configure, order_fields);
  route(Method::patch, "/conversation-fields/{id}", Permission::desk_configure, change_field);
  route(Method::del, "/conversation-fields/{id}", Permission::desk_configure, remove_field);
  route(Method::get, "/conversation-tags", Permission::desk_read, list_tags);
  route(Method::get, "/wrap-up-settings", Permission::desk_read, settings);
  route(Method::put, "/wrap-up-settings", Permission::desk_configure, change_settings);
}

}  // namespace miniops::wrapup
