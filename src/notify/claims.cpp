#include "notify/claims.hpp"

#include "notify/consents.hpp"
#include "storage/sql/lease.hpp"

namespace miniops::notify {

namespace {

constexpr int chunk = 50;

// What the next message of the channel carries; empty: nothing may leave now.
std::vector<Delivery> next_of(sql::Transaction& tx, const Channel& channel, int digest_max, TimeMs now) {
  auto due = due_of(tx, channel.id, now, digest_max);
  const auto left = left_since(tx, channel.id, now - minute_ms);
  const auto places = channel.per_minute - static_cast<std::int64_t>(left.size());
  if (places <= 0) {
    postpone(tx, channel.id, now, left[static_cast<std::size_t>(-places)] + minute_ms);
    return {};
  }
  if (due.empty()) return due;
  // What left together is repeated together: the other side knows it by its id.
  const std::int64_t message = due.front().message;
  if (message != 0) return of_message(tx, channel.id, message);
  if (places == 1) {
    std::erase_if(due, [](const Delivery& one) { return one.message != 0; });
  } else {
    due.resize(1);
  }
  return due;
}

// Ends an attempt of which nobody will tell how it went.
void settle_lost(sql::Transaction& tx, Delivery delivery, const Attempted& lost, TimeMs now, std::uint64_t random) {
  auto found = find_channel(tx, delivery.appid, delivery.channel);
  if (found && *found) {
    const bool leads = delivery.message == delivery.notification.value();
    if (leads) note_attempt(tx, (*found)->channel, lost.outcome, now);
    return settle(tx, (*found)->channel, std::move(delivery), lost, now, random);
  }
  end_attempt(tx, delivery, lost, now);
  delivery.claim_owner.clear();
  give_up(tx, std::move(delivery), "channel_gone", now);
}

}  // namespace

std::optional<Job> claim(sql::Transaction& tx, const DueChannel& due, const std::string& owner, int digest_max,
                         TimeMs now) {
  const auto found = find_channel(tx, due.appid, due.channel);
  const bool usable = found && *found && (*found)->channel.enabled;
  if (!usable) {
    const std::string reason = !found ? "wrong_settings" : *found ? "channel_disabled" : "channel_gone";
    for (Delivery& delivery : due_of(tx, due.channel, now, chunk)) give_up(tx, std::move(delivery), reason, now);
    return std::nullopt;
  }
  Job job;
  job.channel = (*found)->channel;
  if (const auto* subscribe = std::get_if<Subscribe>(&job.channel.settings)) {
    const OpenId openid(subscribe->openid);
    if (remaining_consents(tx, due.appid, openid, subscribe->template_id) == 0) {
      for (Delivery& delivery : due_of(tx, due.channel, now, chunk))
        give_up(tx, std::move(delivery), "no_consent", now);
      return std::nullopt;
    }
  }
  job.deliveries = next_of(tx, job.channel, digest_max, now);
  if (job.deliveries.empty()) return std::nullopt;
  const std::int64_t message = job.deliveries.front().notification.value();
  for (Delivery& delivery : job.deliveries) {
    const bool leads = &delivery == &job.deliveries.front();
    if (delivery.message == 0) delivery.message = message;
    delivery.in_message = static_cast<int>(job.deliveries.size());
    delivery.state = State::sending;
    delivery.claim_owner = owner;
    if (delivery.uncertain > 0) delivery.possibly_repeated = true;
    ++delivery.attempts;
    update_delivery(tx, delivery);  // first: where another node was faster, this is the conflict
    begin_attempt(tx, delivery, leads, now);
    if (auto item = load_notification(tx, due.appid, delivery.notification)) job.items.push_back(std::move(*item));
  }
  return job;
}

std::string Job::message_id() const {
  const Delivery& first = deliveries.front();
  const std::string id = fmt::format("{}-{}", first.message, first.position);
  return deliveries.size() == 1 ? id : fmt::format("{}-{}", id, deliveries.size());
}

int recover(sql::Transaction& tx, const Recovery& recovery, TimeMs now, std::uint64_t random) {
  const Attempted lost{Outcome::uncertain("the server stopped while this was being sent"), {}};
  const Attempted unsent{Outcome::later("storage", "the database did not answer whether this was stored"), {}};
  int count = 0;
  for (Delivery& delivery : claimed_by_others(tx, recovery.owner, chunk)) {
    const bool dead = recovery.alone || sql::take_lease(tx, worker_lease(delivery.claim_owner), recovery.owner, 1);
    if (!dead) continue;
    settle_lost(tx, std::move(delivery), lost, now, random);
    ++count;
  }
  for (Delivery& delivery : claimed_by(tx, recovery.owner)) {
    if (recovery.in_hand.contains(delivery.channel)) continue;
    settle_lost(tx, std::move(delivery), unsent, now, random);
    ++count;
  }
  return count;
}

std::string worker_lease(std::string_view owner) { return "notify:" + std::string(owner); }

}  // namespace miniops::notify
