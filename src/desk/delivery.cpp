#include "desk/delivery.hpp"

#include "desk/privacy_notice.hpp"
#include "desk/recorder.hpp"

namespace miniops::desk {

namespace {

// Only forward; 'possibly repeated' stays for good.
bool apply_update(Message& message, const gateway::DeliveryUpdate& update) {
  const Message before = message;
  const bool forward = moves_forward(message.state, message.attempts, update.state, update.attempts);
  // Being sent again: the state stays, and the agent sees why it takes so long.
  const bool retried = message.state == "sending" && update.state == gateway::DeliveryState::sending &&
                       update.attempts >= message.attempts;
  message.possibly_repeated = message.possibly_repeated || update.possibly_repeated;
  if (forward || retried) {
    message.state = gateway::to_string(update.state);
    message.errcode = update.errcode;
    message.errmsg = update.errmsg;
    message.reason = update.reason;
    if (update.state == gateway::DeliveryState::sent) message.accepted_at = update.at;
    if (update.state == gateway::DeliveryState::failed) message.failed_at = update.at;
  }
  message.attempts = std::max(message.attempts, update.attempts);
  return message.state != before.state || message.attempts != before.attempts ||
         message.possibly_repeated != before.possibly_repeated || message.reason != before.reason ||
         message.errcode != before.errcode;
}

// What other programs are told of a message that came to this state.
std::optional<webhooks::Kind> told_as(gateway::DeliveryState state) {
  if (state == gateway::DeliveryState::sent) return webhooks::Kind::message_sent;
  if (state == gateway::DeliveryState::failed) return webhooks::Kind::message_failed;
  return std::nullopt;
}

// A greeting may have carried the privacy notice, in the lobby too.
void note_greeting(sql::Transaction& tx, const Message& message, const gateway::DeliveryUpdate& update) {
  const bool accepted = update.state == gateway::DeliveryState::sent;
  if (message.sender_kind != SenderKind::rule || (!accepted && update.state != gateway::DeliveryState::failed)) return;
  store::notice_delivered(tx, message.id, accepted, update.at);
}

bool became_an_answer(const Message& message, const gateway::DeliveryUpdate& update) {
  return update.state == gateway::DeliveryState::sent && message.accepted_at == update.at &&
         message.sender_kind == SenderKind::agent && message.direction == Direction::out;
}

bool answered_in_vain(const Message& message, gateway::DeliveryState state) {
  using enum gateway::DeliveryState;
  return (state == failed || state == held) && message.sender_kind == SenderKind::agent &&
         message.direction == Direction::out;
}

}  // namespace

BudgetNews::Hushed::Hushed(BudgetNews& news, const sql::Transaction& tx) : news_(news), tx_(tx) {
  const std::lock_guard lock(news_.mutex_);
  news_.hushed_.push_back(&tx_);
}

BudgetNews::Hushed::~Hushed() {
  const std::lock_guard lock(news_.mutex_);
  news_.hushed_.erase(std::ranges::find(news_.hushed_, &tx_));
}

bool BudgetNews::wanted(const sql::Transaction& tx) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::find(hushed_, &tx) == hushed_.end();
}

void Delivery::on_delivery(sql::Transaction& tx, const gateway::DeliveryUpdate& update) {
  auto message = store::find_message(tx, MessageId(update.reference));
  if (!message) return;
  const std::string before = message->state;
  if (!apply_update(*message, update)) return;
  store::save_delivery(tx, *message);
  note_greeting(tx, *message, update);
  auto conversation = store::find_conversation(tx, message->conversation_id);
  if (!conversation) return;  // in the lobby: nobody sees it yet
  Recorder recorder(tx, common_, update.at);
  recorder.changed(*message, *conversation);
  common_.ratings.delivered(tx, *message, update);
  if (const auto kind = told_as(update.state); kind && message->state != before)
    recorder.publish(*kind, *message, update.openid);

  if (became_an_answer(*message, update)) return answered(tx, recorder, *message, *conversation);
  // The answer did not reach the customer, who still waits.
  if (!answered_in_vain(*message, update.state) || store::answered_after(tx, *message)) return;
  if (conversation->state == State::closed) return;
  if (message->answered_since == 0) {
    // One before it had ended the waiting, and failed, too.
    message->answered_since = store::unanswered_since(tx, *conversation);
    if (message->answered_since == 0) return;
    store::save_delivery(tx, *message);
  }
  const TimeMs since = conversation->waiting_since;
  if (since != 0 && since <= message->answered_since) return;
  conversation->waiting_since = message->answered_since;
  conversation->answered_at = 0;
  if (!recorder.save(*conversation)) return;  // cannot be: it was loaded in this transaction
}

void Delivery::answered(sql::Transaction& tx, Recorder& recorder, const Message& message, Conversation& conversation) {
  // Nearly always the customer wrote nothing since; and when it was closed meanwhile, nothing is owed any more.
  const bool owed = conversation.state != State::closed && conversation.customer_at > message.queued_at;
  const TimeMs asked_again_at = owed ? store::asked_after_answers(tx, conversation) : 0;
  const TimeMs due_before = conversation.service_due_at;
  const AccountId agent = parse_as<AccountId>(message.sender_id).value_or(AccountId());
  const auto told =
      common_.levels.answered(tx, conversation, {message.queued_at, message.accepted_at, asked_again_at, agent});
  if (!told) return;
  // It had failed, which gave the waiting time back, and was sent again: what was asked below it is not answered by it.
  const bool sent_again = message.answered_since != 0 && conversation.waiting_since == message.answered_since;
  if (sent_again && conversation.state != State::closed) {
    conversation.waiting_since = store::unanswered_since(tx, conversation);
    if (conversation.waiting_since == 0) {
      conversation.warned_at = conversation.reminded_at = conversation.raised_at = 0;
      conversation.answered_at = message.accepted_at;
    }
    std::ignore = recorder.save(conversation);  // cannot fail: it was loaded in this transaction
    return;
  }
  const TimeMs due = conversation.service_due_at;
  if (due == 0 && due_before == 0) return;
  // Its version stays where it can, for whoever answers and closes at once: a timer that fires too early says nothing.
  if (due == 0 || (due_before != 0 && due >= due_before)) return recorder.changed(conversation);
  if (!recorder.save(conversation)) return;  // cannot be: it was loaded in this transaction
}

void Delivery::on_budget(sql::Transaction& tx, const AppId& appid, const OpenId& openid,
                         const gateway::Budget& budget) {
  if (!news_.wanted(tx)) return;
  const auto contact = store::find_contact(tx, appid, openid);
  if (!contact || !contact->conversation) return;
  Recorder(tx, common_, clock_.now()).changed(*contact->conversation, budget);
}

}  // namespace miniops::desk
