// Idle keep-alive connections of the client.
//
// Internal to net. Safe from any thread; a connection is only given to a coroutine on the io_context it belongs to.
#pragma once

#include <chrono>
#include <compare>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/wire.hpp"

namespace miniops::net {

struct Origin {
  bool tls = false;
  std::string host;  // a name or an address, without brackets
  std::string port;
  auto operator<=>(const Origin&) const = default;
};

class ClientPool {
 public:
  explicit ClientPool(std::size_t idle_per_origin_max) : idle_per_origin_max_(idle_per_origin_max) {}

  // The youngest idle connection that the other side has not closed as far as the kernel knows; nullptr: none.
  std::unique_ptr<Wire> take(const boost::asio::any_io_executor& executor, const Origin& origin);
  void give_back(const Origin& origin, std::unique_ptr<Wire> wire);

 private:
  struct Idle {
    std::unique_ptr<Wire> wire;
    std::chrono::steady_clock::time_point since;
  };
  using Key = std::pair<const void*, Origin>;  // the execution context
  void forget_old(const void* context);

  const std::size_t idle_per_origin_max_;
  std::mutex mutex_;
  std::map<Key, std::vector<Idle>> idle_;
};

}  // namespace miniops::net
