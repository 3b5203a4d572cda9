// Macros.
#include <limits>

#include "quick_replies/errors.hpp"
#include "quick_replies/routes.hpp"

namespace miniops::quick_replies {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

Answer list_macros(Service& service, Request&, Access access) {
  const auto found = co_await service.macros(std::move(access));
  if (!found) co_return std::unexpected(found.error());
  co_return list_answer(*found);
}

Answer add_macro(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  MacroPatch given = read_macro(in);
  for (const std::string_view key : {"name", "actions"})
    if (!in.has(key)) in.mistake(key, "is required");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto made = co_await service.add_macro(std::move(access), std::move(given));
  if (!made) co_return std::unexpected(made.error());
  co_return Response::json(to_json(*made), 201);
}

Answer change_macro(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "macro");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  MacroPatch patch = read_macro(in);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto changed = co_await service.change_macro(std::move(access), MacroId(*id), std::move(patch));
  if (!changed) co_return std::unexpected(changed.error());
  co_return Response::json(to_json(*changed));
}

Answer remove_macro(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "macro");
  if (!id) co_return std::unexpected(id.error());
  if (auto done = co_await service.remove_macro(std::move(access), MacroId(*id)); !done)
    co_return std::unexpected(done.error());
  co_return Response::no_content();
}

Answer run(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "macro");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const auto conversation = in.optional_id("conversation_id");
  if (!in.has("conversation_id")) in.mistake("conversation_id", "must be an id");
  const bool confirmed = in.optional_boolean("confirmed").value_or(false);
  const auto seen_seq = in.optional_integer("seen_seq", 0, std::numeric_limits<std::int64_t>::max());
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto done =
      co_await service.run_macro(std::move(access), MacroId(*id), conversation.value_or(0), confirmed, seen_seq);
  if (!done) co_return std::unexpected(done.error());
  co_return Response::json(to_json(*done));
}

Answer undo(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "run of a macro");
  if (!id) co_return std::unexpected(id.error());
  const auto done = co_await service.undo_run(std::move(access), RunId(*id));
  if (!done) co_return std::unexpected(done.error());
  co_return Response::json(to_json(*done));
}

}  // namespace

void mount_macros(identity::Guard& guard, Service& service) {
  const auto route = [&](Method method, std::string_view path, Permission permission, Handle handle) {
    app_route(guard, service, method, path, permission, handle);
  };
  route(Method::get, "/macros", Permission::desk_read, list_macros);
  route(Method::post, "/macros", Permission::desk_reply, add_macro);
  route(Method::patch, "/macros/{id}", Permission::desk_reply, change_macro);
  route(Method::del, "/macros/{id}", Permission::desk_reply, remove_macro);
  route(Method::post, "/macros/{id}/run", Permission::desk_reply, run);
  route(Method::post, "/macro-runs/{id}/undo", Permission::desk_reply, undo);
}

}  // namespace miniops::quick_replies
