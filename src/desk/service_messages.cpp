// Sending: the messages' half of service.hpp.
#include "desk/actions.hpp"
#include "desk/service.hpp"
#include "desk/views.hpp"
#include "quick_replies/uses.hpp"

namespace miniops::desk {

namespace {

constexpr int answers_shown = 10;

// What colleagues said, for somebody who was about to answer too.
boost::json::array briefs_of(const std::vector<Message>& answers, const Access& access) {
  boost::json::array briefs;
  for (const Message& answer : answers) briefs.push_back(brief_json(answer, {access.sees_personal_data()}));
  return briefs;
}

}  // namespace

Task<Result<Message>> Service::send(Access access, ConversationId id, ToSend sending,
                                    std::optional<std::string> client_id, std::optional<std::int64_t> seen_seq,
                                    std::optional<quick_replies::QuickReplyId> used) {
  const auto config = with_.common.configs.of(access.appid());
  const auto flagged = check_words(*config->words, sending);
  if (!flagged) co_return std::unexpected(flagged.error());
  const TimeMs now = with_.clock.now();
  auto write = [=, this, words = *flagged](sql::Transaction& tx) -> Result<Message> {
    const BudgetNews::Hushed hushed(with_.news, tx);
    auto work = load_work(tx, access, id, with_.common, with_.colleagues, now);
    if (!work) return std::unexpected(work.error());
    Message message = message_of(*work, sending);
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
    auto said = say(*work, sending, std::move(message));
    if (!said) return said;
    if (used) quick_replies::count_use(tx, access.appid(), access.account(), *used, now);
    if (auto saved = work->recorder.save(work->conversation); !saved) return std::unexpected(saved.error());
    return said;
  };
  auto sent = co_await with_.database.write(std::move(write));
  if (sent) committed(access.appid());
  co_return sent;
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
    if (*state == gateway::DeliveryState::held) message->reason = why_held(*work);
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
