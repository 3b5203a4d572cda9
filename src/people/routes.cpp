// Persons and the blacklist.
#include "people/routes.hpp"

#include "identity/idempotency.hpp"
#include "people/errors.hpp"

namespace miniops::people {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

namespace {

constexpr TimeMs block_ms_max = 10 * 365 * day_ms;

// An address that a browser can show a picture from, and nothing else.
bool is_picture_address(std::string_view text) {
  constexpr std::string_view scheme = "https://";
  const auto plain = [](char c) { return c > ' ' && c < '\x7f' && !std::string_view("\"'<>\\^`{|}@").contains(c); };
  return text.starts_with(scheme) && text.size() > scheme.size() && std::ranges::all_of(text, plain);
}

Answer list(Service& service, Request& request, Access access) {
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  const auto found = co_await service.list(access, page->before, page->limit);
  if (!found) co_return std::unexpected(found.error());
  co_return list_answer(shown(found->items, access.sees_personal_data()), found->next);
}

Answer search(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const auto kind =
      parse_word<IdentityKind>(in.choice("kind", {"openid", "unionid", "outside_id", "login_id", "phone"}));
  std::string value = in.text("value", {1, 128});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto found = co_await service.search(access, *kind, std::move(value));
  if (!found) co_return std::unexpected(found.error());
  co_return list_answer(shown(*found, access.sees_personal_data()));
}

Answer one(Service& service, Request& request, Access access, Reach reach) {
  const auto id = id_in(request, "id", "person");
  if (!id) co_return std::unexpected(id.error());
  const auto found = co_await service.person(access, reach, *id);
  if (!found) co_return std::unexpected(found.error());
  co_return Response::json(to_json(*found, access, reach));
}

Answer change(Service& service, Request& request, Access access, Reach reach) {
  const auto id = id_in(request, "id", "person");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  ProfilePatch patch;
  patch.version = in.integer("version", 1, std::numeric_limits<std::int64_t>::max());
  patch.nickname = in.optional_text("nickname", {0, 64});
  patch.avatar_url = in.optional_text("avatar_url", {0, 500});
  if (patch.avatar_url && !patch.avatar_url->empty() && !is_picture_address(*patch.avatar_url))
    in.mistake("avatar_url", "must be an https address");
  patch.note = in.optional_text("note", {0, 2048});
  if (const auto level = in.optional_integer("level", 0, 9)) patch.level = static_cast<int>(*level);
  if (in.has("tags")) patch.tags = in.optional_texts("tags", 20, {1, 32});
  if (const json::value* attributes = in.optional_value("attributes")) {
    if (attributes->is_object()) patch.attributes = attributes->get_object();
    if (!attributes->is_object()) in.mistake("attributes", "must be an object");
  }
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto changed = co_await service.change(access, reach, *id, std::move(patch));
  if (!changed) co_return std::unexpected(changed.error());
  co_return Response::json(to_json(*changed, access, reach));
}

Answer add_identity(Service& service, Request& request, Access access, Reach reach) {
  const auto id = id_in(request, "id", "person");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const auto kind = parse_word<IdentityKind>(in.choice("kind", {"unionid", "outside_id", "login_id", "phone"}));
  std::string value = in.text("value", {1, 128});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto made = co_await service.add_identity(access, reach, *id, *kind, std::move(value));
  if (!made) co_return std::unexpected(made.error());
  co_return Response::json(to_json(*made, access, reach), 201);
}

Answer remove_identity(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "id", "person");
  if (!id) co_return std::unexpected(id.error());
  const auto identity = id_in(request, "identity_id", "id");
  if (!identity) co_return std::unexpected(identity.error());
  if (auto done = co_await service.remove_identity(access, *id, IdentityId(*identity)); !done)
    co_return std::unexpected(done.error());
  co_return Response::no_content();
}

// Of an id or of a number in a text: of what `name` names in the path.
template <class Id>
Answer reveal(Service& service, Request& request, Access access, std::string_view name, std::string_view what) {
  if (auto may = access.must_have(Permission::desk_read); !may) co_return std::unexpected(may.error());
  const auto id = id_in(request, "id", "person");
  if (!id) co_return std::unexpected(id.error());
  const auto which = id_in(request, name, what);
  if (!which) co_return std::unexpected(which.error());
  const auto value = co_await service.reveal(access, *id, Id(*which));
  if (!value) co_return std::unexpected(value.error());
  co_return identity::secret_response(json::object{{"value", *value}});
}

Answer reveal_identity(Service& service, Request& request, Access access) {
  return reveal<IdentityId>(service, request, std::move(access), "identity_id", "id");
}

Answer reveal_number(Service& service, Request& request, Access access) {
  return reveal<NumberRowId>(service, request, std::move(access), "number_id", "number");
}

Answer block(Service& service, Request& request, Access access, Reach reach, TimeMs now) {
  const auto id = id_in(request, "id", "person");
  if (!id) co_return std::unexpected(id.error());
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  std::string reason = in.text("reason", {1, 500});
  const TimeMs ends_at = in.integer("ends_at", 0, now + block_ms_max);
  if (ends_at != 0 && ends_at <= now) in.mistake("ends_at", "must be 0 or lie ahead");
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto done = co_await service.block(access, reach, *id, std::move(reason), ends_at);
  if (!done) co_return std::unexpected(done.error());
  co_return Response::json(to_json(*done, access, reach));
}

Answer unblock(Service& service, Request& request, Access access) {
  const auto id = id_in(request, "id", "person");
  if (!id) co_return std::unexpected(id.error());
  if (auto done = co_await service.unblock(access, *id); !done) co_return std::unexpected(done.error());
  co_return Response::no_content();
}

Answer blacklist(Service& service, Request& request, Access access) {
  const auto page = page_in(request);
  if (!page) co_return std::unexpected(page.error());
  const auto found = co_await service.blacklist(access, page->before_id(), page->limit);
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const BlockedView& view : found->items) items.push_back(to_json(view, access.sees_personal_data()));
  co_return list_answer(std::move(items), found->next);
}

}  // namespace

// ---- what requests have in common ----

Result<std::int64_t> id_in(const Request& request, std::string_view name, std::string_view what) {
  const auto id = parse_id(request.param(name));
  return id ? Result<std::int64_t>(*id) : fail(errors::not_found(what));
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

Response list_answer(json::array items, const store::Before& next) {
  json::value cursor = nullptr;
  if (next) cursor = net::make_cursor(next->first, next->second);
  return Response::json(json::object{{"items", std::move(items)}, {"next_cursor", std::move(cursor)}});
}

json::array shown(const std::vector<store::Row>& rows, bool personal) {
  json::array items;
  for (const store::Row& row : rows) items.push_back(to_json(row, personal));
  return items;
}

void mount(identity::Guard& guard, Service& service, SessionKeys& keys, const Clock& clock) {
  const auto add = [&](Method method, std::string_view path, Permission permission, auto handler) {
    guard.app_route(
        method, std::string(base_path) + std::string(path), permission,
        [&service, handler](Request& request, const Access& access) { return handler(service, request, access); });
  };
  const auto add_reaching = [&](Method method, std::string_view path, Permission permission, auto handler) {
    reaching_route(guard, service, method, path, permission, handler);
  };
  add(Method::get, "/people", Permission::desk_read, list);
  add(Method::post, "/people/search", Permission::desk_read, search);
  add_reaching(Method::get, "/people/{id}", Permission::desk_read, one);
  add_reaching(Method::patch, "/people/{id}", Permission::desk_reply, change);
  add_reaching(Method::post, "/people/{id}/identities", Permission::desk_reply, add_identity);
  add(Method::del, "/people/{id}/identities/{identity_id}", Permission::desk_reply, remove_identity);
  add(Method::post, "/people/{id}/identities/{identity_id}/reveal", Permission::personal_data_read, reveal_identity);
  add(Method::post, "/people/{id}/numbers/{number_id}/reveal", Permission::personal_data_read, reveal_number);
  add_reaching(Method::put, "/people/{id}/block", Permission::desk_reply,
               [&clock](Service& to, Request& request, Access access, Reach reach) {
                 return block(to, request, std::move(access), std::move(reach), clock.now());
               });
  add(Method::del, "/people/{id}/block", Permission::desk_reply, unblock);
  add(Method::get, "/blacklist", Permission::desk_read, blacklist);
  mount_links(guard, service);
  mount_settings(guard, service);
  mount_session_keys(guard, keys);
}

}  // namespace miniops::people
