// What the connections of one server share, and what those of one thread share.
//
// Internal to net. ServerState is immutable after listen() but for its atomics. A Shard belongs to one io thread:
// all of it but `counters` is touched on that thread only. Sockets, acceptors and timers live in coroutine frames of
// their own io_context, never here, so that they die with it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <condition_variable>
#include <set>

#include "net/proxies.hpp"
#include "net/router.hpp"
#include "net/server.hpp"

namespace miniops::net {

// Steady milliseconds, as coarse as the sweep.
using SteadyMs = std::int64_t;

// Something with a deadline, looked at once per sweep: no timer is armed per operation.
class Watched {
 public:
  virtual ~Watched() = default;
  virtual void tick(SteadyMs now) = 0;
  virtual void drain() = 0;  // end soon, in good order
  virtual void kill() = 0;   // end now
};

// One number per thread, read by others: no lock, no shared cache line.
class Counter {
 public:
  void add(std::int64_t by = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
  std::uint64_t get() const {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, value_.load(std::memory_order_relaxed)));
  }

 private:
  std::atomic<std::int64_t> value_{0};
};

struct Counters {
  Counter requests, connections, refused_header, refused_body, timeouts, not_found, method_not_allowed;
  Counter handler_exceptions, slow_handlers, websockets_open;
};

class Shard : public std::enable_shared_from_this<Shard> {
 public:
  Shard(boost::asio::io_context& io, std::string id_prefix) : io(io), id_prefix_(std::move(id_prefix)) {}

  boost::asio::io_context& io;
  Counters counters;
  boost::asio::ip::tcp::acceptor* acceptor = nullptr;  // while its accept loop runs
  SteadyMs now = 0;                                    // of the last sweep

  void watch(Watched& one) { watched_.insert(&one); }
  void unwatch(Watched& one) { watched_.erase(&one); }
  void for_each(const std::function<void(Watched&)>& act);

  std::string next_request_id();  // 15 characters: no allocation
  std::string_view date(TimeMs now_ms);

  // Around the start of a handler: counts what held the thread for more than 10 ms until its first wait.
  void hold_begins();
  void hold_ends();

  void count_refused(const std::string& name);
  void add_refused(std::map<std::string, std::uint64_t>& into) const;

 private:
  std::set<Watched*> watched_;
  std::string id_prefix_;
  std::uint64_t id_sequence_ = 0;
  std::int64_t date_second_ = 0;
  std::string date_;
  std::chrono::steady_clock::time_point hold_start_{};
  bool holding_ = false;
  bool probing_ = false;
  mutable std::mutex refused_mutex_;
  std::map<std::string, std::uint64_t> refused_;
};

struct ServerState {
  ServerState(ServerOptions options_given, const Router& router_given, const Clock& clock_given)
      : options(std::move(options_given)), router(router_given), clock(clock_given) {}

  const ServerOptions options;
  const Router& router;
  const Clock& clock;
  TrustedProxies proxies;
  std::optional<boost::asio::ssl::context> tls;
  std::vector<std::shared_ptr<Shard>> shards;
  std::atomic<bool> draining{false};

  // Connections alive, for the limit and for drain().
  std::atomic<std::size_t> open{0};
  std::mutex none_left_mutex;
  std::condition_variable none_left;
  void connection_ended();
};

SteadyMs steady_now();

}  // namespace miniops::net
