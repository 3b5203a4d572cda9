// Webhooks and their test.
#include "webhooks/service.hpp"

#include <set>

#include "live/change_log.hpp"
#include "webhooks/service_parts.hpp"

namespace miniops::webhooks {

namespace {

constexpr std::size_t secret_chars = 43;  // 256 bits

std::string new_secret(Random& random) { return "whsec_" + random.alphanumeric(secret_chars); }

json::object from_to(json::value from, json::value to) { return {{"from", std::move(from)}, {"to", std::move(to)}}; }

void note(json::object& changes, std::string_view name, json::value from, json::value to) {
  if (from != to) changes[name] = from_to(std::move(from), std::move(to));
}

// Of an address only where it leads: what follows may be a secret of the receiver's.
std::string origin_of(const std::string& address) {
  const auto parsed = parse_address(address);
  return parsed ? parsed->origin : std::string();
}

json::object changes_of(const Subscription& before, const Subscription& after) {
  json::object changes;
  note(changes, "address", json::value(origin_of(before.address)), json::value(origin_of(after.address)));
  if (before.address != after.address && !changes.contains("address")) changes["address"] = {{"changed", true}};
  note(changes, "description", json::value(before.description), json::value(after.description));
  note(changes, "kinds", json::value(kinds_text(before.kinds)), json::value(kinds_text(after.kinds)));
  note(changes, "enabled", before.enabled, after.enabled);
  return changes;
}

void apply(Subscription& subscription, const Given& given, const std::optional<Address>& address) {
  if (given.address) subscription.address = *given.address;
  if (address) subscription.host = address->host;
  subscription.description = given.description.value_or(subscription.description);
  subscription.kinds = given.kinds.value_or(subscription.kinds);
  subscription.enabled = given.enabled.value_or(subscription.enabled);
}

View view_of(sql::Transaction& tx, Stored stored) {
  const std::int64_t waiting = store::waiting(tx, stored.subscription.id, waiting_counted);
  return {std::move(stored.subscription), std::move(stored.health), waiting};
}

Result<View> view_in(sql::Transaction& tx, const AppId& appid, SubscriptionId id) {
  auto stored = stored_in(tx, appid, id);
  if (!stored) return std::unexpected(stored.error());
  return view_of(tx, std::move(*stored));
}

}  // namespace

// One test of a webhook at a time.
struct Service::Tests {
  class Running {
   public:
    Running(std::shared_ptr<Tests> tests, SubscriptionId id) : tests_(std::move(tests)), id_(id) {
      const std::scoped_lock lock(tests_->mutex);
      alone_ = tests_->ids.insert(id_).second;
    }
    ~Running() {
      const std::scoped_lock lock(tests_->mutex);
      if (alone_) tests_->ids.erase(id_);
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    bool alone() const { return alone_; }

   private:
    const std::shared_ptr<Tests> tests_;
    const SubscriptionId id_;
    bool alone_ = false;
  };
  std::mutex mutex;
  std::set<SubscriptionId> ids;
};

Service::Service(const Collaborators& with) : with_(with), tests_(std::make_shared<Tests>()) {}

// ---- reading ----

Task<Result<std::vector<View>>> Service::list(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<View>> {
    std::vector<View> views;
    for (Stored& stored : store::subscriptions(tx, access.appid())) views.push_back(view_of(tx, std::move(stored)));
    return views;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<View>> Service::get(Access access, SubscriptionId id) {
  auto read = [=](sql::Transaction& tx) -> Result<View> { return view_in(tx, access.appid(), id); };
  co_return co_await with_.database.read(std::move(read));
}

// ---- changing ----

// `change` works in the transaction, and says in the audit entry what it changed.
template <class T, class Change>
Task<Result<T>> Service::configure(Access access, Note note, Change change) {
  const identity::AuditEntry entry{with_.ids.next(), with_.clock.now(), note.action, object_of(note.id)};
  const std::int64_t change_id = with_.ids.next();
  auto write = [=](sql::Transaction& tx) -> Result<T> {
    identity::AuditEntry audited = entry;
    auto done = change(tx, audited.changes);
    if (!done) return done;
    identity::audit(tx, access, audited);
    live::append_change(tx, change_id, entry.at,
                        {access.appid(), "webhooks", identity::Permission::desk_configure, {{"id", note.id.str()}}});
    sql::raise_config_version(tx);
    return done;
  };
  auto done = co_await with_.database.write(std::move(write));
  if (done) co_await act_at_once();
  co_return done;
}

Task<void> Service::act_at_once() {
  co_await with_.version.refresh();
  // Should it fail, the loop loads it a moment later.
  const auto loaded = co_await with_.subscribers.load();
  if (!loaded) co_return;
}

// An address of the own network is refused while somebody looks.
Result<Address> Service::usable_address(const std::string& text) const {
  const auto address = parse_address(text);
  if (!address) return fail(errors::address_not_allowed("this"));
  if (!may_be_called(*address, with_.sender.guard())) return fail(errors::address_not_allowed(address->host));
  return *address;
}

Task<Result<WithSecret>> Service::add(Access access, Given given) {
  const auto address = usable_address(given.address.value_or(""));
  if (!address) co_return std::unexpected(address.error());
  Subscription one;
  one.id = with_.ids.next_as<SubscriptionId>();
  one.appid = access.appid();
  one.created_by = access.username();
  one.created_at = one.updated_at = with_.clock.now();
  apply(one, given, *address);
  const std::string secret = new_secret(with_.random);
  one.secret = seal_secret(with_.sealer, one.id, secret);
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<WithSecret> {
    if (store::subscriptions(tx, one.appid).size() >= subscriptions_max) return fail(errors::too_many());
    store::insert(tx, one);
    changes = changes_of(Subscription{.enabled = false}, one);
    return WithSecret{View{one, {}}, secret};
  };
  Note note{"webhooks.subscription.create", one.id};
  co_return co_await configure<WithSecret>(std::move(access), std::move(note), std::move(change));
}

Task<Result<View>> Service::change(Access access, SubscriptionId id, std::int64_t version, Given given) {
  std::optional<Address> address;
  if (given.address) {
    auto usable = usable_address(*given.address);
    if (!usable) co_return std::unexpected(usable.error());
    address = std::move(*usable);
  }
  const TimeMs now = with_.clock.now();
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<View> {
    const auto before = stored_in(tx, access.appid(), id);
    if (!before) return std::unexpected(before.error());
    if (before->subscription.version != version) return fail(errors::changed());
    Subscription after = before->subscription;
    apply(after, given, address);
    ++after.version;
    after.updated_at = now;
    store::update(tx, after);
    if (after.enabled && !before->subscription.enabled) store::switched_on(tx, id);
    changes = changes_of(before->subscription, after);
    return view_in(tx, access.appid(), id);
  };
  Note note{"webhooks.subscription.update", id};
  co_return co_await configure<View>(access, std::move(note), std::move(change));
}

// What is pending is dropped when it comes due; the log goes with its time.
Task<Result<void>> Service::remove(Access access, SubscriptionId id) {
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<void> {
    const auto before = stored_in(tx, access.appid(), id);
    if (!before) return std::unexpected(before.error());
    store::remove(tx, access.appid(), id);
    changes = changes_of(before->subscription, Subscription{.enabled = false});
    return {};
  };
  Note note{"webhooks.subscription.delete", id};
  co_return co_await configure<void>(access, std::move(note), std::move(change));
}

Task<Result<WithSecret>> Service::rotate(Access access, SubscriptionId id, TimeMs previous_holds_ms) {
  const TimeMs now = with_.clock.now();
  const std::string secret = new_secret(with_.random);
  const std::string sealed = seal_secret(with_.sealer, id, secret);
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<WithSecret> {
    auto stored = stored_in(tx, access.appid(), id);
    if (!stored) return std::unexpected(stored.error());
    Subscription& one = stored->subscription;
    one.previous = previous_holds_ms > 0 ? one.secret : std::string();
    one.previous_until = previous_holds_ms > 0 ? now + previous_holds_ms : 0;
    one.secret = sealed;
    one.updated_at = now;
    ++one.version;
    store::update(tx, one);
    changes["secret"] = {{"changed", true}};
    return WithSecret{view_of(tx, std::move(*stored)), secret};
  };
  Note note{"webhooks.subscription.rotate_secret", id};
  co_return co_await configure<WithSecret>(access, std::move(note), std::move(change));
}

// ---- the test ----

Task<Result<TestReport>> Service::test(Access access, SubscriptionId id) {
  auto read = [=](sql::Transaction& tx) { return stored_in(tx, access.appid(), id); };
  auto stored = co_await with_.database.read(std::move(read));
  if (!stored) co_return std::unexpected(stored.error());
  const Tests::Running running(tests_, id);
  if (!running.alone()) co_return fail(errors::test_running());
  co_return co_await send_test(std::move(access), std::move(stored->subscription));
}

Task<Result<TestReport>> Service::send_test(Access access, Subscription subscription) {
  const SubscriptionId id = subscription.id;
  TestReport report{with_.ids.next_as<EventId>()};
  const json::object data{{"subscription_id", id.str()}};
  Call call{report.event, "ping", body_of(report.event, "ping", subscription.appid, with_.clock.now(), data)};
  report.outcome = co_await with_.sender.send(std::move(subscription), std::move(call));
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.ids.next();
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    store::note_health(tx, id, report.outcome, now);
    identity::audit(tx, access,
                    {audit_id,
                     now,
                     "webhooks.subscription.test",
                     object_of(id),
                     {{"status", report.outcome.status}, {"reason", report.outcome.reason}}});
    return {};
  };
  const auto noted = co_await with_.database.write(std::move(write));
  if (!noted) co_return std::unexpected(noted.error());
  co_return report;
}

}  // namespace miniops::webhooks
