// A server-side WebSocket as modules see it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/task.hpp"

namespace miniops::net {

// All calls are made on the connection's own executor, but post() which is safe from any thread.
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  // The next text message; nullopt when the peer has closed or is gone. Pings are answered inside.
  virtual Task<std::optional<std::string>> receive() = 0;
  // Queues a text message; frames leave in order. When more than the limit (8 MiB) waits unsent, the peer is too slow:
  // the socket is closed with 1013 and post() returns false.
  virtual bool post(std::shared_ptr<const std::string> message) = 0;
  virtual void close(std::uint16_t code, std::string reason) = 0;
  virtual std::size_t queued_bytes() const = 0;
};

}  // namespace miniops::net
