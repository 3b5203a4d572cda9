#include "notify/delivery.hpp"

#include "notify/consents.hpp"

namespace miniops::notify {

namespace {

constexpr TimeMs retry_first_ms = 2 * second_ms;
constexpr TimeMs retry_max_ms = 10 * minute_ms;

void finish(Delivery& delivery, State state, TimeMs now) {
  delivery.state = state;
  delivery.finished_at = now;
}

// Where a delivery may fall to; nullopt: nowhere.
std::optional<int> behind(sql::Transaction& tx, const Delivery& delivery, const Notification& notification) {
  return delivery.falls_through ? find_next(tx, notification, delivery.position + 1) : std::nullopt;
}

void fall_through(sql::Transaction& tx, const Delivery& delivery, const Notification& notification, TimeMs now) {
  if (delivery.falls_through) deliver_from(tx, notification, delivery.position + 1, now);
}

}  // namespace

TimeMs backoff_ms(int attempts, std::uint64_t random) {
  const TimeMs full = std::min(retry_max_ms, retry_first_ms << std::clamp(attempts - 1, 0, 12));
  return full - static_cast<TimeMs>(random % static_cast<std::uint64_t>(full / 2 + 1));
}

Verdict decide(const Delivery& delivery, const Outcome& outcome, bool harmless, bool next, TimeMs now,
               std::uint64_t random) {
  using Step = Verdict::Step;
  if (outcome.kind == Outcome::Kind::sent) return {Step::sent};
  if (outcome.kind == Outcome::Kind::failed || outcome.kind == Outcome::Kind::broken) return {Step::fail};
  const bool uncertain = outcome.kind == Outcome::Kind::uncertain;
  if (uncertain && !harmless && (next || delivery.uncertain > 0)) return {Step::fail};
  const TimeMs retry_at = now + std::max(outcome.after_ms, backoff_ms(delivery.attempts, random));
  const TimeMs until = next ? delivery.give_up_at : delivery.queued_at + last_patience_ms;
  if (retry_at >= until) return {Step::fail};
  return {Step::retry, retry_at};
}

std::optional<int> find_next(sql::Transaction& tx, const Notification& notification, int from) {
  for (auto at = static_cast<std::size_t>(from); at < notification.channels.size(); ++at)
    if (presence_of(tx, notification.appid, notification.channels[at]) == Presence::there) return static_cast<int>(at);
  return std::nullopt;
}

bool deliver_from(sql::Transaction& tx, const Notification& notification, int from, TimeMs now) {
  for (auto at = static_cast<std::size_t>(from); at < notification.channels.size(); ++at) {
    const Presence presence = presence_of(tx, notification.appid, notification.channels[at]);
    Delivery delivery;
    delivery.notification = notification.id;
    delivery.position = static_cast<int>(at);
    delivery.appid = notification.appid;
    delivery.channel = notification.channels[at];
    delivery.queued_at = now;
    delivery.due_at = now;
    if (presence == Presence::there) {
      const bool next = find_next(tx, notification, delivery.position + 1).has_value();
      delivery.give_up_at = now + (next ? patience_ms : last_patience_ms);
      insert_delivery(tx, delivery);
      return true;
    }
    delivery.reason = presence == Presence::gone ? "channel_gone" : "channel_disabled";
    finish(delivery, State::failed, now);
    insert_delivery(tx, delivery);
  }
  return false;
}

void settle(sql::Transaction& tx, const Channel& channel, Delivery delivery, const Attempted& attempted, TimeMs now,
            std::uint64_t random) {
  const Outcome& outcome = attempted.outcome;
  const auto notification = load_notification(tx, delivery.appid, delivery.notification);
  const bool next = notification && behind(tx, delivery, *notification).has_value();
  const Verdict verdict = decide(delivery, outcome, repeat_is_harmless(channel.settings), next, now, random);
  end_attempt(tx, delivery, attempted, now);
  delivery.claim_owner.clear();
  delivery.reason = outcome.reason;
  delivery.detail = outcome.detail;
  if (outcome.kind == Outcome::Kind::uncertain) ++delivery.uncertain;
  switch (verdict.step) {
    case Verdict::Step::sent:
      finish(delivery, State::sent, now);
      break;
    case Verdict::Step::retry:
      delivery.state = State::queued;
      delivery.due_at = verdict.retry_at;
      // Nobody is behind it any more: it may wait as long as the last one does.
      if (!next) delivery.give_up_at = delivery.queued_at + last_patience_ms;
      break;
    case Verdict::Step::fail:
      finish(delivery, State::failed, now);
      break;
  }
  update_delivery(tx, delivery);
  if (verdict.step == Verdict::Step::fail && notification) fall_through(tx, delivery, *notification, now);
}

void note_attempt(sql::Transaction& tx, const Channel& channel, const Outcome& outcome, TimeMs now) {
  note_health(tx, channel, outcome, now);
  const auto* subscribe = std::get_if<Subscribe>(&channel.settings);
  if (subscribe == nullptr) return;
  const OpenId openid(subscribe->openid);
  const bool spent = outcome.kind == Outcome::Kind::sent || outcome.kind == Outcome::Kind::uncertain;
  if (spent) spend_consent(tx, channel.appid, openid, subscribe->template_id, now);
  if (outcome.reason == "no_consent") end_consents(tx, channel.appid, openid, subscribe->template_id, now);
}

void give_up(sql::Transaction& tx, Delivery delivery, std::string reason, TimeMs now) {
  if (!reason.empty()) delivery.reason = std::move(reason);
  finish(delivery, State::failed, now);
  update_delivery(tx, delivery);
  if (const auto notification = load_notification(tx, delivery.appid, delivery.notification))
    fall_through(tx, delivery, *notification, now);
}

void overdue(sql::Transaction& tx, Delivery delivery, TimeMs now) {
  if (delivery.attempts == 0 && !is_failing(tx, delivery.appid, delivery.channel)) {
    delivery.give_up_at = now + patience_ms;
    return update_delivery(tx, delivery);
  }
  const auto notification = load_notification(tx, delivery.appid, delivery.notification);
  const bool next = notification && behind(tx, delivery, *notification).has_value();
  const TimeMs last = delivery.queued_at + last_patience_ms;
  if (next || now >= last) {
    std::string reason = delivery.reason.empty() ? "expired" : "";
    return give_up(tx, std::move(delivery), std::move(reason), now);
  }
  delivery.give_up_at = last;
  update_delivery(tx, delivery);
}

}  // namespace miniops::notify
