// Links and proposals.
#include "people/routes.hpp"

namespace miniops::people {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

Answer links(Service& service, Request& request, Access access, Reach reach) {
  const auto id = id_in(request, "id", "person");
  if (!id) co_return std::unexpected(id.error());
  const auto found = co_await service.links(access, reach, *id);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const LinkView& view : *found) items.push_back(to_json(view, reach));
  co_return list_answer(std::move(items));
}

Answer link(Service& service, Request& request, Access access, Reach reach) {
  const auto id = id_in(request, "id", "person");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const auto other = parse_id(in.text("person_id", {1, 20}));
  if (!other) in.mistake("person_id", "is no id");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto made = co_await service.link(access, reach, *id, *other);
  if (!made) co_return std::unexpected(made.error());
  co_return Response::json(to_json(*made, reach), 201);
}

Answer undo(Service& service, Request& request, Access access, Reach reach) {
  const auto id = id_in(request, "id", "person");
  if (!id) co_return std::unexpected(id.error());
  const auto link_id = id_in(request, "link_id", "link");
  if (!link_id) co_return std::unexpected(link_id.error());
  if (auto done = co_await service.undo_link(access, reach, *id, LinkId(*link_id)); !done)
    co_return std::unexpected(done.error());
  co_return Response::no_content();
}

Answer proposals(Service& service, Request& request, Access access, Reach reach) {
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  const auto found = co_await service.proposals(access, reach, ProposalId(page->before_id()), page->limit);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const ProposalView& view : found->items) items.push_back(to_json(view, reach));
  co_return list_answer(std::move(items), found->next);
}

Answer decide(Service& service, Request& request, Access access, Reach reach, ProposalState state) {
  const auto id = id_in(request, "id", "proposal");
  if (!id) co_return std::unexpected(id.error());
  const auto decided = co_await service.decide(access, reach, ProposalId(*id), state);
  if (!decided) co_return std::unexpected(decided.error());
  co_return Response::json(to_json(*decided, reach));
}

Answer confirm(Service& service, Request& request, Access access, Reach reach) {
  return decide(service, request, std::move(access), std::move(reach), ProposalState::confirmed);
}

Answer reject(Service& service, Request& request, Access access, Reach reach) {
  return decide(service, request, std::move(access), std::move(reach), ProposalState::rejected);
}

}  // namespace

void mount_links(identity::Guard& guard, Service& service) {
  const auto add = [&](Method method, std::string_view path, Permission permission, auto handler) {
    reaching_route(guard, service, method, path, permission, handler);
  };
  add(Method::get, "/people/{id}/links", Permission::desk_read, links);
  add(Method::post, "/people/{id}/links", Permission::desk_reply, link);
  add(Method::del, "/people/{id}/links/{link_id}", Permission::desk_reply, undo);
  add(Method::get, "/people/proposals", Permission::desk_read, proposals);
  add(Method::post, "/people/proposals/{id}/confirm", Permission::desk_reply, confirm);
  add(Method::post, "/people/proposals/{id}/reject", Permission::desk_reply, reject);
}

}  // namespace miniops::people
