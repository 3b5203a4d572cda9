#include "identity/guard.hpp"

#include <array>

#include "identity/errors.hpp"
#include "identity/service.hpp"

namespace miniops::identity {

namespace {

// One mounted route; exactly one of the handlers is set.
struct Guarded {
  std::string pattern;
  Permission permission;
  Guard::AppHandler app{};
  Guard::CallerHandler object{};
  Guard::InstanceHandler instance{};
};

// What someone who must change the password may still do.
constexpr std::array<std::string_view, 3> open_before_password_change{"/api/v1/session", "/api/v1/sessions",
                                                                      "/api/v1/account/password"};

Result<void> check_password_is_own(const Caller& caller, const std::string& pattern) {
  if (!caller.must_change_password) return {};
  for (const auto open : open_before_password_change) {
    if (pattern == open) return {};
  }
  return password_change_required();
}

// An Access for routes that name a mini program or the instance; an empty one for objects, whose handler asks itself.
Task<Result<std::optional<Access>>> authorize(Service& service, const Guarded& route, const net::Request& request,
                                              const Caller& caller) {
  if (route.app) {
    const AppId appid(request.param("appid"));
    auto access = caller.access(appid, route.permission);
    if (!access) co_return std::unexpected(std::move(access.error()));
    if (caller.instance_admin && service.knows_miniprogram()) {
      const bool known = co_await service.knows_miniprogram()(appid);
      if (!known) co_return not_found();
    }
    co_return std::optional<Access>(std::move(*access));
  }
  if (route.instance) {
    auto access = caller.instance_access(route.permission);
    if (!access) co_return std::unexpected(std::move(access.error()));
    co_return std::optional<Access>(std::move(*access));
  }
  if (caller.scopes && !caller.scopes->contains(route.permission)) {
    co_return forbidden("this key lacks the scope " + std::string(to_string(route.permission)));
  }
  co_return std::optional<Access>();
}

Task<net::Response> run_handler(const Guarded& route, net::Request& request, const Caller& caller,
                                const std::optional<Access>& access) {
  Result<net::Response> answer = std::unexpected(Error{});
  if (route.app) {
    answer = co_await route.app(request, *access);
  } else if (route.instance) {
    answer = co_await route.instance(request, caller, *access);
  } else {
    answer = co_await route.object(request, caller);
  }
  if (!answer) co_return net::problem(answer.error(), request);
  co_return std::move(*answer);
}

// The handler, or the answer that the same request got before.
Task<net::Response> run_once(Service& service, const Guarded& route, net::Request& request, const Caller& caller,
                             const std::optional<Access>& access, const IdempotentRequest& once) {
  auto begun = co_await service.idempotency().begin(once);
  if (!begun) co_return net::problem(begun.error(), request);
  if (*begun) co_return std::move(**begun);
  std::exception_ptr thrown;
  net::Response response;
  try {
    response = co_await run_handler(route, request, caller, access);
  } catch (...) {
    thrown = std::current_exception();
  }
  if (thrown || response.status >= 500 || response.status == 429) {
    co_await service.idempotency().forget(once);  // worth another try
  } else {
    co_await service.idempotency().finish(once, response);
  }
  if (thrown) std::rethrow_exception(thrown);
  co_return response;
}

Task<net::Response> answer(Service& service, const Guarded& route, net::Request& request) {
  auto caller = co_await service.authenticator().authenticate(request);
  if (!caller) co_return net::problem(caller.error(), request);
  if (auto ok = check_password_is_own(*caller, route.pattern); !ok) co_return net::problem(ok.error(), request);
  auto access = co_await authorize(service, route, request, *caller);
  if (!access) co_return net::problem(access.error(), request);
  if (request.method == net::Method::post) {
    auto once = idempotent_request(request, caller->credential, route.pattern);
    if (!once) co_return net::problem(once.error(), request);
    if (*once) co_return co_await run_once(service, route, request, *caller, *access, **once);
  }
  co_return co_await run_handler(route, request, *caller, *access);
}

// A WebSocket is for whoever is signed in; what it shows is decided change by change.
Task<Result<Caller>> live_caller(Service& service, const net::Request& request, Permission permission) {
  auto caller = co_await service.authenticator().authenticate(request);
  if (!caller) co_return caller;
  if (caller->must_change_password) co_return password_change_required();
  if (permission != Permission::account_self) {
    const auto appids = caller->appids_with(permission);
    if (appids && appids->empty()) co_return forbidden("this needs " + std::string(to_string(permission)));
  }
  co_return caller;
}

Task<Result<void>> check_live(Service& service, const net::Request& request, Permission permission) {
  auto caller = co_await live_caller(service, request, permission);
  if (!caller) co_return std::unexpected(std::move(caller.error()));
  co_return Result<void>();
}

Task<void> run_live(Service& service, const Guard::LiveHandler& handler, net::Request& request, net::WebSocket& socket,
                    Permission permission) {
  const auto caller = co_await live_caller(service, request, permission);
  if (!caller) {
    socket.close(4401, caller.error().code);
    co_return;
  }
  co_await handler(request, *caller, socket);
}

void mount(net::Router& router, Service& service, net::Method method, Guarded route, std::size_t body_bytes_max) {
  net::RouteInfo info{method, route.pattern, "session", std::string(to_string(route.permission)), body_bytes_max};
  const auto kept = std::make_shared<const Guarded>(std::move(route));
  router.add(std::move(info), [&service, kept](net::Request& request) { return answer(service, *kept, request); });
}

}  // namespace

Guard::Guard(net::Router& router, Service& service) : router_(router), service_(service) {}

void Guard::app_route(net::Method method, std::string pattern, Permission permission, AppHandler handler,
                      std::size_t body_bytes_max) {
  Guarded route{std::move(pattern), permission};
  route.app = std::move(handler);
  mount(router_, service_, method, std::move(route), body_bytes_max);
}

void Guard::object_route(net::Method method, std::string pattern, Permission permission, CallerHandler handler,
                         std::size_t body_bytes_max) {
  Guarded route{std::move(pattern), permission};
  route.object = std::move(handler);
  mount(router_, service_, method, std::move(route), body_bytes_max);
}

void Guard::instance_route(net::Method method, std::string pattern, Permission permission, InstanceHandler handler,
                           std::size_t body_bytes_max) {
  Guarded route{std::move(pattern), permission};
  route.instance = std::move(handler);
  mount(router_, service_, method, std::move(route), body_bytes_max);
}

void Guard::websocket_route(std::string pattern, Permission permission, LiveHandler handler) {
  net::RouteInfo info{net::Method::get, std::move(pattern), "session", std::string(to_string(permission))};
  const auto kept = std::make_shared<const LiveHandler>(std::move(handler));
  Service& service = service_;
  router_.add_websocket(
      std::move(info),
      [&service, permission](net::Request& request) { return check_live(service, request, permission); },
      [&service, permission, kept](net::Request& request, net::WebSocket& socket) {
        return run_live(service, *kept, request, socket, permission);
      });
}

}  // namespace miniops::identity
