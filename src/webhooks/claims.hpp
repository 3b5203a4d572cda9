// One attempt to send, from its claim to what became of it. All of these run inside a closure.
//
// A claim is a lease in the row itself: while somebody sends, next_at lies a minute ahead. When they die the delivery
// is due again by itself, and whoever takes it counts another attempt; a late answer to an attempt before changes
// nothing any more.
#pragma once

#include "webhooks/sender.hpp"
#include "webhooks/store.hpp"

namespace miniops::webhooks {

inline constexpr TimeMs lease_ms = minute_ms;
static_assert(lease_ms > 3 * std::chrono::milliseconds(send_timeout).count());

struct Job {
  Subscription subscription;
  Delivery delivery;  // with this attempt counted
  std::string body;
};
struct Claimed {
  std::vector<Job> jobs{};
  int dropped = 0;
};
// At most `places` deliveries that are due. Those of a subscription that is off or gone are dropped.
Claimed claim(sql::Transaction& tx, SubscriptionId id, int places, TimeMs now);

// When nothing has arrived for so long, a subscription is switched off.
inline constexpr TimeMs failing_ms = 3 * day_ms;

enum class Verdict { fine, failing, gone };  // failing, gone: it must be switched off
// Writes down what an attempt led to.
Verdict settle(sql::Transaction& tx, const Job& job, const Outcome& outcome, TimeMs now, std::uint64_t random);

}  // namespace miniops::webhooks
