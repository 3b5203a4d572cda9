// Names become addresses, addresses become connections; nothing of a request has left yet.
//
// Internal to net.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>

#include "net/client.hpp"
#include "net/client_pool.hpp"

namespace miniops::net {

// Ends what a request waits for when its time is up. Used on the request's executor only.
class Deadline {
 public:
  explicit Deadline(const boost::asio::any_io_executor& executor);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  void set(std::chrono::steady_clock::time_point when);
  // What to end; replaced by the next call, forgotten when the Deadline goes.
  void ends(std::function<void()> act);
  bool passed() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

using Connected = std::expected<std::unique_ptr<Wire>, ClientFailure>;

// `guard`: only to addresses that it allows; nullptr: to any. It must outlive the call.
Task<Connected> connect(Origin origin, boost::asio::ssl::context& tls, Deadline& deadline,
                        const AddressGuard* guard = nullptr);
// TLS over a connection that has none; the certificate must be `host`'s.
Task<Connected> secure(std::unique_ptr<Wire> wire, std::string host, boost::asio::ssl::context& tls,
                       Deadline& deadline);

}  // namespace miniops::net
