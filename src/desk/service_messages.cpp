// Sending: the messages' half of service.hpp.
#include "desk/service.hpp"
#include "desk/views.hpp"
#include "desk/work.hpp"
#include "gateway/media.hpp"

namespace miniops::desk {

namespace {

constexpr int answers_shown = 10;

// What the word list makes of a message: blocked, masked, flagged. The words that were found.
Result<std::string> check_words(const WordMatcher& matcher, ToSend& sending) {
  std::vector<std::string> found, blocked;
  auto look = [&](std::string& text) {
    Checked checked = check(matcher, text);
    found.insert(found.end(), checked.found.begin(), checked.found.end());
    blocked.insert(blocked.end(), checked.blocked.begin(), checked.blocked.end());
    text = std::move(checked.masked);
  };
  if (sending.note) return std::string();  // the customer does not see it
  if (auto* text = std::get_if<wechat::SendText>(&sending.message)) {
    look(text->content);
    sending.text = text->content;
  } else if (auto* link = std::get_if<wechat::SendLink>(&sending.message)) {
    look(link->title);
    look(link->description);
  } else if (auto* card = std::get_if<wechat::SendMiniProgramPage>(&sending.message)) {
    look(card->title);
  }
  if (!blocked.empty()) return fail(errors::blocked_word(blocked));
  return fmt::format("{}", fmt::join(found, ", "));
}

Content content_to_send(const ToSend& sending) {
  return sending.note ? note_content(sending.text) : content_of(sending.message, sending.picture_id);
}

// What colleagues said, for somebody who was about to answer too.
boost::json::array briefs_of(const std::vector<Message>& answers, const Access& access) {
  boost::json::array briefs;
  for (const Message& answer : answers) briefs.push_back(brief_json(answer, {access.sees_personal_data()}));
  return briefs;
}

std::string_view why_held(const gateway::Budget& budget, TimeMs now) {
  return budget.expires_at > now ? "budget_spent" : "window_closed";
}

}  // namespace

Task<Result<Message>> Service::send(Access access, ConversationId id, ToSend sending,
                                    std::optional<std::string> client_id, std::optional<std::int64_t> seen_seq) {
  const auto config = with_.common.configs.of(access.appid());
  const auto flagged = check_words(*config->words, sending);
  if (!flagged) co_return std::unexpected(flagged.error());
  const TimeMs now = with_.clock.now();
  auto write = [=, this, words = *flagged](sql::Transaction& tx) -> Result<Message> {
    const BudgetNews::Hushed hushed(with_.news, tx);
    auto work = load_work(tx, access, id, with_.common, with_.colleagues, now);
    if (!work) return std::unexpected(work.error());
    Message message = work->message_of(content_to_send(sending));
    message.flagged = words;
    message.client_id = client_id;
    if (client_id) {
      if (auto before = store::find_by_client_id(tx, id, *client_id)) {
        if (before->msgtype != message.msgtype || before->body != message.body) return fail(errors::same_client_id());
        return std::move(*before);
      }
    }
    if (seen_seq && !sending.note) {
      const auto answers = store::answers_after(tx, work->thread.id, *seen_seq, message.sender_id, answers_shown);
      if (!answers.empty()) return fail(errors::conversation_moved(briefs_of(answers, access)));
    }
    return store_sent(*work, sending, std::move(message));
  };
  auto sent = co_await with_.database.write(std::move(write));
  if (sent) committed(access.appid());
  co_return sent;
}

Result<Message> Service::store_sent(Work& work, const ToSend& sending, Message message) const {
  Conversation& conversation = work.conversation;
  if (sending.note) {
    message.direction = Direction::note;
  } else {
    if (conversation.state == State::closed) return fail(errors::conversation_closed());
    if (auto handed = hand_over(work, sending, message); !handed) return std::unexpected(handed.error());
    if (conversation.assignee.empty()) {  // whoever answers first has it
      work.recorder.event(conversation, assign(conversation, work.access.account(), work.actor.name, "taken",
                                               work.actor, "", work.now));
      store::note_assignment(work.tx, work.access.appid(), work.access.account(), work.now);
    }
  }
  add_message(work.thread, conversation, message, content_to_send(sending).summary);
  store::insert_message(work.tx, message);
  store::save_thread(work.tx, work.thread);
  work.recorder.changed(message);
  if (auto saved = work.recorder.save(conversation); !saved) return std::unexpected(saved.error());
  return message;
}

// To the outbox, in the same transaction. With the window closed it is held until the customer writes.
Result<void> Service::hand_over(Work& work, const ToSend& sending, Message& message) const {
  gateway::OutgoingMessage out{gateway::OutboxId(message.id.value()), work.thread.appid, work.thread.openid,
                               sending.message};
  out.reference = message.id.value();
  if (!sending.picture_id.empty()) {
    const auto picture = gateway::find_picture(work.tx, work.thread.appid, sending.picture_id);
    if (!picture) return fail(errors::unknown_picture());
    out.blob = picture->blob;
    out.blob_content_type = picture->content_type;
  }
  const auto state = with_.common.outbox.queue(work.tx, out, work.now, true);
  if (!state) return std::unexpected(state.error());
  message.state = gateway::to_string(*state);
  message.queued_at = work.now;
  if (*state == gateway::DeliveryState::held) {
    message.reason =
        why_held(with_.common.outbox.budget(work.tx, work.thread.appid, work.thread.openid, work.now), work.now);
  }
  return {};
}

Task<Result<Message>> Service::resend(Access access, ConversationId id, MessageId message_id) {
  const TimeMs now = with_.clock.now();
  auto write = [=, this](sql::Transaction& tx) -> Result<Message> {
    const BudgetNews::Hushed hushed(with_.news, tx);
    auto work = load_work(tx, access, id, with_.common, with_.colleagues, now);
    if (!work) return std::unexpected(work.error());
    auto message = store::find_message(tx, message_id);
    if (!message || message->conversation_id != id) return fail(errors::not_found("message"));
    // Who could not be asked counts as not asked: the link in the question is dead.
    if (message->direction != Direction::out || message->cause == rating_cause) return fail(errors::not_resendable());
    const auto state = with_.common.outbox.resend(tx, gateway::OutboxId(message_id.value()), now);
    if (!state) return std::unexpected(state.error());
    // The outbox may have told it by on_delivery; what it answers is the truth.
    message->state = gateway::to_string(*state);
    message->errcode = 0;
    message->errmsg.clear();
    message->reason.clear();
    message->failed_at = 0;
    message->queued_at = now;
    if (*state == gateway::DeliveryState::held) {
      message->reason = why_held(with_.common.outbox.budget(tx, work->thread.appid, work->thread.openid, now), now);
    }
    store::save_delivery(tx, *message);
    work->recorder.event(work->conversation, {"resent", "", message_id.str(), work->actor});
    work->recorder.changed(*message);
    if (auto saved = work->recorder.save(work->conversation); !saved) return std::unexpected(saved.error());
    return std::move(*message);
  };
  auto sent = co_await with_.database.write(std::move(write));
  if (sent) committed(access.appid());
  co_return sent;
}

Task<Result<boost::json::array>> Service::attempts(Access access, ConversationId id, MessageId message_id) {
  auto read = [=, this](sql::Transaction& tx) -> Result<boost::json::array> {
    const auto conversation = store::find_conversation(tx, id);
    const auto message = store::find_message(tx, message_id);
    const bool known =
        conversation && conversation->appid == access.appid() && message && message->conversation_id == id;
    if (!known) return fail(errors::not_found("message"));
    return with_.common.outbox.attempts(tx, gateway::OutboxId(message_id.value()));
  };
  co_return co_await with_.database.read(std::move(read));
}

}  // namespace miniops::desk
