// Sending: the messages' half of service.hpp.
#include "base/json.hpp"
#include "desk/actions.hpp"
#include "desk/mentions.hpp"
#include "desk/service.hpp"
#include "identity/audit.hpp"
#include "quick_replies/uses.hpp"

namespace miniops::desk {

namespace {

// What goes to WeChat once more, as it was said.
Result<wechat::Outgoing> outgoing_of(sql::Transaction& tx, const Sealing& sealing, Message message) {
  if (auto restored = sealing.restore(tx, message); !restored) return std::unexpected(restored.error());
  auto sending = parse_to_send({{"msgtype", message.msgtype}, {message.msgtype, json::parse(message.body)}}, false);
  if (!sending) return fail(errors::not_resendable());
  return std::move(sending->message);
}

}  // namespace

// What a request that is repeated brings a second time is not asked about again: it is sent already.
Task<Result<Clearance>> Service::clear(Access access, ConversationId id, Sending& sending) {
  const content_check::Rules rules = with_.checker.rules(access.appid());
  const auto config = with_.common.configs.of(access.appid());
  auto clearance = check_words(*config->words, rules.words, sending.message, sending.confirmed);
  if (!clearance || !rules.outside) co_return clearance;
  std::string text = text_to_check(sending.message);
  if (text.empty()) co_return clearance;
  const ReadScope scope = scope_of(access);
  auto look = [=, client_id = sending.client_id](sql::Transaction& tx) -> Result<std::optional<OpenId>> {
    const auto conversation = store::find_conversation(tx, id);
    if (!conversation || conversation->appid != access.appid()) return fail(errors::not_found("conversation"));
    if (auto may = may_work_on(scope, *conversation); !may) return std::unexpected(may.error());
    if (client_id && store::find_by_client_id(tx, id, *client_id)) return std::optional<OpenId>();
    return std::optional(conversation->openid);
  };
  const auto reader = co_await with_.database.read(std::move(look));
  if (!reader) co_return std::unexpected(reader.error());
  if (!*reader) co_return clearance;
  content_check::Question question{access.appid(), **reader, std::move(text)};
  const auto asked = co_await ask_checkers(with_.checker, std::move(question), sending.confirmed, *clearance);
  if (!asked) co_return std::unexpected(asked.error());
  co_return clearance;
}

Task<Result<Message>> Service::send(Access access, ConversationId id, Sending sending) {
  const auto clearance = co_await clear(access, id, sending);
  if (!clearance) co_return std::unexpected(clearance.error());
  const TimeMs now = with_.clock.now();
  auto write = [=, this, cleared = *clearance](sql::Transaction& tx) -> Result<Message> {
    const BudgetNews::Hushed hushed(with_.news, tx);
    auto work = load_work(tx, access, id, with_.common, with_.colleagues, now,
                          sending.message.note ? Reach::read : Reach::work);
    if (!work) return std::unexpected(work.error());
    ToSend named = sending.message;
    if (auto known = look_up_named(*work, named); !known) return std::unexpected(known.error());
    Message message = message_of(*work, named);
    message.client_id = sending.client_id;
    if (sending.client_id) {
      if (auto before = store::find_by_client_id(tx, id, *sending.client_id)) {
        if (!is_same(tx, *before, message)) return fail(errors::same_client_id());
        return std::move(*before);
      }
    }
    if (sending.seen_seq && !sending.message.note)
      if (auto unmoved = check_unmoved(*work, *sending.seen_seq); !unmoved) return std::unexpected(unmoved.error());
    auto said = say(*work, named, std::move(message), cleared);
    if (!said) return said;
    if (named.note) tell_named(*work, named, *said);
    if (sending.used) quick_replies::count_use(tx, access.appid(), access.account(), *sending.used, now);
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
    const auto outgoing = outgoing_of(tx, with_.common.sealing, *message);
    if (!outgoing) return std::unexpected(outgoing.error());
    Channel& channel = with_.common.channels.of(work->thread.channel);
    if (channel.capabilities().reply_path != ReplyPath::queued) return fail(errors::not_resendable());
    auto handed = channel.resend(tx, message_id, work->thread, *outgoing, now);
    if (!handed) return std::unexpected(handed.error());
    // The channel may have told it by on_delivery; what it answers is the truth.
    message->state = gateway::to_string(handed->state);
    message->errcode = 0;
    message->errmsg.clear();
    message->reason = std::move(handed->reason);
    message->failed_at = 0;
    message->queued_at = now;
    store::save_delivery(tx, *message);
    work->recorder.event(work->conversation, {"resent", "", message_id.str(), work->actor});
    work->recorder.changed(*message, work->conversation);
    if (auto saved = work->recorder.save(work->conversation); !saved) return std::unexpected(saved.error());
    return std::move(*message);
  };
  auto sent = co_await with_.database.write(std::move(write));
  if (sent) committed(access.appid());
  co_return sent;
}

Task<Result<std::string>> Service::reveal(Access access, ConversationId id, MessageId message_id,
                                          std::int64_t position) {
  const ReadScope scope = scope_of(access);
  const TimeMs now = with_.clock.now();
  const std::int64_t audit_id = with_.common.ids.next();
  auto write = [=, this](sql::Transaction& tx) -> Result<std::string> {
    const auto conversation = store::find_conversation(tx, id);
    const auto message = store::find_message(tx, message_id);
    const bool known =
        conversation && conversation->appid == access.appid() && message && message->conversation_id == id;
    if (!known) return fail(errors::not_found("message"));
    if (auto may = may_read(scope, *conversation); !may) return std::unexpected(may.error());
    if (!scope.hears(*message, *conversation)) return fail(errors::not_found("message"));
    const auto place = std::ranges::find(message->hidden, position, &HiddenPlace::position);
    if (place == message->hidden.end()) return fail(errors::not_found("hidden number"));
    auto number = with_.common.sealing.reveal(tx, message_id, position);
    if (!number) return std::unexpected(number.error());
    if (!*number) return fail(errors::not_found("hidden number"));
    identity::audit(tx, access,
                    {audit_id,
                     now,
                     "desk.message.reveal",
                     "message:" + message_id.str(),
                     {{"conversation", {{"to", id.str()}}}, {"kind", {{"to", place->kind}}}}});
    return std::move(**number);
  };
  co_return co_await with_.database.write(std::move(write));
}

Task<Result<boost::json::array>> Service::attempts(Access access, ConversationId id, MessageId message_id) {
  const ReadScope scope = scope_of(access);
  auto read = [=, this](sql::Transaction& tx) -> Result<boost::json::array> {
    const auto conversation = store::find_conversation(tx, id);
    const auto message = store::find_message(tx, message_id);
    const bool known =
        conversation && conversation->appid == access.appid() && message && message->conversation_id == id;
    if (!known) return fail(errors::not_found("message"));
    if (auto may = may_read(scope, *conversation); !may) return std::unexpected(may.error());
    return with_.common.channels.of(conversation->channel).attempts(tx, message_id);
  };
  co_return co_await with_.database.read(std::move(read));
}

}  // namespace miniops::desk
