// The log of deliveries, sending again, and notices.
#include "webhooks/service_parts.hpp"

namespace miniops::webhooks {

namespace {
constexpr int queued_at_once = 500;
}

Task<Result<DeliveryPage>> Service::deliveries(Access access, SubscriptionId id, DeliveryFilter filter,
                                               store::Before before, int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<DeliveryPage> {
    if (auto known = stored_in(tx, access.appid(), id); !known) return std::unexpected(known.error());
    return page_of<DeliveryPage>(store::list(tx, id, filter, before, limit + 1), limit,
                                 [](const Delivery& last) { return std::pair(last.at, last.event.value()); });
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<DeliveryDetail>> Service::delivery(Access access, SubscriptionId id, EventId event) {
  auto read = [=](sql::Transaction& tx) -> Result<DeliveryDetail> {
    if (auto known = stored_in(tx, access.appid(), id); !known) return std::unexpected(known.error());
    auto found = store::find(tx, id, event);
    if (!found) return fail(errors::not_found("delivery"));
    return DeliveryDetail{std::move(found->delivery), std::move(found->body)};
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Delivery>> Service::redeliver(Access access, SubscriptionId id, EventId event) {
  const identity::AuditEntry entry{
      with_.ids.next(), with_.clock.now(), "webhooks.delivery.redeliver", object_of(id), {{"event", event.str()}}};
  auto write = [=](sql::Transaction& tx) -> Result<Delivery> {
    const auto stored = stored_in(tx, access.appid(), id);
    if (!stored) return std::unexpected(stored.error());
    if (!stored->subscription.enabled) return fail(errors::switched_off());
    const auto before = store::find(tx, id, event);
    if (!before) return fail(errors::not_found("delivery"));
    if (before->delivery.state == State::pending || before->body.empty()) return fail(errors::not_redeliverable());
    store::queue_again(tx, id, {event}, entry.at);
    identity::audit(tx, access, entry);
    return store::find(tx, id, event)->delivery;
  };
  co_return co_await with_.database.write(std::move(write));
}

// Piece by piece: what is queued is no longer among those that are looked for. Audited with the first piece, so that
// there is none that nobody asked for.
Task<Result<QueuedAgain>> Service::redeliver_all(Access access, SubscriptionId id, TimeMs from, TimeMs to) {
  const identity::AuditEntry entry{with_.ids.next(),
                                   with_.clock.now(),
                                   "webhooks.delivery.redeliver_all",
                                   object_of(id),
                                   {{"from", from}, {"to", to}}};
  QueuedAgain queued;
  do {
    const bool first = queued.count == 0;
    auto write = [=](sql::Transaction& tx) -> Result<std::size_t> {
      const auto stored = stored_in(tx, access.appid(), id);
      if (!stored) return std::unexpected(stored.error());
      if (!stored->subscription.enabled) return fail(errors::switched_off());
      const auto events = store::unsent(tx, id, from, to, queued_at_once);
      store::queue_again(tx, id, events, entry.at);
      if (first) identity::audit(tx, access, entry);
      return events.size();
    };
    const auto piece = co_await with_.database.write(std::move(write));
    if (!piece) co_return std::unexpected(piece.error());
    queued.count += static_cast<std::int64_t>(*piece);
    queued.more = *piece == queued_at_once;
  } while (queued.more && queued.count < queued_at_most);
  co_return queued;
}

Task<Result<NoticePage>> Service::notices(Access access, store::Before before, int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<NoticePage> {
    return page_of<NoticePage>(store::notices(tx, access.appid(), before, limit + 1), limit,
                               [](const Notice& last) { return std::pair(last.at, last.id); });
  };
  co_return co_await with_.database.read(std::move(read));
}

}  // namespace miniops::webhooks
