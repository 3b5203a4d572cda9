// Customers, agents, search.
#include "desk/agents.hpp"
#include "desk/route_support.hpp"
#include "desk/routes.hpp"

namespace miniops::desk {

namespace {

Task<Result<Response>> search(Service& service, Request& request, Access access) {
  const auto page = list_request(request);
  if (!page) co_return std::unexpected(page.error());
  const auto words = words_of(request, "q");
  if (!words) co_return std::unexpected(words.error());
  if (words->empty()) co_return fail(invalid_query("q", "must not be empty"));
  const MessageId before(page->after ? page->after->second : 0);
  const auto found = co_await service.search(access, *words, before, page->limit);
  if (!found) co_return std::unexpected(found.error());
  const Viewer viewer = viewer_of(request, access);
  json::array items;
  for (const Service::Found& one : found->page.items) {
    items.push_back(json::object{{"message", to_json(one.message, viewer)}, {"conversation", to_json(one.in, viewer)}});
  }
  json::object answer = list_of(std::move(items), found->page.next);
  answer["not_indexed"] = found->not_indexed;
  co_return Response::json(answer);
}

json::object shown(const Service::Customer& customer, const Viewer& viewer) {
  json::object object = to_json(customer.thread, customer.sources, viewer);
  json::array notices;
  for (const PrivacyNotice& one : customer.notices) notices.push_back(to_json(one));
  object["privacy_notices"] = std::move(notices);
  return object;
}

Task<Result<Response>> get_customer(Service& service, Request& request, Access access) {
  const auto openid = openid_param(request);
  if (!openid) co_return std::unexpected(openid.error());
  const auto customer = co_await service.customer(access, *openid);
  if (!customer) co_return std::unexpected(customer.error());
  co_return Response::json(shown(*customer, viewer_of(request, access)));
}

Task<Result<Response>> change_customer(Service& service, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  CustomerPatch patch;
  patch.nickname = in.optional_text("nickname", {0, 64});
  patch.note = in.optional_text("note", {0, 2048});
  if (in.has("tags")) patch.tags = in.optional_texts("tags", tags_max, {1, 32});
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto openid = openid_param(request);
  if (!openid) co_return std::unexpected(openid.error());
  const auto customer = co_await service.change_customer(access, *openid, std::move(patch));
  if (!customer) co_return std::unexpected(customer.error());
  co_return Response::json(shown(*customer, viewer_of(request, access)));
}

Task<Result<Response>> list_agents(Agents& agents, Request&, Access access) {
  const auto views = co_await agents.list(access);
  if (!views) co_return std::unexpected(views.error());
  json::array items;
  for (const AgentView& view : *views) items.push_back(to_json(view));
  co_return Response::json(json::object{{"items", std::move(items)}});
}

Task<Result<Response>> get_presence(Agents& agents, Request&, Access access) {
  const auto view = co_await agents.own(access);
  if (!view) co_return std::unexpected(view.error());
  co_return Response::json(to_json(*view));
}

Task<Result<Response>> set_own_presence(Agents& agents, Request& request, Access access) {
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  const std::string presence = in.choice("presence", {"online", "busy", "away", "offline"});
  auto reason = in.optional_text("reason", {0, 32}).value_or("");
  const auto load_max = in.optional_integer("load_max", 1, 200);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(ok.error());
  const auto view =
      co_await agents.set_own(access, parse_word<Presence>(presence).value(), std::move(reason), load_max);
  if (!view) co_return std::unexpected(view.error());
  co_return Response::json(to_json(*view));
}

}  // namespace

void mount_people(identity::Guard& guard, Service& service, Agents& agents) {
  const std::string app = "/api/v1/miniprograms/{appid}";
  auto with_service = [&](Method method, const std::string& path, Permission permission,
                          Task<Result<Response>> (*handle)(Service&, Request&, Access)) {
    guard.app_route(method, app + path, permission, [&service, handle](Request& request, const Access& access) {
      return handle(service, request, access);
    });
  };
  auto with_agents = [&](Method method, const std::string& path, Permission permission,
                         Task<Result<Response>> (*handle)(Agents&, Request&, Access)) {
    guard.app_route(method, app + path, permission, [&agents, handle](Request& request, const Access& access) {
      return handle(agents, request, access);
    });
  };
  with_service(Method::get, "/search", Permission::desk_read, search);
  with_service(Method::get, "/customers/{openid}", Permission::desk_read, get_customer);
  with_service(Method::patch, "/customers/{openid}", Permission::desk_reply, change_customer);
  with_agents(Method::get, "/agents", Permission::desk_read, list_agents);
  with_agents(Method::get, "/presence", Permission::desk_reply, get_presence);
  with_agents(Method::put, "/presence", Permission::desk_reply, set_own_presence);
}

}  // namespace miniops::desk
