// Asked and accepted, named and supervised: the fourth part of service.hpp.
#include "desk/actions.hpp"
#include "desk/content.hpp"
#include "desk/mentions.hpp"
#include "desk/service.hpp"
#include "identity/audit.hpp"

namespace miniops::desk {

namespace {

constexpr int named_shown = 200;

void audit(const Work& work, std::string action, boost::json::object changes = {}) {
  identity::audit(work.tx, work.access,
                  {work.common.ids.next(), work.now, "desk.conversation." + std::move(action),
                   "conversation:" + work.conversation.id.str(), std::move(changes)});
}

}  // namespace

// ---- transfers that are asked for ----

Task<Result<ConversationView>> Service::accept_transfer(Access access, ConversationId id, SeenVersion seen) {
  auto decide = [](Work& work) -> Result<bool> { return desk::accept_transfer(work); };
  auto view = co_await change(std::move(access), id, seen, std::move(decide), Reach::read);
  if (view) with_.freed();
  co_return view;
}

Task<Result<ConversationView>> Service::decline_transfer(Access access, ConversationId id, std::string note,
                                                         SeenVersion seen) {
  auto decide = [note](Work& work) -> Result<bool> {
    auto declined = desk::decline_transfer(work, note);
    if (declined) add_note(work, note);
    return declined;
  };
  co_return co_await change(std::move(access), id, seen, std::move(decide), Reach::read);
}

Task<Result<ConversationView>> Service::withdraw_transfer(Access access, ConversationId id, SeenVersion seen) {
  auto decide = [](Work& work) -> Result<bool> { return desk::withdraw_transfer(work); };
  co_return co_await change(std::move(access), id, seen, std::move(decide));
}

// ---- supervision ----

Task<Result<ConversationView>> Service::watch(Access access, ConversationId id) {
  auto decide = [](Work& work) -> Result<bool> {
    if (!work.supervises()) return fail(errors::not_supervisor());
    if (!work.mine()) audit(work, "watch");
    return false;
  };
  co_return co_await change(std::move(access), id, std::nullopt, std::move(decide));
}

Task<Result<ConversationView>> Service::take_over(Access access, ConversationId id, SeenVersion seen) {
  auto decide = [](Work& work) -> Result<bool> {
    const std::string before = work.conversation.assignee.str();
    auto taken = desk::take_over(work);
    if (taken && *taken)
      audit(work, "take_over", {{"assignee_id", {{"from", before}, {"to", work.access.account().str()}}}});
    return taken;
  };
  auto view = co_await change(std::move(access), id, seen, std::move(decide));
  if (view) with_.freed();
  co_return view;
}

Task<Result<Message>> Service::whisper(Access access, ConversationId id, std::string text,
                                       std::optional<std::string> client_id) {
  const TimeMs now = with_.clock.now();
  auto write = [=, this](sql::Transaction& tx) -> Result<Message> {
    const BudgetNews::Hushed hushed(with_.news, tx);
    auto work = load_work(tx, access, id, with_.common, with_.colleagues, now);
    if (!work) return std::unexpected(work.error());
    if (!work->supervises()) return fail(errors::not_supervisor());
    ToSend sending;
    sending.note = true;
    sending.text = text;
    Message message = message_of(*work, sending);
    message.client_id = client_id;
    message.whispered_to = work->conversation.assignee;
    if (client_id) {
      if (auto before = store::find_by_client_id(tx, id, *client_id)) {
        if (before->whispered_to.empty() || !is_same(tx, *before, message)) return fail(errors::same_client_id());
        return std::move(*before);
      }
    }
    if (work->conversation.state == State::closed) return fail(errors::conversation_closed());
    if (work->conversation.assignee.empty()) return fail(errors::nobody_has_it());
    auto said = say(*work, sending, std::move(message));
    if (!said) return said;
    audit(*work, "whisper", {{"to", work->conversation.assignee.str()}});
    if (auto saved = work->recorder.save(work->conversation); !saved) return std::unexpected(saved.error());
    return said;
  };
  auto said = co_await with_.database.write(std::move(write));
  if (said) committed(access.appid());
  co_return said;
}

// ---- named in notes ----

Task<Result<std::vector<Mention>>> Service::named_in(Access access, ConversationId id) {
  const ReadScope scope = scope_of(access);
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Mention>> {
    const auto conversation = store::find_conversation(tx, id);
    if (!conversation || conversation->appid != access.appid()) return fail(errors::not_found("conversation"));
    if (auto may = may_read(scope, *conversation); !may) return std::unexpected(may.error());
    return store::mentions_in(tx, id, named_shown);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<void>> Service::withdraw_mention(Access access, ConversationId id, MentionId mention) {
  auto decide = [mention](Work& work) -> Result<bool> {
    if (auto withdrawn = withdraw(work, mention); !withdrawn) return std::unexpected(withdrawn.error());
    return true;
  };
  const auto changed = co_await change(std::move(access), id, std::nullopt, std::move(decide), Reach::read);
  if (!changed) co_return std::unexpected(changed.error());
  co_return Result<void>();
}

Task<Result<Service::Inbox>> Service::inbox(Access access, bool unread_only, MentionId before, int limit) {
  const ReadScope scope = scope_of(access);
  auto read = [=](sql::Transaction& tx) -> Result<Inbox> {
    Inbox inbox;
    inbox.unread = store::unread_mentions(tx, access.appid(), access.account());
    auto mentions = store::inbox_of(tx, access.appid(), access.account(), unread_only, before, limit + 1);
    if (mentions.size() > static_cast<std::size_t>(limit)) {
      mentions.pop_back();
      inbox.page.next = {mentions.back().id.value(), mentions.back().id.value()};
    }
    for (Mention& mention : mentions) {
      auto conversation = store::find_conversation(tx, mention.conversation);
      const auto note = store::find_message(tx, mention.message);
      if (!conversation || !note) continue;  // deleted with its person
      const bool readable = scope.covers(*conversation);
      inbox.page.items.push_back(
          {std::move(mention), readable ? text_of_note(*note) : std::string(), std::move(*conversation), readable});
    }
    return inbox;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<std::int64_t>> Service::read_mentions(Access access, std::vector<MentionId> mentions) {
  const TimeMs now = with_.clock.now();
  auto write = [=](sql::Transaction& tx) -> Result<std::int64_t> {
    if (mentions.empty()) store::mark_mentions_read(tx, access.appid(), access.account(), now);
    for (const MentionId id : mentions) store::mark_mention_read(tx, access.appid(), access.account(), id, now);
    return store::unread_mentions(tx, access.appid(), access.account());
  };
  co_return co_await with_.database.write(std::move(write));
}

}  // namespace miniops::desk
