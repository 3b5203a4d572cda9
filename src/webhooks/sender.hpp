// Signs one event and posts it to one subscription's address, now. Behind the worker and the test button.
//
// Safe from any thread; a send runs on the executor of the coroutine that awaits it.
#pragma once

#include "base/task.hpp"
#include "net/address_guard.hpp"
#include "webhooks/delivery.hpp"
#include "webhooks/subscription.hpp"

namespace miniops::webhooks {

// What is sent: the same bytes in every attempt.
struct Call {
  EventId event{};
  std::string kind{}, body{};
};

class Sender {
 public:
  // `guard`: where may be sent to. Addresses are people's.
  Sender(net::HttpClient& http, const Sealer& sealer, const Clock& clock, net::AddressGuard guard)
      : http_(http), sealer_(sealer), clock_(clock), guard_(std::move(guard)) {}

  Task<Outcome> send(Subscription to, Call call) const;
  const net::AddressGuard& guard() const { return guard_; }

 private:
  net::HttpClient& http_;
  const Sealer& sealer_;
  const Clock& clock_;
  const net::AddressGuard guard_;
};

// Longer than this no attempt takes.
inline constexpr std::chrono::seconds send_timeout{10};

}  // namespace miniops::webhooks
