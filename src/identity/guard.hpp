// Mounts routes of the console API: authenticates (session cookie + CSRF token on writes, or Bearer API key), checks
// the permission, keeps Idempotency-Key answers, turns Errors into problem+json.
#pragma once

#include <functional>
#include <string>

#include "identity/access.hpp"
#include "net/router.hpp"

namespace miniops::identity {

class Service;

class Guard {
 public:
  Guard(net::Router& router, Service& service);

  // The pattern contains {appid}: the permission is checked for it before the handler runs.
  using AppHandler = std::function<Task<Result<net::Response>>(net::Request&, const Access&)>;
  void app_route(net::Method method, std::string pattern, Permission permission, AppHandler handler,
                 std::size_t body_bytes_max = 1 << 20);

  // The object is named by its id: the handler finds its appid and asks `caller.access(appid, permission)` itself.
  // `permission` is what the route documents and the walk over all routes tests.
  using CallerHandler = std::function<Task<Result<net::Response>>(net::Request&, const Caller&)>;
  void object_route(net::Method method, std::string pattern, Permission permission, CallerHandler handler,
                    std::size_t body_bytes_max = 1 << 20);

  // Instance-wide (instance_manage) or one's own (account_self): checked before the handler runs.
  using InstanceHandler = std::function<Task<Result<net::Response>>(net::Request&, const Caller&, const Access&)>;
  void instance_route(net::Method method, std::string pattern, Permission permission, InstanceHandler handler,
                      std::size_t body_bytes_max = 1 << 20);

  // The live WebSocket: authenticated by cookie (Origin is checked by net) or Bearer key.
  using LiveHandler = std::function<Task<void>(net::Request&, const Caller&, net::WebSocket&)>;
  void websocket_route(std::string pattern, Permission permission, LiveHandler handler);

  // For the few routes that nobody is signed in for.
  net::Router& router() { return router_; }

 private:
  net::Router& router_;
  Service& service_;
};

}  // namespace miniops::identity
