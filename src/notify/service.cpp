#include "notify/service.hpp"

#include <set>

#include "identity/audit.hpp"
#include "notify/channels/message.hpp"
#include "notify/delivery.hpp"
#include "notify/errors.hpp"

namespace miniops::notify {

namespace {

json::object from_to(json::value from, json::value to) { return {{"from", std::move(from)}, {"to", std::move(to)}}; }

void note(json::object& changes, std::string_view name, json::value from, json::value to) {
  if (from != to) changes[name] = from_to(std::move(from), std::move(to));
}

// What the audit log says of a change; of a secret only that it changed.
json::object changes_of(const Channel& before, const Channel& after, const Secrets& secrets) {
  json::object changes;
  note(changes, "name", json::value(before.name), json::value(after.name));
  note(changes, "enabled", before.enabled, after.enabled);
  note(changes, "language", json::value(before.language), json::value(after.language));
  note(changes, "per_minute", before.per_minute, after.per_minute);
  note(changes, "settings", to_json(before.settings), to_json(after.settings));
  for (const auto& [name, value] : secrets) changes["secret " + name] = {{"changed", true}};
  return changes;
}

// Applies what is given; secrets that are not given stay.
void apply(Channel& channel, const ChannelChange& given, const Sealer& sealer) {
  if (given.name) channel.name = *given.name;
  if (given.language) channel.language = *given.language;
  if (given.enabled) channel.enabled = *given.enabled;
  if (given.settings) channel.settings = *given.settings;
  if (given.per_minute) channel.per_minute = *given.per_minute;
  Secrets secrets;
  if (!channel.sealed.empty()) {
    auto opened = open_secrets(sealer, channel);
    // Under another master key they are lost, and entered again all together.
    if (opened) secrets = std::move(*opened);
  }
  for (const auto& [name, value] : given.secrets) secrets.insert_or_assign(name, value);
  channel.sealed = seal_secrets(sealer, channel.id, secrets);
  channel.secret_names.clear();
  for (const auto& [name, value] : secrets) channel.secret_names.push_back(name);
  channel.target = target_of(channel.settings, secrets);
}

Result<Channel> found(sql::Transaction& tx, const AppId& appid, ChannelId id) {
  auto row = find_channel(tx, appid, id);
  if (!row) return std::unexpected(row.error());
  if (!*row) return fail(errors::not_found("channel"));
  return std::move((*row)->channel);
}

ChannelView view_of(sql::Transaction& tx, ChannelRow row) {
  ChannelView view{std::move(row.channel), std::move(row.health)};
  if (const auto* subscribe = std::get_if<Subscribe>(&view.channel.settings))
    view.remaining_consents =
        remaining_consents(tx, view.channel.appid, OpenId(subscribe->openid), subscribe->template_id);
  return view;
}

}  // namespace

// One test of a channel at a time.
struct Service::Tests {
  class Running {
   public:
    Running(std::shared_ptr<Tests> tests, ChannelId id) : tests_(std::move(tests)), id_(id) {
      const std::scoped_lock lock(tests_->mutex);
      alone_ = tests_->channels.insert(id_).second;
    }
    ~Running() {
      const std::scoped_lock lock(tests_->mutex);
      if (alone_) tests_->channels.erase(id_);
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    bool alone() const { return alone_; }

   private:
    const std::shared_ptr<Tests> tests_;
    const ChannelId id_;
    bool alone_ = false;
  };
  std::mutex mutex;
  std::set<ChannelId> channels;
};

Service::Service(const Collaborators& with, std::function<void()> wake)
    : with_(with), wake_(std::move(wake)), tests_(std::make_shared<Tests>()) {}

Task<Result<std::vector<ChannelView>>> Service::channels(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<ChannelView>> {
    auto rows = channels_of(tx, access.appid());
    if (!rows) return std::unexpected(rows.error());
    std::vector<ChannelView> views;
    for (ChannelRow& row : *rows) views.push_back(view_of(tx, std::move(row)));
    return views;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<ChannelView>> Service::channel(Access access, ChannelId id) {
  auto read = [=](sql::Transaction& tx) -> Result<ChannelView> {
    auto row = find_channel(tx, access.appid(), id);
    if (!row) return std::unexpected(row.error());
    if (!*row) return fail(errors::not_found("channel"));
    return view_of(tx, std::move(**row));
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<ChannelView>> Service::store(Access access, Channel channel, bool fresh, json::object changes) {
  const std::int64_t audit_id = with_.ids.next();
  auto write = [=](sql::Transaction& tx) -> Result<ChannelView> {
    if (fresh) {
      const auto known = channels_of(tx, access.appid());
      if (!known) return std::unexpected(known.error());
      if (known->size() >= channels_max) return fail(errors::too_many_channels());
      insert_channel(tx, channel);
    } else {
      update_channel(tx, channel);
    }
    identity::audit(tx, access,
                    {audit_id, channel.updated_at, fresh ? "notify.channel.add" : "notify.channel.update",
                     "notify_channel:" + channel.id.str(), changes});
    auto row = find_channel(tx, access.appid(), channel.id);
    if (!row) return std::unexpected(row.error());
    if (!*row) return fail(errors::not_found("channel"));
    return view_of(tx, std::move(**row));
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<ChannelView>> Service::add_channel(Access access, ChannelChange given) {
  Channel channel;
  channel.id = with_.ids.next_as<ChannelId>();
  channel.appid = access.appid();
  channel.created_at = channel.updated_at = with_.clock.now();
  channel.per_minute = pace_of(*given.settings).usual;
  apply(channel, given, with_.sealer);
  json::object changes{
      {"name", channel.name}, {"kind", kind_of(channel.settings)}, {"settings", to_json(channel.settings)}};
  co_return co_await store(std::move(access), std::move(channel), true, std::move(changes));
}

// Secrets are sealed before the closure. Two people who change one channel at once: the later wins.
Task<Result<ChannelView>> Service::change_channel(Access access, ChannelId id, ChannelChange given) {
  auto read = [=](sql::Transaction& tx) { return found(tx, access.appid(), id); };
  const auto before = co_await with_.database.read(std::move(read));
  if (!before) co_return std::unexpected(before.error());
  Channel after = *before;
  after.updated_at = with_.clock.now();
  apply(after, given, with_.sealer);
  json::object changes = changes_of(*before, after, given.secrets);
  co_return co_await store(std::move(access), std::move(after), false, std::move(changes));
}

Task<Result<void>> Service::remove_channel(Access access, ChannelId id) {
  const std::int64_t audit_id = with_.ids.next();
  const TimeMs now = with_.clock.now();
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    const auto channel = found(tx, access.appid(), id);
    if (!channel) return std::unexpected(channel.error());
    delete_channel(tx, access.appid(), id);
    identity::audit(tx, access,
                    {audit_id,
                     now,
                     "notify.channel.remove",
                     "notify_channel:" + id.str(),
                     {{"name", channel->name}, {"kind", kind_of(channel->settings)}}});
    return {};
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<TestReport>> Service::test_channel(Access access, ChannelId id) {
  auto read = [=](sql::Transaction& tx) { return found(tx, access.appid(), id); };
  auto channel = co_await with_.database.read(std::move(read));
  if (!channel) co_return std::unexpected(channel.error());
  const Tests::Running running(tests_, id);
  if (!running.alone()) co_return fail(errors::test_running());
  co_return co_await send_test(std::move(access), std::move(*channel));
}

Task<Result<TestReport>> Service::send_test(Access access, Channel channel) {
  const std::int64_t audit_id = with_.ids.next();
  const auto started = std::chrono::steady_clock::now();
  std::vector<Notification> items{test_notification(channel.appid, channel.name, channel.language, with_.clock.now())};
  Message message = message_of(fmt::format("test-{}", audit_id), channel.language, std::move(items));
  TestReport report;
  report.attempted = co_await with_.sender.send(channel, std::move(message));
  const auto taken = std::chrono::steady_clock::now() - started;
  report.ms = std::chrono::duration_cast<std::chrono::milliseconds>(taken).count();
  const TimeMs now = with_.clock.now();
  auto write = [=](sql::Transaction& tx) -> Result<void> {
    note_attempt(tx, channel, report.attempted.outcome, now);
    identity::audit(tx, access,
                    {audit_id,
                     now,
                     "notify.channel.test",
                     "notify_channel:" + channel.id.str(),
                     {{"reason", report.attempted.outcome.reason}}});
    return {};
  };
  const auto noted = co_await with_.database.write(std::move(write));
  if (!noted) co_return std::unexpected(noted.error());
  co_return report;
}

// ---- the log ----

Task<Result<std::vector<LoggedDelivery>>> Service::deliveries(Access access, DeliveryFilter filter,
                                                              std::optional<Place> after, int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<LoggedDelivery>> {
    return list_deliveries(tx, access.appid(), filter, after, limit);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<DeliveryDetail>> Service::delivery(Access access, Place place) {
  auto read = [=](sql::Transaction& tx) -> Result<DeliveryDetail> {
    auto logged = find_logged(tx, access.appid(), place);
    if (!logged) return fail(errors::not_found("delivery"));
    return DeliveryDetail{std::move(*logged), attempts_of(tx, place), chain_of(tx, access.appid(), place.notification)};
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<LoggedDelivery>> Service::retry(Access access, Place place) {
  const std::int64_t audit_id = with_.ids.next();
  const TimeMs now = with_.clock.now();
  auto write = [=](sql::Transaction& tx) -> Result<LoggedDelivery> {
    auto logged = find_logged(tx, access.appid(), place);
    if (!logged) return fail(errors::not_found("delivery"));
    Delivery& delivery = logged->delivery;
    if (delivery.state != State::failed || !logged->channel_name) return fail(errors::not_retryable());
    delivery.state = State::queued;
    delivery.message = 0;
    delivery.uncertain = 0;
    delivery.falls_through = false;
    delivery.reason.clear();
    delivery.detail.clear();
    delivery.queued_at = now;
    delivery.due_at = now;
    delivery.give_up_at = now + last_patience_ms;
    delivery.finished_at = 0;
    update_delivery(tx, delivery);
    identity::audit(tx, access, {audit_id, now, "notify.delivery.retry", "notify_delivery:" + delivery.id()});
    return std::move(*logged);
  };
  auto queued = co_await with_.database.write(std::move(write));
  if (queued && wake_) wake_();
  co_return queued;
}

Task<Result<std::vector<Consent>>> Service::consents(Access access, ConsentFilter filter,
                                                     std::optional<ConsentPlace> after, int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Consent>> {
    return list_consents(tx, access.appid(), filter, after, limit);
  };
  co_return co_await with_.database.read(std::move(read));
}

}  // namespace miniops::notify
