// The desk's rows: threads, conversations, messages, events. Called inside closures; stateless.
//
// A conversation is loaded, changed by the rules of conversation.hpp, and saved by compare-and-set on its version: the
// version that was loaded must still be there.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "desk/conversation.hpp"
#include "storage/sql/database.hpp"

namespace miniops::desk::store {

// ---- threads ----
struct Contact {
  Thread thread;
  std::optional<Conversation> conversation;
};
// The person with the latest conversation, if there was one.
std::optional<Contact> find_contact(sql::Transaction& tx, const AppId& appid, const OpenId& openid);
// A conversation with its person.
std::optional<Contact> find_contact(sql::Transaction& tx, ConversationId id);
std::optional<Contact> find_contact(sql::Transaction& tx, people::ProfileId profile);
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

struct ConversationFilter {
  std::optional<State> state{};
  std::optional<Stage> stage{};
  std::optional<AccountId> assignee{};  // 0: nobody
  std::optional<routing::GroupId> group{};
  std::optional<ThreadId> thread{};
  std::optional<std::vector<ConversationId>> among{};  // of these only, at most 256
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
Counts count_conversations(sql::Transaction& tx, const AppId& appid, AccountId me, TimeMs day_start);
// The newest first.
std::vector<Conversation> opened_since(sql::Transaction& tx, const AppId& appid, TimeMs since, int limit);
std::vector<Conversation> assigned_to(sql::Transaction& tx, const AppId& appid, AccountId agent, int limit);

// ---- messages ----
void insert_message(sql::Transaction& tx, const Message& message);
std::optional<Message> find_message(sql::Transaction& tx, MessageId id);
std::optional<Message> find_by_client_id(sql::Transaction& tx, ConversationId id, std::string_view client_id);
// Newest first, below `before_seq` (0: from the newest).
std::vector<Message> messages_before(sql::Transaction& tx, const Conversation& conversation, std::int64_t before_seq,
                                     int limit);
// The same over all conversations of the thread up to this one.
std::vector<Message> thread_messages_before(sql::Transaction& tx, const Conversation& conversation,
                                            std::int64_t before_seq, int limit);
// Those that other agents sent after `seq`, oldest first; what could not be delivered is none.
std::vector<Message> answers_after(sql::Transaction& tx, ThreadId thread, std::int64_t seq, std::string_view besides,
                                   int limit);
void save_delivery(sql::Transaction& tx, const Message& message);
std::int64_t count_unread(sql::Transaction& tx, const Conversation& conversation);
bool answered_after(sql::Transaction& tx, const Message& message);            // by an agent, and not failed
bool human_answered(sql::Transaction& tx, const Conversation& conversation);  // and WeChat accepted it
// The customer's first message after all answers that WeChat accepted; 0: there is none.
TimeMs asked_after_answers(sql::Transaction& tx, const Conversation& conversation);
// Sets waiting_since or answered_at by what was said last, as a conversation that was closed does not know any more.
void read_whose_turn(sql::Transaction& tx, Conversation& conversation);

// The lobby: notes and greetings of a thread that has no open conversation.
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
