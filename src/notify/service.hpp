// The use cases of people: channels, their test, the log of deliveries. Changes are audited in their transaction.
#pragma once

#include "identity/access.hpp"
#include "notify/channel_store.hpp"
#include "notify/consents.hpp"
#include "notify/delivery_log.hpp"
#include "notify/sender.hpp"

namespace miniops::notify {

using identity::Access;

// What a request gives of a channel; settings as a whole, secrets one by one.
struct ChannelChange {
  std::optional<std::string> name{}, language{};
  std::optional<bool> enabled{};
  std::optional<std::int64_t> per_minute{};
  std::optional<Settings> settings{};
  Secrets secrets{};
};
struct ChannelView {
  Channel channel;
  Health health;
  std::optional<std::int64_t> remaining_consents{};  // of a subscribe channel
};
struct TestReport {
  Attempted attempted;
  std::int64_t ms = 0;
};
struct DeliveryDetail {
  LoggedDelivery logged;
  std::vector<LoggedAttempt> history;
  std::vector<LoggedDelivery> chain;
};

class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    const Sealer& sealer;
    const Clock& clock;
    IdSource& ids;
    Sender& sender;
  };
  // `wake` is called when something was queued again.
  Service(const Collaborators& with, std::function<void()> wake);

  Task<Result<std::vector<ChannelView>>> channels(Access access);
  Task<Result<ChannelView>> channel(Access access, ChannelId id);
  Task<Result<ChannelView>> add_channel(Access access, ChannelChange given);
  Task<Result<ChannelView>> change_channel(Access access, ChannelId id, ChannelChange given);
  Task<Result<void>> remove_channel(Access access, ChannelId id);
  // notify.test_running when one is under way.
  Task<Result<TestReport>> test_channel(Access access, ChannelId id);

  Task<Result<std::vector<LoggedDelivery>>> deliveries(Access access, DeliveryFilter filter, std::optional<Place> after,
                                                       int limit);
  Task<Result<DeliveryDetail>> delivery(Access access, Place place);
  Task<Result<LoggedDelivery>> retry(Access access, Place place);
  Task<Result<std::vector<Consent>>> consents(Access access, ConsentFilter filter, std::optional<ConsentPlace> after,
                                              int limit);

 private:
  Task<Result<ChannelView>> store(Access access, Channel channel, bool fresh, json::object changes);
  Task<Result<TestReport>> send_test(Access access, Channel channel);

  const Collaborators with_;
  const std::function<void()> wake_;
  // Shared with requests that are under way, which may go after this.
  struct Tests;
  const std::shared_ptr<Tests> tests_;
};

}  // namespace miniops::notify
