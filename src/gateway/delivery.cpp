#include "gateway/delivery.hpp"

#include <boost/json.hpp>

#include "base/mask.hpp"
#include "base/text.hpp"
#include "gateway/token_store.hpp"
#include "wechat/errors.hpp"

namespace miniops::gateway {

namespace {

constexpr TimeMs retry_first_ms = second_ms;
constexpr TimeMs delivery_retry_max_ms = 5 * minute_ms;
constexpr TimeMs no_token_retry_max_ms = minute_ms;

using Step = Verdict::Step;

Verdict refused(const OutboxRow& row, const AttemptResult& result, TimeMs now) {
  const TimeMs later = now + backoff_ms(row.failures + 1, result.random);
  switch (wechat::policy_of(result.errcode, false)) {
    case wechat::Policy::ok:
      return {Step::sent};
    case wechat::Policy::renew_token:  // the renewed token was refused, too
    case wechat::Policy::stop_and_show:
      return {Step::retry, later, "no_token"};
    case wechat::Policy::back_off:
      return {Step::retry, later, "wechat_busy"};
    case wechat::Policy::pause_until_midnight:
      return {Step::retry, std::max(result.retry_at, next_china_midnight(now)), "quota_spent"};
    case wechat::Policy::upload_media_again:
      if (!row.blob.empty() && row.uploads_again == 0) return {Step::retry, now, "picture_expired", true};
      return {Step::fail, 0, "wechat_error"};
    case wechat::Policy::hold: {
      const bool closed = result.errcode == 45015;
      Verdict verdict{Step::hold, 0, closed ? "window_closed" : "budget_spent"};
      verdict.window_closed = closed;
      verdict.budget_spent = !closed;
      return verdict;
    }
    case wechat::Policy::give_up:
      break;
  }
  return {Step::fail, 0, "wechat_error"};
}

std::string_view attempt_word(const AttemptResult& result) {
  switch (result.kind) {
    case AttemptResult::Kind::sent:
      return "sent";
    case AttemptResult::Kind::refused:
      return "failed";
    case AttemptResult::Kind::not_sent:
      return "not_sent";
    case AttemptResult::Kind::uncertain:
      return "uncertain";
  }
  return "failed";
}

void finish(OutboxRow& row, DeliveryState state, TimeMs now) {
  row.state = state;
  row.finished_at = now;
  row.reserved = false;
}

void mask_texts(boost::json::value& value) {
  if (value.is_string()) value = mask_personal_data(value.get_string());
  if (value.is_object())
    for (auto& [key, member] : value.get_object()) mask_texts(member);
}

// A message that has ended needs no whole numbers any more; who sends it again brings them along.
void save(sql::Transaction& tx, OutboxRow& row) {
  update_row(tx, row);
  const bool ended = row.state == DeliveryState::sent || row.state == DeliveryState::failed;
  if (!ended || find_personal_data(row.message).empty()) return;
  boost::json::value message = boost::json::parse(row.message);
  mask_texts(message);
  row.message = boost::json::serialize(message);
  put_message(tx, row);
}

// Held until the customer writes; what a rule wanted to say is out of place by then.
void hold(OutboxRow& row, const Outbox& outbox, const std::string& reason, TimeMs now) {
  row.reason = reason;
  if (row.automatic) {
    finish(row, DeliveryState::failed, now);
    return;
  }
  row.state = DeliveryState::held;
  row.reserved = false;
  row.expires_at = now + outbox.settings().message_ms;
}

void tell(sql::Transaction& tx, DeliveryListener* listener, const OutboxRow& row, TimeMs now) {
  if (listener) listener->on_delivery(tx, update_of(row, now));
}

// The others of this user would only hear the same from WeChat.
void hold_others(sql::Transaction& tx, const Outbox& outbox, DeliveryListener* listener, const OutboxRow& held,
                 TimeMs now) {
  for (OutboxRow& other : unfinished_of(tx, held.appid, held.openid)) {
    const bool waits = other.state == DeliveryState::queued || other.state == DeliveryState::sending;
    if (other.id == held.id || !waits || !other.claim_owner.empty()) continue;
    hold(other, outbox, held.reason, now);
    save(tx, other);
    tell(tx, listener, other, now);
  }
}

}  // namespace

TimeMs backoff_ms(int attempts, std::uint64_t random) {
  const TimeMs full = std::min(delivery_retry_max_ms, retry_first_ms << std::clamp(attempts - 1, 0, 12));
  return full - static_cast<TimeMs>(random % static_cast<std::uint64_t>(full / 2 + 1));
}

Verdict decide(const OutboxRow& row, const AttemptResult& result, TimeMs now) {
  switch (result.kind) {
    case AttemptResult::Kind::sent:
      return {Step::sent};
    case AttemptResult::Kind::refused: {
      Verdict verdict = refused(row, result, now);
      if (verdict.step == Step::hold && result.of_upload) return {Step::fail, 0, "wechat_error"};
      return verdict;
    }
    case AttemptResult::Kind::not_sent: {
      TimeMs pause = backoff_ms(row.failures + 1, result.random);
      if (result.reason == "no_token") pause = std::min(pause, no_token_retry_max_ms);
      if (result.reason == "rate_limited") pause = 0;
      return {Step::retry, std::max(result.retry_at, now + pause), result.reason};
    }
    case AttemptResult::Kind::uncertain:
      if (row.uncertain > 0) return {Step::fail, 0, "uncertain"};
      return {Step::retry, now + backoff_ms(1, result.random), "uncertain"};
  }
  return {};
}

void settle_attempt(sql::Transaction& tx, const Outbox& outbox, DeliveryListener* listener, OutboxRow row,
                    const AttemptResult& result, TimeMs now) {
  const Verdict verdict = decide(row, result, now);
  const std::string errmsg = truncate_chars(result.errmsg, 500);
  end_attempt(tx, row.id, row.attempts, attempt_word(result), result.errcode, errmsg, now);
  row.claim_owner.clear();
  row.claim_until = 0;
  row.errcode = result.errcode;
  row.errmsg = errmsg;
  row.reason = verdict.reason;
  if (verdict.upload_again) ++row.uploads_again;
  // Whoever waits for a turn in a burst has not failed: the next true failure must not cost minutes.
  const bool put_off = result.kind == AttemptResult::Kind::not_sent && result.retry_at != 0;
  if (result.kind != AttemptResult::Kind::sent && !put_off) ++row.failures;

  const bool uncertain = result.kind == AttemptResult::Kind::uncertain;
  if (uncertain) {  // one message counts as spent, and the mark stays for good
    ++row.uncertain;
    row.possibly_repeated = true;
    row.reserved = false;
  }
  Step step = verdict.step;
  if (step == Step::retry && uncertain) {
    row.reserved = outbox.reserve(tx, row.appid, row.openid, row.automatic, now);
    if (!row.reserved) step = Step::fail;
  }
  bool refund = false;
  switch (step) {
    case Step::sent:
      finish(row, DeliveryState::sent, now);
      break;
    case Step::retry:
      row.due_at = verdict.retry_at;
      break;
    case Step::hold:
      hold(row, outbox, verdict.reason, now);
      break;
    case Step::fail:
      refund = row.reserved;
      finish(row, DeliveryState::failed, now);
      break;
  }
  save(tx, row);
  if (refund) outbox.refund(tx, row.appid, row.openid, now);
  if (verdict.window_closed) outbox.close_window(tx, row.appid, row.openid, now);
  if (verdict.budget_spent) outbox.empty_budget(tx, row.appid, row.openid, now);
  tell(tx, listener, row, now);
  if (step == Step::hold) hold_others(tx, outbox, listener, row, now);
}

void expire_row(sql::Transaction& tx, const Outbox& outbox, DeliveryListener* listener, OutboxRow row, TimeMs now) {
  const bool refund = row.reserved;
  if (row.reason.empty()) row.reason = "expired";
  if (row.state == DeliveryState::held) row.reason = "expired";
  finish(row, DeliveryState::failed, now);
  save(tx, row);
  if (refund) outbox.refund(tx, row.appid, row.openid, now);
  tell(tx, listener, row, now);
}

}  // namespace miniops::gateway
