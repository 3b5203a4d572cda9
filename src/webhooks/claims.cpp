#include "webhooks/claims.hpp"

namespace miniops::webhooks {

namespace {
constexpr int dropped_at_once = 200;
}

Claimed claim(sql::Transaction& tx, SubscriptionId id, int places, TimeMs now) {
  Claimed out;
  const auto subscription = store::find(tx, id);
  if (!subscription || !subscription->enabled) {
    const std::string_view reason = subscription ? "switched_off" : "removed";
    for (const auto& due : store::due_of(tx, id, now, dropped_at_once)) {
      store::drop(tx, due.delivery, reason, now);
      ++out.dropped;
    }
    return out;
  }
  for (auto& [delivery, body] : store::due_of(tx, id, now, places)) {
    if (body.empty()) {
      store::drop(tx, delivery, "erased", now);
      ++out.dropped;
    } else if (store::claim(tx, delivery, now, now + lease_ms)) {
      ++delivery.attempts;
      delivery.last_at = now;
      delivery.next_at = now + lease_ms;
      out.jobs.push_back({*subscription, std::move(delivery), std::move(body)});
    }
  }
  return out;
}

Verdict settle(sql::Transaction& tx, const Job& job, const Outcome& outcome, TimeMs now, std::uint64_t random) {
  Delivery delivery = job.delivery;
  const auto again = outcome.delivered || outcome.gone ? std::nullopt : retry_at(delivery, outcome, now, random);
  delivery.state = outcome.delivered ? State::delivered : again ? State::pending : State::failed;
  delivery.next_at = again.value_or(now);
  delivery.finished_at = again ? 0 : now;
  delivery.status = outcome.status;
  delivery.reason = outcome.reason;
  delivery.detail = outcome.detail;
  delivery.duration_ms = outcome.duration_ms;
  delivery.answer = outcome.answer;
  if (!store::settle(tx, delivery)) return Verdict::fine;
  const SubscriptionId id = delivery.subscription;
  store::note_health(tx, id, outcome, now);
  if (outcome.gone) return Verdict::gone;
  // Judged when one is given up, so that a day has been tried: who is told little may be down between two events.
  if (delivery.state != State::failed) return Verdict::fine;
  const TimeMs since = store::failing_since(tx, id);
  return since != 0 && now - since >= failing_ms ? Verdict::failing : Verdict::fine;
}

}  // namespace miniops::webhooks
