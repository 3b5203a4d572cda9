// Custom attributes and segments.
#include "people/routes.hpp"

namespace miniops::people {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

// ---- custom attributes ----

Answer list_attributes(Service& service, Request&, Access access) {
  const auto found = co_await service.attributes(access);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const Attribute& attribute : *found) items.push_back(to_json(attribute));
  co_return Response::json(json::object{{"items", std::move(items)}});
}

Answer add_attribute(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  Attribute attribute = read_attribute(in);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto made = co_await service.add_attribute(access, std::move(attribute));
  if (!made) co_return std::unexpected(made.error());
  co_return Response::json(to_json(*made), 201);
}

Answer change_attribute(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "id", "attribute");
  if (!id) co_return std::unexpected(id.error());
  auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  const auto changed = co_await service.change_attribute(access, AttributeId(*id), std::move(*body));
  if (!changed) co_return std::unexpected(changed.error());
  co_return Response::json(to_json(*changed));
}

Answer remove_attribute(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "id", "attribute");
  if (!id) co_return std::unexpected(id.error());
  if (auto done = co_await service.remove_attribute(access, AttributeId(*id)); !done)
    co_return std::unexpected(done.error());
  co_return Response::no_content();
}

// ---- segments ----

Answer list_segments(Service& service, Request&, Access access) {
  const auto found = co_await service.segments(access);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const Segment& segment : *found) items.push_back(to_json(segment));
  co_return Response::json(json::object{{"items", std::move(items)}});
}

Answer add_segment(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  std::string name = in.text("name", {1, 64});
  if (!in.has("condition")) in.mistake("condition", "is missing");
  const json::value* condition = in.optional_value("condition");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto made = co_await service.add_segment(access, std::move(name), *condition);
  if (!made) co_return std::unexpected(made.error());
  co_return Response::json(to_json(*made), 201);
}

Answer one_segment(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "id", "segment");
  if (!id) co_return std::unexpected(id.error());
  const auto found = co_await service.segment(access, SegmentId(*id));
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(to_json(*found));
}

Answer change_segment(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "id", "segment");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  auto name = in.optional_text("name", {1, 64});
  std::optional<json::value> condition;
  if (const json::value* given = in.optional_value("condition")) condition = *given;
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto changed = co_await service.change_segment(access, SegmentId(*id), std::move(name), std::move(condition));
  if (!changed) co_return std::unexpected(changed.error());
  co_return Response::json(to_json(*changed));
}

Answer remove_segment(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "id", "segment");
  if (!id) co_return std::unexpected(id.error());
  if (auto done = co_await service.remove_segment(access, SegmentId(*id)); !done)
    co_return std::unexpected(done.error());
  co_return Response::no_content();
}

Answer count(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "id", "segment");
  if (!id) co_return std::unexpected(id.error());
  const auto people = co_await service.count(access, SegmentId(*id));
  if (!people) co_return std::unexpected(people.error());
  co_return Response::json(json::object{{"people", *people}});
}

Answer members(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "id", "segment");
  if (!id) co_return std::unexpected(id.error());
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  const auto found = co_await service.members(access, SegmentId(*id), ProfileId(page->before_id()), page->limit);
  if (!found) co_return std::unexpected(found.error());
  co_return list_answer(shown(found->items, access.sees_personal_data()), found->next);
}

}  // namespace

void mount_settings(identity::Guard& guard, Service& service) {
  const auto add = [&](Method method, std::string_view path, Permission permission, auto handler) {
    guard.app_route(
        method, std::string(base_path) + std::string(path), permission,
        [&service, handler](Request& request, const Access& access) { return handler(service, request, access); });
  };
  add(Method::get, "/person-attributes", Permission::desk_read, list_attributes);
  add(Method::post, "/person-attributes", Permission::desk_configure, add_attribute);
  add(Method::patch, "/person-attributes/{id}", Permission::desk_configure, change_attribute);
  add(Method::del, "/person-attributes/{id}", Permission::desk_configure, remove_attribute);
  add(Method::get, "/segments", Permission::desk_read, list_segments);
  add(Method::post, "/segments", Permission::desk_configure, add_segment);
  add(Method::get, "/segments/{id}", Permission::desk_read, one_segment);
  add(Method::patch, "/segments/{id}", Permission::desk_configure, change_segment);
  add(Method::del, "/segments/{id}", Permission::desk_configure, remove_segment);
  add(Method::get, "/segments/{id}/count", Permission::desk_read, count);
  add(Method::get, "/segments/{id}/members", Permission::desk_read, members);
}

}  // namespace miniops::people
