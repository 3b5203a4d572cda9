// The HTTP server: one io_context per thread, each with its own acceptor (SO_REUSEPORT); a connection stays on its
// thread. Handlers are coroutines and never block.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/random.hpp"
#include "net/router.hpp"

namespace miniops::net {

// The io threads of the process. Background loops are spawned on them too.
class IoThreads {
 public:
  explicit IoThreads(int count);  // 0: one per core
  ~IoThreads();                   // stops and joins
  std::size_t size() const { return contexts_.size(); }
  boost::asio::io_context& context(std::size_t index) { return *contexts_[index % contexts_.size()]; }
  // Spawns a coroutine that logs and counts what it throws.
  void spawn(std::string name, Task<void> task, std::size_t index = 0);
  void start();
  void stop();                                // stops the contexts and joins the threads
  std::uint64_t background_failures() const;  // coroutines of spawn() that ended by an exception

 private:
  std::vector<std::unique_ptr<boost::asio::io_context>> contexts_;
  std::vector<std::thread> threads_;
  struct Guards;
  std::unique_ptr<Guards> guards_;
};

// All limits of the server in one place.
struct ServerLimits {
  std::size_t header_bytes_max = 16 * 1024;
  std::size_t connections_max = 20000;
  std::chrono::milliseconds header_timeout{10'000};  // from the first byte of a request (idle: keep_alive_timeout)
  std::chrono::milliseconds body_timeout{15'000};
  std::chrono::milliseconds write_timeout{30'000};
  std::chrono::milliseconds keep_alive_timeout{75'000};
  std::size_t websocket_message_bytes_max = 256 * 1024;
  std::chrono::milliseconds websocket_ping{20'000};  // a peer silent for three of them is gone
};

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;      // 0: a free one
  std::string tls_certificate{};  // PEM files; empty: no TLS
  std::string tls_key{};
  std::vector<std::string> trusted_proxies{};  // addresses and CIDR blocks whose X-Forwarded-For/-Proto are believed
  std::vector<std::string> allowed_origins{};  // WebSocket: besides the request's own Host
  ServerLimits limits{};
};

// Counters for /metrics and tests. Safe from any thread.
struct ServerCounts {
  std::uint64_t requests = 0, connections = 0, open_connections = 0;
  std::uint64_t refused_header = 0, refused_body = 0, timeouts = 0, not_found = 0, method_not_allowed = 0;
  std::uint64_t handler_exceptions = 0, slow_handlers = 0, websockets_open = 0;
  std::map<std::string, std::uint64_t>
      refused_by_name{};  // 405, 413, slow or malformed bodies, by RouteInfo::counted_as
};

class HttpServer {
 public:
  // `router`, `io`, `clock` and `random` must outlive the server.
  HttpServer(ServerOptions options, const Router& router, IoThreads& io, const Clock& clock, Random& random);
  ~HttpServer();
  // Fails with net.port_taken, net.listen_failed, net.tls_failed: what is wrong and what to do.
  Result<void> listen();
  std::uint16_t port() const;
  // No new connections; answers what is under way, closes idle ones; returns when none is left or after `grace`.
  void drain(std::chrono::milliseconds grace);
  ServerCounts counts() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace miniops::net
