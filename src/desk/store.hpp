// The desk's rows: threads, conversations, messages, events. Called inside closures; stateless.
//
// A conversation is loaded, changed by the rules of conversation.hpp, and saved by compare-and-set on its version: the
// version that was loaded must still be there.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "desk/conversation.hpp"
#include "desk/read_scope.hpp"
#include "storage/sql/database.hpp"

namespace miniops::desk::store {

// ---- threads ----
struct Contact {
  Thread thread;
  std::optional<Conversation> conversation;
};
// The person with the latest conversation, if there was one.
std::optional<Contact> find_contact(sql::Transaction& tx, const AppId& appid, const OpenId& openid,
                                    std::string_view channel = wechat_channel);
// A conversation with its person.
std::optional<Contact> find_contact(sql::Transaction& tx, ConversationId id);
std::optional<Contact> find_contact(sql::Transaction& tx, people::ProfileId profile);
// Of the mini program's channel, whose openids the API names customers by.
std::optional<Thread> find_thread(sql::Transaction& tx, const AppId& appid, const OpenId& openid);
void insert_thread(sql::Transaction& tx, const Thread& thread);
void save_thread(sql::Transaction& tx, const Thread& thread);  // what messages change
void save_texts(sql::Transaction& tx, const Thread& thread);   // nickname, note and tags, and the profile they are of
// What the customer's pages were, newest first.
std::vector<std::string> sources_of(sql::Transaction& tx, const Thread& thread, int limit);

// ---- conversations ----
std::optional<Conversation> find_conversation(sql::Transaction& tx, ConversationId id);
std::vector<ConversationId> conversations_of(sql::Transaction& tx, ThreadId thread, int limit);  // newest first
void insert_conversation(sql::Transaction& tx, const Conversation& conversation);
// Raises the version. desk.conversation_changed when it is not the stored one any more.
Result<void> save_conversation(sql::Transaction& tx, Conversation& conversation);
// The same for what one more message changes, and nothing else: the indexes of stage and queue are left alone.
Result<void> save_arrival(sql::Transaction& tx, Conversation& conversation);

// What it is wrapped up with. Before it is saved, in the same transaction.
void save_wrap_up(sql::Transaction& tx, const Conversation& conversation);

struct ConversationFilter {
  std::optional<State> state{};
  std::optional<Stage> stage{};
  std::optional<AccountId> assignee{};  // 0: nobody
  std::optional<routing::GroupId> group{};
  std::optional<ThreadId> thread{};
  std::optional<std::string> tag{};                        // of the conversation
  std::optional<std::vector<wrapup::ReasonId>> reasons{};  // one of these, at most 256
  std::optional<ReadScope> scope{};                        // nullopt: all, for the machinery itself
  std::optional<std::vector<ConversationId>> among{};      // of these only, at most 256
  // Open conversations: whoever waits longest first, then the newest message. Otherwise all, newest message first.
  bool waiting_longest = false;
};
std::int64_t sort_key(const Conversation& conversation, const ConversationFilter& filter);
// After (sort key, id) of the cursor.
std::vector<Conversation> list_conversations(sql::Transaction& tx, const AppId& appid, const ConversationFilter& filter,
                                             std::optional<std::pair<std::int64_t, std::int64_t>> after, int limit);
struct Counts {
  std::int64_t mine = 0, waiting = 0, active = 0, closed_today = 0;
};
Counts count_conversations(sql::Transaction& tx, const AppId& appid, const ReadScope& scope, TimeMs day_start);
// Opened since then and before (opened_at, id), the newest first.
std::vector<Conversation> opened_before(sql::Transaction& tx, const AppId& appid, TimeMs since,
                                        std::pair<TimeMs, ConversationId> before, int limit);
// Whose customer waits for this agent.
std::vector<Conversation> unanswered_of(sql::Transaction& tx, const AppId& appid, AccountId agent, int limit);
// Transfers that wait for this agent.
std::vector<Conversation> offered_to(sql::Transaction& tx, const AppId& appid, AccountId agent, int limit);

// ---- messages ----
void insert_message(sql::Transaction& tx, const Message& message);
std::optional<Message> find_message(sql::Transaction& tx, MessageId id);
std::optional<Message> find_by_client_id(sql::Transaction& tx, ConversationId id, std::string_view client_id);
// Newest first, below `before_seq` (0: from the newest), without what is whispered to others.
std::vector<Message> messages_before(sql::Transaction& tx, const Conversation& conversation, const ReadScope& scope,
                                     std::int64_t before_seq, int limit);
// The same over all conversations of the thread up to this one.
std::vector<Message> thread_messages_before(sql::Transaction& tx, const Conversation& conversation,
                                            const ReadScope& scope, std::int64_t before_seq, int limit);
// Everything of the thread, its lobby too, in order.
std::vector<Message> thread_messages_after(sql::Transaction& tx, ThreadId thread, std::int64_t after_seq, int limit);
// Those that other agents sent after `seq`, oldest first; what could not be delivered is none.
std::vector<Message> answers_after(sql::Transaction& tx, ThreadId thread, std::int64_t seq, std::string_view besides,
                                   int limit);
void save_delivery(sql::Transaction& tx, const Message& message);
std::int64_t count_unread(sql::Transaction& tx, const Conversation& conversation);
// The seq of the customer's last message; 0: there is none.
std::int64_t last_asked(sql::Transaction& tx, ThreadId thread);
// What automation rules sent since the customer's last message.
std::int64_t automated_since_asked(sql::Transaction& tx, ThreadId thread);
bool answered_after(sql::Transaction& tx, const Message& message);  // by an agent, and not failed
// The customer's first message that no agent's answer follows, but failed ones, since it was closed last; 0: there is
// none.
TimeMs unanswered_since(sql::Transaction& tx, const Conversation& conversation);
bool human_answered(sql::Transaction& tx, const Conversation& conversation);  // what is on its way counts
// Whether the last that the customer was sent is a machine's, and not the question whether they were content.
bool machine_spoke_last(sql::Transaction& tx, ThreadId thread);
// The customer's first message after all answers that WeChat accepted; 0: there is none.
TimeMs asked_after_answers(sql::Transaction& tx, const Conversation& conversation);
// Sets waiting_since or answered_at by what was said last, as a conversation that was closed does not know any more.
void read_whose_turn(sql::Transaction& tx, Conversation& conversation);

// The lobby: notes and greetings of a thread that has no open conversation, the latest lobby_max, and all that somebody
// on the blacklist writes.
inline constexpr std::int64_t lobby_max = 20;
Message insert_lobby(sql::Transaction& tx, Thread& thread, Message message);
// They become the first messages of a conversation that opens.
std::vector<Message> take_lobby(sql::Transaction& tx, Thread& thread);
void save_place(sql::Transaction& tx, const Message& message);  // its conversation_id

// ---- events ----
// With the number of the conversation's last message.
void insert_event(sql::Transaction& tx, std::int64_t id, const Conversation& conversation, TimeMs at,
                  const Event& event);
struct StoredEvent {
  std::int64_t id = 0;
  TimeMs at = 0;
  Event event;
};
// Newest first, before (at, id).
std::vector<StoredEvent> events_before(sql::Transaction& tx, ConversationId id,
                                       std::pair<std::int64_t, std::int64_t> before, int limit);

}  // namespace miniops::desk::store
