// Saved views of the list of conversations.
#include "desk/route_support.hpp"
#include "desk/routes.hpp"
#include "desk/saved_views.hpp"

namespace miniops::desk {

namespace {

using Answer = Task<Result<Response>>;

json::object to_json(const SavedView& view) {
  return {{"id", view.id.str()},
          {"scope", view.owner.empty() ? "shared" : "personal"},
          {"name", view.name},
          {"filter", view.filter},
          {"updated_at", view.updated_at}};
}

// A new one needs a name; what it filters may be nothing.
Result<SavedViewPatch> patch_in(const Request& request, bool whole) {
  const auto body = net::json_body(request);
  if (!body) return std::unexpected(body.error());
  JsonInput in(*body);
  SavedViewPatch patch;
  if (const auto scope = in.optional_choice("scope", {"personal", "shared"})) patch.shared = *scope == "shared";
  patch.name = whole ? in.text("name", {1, 40}) : in.optional_text("name", {1, 40});
  if (patch.name && !patch.name->empty() && patch.name->find_first_not_of(" \t\r\n") == std::string::npos)
    in.mistake("name", "must not be blank");
  if (in.has("filter") || whole) {
    JsonInput filter = in.object("filter", whole);
    patch.filter = read_view_filter(filter);
  }
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  return patch;
}

Answer list(SavedViews& views, Request&, Access access) {
  const auto found = co_await views.list(std::move(access));
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (const SavedView& view : *found) items.push_back(to_json(view));
  co_return Response::json(json::object{{"items", std::move(items)}});
}

Answer add(SavedViews& views, Request& request, Access access) {
  auto given = patch_in(request, true);
  if (!given) co_return std::unexpected(given.error());
  const auto made = co_await views.add(std::move(access), std::move(*given));
  if (!made) co_return std::unexpected(made.error());
  co_return Response::json(to_json(*made), 201);
}

Answer change(SavedViews& views, Request& request, Access access) {
  const auto id = id_param<SavedViewId>(request, "id", "saved view");
  if (!id) co_return std::unexpected(id.error());
  auto patch = patch_in(request, false);
  if (!patch) co_return std::unexpected(patch.error());
  const auto changed = co_await views.change(std::move(access), *id, std::move(*patch));
  if (!changed) co_return std::unexpected(changed.error());
  co_return Response::json(to_json(*changed));
}

Answer remove(SavedViews& views, Request& request, Access access) {
  const auto id = id_param<SavedViewId>(request, "id", "saved view");
  if (!id) co_return std::unexpected(id.error());
  if (auto done = co_await views.remove(std::move(access), *id); !done) co_return std::unexpected(done.error());
  co_return Response::no_content();
}

Answer order(SavedViews& views, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const bool shared = in.choice("scope", {"personal", "shared"}) == "shared";
  std::vector<SavedViewId> first;
  for (const std::string& text : in.optional_texts("ids", saved_views_max, {1, 20})) {
    const auto id = parse_as<SavedViewId>(text);
    if (!id) in.mistake("ids", "must be ids");
    first.push_back(id.value_or(SavedViewId()));
  }
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  if (auto done = co_await views.order(std::move(access), shared, std::move(first)); !done)
    co_return std::unexpected(done.error());
  co_return Response::no_content();
}

}  // namespace

void mount_saved_views(identity::Guard& guard, SavedViews& views) {
  using Handle = Answer (*)(SavedViews&, Request&, Access);
  const auto route = [&](Method method, std::string_view path, Handle handle) {
    guard.app_route(
        method, fmt::format("/api/v1/miniprograms/{{appid}}/conversation-views{}", path), Permission::desk_read,
        [&views, handle](Request& request, const Access& access) { return handle(views, request, access); });
  };
  route(Method::get, "", list);
  route(Method::post, "", add);
  route(Method::put, "/order", order);
  route(Method::patch, "/{id}", change);
  route(Method::del, "/{id}", remove);
}

}  // namespace miniops::desk
