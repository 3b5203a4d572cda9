// Quick replies, folders, import and export.
#include "quick_replies/routes.hpp"

#include "base/text.hpp"
#include "quick_replies/errors.hpp"

namespace miniops::quick_replies {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

constexpr std::size_t csv_bytes_max = 4 << 20;

Error wrong_query(std::string_view name, std::string_view why) {
  return {"request.invalid", fmt::format("the query is wrong: {} {}", name, why), ErrorKind::invalid};
}

// What is no UTF-8 is no question.
Result<std::optional<std::string>> words_in(const Request& request, std::string_view name) {
  auto words = request.query_value(name);
  if (words && (!valid_utf8(*words) || words->size() > 500))
    return fail(wrong_query(name, "must be UTF-8 of at most 500 bytes"));
  return words;
}

Result<bool> shared_in(const Request& request) {
  const std::string scope = request.query_value("scope").value_or("personal");
  if (scope != "personal" && scope != "shared") return fail(wrong_query("scope", "must be personal or shared"));
  return scope == "shared";
}

// ---- quick replies ----

Answer list(Service& service, Request& request, Access access) {
  Sought sought;
  auto words = words_in(request, "q");
  if (!words) co_return std::unexpected(words.error());
  auto folder = words_in(request, "folder");
  if (!folder) co_return std::unexpected(folder.error());
  sought.words = words->value_or("");
  sought.folder = std::move(*folder);
  if (request.query_value("limit")) {
    const auto page = net::page_of(request);
    if (!page) co_return std::unexpected(page.error());
    sought.limit = static_cast<std::size_t>(page->limit);
  }
  const auto found = co_await service.find(std::move(access), std::move(sought));
  if (!found) co_return std::unexpected(found.error());
  co_return list_answer(*found);
}

Answer add(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  QuickReplyPatch given = read_patch(in);
  if (!in.has("content") && !in.has("picture_id")) in.mistake("content", "is required");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto made = co_await service.add(std::move(access), std::move(given));
  if (!made) co_return std::unexpected(made.error());
  co_return Response::json(to_json(*made), 201);
}

Answer change(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "quick reply");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  QuickReplyPatch patch = read_patch(in);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto changed = co_await service.change(std::move(access), QuickReplyId(*id), std::move(patch));
  if (!changed) co_return std::unexpected(changed.error());
  co_return Response::json(to_json(*changed));
}

Answer remove(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "quick reply");
  if (!id) co_return std::unexpected(id.error());
  if (auto done = co_await service.remove(std::move(access), QuickReplyId(*id)); !done)
    co_return std::unexpected(done.error());
  co_return Response::no_content();
}

Answer fill_in(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "quick reply");
  if (!id) co_return std::unexpected(id.error());
  const auto conversation = conversation_in(request);
  if (!conversation) co_return std::unexpected(conversation.error());
  const auto filled = co_await service.fill_in(std::move(access), QuickReplyId(*id), *conversation);
  if (!filled) co_return std::unexpected(filled.error());
  co_return Response::json(json::object{{"text", filled->text}, {"picture_id", filled->picture_id}});
}

// ---- folders ----

Answer list_folders(Service& service, Request&, Access access) {
  const auto found = co_await service.folders(std::move(access));
  if (!found) co_return std::unexpected(found.error());
  co_return list_answer(*found);
}

Answer rename_folder(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const bool shared = in.choice("scope", {"personal", "shared"}) == "shared";
  std::string from = in.text("from", {1, 128});
  std::string to = in.text("to", {0, 128});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto moved = co_await service.rename_folder(std::move(access), shared, std::move(from), std::move(to));
  if (!moved) co_return std::unexpected(moved.error());
  co_return Response::json(json::object{{"moved", *moved}});
}

// ---- CSV ----

Answer import(Service& service, Request& request, Access access) {
  const auto shared = shared_in(request);
  if (!shared) co_return std::unexpected(shared.error());
  const std::string_view type = request.headers.get("content-type").value_or("");
  if (!type.starts_with("text/csv") && !type.starts_with("text/plain"))
    co_return fail(ErrorKind::unsupported, "request.not_text", "the body must be sent as Content-Type: text/csv");
  const auto done = co_await service.import(std::move(access), *shared, std::move(request.body));
  if (!done) co_return std::unexpected(done.error());
  co_return Response::json(to_json(*done));
}

Answer export_all(Service& service, Request&, Access access) {
  auto table = co_await service.export_all(std::move(access));
  if (!table) co_return std::unexpected(table.error());
  Response response = Response::bytes(std::move(*table), "text/csv; charset=utf-8");
  response.headers.set("Content-Disposition", "attachment; filename=\"quick-replies.csv\"");
  co_return response;
}

}  // namespace

// ---- what requests have in common ----

void app_route(identity::Guard& guard, Service& service, Method method, std::string_view path, Permission permission,
               Handle handle, std::size_t body_bytes_max) {
  guard.app_route(
      method, std::string(base_path) + std::string(path), permission,
      [&service, handle](Request& request, const Access& access) { return handle(service, request, access); },
      body_bytes_max);
}

Result<std::int64_t> id_in(const Request& request, std::string_view what) {
  const auto id = parse_id(request.param("id"));
  return id ? Result<std::int64_t>(*id) : fail(errors::not_found(what));
}

Result<std::int64_t> conversation_in(const Request& request) {
  const auto body = net::json_body(request);
  if (!body) return std::unexpected(body.error());
  JsonInput in(*body);
  const auto id = in.optional_id("conversation_id");
  if (!in.has("conversation_id")) in.mistake("conversation_id", "must be an id");
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  return id.value_or(0);
}

void mount(identity::Guard& guard, Service& service) {
  const auto route = [&](Method method, std::string_view path, Permission permission, Handle handle,
                         std::size_t body_bytes_max = 1 << 20) {
    app_route(guard, service, method, path, permission, handle, body_bytes_max);
  };
  route(Method::get, "/quick-replies", Permission::desk_read, list);
  route(Method::post, "/quick-replies", Permission::desk_reply, add);
  route(Method::get, "/quick-replies/export", Permission::desk_read, export_all);
  route(Method::post, "/quick-replies/import", Permission::desk_reply, import, csv_bytes_max);
  route(Method::patch, "/quick-replies/{id}", Permission::desk_reply, change);
  route(Method::del, "/quick-replies/{id}", Permission::desk_reply, remove);
  route(Method::post, "/quick-replies/{id}/fill-in", Permission::desk_reply, fill_in);
  route(Method::get, "/quick-reply-folders", Permission::desk_read, list_folders);
  route(Method::post, "/quick-reply-folders/rename", Permission::desk_reply, rename_folder);
  mount_macros(guard, service);
}

}  // namespace miniops::quick_replies
