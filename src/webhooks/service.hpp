// The use cases of people: webhooks, their test, the log of deliveries and sending again. Each takes the proof of
// access; changes are audited and told to browsers in their transaction, and act at once. Safe from any thread.
#pragma once

#include "base/random.hpp"
#include "identity/access.hpp"
#include "webhooks/sender.hpp"
#include "webhooks/subscribers.hpp"

namespace miniops::webhooks {

using identity::Access;

struct View {
  Subscription subscription;
  Health health;
  std::int64_t waiting = 0;  // deliveries that are pending, counted up to waiting_counted
};
inline constexpr std::int64_t waiting_counted = 1000;
// The secret is shown this once.
struct WithSecret {
  View view;
  std::string secret;
};

// What a request gives of a webhook; a new one has an address and kinds.
struct Given {
  std::optional<std::string> address{}, description{};
  std::optional<Kinds> kinds{};
  std::optional<bool> enabled{};
};

struct DeliveryPage {
  std::vector<Delivery> items{};
  store::Before next{};
};
struct DeliveryDetail {
  Delivery delivery;
  std::string body;  // empty: it was deleted
};
struct NoticePage {
  std::vector<Notice> items{};
  store::Before next{};
};
struct QueuedAgain {
  std::int64_t count = 0;
  bool more = false;  // there are more of them: ask again
};
inline constexpr int queued_at_most = 10'000;

struct TestReport {
  EventId event{};
  Outcome outcome{};
};

class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    sql::ConfigVersion& version;
    const Sealer& sealer;
    const Clock& clock;
    Random& random;
    IdSource& ids;
    const Sender& sender;
    Subscribers& subscribers;
  };
  explicit Service(const Collaborators& with);

  Task<Result<std::vector<View>>> list(Access access);
  Task<Result<View>> get(Access access, SubscriptionId id);
  // webhooks.too_many, webhooks.address_not_allowed
  Task<Result<WithSecret>> add(Access access, Given given);
  // When `version` is still that which is stored: else webhooks.changed.
  Task<Result<View>> change(Access access, SubscriptionId id, std::int64_t version, Given given);
  Task<Result<void>> remove(Access access, SubscriptionId id);
  // Another secret; the one before signs, too, for so long.
  Task<Result<WithSecret>> rotate(Access access, SubscriptionId id, TimeMs previous_holds_ms);
  // Sends an event of the kind "ping" now and tells what was answered, also when it is switched off. It is not in the
  // log. webhooks.test_running
  Task<Result<TestReport>> test(Access access, SubscriptionId id);

  // ---- the log ----
  Task<Result<DeliveryPage>> deliveries(Access access, SubscriptionId id, DeliveryFilter filter, store::Before before,
                                        int limit);
  Task<Result<DeliveryDetail>> delivery(Access access, SubscriptionId id, EventId event);
  // With the same id and body. webhooks.not_redeliverable, webhooks.switched_off
  Task<Result<Delivery>> redeliver(Access access, SubscriptionId id, EventId event);
  // All that failed or were dropped of what happened in that time, the oldest first; at most queued_at_most of them.
  Task<Result<QueuedAgain>> redeliver_all(Access access, SubscriptionId id, TimeMs from, TimeMs to);
  Task<Result<NoticePage>> notices(Access access, store::Before before, int limit);

 private:
  struct Note {
    std::string action;
    SubscriptionId id;
  };
  template <class T, class Change>
  Task<Result<T>> configure(Access access, Note note, Change change);
  Task<void> act_at_once();
  Result<Address> usable_address(const std::string& text) const;
  Task<Result<TestReport>> send_test(Access access, Subscription subscription);

  const Collaborators with_;
  // Shared with requests that are under way, which may go after this.
  struct Tests;
  const std::shared_ptr<Tests> tests_;
};

}  // namespace miniops::webhooks
