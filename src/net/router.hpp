// Which handler answers which request. Patterns are "/api/v1/miniprograms/{appid}/members"; a literal segment wins
// over a parameter; a last segment "{name*}" takes the rest of the path.
//
// Each route names its authentication and the permission it needs; a test walks all of them. The router itself checks
// neither: identity::Guard wraps the handlers of the console API, the gateway checks WeChat's signature.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "net/http.hpp"
#include "net/websocket.hpp"

namespace miniops::net {

struct RouteInfo {
  Method method = Method::get;
  std::string pattern;
  std::string auth;        // "none", "session", "wechat_signature", "operations" …
  std::string permission;  // "desk.read"; "" only where auth is not session
  std::size_t body_bytes_max = 1 << 20;
  // A request that is refused (405, 413, slow body …) is counted under this name.
  std::string counted_as{};
};

using Handler = std::function<Task<Response>(Request&)>;
// Runs until the socket closes; the socket is closed when it returns. An HTTP error before the upgrade is an Error.
using WebSocketHandler = std::function<Task<void>(Request&, WebSocket&)>;
using WebSocketCheck = std::function<Task<Result<void>>(Request&)>;

struct Route {
  RouteInfo info;
  Handler handler;                 // either this
  WebSocketCheck websocket_check;  // or these two
  WebSocketHandler websocket_handler;
};

// Filled at start-up by each module's mount(); read-only while the server runs.
class Router {
 public:
  Router();
  ~Router();
  void add(RouteInfo info, Handler handler);
  void add_websocket(RouteInfo info, WebSocketCheck check, WebSocketHandler handler);
  // What answers paths that no route has (the console's files); only GET and HEAD.
  void set_fallback(Handler handler);

  std::vector<RouteInfo> routes() const;

  struct Match {
    const Route* route = nullptr;  // nullptr: not found, or another method
    std::vector<std::pair<std::string, std::string>> params;
    std::string allowed_methods;   // not empty: the path exists, but not with this method
    const Route* other = nullptr;  // then one of the routes of that path
  };
  Match match(Method method, std::string_view path) const;
  const Handler& fallback() const;

 private:
  struct Tree;
  std::unique_ptr<Tree> tree_;
};

}  // namespace miniops::net
