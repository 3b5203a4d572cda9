#include "gateway/outbox.hpp"

#include "gateway/errors.hpp"
#include "gateway/outbox_store.hpp"
#include "gateway/window.hpp"

namespace miniops::gateway {

namespace {

// The one place that keeps messages for people: whatever rules, timers, notices and questions send goes through here,
// retries too.
bool affordable(const Window& window, const Outbox::Settings& settings, bool automatic) {
  const int for_people = window.opened_by == "message" ? settings.message_for_people : settings.enter_for_people;
  return window.remaining > (automatic ? for_people : 0);
}

}  // namespace

Result<DeliveryState> Outbox::queue(sql::Transaction& tx, const OutgoingMessage& message, TimeMs now,
                                    bool hold_if_closed) {
  Window window = load_window(tx, message.appid, message.openid);
  const bool open = window.open(now);
  const bool sendable = open && affordable(window, settings_, message.automatic);
  if (!sendable && (message.automatic || !hold_if_closed)) {
    return fail(open ? errors::budget_spent() : errors::window_closed());
  }
  OutboxRow row;
  row.id = message.id;
  row.appid = message.appid;
  row.openid = message.openid;
  row.seq = ++window.last_seq;
  row.reference = message.reference;
  row.message = outgoing_text(message.message);
  row.blob = message.blob;
  row.blob_content_type = message.blob_content_type;
  row.automatic = message.automatic;
  row.state = sendable ? DeliveryState::queued : DeliveryState::held;
  row.reserved = sendable;
  row.reason = sendable ? "" : (open ? "budget_spent" : "window_closed");
  row.queued_at = now;
  row.due_at = now;
  row.expires_at = sendable ? window.expires_at : now + settings_.message_ms;
  if (sendable) --window.remaining;
  store_window(tx, message.appid, message.openid, window);
  insert_row(tx, row);
  if (listener_ && sendable) listener_->on_budget(tx, message.appid, message.openid, budget_of(window, now));
  return row.state;
}

Result<DeliveryState> Outbox::resend(sql::Transaction& tx, OutboxId id, const wechat::Outgoing& message, TimeMs now) {
  auto row = load_row(tx, id);
  if (!row || row->state != DeliveryState::failed) return fail(errors::not_resendable());
  Window window = load_window(tx, row->appid, row->openid);
  if (!window.open(now)) return fail(errors::window_closed());
  if (!affordable(window, settings_, false)) return fail(errors::budget_spent());
  --window.remaining;
  row->seq = ++window.last_seq;
  row->state = DeliveryState::queued;
  row->reserved = true;
  row->uncertain = 0;
  row->uploads_again = 0;
  row->failures = 0;
  row->errcode = 0;
  row->errmsg.clear();
  row->reason.clear();
  row->queued_at = now;
  row->due_at = now;
  row->expires_at = window.expires_at;
  row->finished_at = 0;
  row->message = outgoing_text(message);
  put_message(tx, *row);
  store_window(tx, row->appid, row->openid, window);
  update_row(tx, *row);
  if (listener_) {
    listener_->on_delivery(tx, update_of(*row, now));
    listener_->on_budget(tx, row->appid, row->openid, budget_of(window, now));
  }
  return row->state;
}

Outbox::Opened Outbox::open_window(sql::Transaction& tx, const AppId& appid, const OpenId& openid, bool by_message,
                                   TimeMs now) {
  auto unfinished = unfinished_of(tx, appid, openid);
  const auto reserved = std::ranges::count_if(unfinished, &OutboxRow::reserved);
  const Window before = load_window(tx, appid, openid);
  Window window = gateway::open_window(before, settings_, by_message, static_cast<int>(reserved), now);
  std::vector<std::int64_t> released;
  for (OutboxRow& row : unfinished) {
    if (row.state == DeliveryState::held && window.remaining > 0) {
      --window.remaining;
      row.state = DeliveryState::queued;
      row.reserved = true;
      row.errcode = 0;
      row.errmsg.clear();
      row.reason.clear();
      row.due_at = now;
      released.push_back(row.id.value());
    } else if (row.state == DeliveryState::held) {
      continue;
    }
    row.expires_at = window.expires_at;  // what still waits may use the longer window
    update_row(tx, row);
    if (listener_ && !released.empty() && released.back() == row.id.value()) {
      listener_->on_delivery(tx, update_of(row, now));
    }
  }
  store_window(tx, appid, openid, window);
  const Budget budget = budget_of(window, now);
  if (listener_) listener_->on_budget(tx, appid, openid, budget);
  return {std::move(released), budget};
}

Budget Outbox::budget(sql::Transaction& tx, const AppId& appid, const OpenId& openid, TimeMs now) const {
  return budget_of(load_window(tx, appid, openid), now);
}

boost::json::array Outbox::attempts(sql::Transaction& tx, OutboxId id) const {
  boost::json::array list;
  for (const sql::Row& row : tx.query(
           "SELECT at, state, errcode, errmsg FROM gateway_attempts WHERE outbox_id = $1 ORDER BY attempt", {id})) {
    boost::json::object attempt;
    attempt["at"] = row.integer(0);
    attempt["state"] = row.text(1);
    attempt["errcode"] = row.integer(2);
    attempt["errmsg"] = row.text(3);
    attempt["uncertain"] = row.text(1) == "uncertain";
    list.push_back(std::move(attempt));
  }
  return list;
}

void Outbox::wake() {
  if (waker_) waker_();
}

void Outbox::refund(sql::Transaction& tx, const AppId& appid, const OpenId& openid, TimeMs now) const {
  Window window = load_window(tx, appid, openid);
  if (!window.open(now)) return;
  const int count = window.opened_by == "message" ? settings_.message_count : settings_.enter_count;
  const int reserved = count_reserved(tx, appid, openid);
  window.remaining = std::min(window.remaining + 1, std::max(window.remaining, count - reserved));
  store_window(tx, appid, openid, window);
  if (listener_) listener_->on_budget(tx, appid, openid, budget_of(window, now));
}

bool Outbox::reserve(sql::Transaction& tx, const AppId& appid, const OpenId& openid, bool automatic, TimeMs now) const {
  Window window = load_window(tx, appid, openid);
  if (!window.open(now) || !affordable(window, settings_, automatic)) return false;
  --window.remaining;
  store_window(tx, appid, openid, window);
  if (listener_) listener_->on_budget(tx, appid, openid, budget_of(window, now));
  return true;
}

void Outbox::close_window(sql::Transaction& tx, const AppId& appid, const OpenId& openid, TimeMs now) const {
  Window window = load_window(tx, appid, openid);
  window.remaining = 0;
  window.expires_at = std::min(window.expires_at, now);
  store_window(tx, appid, openid, window);
  if (listener_) listener_->on_budget(tx, appid, openid, budget_of(window, now));
}

void Outbox::empty_budget(sql::Transaction& tx, const AppId& appid, const OpenId& openid, TimeMs now) const {
  Window window = load_window(tx, appid, openid);
  window.remaining = 0;
  store_window(tx, appid, openid, window);
  if (listener_) listener_->on_budget(tx, appid, openid, budget_of(window, now));
}

}  // namespace miniops::gateway
