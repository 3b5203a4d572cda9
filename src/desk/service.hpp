// The use cases of conversations and messages. Each write is one transaction: load → decide (conversation.hpp) → save,
// with its event rows and live changes. An object of another mini program is desk.not_found.
//
// Safe from any thread; results reach the caller after commit. Collaborators must outlive the service.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "desk/agents_store.hpp"
#include "desk/config.hpp"
#include "desk/delivery.hpp"
#include "desk/outgoing.hpp"
#include "desk/ports.hpp"
#include "desk/profiles.hpp"
#include "desk/recorder.hpp"
#include "desk/search.hpp"
#include "gateway/outbox.hpp"
#include "identity/access.hpp"
#include "quick_replies/reply.hpp"

namespace miniops::desk {

using identity::Access;

struct ConversationView {
  Conversation conversation;
  gateway::Budget budget;
  std::vector<service_levels::Mark> marks{};
};

struct Work;

template <class Item>
struct PageOf {
  std::vector<Item> items;
  std::optional<std::pair<std::int64_t, std::int64_t>> next;  // the cursor
};

using After = std::optional<std::pair<std::int64_t, std::int64_t>>;

// What a write asks besides: the version that the caller saw (optional), compared and set.
using SeenVersion = std::optional<std::int64_t>;

class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    const Common& common;
    BudgetNews& news;
    const Profiles& profiles;
    Colleagues& colleagues;
    TypingSender& typing;
    Broadcaster& broadcaster;
    std::function<void()> freed;  // somebody may be free now: look at the queue
  };
  explicit Service(Collaborators with) : with_(std::move(with)) {}

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
  // after `seen_seq`.
  // `used`: the quick reply that it was made of, whose use is counted with the message that is stored.
  Task<Result<Message>> send(Access access, ConversationId id, ToSend sending, std::optional<std::string> client_id,
                             std::optional<std::int64_t> seen_seq = std::nullopt,
                             std::optional<quick_replies::QuickReplyId> used = std::nullopt);
  Task<Result<Message>> resend(Access access, ConversationId id, MessageId message);
  Task<Result<boost::json::array>> attempts(Access access, ConversationId id, MessageId message);

  // desk.already_taken, desk.conversation_closed, desk.agent_full, desk.agent_offline, desk.conversation_changed
  Task<Result<ConversationView>> take(Access access, ConversationId id, SeenVersion seen);
  Task<Result<ConversationView>> release(Access access, ConversationId id, SeenVersion seen);
  Task<Result<ConversationView>> transfer(Access access, ConversationId id, AccountId to, std::string note,
                                          SeenVersion seen);
  // Into the group's queue, with the time that the customer has waited. desk.not_found
  Task<Result<ConversationView>> transfer_to_group(Access access, ConversationId id, routing::GroupId to,
                                                   std::string note, SeenVersion seen);
  // Until a time, at most 30 days ahead, or (0) until the customer writes. desk.not_assigned, desk.parked_too_long
  Task<Result<ConversationView>> park(Access access, ConversationId id, TimeMs until, std::string note,
                                      SeenVersion seen);
  Task<Result<ConversationView>> unpark(Access access, ConversationId id, SeenVersion seen);
  // outcome: "resolved" or "unresolved".
  Task<Result<ConversationView>> close(Access access, ConversationId id, std::string reason, std::string outcome,
                                       SeenVersion seen);
  Task<Result<ConversationView>> reopen(Access access, ConversationId id, SeenVersion seen);
  Task<Result<ConversationView>> mark_read(Access access, ConversationId id, std::int64_t seq);
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
  };
  Task<Result<Customer>> customer(Access access, OpenId openid);
  Task<Result<Customer>> change_customer(Access access, OpenId openid, CustomerPatch patch);

 private:
  // Lets the conversation change; false: nothing is to be changed. May run again.
  using Decide = std::function<Result<bool>(Work&)>;
  Task<Result<ConversationView>> change(Access access, ConversationId id, SeenVersion seen, Decide decide);
  ConversationView view_of(sql::Transaction& tx, Conversation conversation, TimeMs now) const;
  std::optional<std::vector<ConversationId>> matching(sql::Transaction& tx, const Access& access,
                                                      std::string_view words) const;
  void committed(const AppId& appid);

  Collaborators with_;
};

}  // namespace miniops::desk
