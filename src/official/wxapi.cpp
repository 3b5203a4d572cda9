// WeChat's paths, answered from our own store.
#include "official/wxapi.hpp"

#include "identity/service.hpp"

namespace miniops::official {

namespace wx {

namespace {

using identity::Permission;
using net::Method;
using net::Request;
using net::Response;

Response answer(const Refused& why, const Request& request) {
  return Response::json(
      json::object{{"errcode", why.errcode}, {"errmsg", fmt::format("{} rid: {}", why.errmsg, request.request_id)}});
}

// ---- who asks, and for which mini program ----

// The one that a key is made for or reaches; of several the query says which.
Wx<AppId> program_of(const identity::Caller& caller, const Request& request) {
  if (caller.only_appid) return *caller.only_appid;
  if (const auto named = request.query_value("appid")) return AppId(*named);
  const auto all = caller.appids_with(Permission::telemetry_read);
  if (all && all->size() == 1) return *all->begin();
  return refuse(40013, "this key reaches several mini programs: make one for a single mini program, or add appid=");
}

Task<Wx<Access>> access_of(identity::Service& identity, const Request& request) {
  const auto token = request.query_value("access_token");
  if (!token || token->empty()) co_return refuse(41001, "access_token missing");
  Request as_bearer;
  as_bearer.method = request.method;
  as_bearer.remote_address = request.remote_address;
  as_bearer.headers.add("Authorization", "Bearer " + *token);
  const auto caller = co_await identity.authenticator().authenticate(as_bearer);
  if (!caller) {
    if (caller.error().kind != ErrorKind::unauthenticated) co_return std::unexpected(refused(caller.error()));
    co_return refuse(40001, "invalid credential, access_token is no API key of this server, or was revoked");
  }
  if (caller->must_change_password) co_return refuse(48001, "api unauthorized: change the password first");
  auto appid = program_of(*caller, request);
  if (!appid) co_return std::unexpected(appid.error());
  auto access = caller->access(*appid, Permission::telemetry_read);
  if (!access && access.error().kind == ErrorKind::not_found) co_return refuse(40013, "invalid appid");
  if (!access) co_return refuse(48001, "api unauthorized: the key lacks telemetry.read");
  if (identity.knows_miniprogram()) {
    const bool known = co_await identity.knows_miniprogram()(*appid);
    if (!known) co_return refuse(40013, "invalid appid");
  }
  co_return std::move(*access);
}

using Handler = Given (*)(const WxApi&, const Request&, Access);

Task<Response> respond(WxApi api, Request& request, Handler handler) {
  auto access = co_await access_of(api.identity, request);
  if (!access) co_return answer(access.error(), request);
  const auto given = co_await handler(api, request, std::move(*access));
  if (!given) co_return answer(given.error(), request);
  co_return Response::json(*given);
}

}  // namespace
}  // namespace wx

void mount(net::Router& router, const WxApi& api) {
  using namespace wx;
  const auto route = [&](Method method, std::string path, Handler handler) {
    net::RouteInfo info{method, "/wxapi/wxaapi" + path, "api_key", ""};
    router.add(std::move(info), [api, handler](Request& request) { return respond(api, request, handler); });
  };
  route(Method::post, "/log/jserr_list", jserr_list);
  route(Method::post, "/log/jserr_detail", jserr_detail);
  route(Method::post, "/log/get_performance", get_performance);
  route(Method::get, "/log/get_scene", get_scene);
  route(Method::get, "/log/get_client_version", get_client_version);
  route(Method::get, "/userlog/userlog_search", userlog_search);
}

}  // namespace miniops::official
