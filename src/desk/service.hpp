// The use cases of conversations and messages. Each write is one transaction: load → decide (conversation.hpp) → save,
// with its event rows and live changes. An object of another mini program is desk.not_found; a conversation that the
// caller may not read is desk.other_group, and in no list (read_scope.hpp).
//
// Safe from any thread; results reach the caller after commit. Collaborators must outlive the service.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "content_check/check.hpp"
#include "desk/agents_store.hpp"
#include "desk/clearance.hpp"
#include "desk/config.hpp"
#include "desk/delivery.hpp"
#include "desk/left_message.hpp"
#include "desk/mentions_store.hpp"
#include "desk/outgoing.hpp"
#include "desk/ports.hpp"
#include "desk/privacy_notice.hpp"
#include "desk/profiles.hpp"
#include "desk/read_scope.hpp"
#include "desk/recorder.hpp"
#include "desk/search.hpp"
#include "gateway/outbox.hpp"
#include "identity/access.hpp"
#include "identity/reading_log.hpp"
#include "quick_replies/reply.hpp"

namespace miniops::desk {

using identity::Access;

struct ConversationView {
  Conversation conversation;
  std::optional<gateway::Budget> budget;  // none: the channel has no window
  std::vector<service_levels::Mark> marks{};
};

struct Work;
enum class Reach;

template <class Item>
struct PageOf {
  std::vector<Item> items;
  std::optional<std::pair<std::int64_t, std::int64_t>> next;  // the cursor
};

using After = std::optional<std::pair<std::int64_t, std::int64_t>>;

// What a write asks besides: the version that the caller saw (optional), compared and set.
using SeenVersion = std::optional<std::int64_t>;

// A message that was left, with the customer's own words.
struct LeftMessageView {
  LeftMessage left{};
  std::optional<Message> message{};  // what it is about; none: it was deleted
  TimeMs returns_at = 0, due_at = 0;
};

class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    const Common& common;
    BudgetNews& news;
    const Profiles& profiles;
    Colleagues& colleagues;
    Broadcaster& broadcaster;
    content_check::Checker& checker;
    std::function<void()> freed;  // somebody may be free now: look at the queue
  };
  explicit Service(Collaborators with) : with_(std::move(with)), audited_(with_.database, with_.common.ids) {}

  Task<Result<AppId>> appid_of(ConversationId id);

  Task<Result<PageOf<ConversationView>>> list(Access access, store::ConversationFilter filter, std::string words,
                                              After after, int limit);
  Task<Result<store::Counts>> counts(Access access);
  Task<Result<ConversationView>> get(Access access, ConversationId id);
  Task<Result<PageOf<Message>>> messages(Access access, ConversationId id, bool whole_thread, std::int64_t before_seq,
                                         int limit);
  Task<Result<PageOf<store::StoredEvent>>> events(Access access, ConversationId id, After before, int limit);

  // A message to the customer, or a private note. Whoever answers a conversation that nobody has, takes it. Held when
  // the window is closed. `seen_seq`: the last message that the sender saw. desk.conversation_closed,
  // desk.blocked_word, desk.unknown_picture, desk.client_id_reused; desk.conversation_moved when a colleague answered
  // after `seen_seq`; content_check.refused, content_check.unchecked.
  struct Sending {
    ToSend message;
    std::optional<std::string> client_id{};
    std::optional<std::int64_t> seen_seq{};
    // The quick reply that it was made of, whose use is counted with the message that is stored.
    std::optional<quick_replies::QuickReplyId> used{};
    bool confirmed = false;  // the agent was warned of what it says, and sends it all the same
  };
  Task<Result<Message>> send(Access access, ConversationId id, Sending sending);
  Task<Result<Message>> resend(Access access, ConversationId id, MessageId message);
  // A number that the message hides, as it was written; audited. The caller sees personal data. desk.not_found,
  // base.seal_broken
  Task<Result<std::string>> reveal(Access access, ConversationId id, MessageId message, std::int64_t position);
  Task<Result<boost::json::array>> attempts(Access access, ConversationId id, MessageId message);

  // desk.already_taken, desk.conversation_closed, desk.agent_full, desk.agent_offline, desk.conversation_changed
  Task<Result<ConversationView>> take(Access access, ConversationId id, SeenVersion seen);
  Task<Result<ConversationView>> release(Access access, ConversationId id, SeenVersion seen);
  Task<Result<ConversationView>> transfer(Access access, ConversationId id, AccountId to, std::string note,
                                          SeenVersion seen);
  // Into the group's queue, with the time that the customer has waited. desk.not_found
  Task<Result<ConversationView>> transfer_to_group(Access access, ConversationId id, routing::GroupId to,
                                                   std::string note, SeenVersion seen);
  // Into the queue of the tier's best group, likewise. desk.empty_tier
  Task<Result<ConversationView>> transfer_to_tier(Access access, ConversationId id, routing::Tier to, std::string note,
                                                  SeenVersion seen);
  // Until a time, at most 30 days ahead, or (0) until the customer writes. desk.not_assigned, desk.parked_too_long
  Task<Result<ConversationView>> park(Access access, ConversationId id, TimeMs until, std::string note,
                                      SeenVersion seen);
  Task<Result<ConversationView>> unpark(Access access, ConversationId id, SeenVersion seen);
  // outcome: "resolved" or "unresolved". desk.reason_required, and what wrap_up() fails with.
  Task<Result<ConversationView>> close(Access access, ConversationId id, std::string note, std::string outcome,
                                       SeenVersion seen, wrapup::Patch patch = {});
  // Contact reason, tags and custom fields: before it closes, or afterwards, which is audited. wrapup.not_choosable,
  // wrapup.invalid_field
  Task<Result<ConversationView>> wrap_up(Access access, ConversationId id, wrapup::Patch patch, SeenVersion seen);
  struct Closing {
    wrapup::WrapUp said{};
    wrapup::ReasonId suggested{};
    bool reason_required = false;
  };
  // What the customer left as a message (left_message.hpp). desk.not_found: nothing.
  Task<Result<LeftMessageView>> left_message(Access access, ConversationId id);
  // What to ask the agent who is about to close it.
  Task<Result<Closing>> closing(Access access, ConversationId id);
  Task<Result<ConversationView>> reopen(Access access, ConversationId id, SeenVersion seen);
  Task<Result<ConversationView>> mark_read(Access access, ConversationId id, std::int64_t seq);
  // ---- asked and accepted; supervision (service_supervise.cpp) ----
  // desk.no_offer
  Task<Result<ConversationView>> accept_transfer(Access access, ConversationId id, SeenVersion seen);
  Task<Result<ConversationView>> decline_transfer(Access access, ConversationId id, std::string note, SeenVersion seen);
  Task<Result<ConversationView>> withdraw_transfer(Access access, ConversationId id, SeenVersion seen);
  // Of who supervises the conversation's group; each is audited. desk.not_supervisor
  Task<Result<ConversationView>> watch(Access access, ConversationId id);
  // Whoever had it, and however many the supervisor has. desk.conversation_closed
  Task<Result<ConversationView>> take_over(Access access, ConversationId id, SeenVersion seen);
  // A note for its agent and supervisors. desk.conversation_closed, desk.nobody_has_it, desk.client_id_reused
  Task<Result<Message>> whisper(Access access, ConversationId id, std::string text,
                                std::optional<std::string> client_id);

  // Who was named in its notes, or asked, oldest first.
  Task<Result<std::vector<Mention>>> named_in(Access access, ConversationId id);
  // By who wrote the note, has the conversation or supervises it: whom it named may not read along any more.
  Task<Result<void>> withdraw_mention(Access access, ConversationId id, MentionId mention);
  struct InboxItem {
    Mention mention;
    std::string text;  // of the note; "": it may not be read any more
    Conversation in;
    bool readable = false;
  };
  struct Inbox {
    PageOf<InboxItem> page;
    std::int64_t unread = 0;
  };
  // The caller's own, newest first.
  Task<Result<Inbox>> inbox(Access access, bool unread_only, MentionId before, int limit);
  // These, or (none given) all. How many are left.
  Task<Result<std::int64_t>> read_mentions(Access access, std::vector<MentionId> mentions);

  Task<Result<void>> typing(Access access, ConversationId id, bool typing);

  struct Found {
    Message message;
    ConversationView in;
  };
  struct FoundPage {
    PageOf<Found> page;
    std::int64_t not_indexed = 0;  // messages that the search does not know yet
  };
  Task<Result<FoundPage>> search(Access access, std::string words, MessageId before, int limit);

  struct Customer {
    Thread thread;
    std::vector<std::string> sources;
    std::vector<PrivacyNotice> notices{};  // that the customer was shown
  };
  // Of whom the caller reads a conversation; otherwise desk.other_group.
  Task<Result<Customer>> customer(Access access, OpenId openid);
  Task<Result<void>> may_see_customer(Access access, OpenId openid);
  Task<Result<Customer>> change_customer(Access access, OpenId openid, CustomerPatch patch);

 private:
  // Lets the conversation change; false: nothing is to be changed. May run again.
  using Decide = std::function<Result<bool>(Work&)>;
  Task<Result<ConversationView>> change(Access access, ConversationId id, SeenVersion seen, Decide decide, Reach reach);
  Task<Result<ConversationView>> change(Access access, ConversationId id, SeenVersion seen, Decide decide);
  Task<Result<Clearance>> clear(Access access, ConversationId id, Sending& sending);
  ReadScope scope_of(const Access& access) const;
  // Writes what was read or searched of others into the audit log, unless it was lately.
  Task<Result<void>> audit_reading(Access access, std::vector<ConversationId> conversations);
  Task<Result<void>> audit_search(Access access, std::string words);
  ConversationView view_of(sql::Transaction& tx, Conversation conversation, TimeMs now) const;
  std::optional<std::vector<ConversationId>> matching(sql::Transaction& tx, const Access& access,
                                                      std::string_view words) const;
  store::Sought sought(const Access& access, std::string words) const;
  void committed(const AppId& appid);

  Collaborators with_;
  identity::ReadingLog audited_;
};

}  // namespace miniops::desk
