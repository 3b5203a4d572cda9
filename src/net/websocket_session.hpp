// The WebSocket half of a connection, after its upgrade request was accepted.
#pragma once

#include "net/server_state.hpp"
#include "net/wire.hpp"

namespace miniops::net {

// The request asks for an upgrade to WebSocket.
bool is_websocket_upgrade(const Request& request);

// Whether the page that opens the socket may: its Origin is the request's own Host or one of `allowed`. A request
// without Origin is no browser's and must bring a Bearer key. Fails with net.origin_refused.
Result<void> check_origin(const Request& request, const std::vector<std::string>& allowed);

// Completes the upgrade, runs the handler and closes. Returns when the socket is gone.
Task<void> run_websocket(ServerState& state, std::shared_ptr<Shard> shard, Wire wire, const Route& route,
                         Request& request);

}  // namespace miniops::net
