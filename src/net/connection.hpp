// One connection from accept to close.
#pragma once

#include "net/server_state.hpp"
#include "net/wire.hpp"

namespace miniops::net {

// Serves requests in order until the connection ends. `state->open` was raised for it and is lowered at the end.
Task<void> serve_connection(std::shared_ptr<ServerState> state, std::shared_ptr<Shard> shard, Wire wire);

}  // namespace miniops::net
