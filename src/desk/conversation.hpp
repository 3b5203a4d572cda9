// The desk's values and the rules that need nothing but them. Pure: no I/O, the time is passed in.
//
// A *thread* is one person in one channel, for ever; a *conversation* 会话 is one contact within it, opened by a
// customer's message; a *message* has a number (seq 1, 2, …) in its thread, given in the transaction that stores it, so
// that a gap can be seen. Ids and times that are "none" are 0, texts that are "none" are empty.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "desk/timer.hpp"
#include "gateway/outbox.hpp"
#include "identity/access.hpp"
#include "people/person.hpp"
#include "teams/team.hpp"
#include "wrapup/wrap_up.hpp"

namespace miniops::desk {

using ThreadId = NumberId<struct ThreadIdTag>;
using ConversationId = NumberId<struct ConversationIdTag>;
using MessageId = NumberId<struct MessageIdTag>;
using identity::AccountId;

using people::wechat_channel;

// What the customer experiences: nobody has it · somebody has it · it is over. Never more than these three.
enum class State { waiting, active, closed };
// Who has it. Kept when the conversation closes, so that it is known where it ended.
enum class Stage { assistant, queued, assigned, parked, outside };
enum class Direction { in, out, note };
enum class SenderKind { customer, agent, assistant, rule, system };

std::string_view to_string(State state);
std::string_view to_string(Stage stage);
std::string_view to_string(Direction direction);
std::string_view to_string(SenderKind kind);
std::optional<State> parse_state(std::string_view text);
std::optional<Stage> parse_stage(std::string_view text);
std::optional<Direction> parse_direction(std::string_view text);
std::optional<SenderKind> parse_sender_kind(std::string_view text);

struct Thread {
  ThreadId id;
  AppId appid;
  std::string channel{wechat_channel};
  OpenId openid;
  people::ProfileId profile{};                  // none: it was here before there were profiles
  std::string nickname{}, note{}, tags = "[]";  // as the profile has them
  ConversationId conversation_id{};             // the latest
  std::int64_t conversations = 0;
  std::int64_t last_seq = 0;
  std::int64_t lobby = 0;    // messages that wait for a conversation to open
  std::string source{};      // the page of the last entry
  std::string parameters{};  // and what its session-from said: JSON {"trusted": {…}, "untrusted": {…}}
  TimeMs first_seen_at = 0, last_seen_at = 0;
};

// The place of a conversation among those that wait (src/routing).
struct Placement {
  routing::GroupId group = teams::default_group;  // whose queue it is in, or was
  routing::RuleId rule{};                         // that chose it; none: no rule matched, or a person chose
  std::string target{};                           // JSON, what is asked of the agent; "": not yet chosen
  std::int64_t place = 0;                         // while it waits: the smaller, the earlier
  bool ahead = false;                             // somebody let the customer wait: before all others
  std::string language{};                         // the customer's, when it is known
  TimeMs routed_at = 0;                           // when rules were asked; 0: a person chose
};

// A transfer that waits for whom it was offered to; until then the sender has it. to 0: there is none.
struct Offer {
  AccountId to{};
  std::string name{};
  TimeMs until = 0;
  bool operator==(const Offer&) const = default;
};

struct Conversation {
  ConversationId id;
  AppId appid;
  ThreadId thread_id;
  OpenId openid;
  std::int64_t number = 1;  // 1, 2, … within the thread
  std::string channel{wechat_channel};
  State state = State::waiting;
  Stage stage = Stage::queued;
  AccountId assignee{};
  std::string assignee_name{};
  std::int64_t priority = 0;  // higher first
  std::int64_t unread = 0;
  TimeMs waiting_since = 0;  // the first customer message that nobody answered
  TimeMs queue_since = 0;    // while it is in a queue; over transfer and return it keeps what it has waited
  TimeMs waited = 0;         // in queues, before it was given to who has it or had it last
  AccountId relieved{};      // while it is in a queue: whose turn it is not, for they gave it up or were silent
  Placement placement{};
  std::int64_t first_seq = 0, last_seq = 0, read_seq = 0;
  std::string last_message{};  // JSON {direction, msgtype, summary, created_at}
  TimeMs last_message_at = 0;
  TimeMs opened_at = 0, closed_at = 0;
  std::string closed_by{};
  std::int64_t reopened = 0;  // how often
  std::string source{};       // the page that the customer came from
  AccountId last_agent{};     // of the thread's conversation before
  TimeMs last_agent_at = 0;
  TimeMs customer_at = 0;       // the customer's last message
  TimeMs answered_at = 0;       // the last answer, until the customer writes again
  TimeMs assigned_at = 0;       // to who has it
  TimeMs parked_until = 0;      // while parked; none: until the customer writes
  TimeMs warned_at = 0;         // the customer, that it ends
  TimeMs reminded_at = 0;       // the agent, that the customer waits
  TimeMs raised_at = 0;         // since when its window closes soon
  TimeMs escalated_at = 0;      // to the expert tier, by itself
  TimeMs service_due_at = 0;    // when its service levels have something to tell
  TimeMs leave_offered_at = 0;  // leaving a message, or that it could not be offered
  TimeMs left_due_at = 0;       // a message was left: by when it is to be answered
  wrapup::WrapUp wrap_up{};     // contact reason, tags, custom fields
  TimeMs automated_until = 0;   // until when rules that wait for a time were asked
  Offer offer{};
  std::vector<AccountId> mentioned{};  // who was named in a note and may read along while it is open
  std::vector<Timer> timers{};         // that are set (timer.hpp)
  std::int64_t version = 1;            // raised with every stored change
  std::string nickname{};              // of the thread; read only

  // Who has it.
  struct Holder {
    AccountId agent{};
    std::string name{};
  };
  Holder holder() const { return {assignee, assignee_name}; }

  // What of it was stored when it was read, for what follows from a change (levels.hpp).
  struct AsRead {
    bool exists = false;
    State state{};
    Stage stage{};
    TimeMs waiting_since = 0, closed_at = 0, queue_since = 0, waited = 0;
  };
  AsRead as_read{};
  // Who could read it then (read_scope.hpp). No group: it is new.
  struct Readers {
    routing::GroupId group{};
    AccountId agent{};
    std::vector<AccountId> others{};
  };
  Readers shown_to{};
};

// The sender of what automation rules send: this and the rule's id.
inline constexpr std::string_view automation_sender = "automation:";

// What a message says, in the form that the API shows: `body` is the object under the key `msgtype`.
struct Content {
  std::string msgtype;
  boost::json::object body;
  std::string summary;  // one line for the list
  std::string text;     // what can be searched for
};

// Somebody whom a note names.
struct Named {
  AccountId account{};
  std::string name{};
};

// The cause of the question whether the customer was content, and of what they reply to it.
inline constexpr std::string_view rating_cause = "satisfaction";
inline constexpr std::string_view end_cause = "end";  // of the customer's word that ended the conversation

// The kind of a message of which only is left that there was one, for the figures (records_store.hpp).
inline constexpr std::string_view erased_type = "erased";

// The state of what was never to be sent (customers' messages, notes); the others are gateway::DeliveryState's.
inline constexpr std::string_view state_received = "received";

// Where a number is hidden in a message's masked text: `length` characters from `at` on in a part of the body, or
// "raw".
struct HiddenPlace {
  std::int64_t position = 0;  // 0, 1, … within the message
  std::string kind{};         // phone, id_card, bank_card
  std::string field{};
  std::int64_t at = 0, length = 0;
};
// The number itself, on its way into its row (sealing.hpp).
struct SealedNumber {
  std::string kind{}, sealed{}, search_key{};
};

struct Message {
  MessageId id;
  AppId appid;
  ThreadId thread_id;
  ConversationId conversation_id{};
  std::int64_t seq = 0;
  Direction direction = Direction::in;
  SenderKind sender_kind = SenderKind::customer;
  std::string sender_id{}, sender_name{};
  std::string cause{};  // the rule's name, when a rule sent it; rating_cause, end_cause
  std::string msgtype;
  std::string body;        // JSON, as agents see it
  std::string original{};  // JSON, when sensitive words are masked in `body`
  std::string raw{};       // the push, when its kind is not supported
  std::vector<HiddenPlace> hidden{};
  std::vector<SealedNumber> sealed{};  // of one that is not stored yet
  std::string state{state_received};
  int errcode = 0;
  std::string errmsg{}, reason{};
  bool possibly_repeated = false;
  int attempts = 0;
  AccountId whispered_to{};   // a note for this agent and supervisors only; none: for all who read the conversation
  std::string flagged{};      // the words that were found, separated by ", "
  TimeMs answered_since = 0;  // the conversation's waiting_since that this message ended
  std::optional<std::string> client_id{};
  TimeMs queued_at = 0, accepted_at = 0, failed_at = 0;
  TimeMs create_time = 0;  // the phone's; shown, never sorted by
  TimeMs created_at = 0;
};

// Who did something, for event rows.
struct Actor {
  SenderKind kind = SenderKind::system;
  std::string id{}, name{};
  static Actor system(std::string name) { return {SenderKind::system, {}, std::move(name)}; }
};

struct Event {
  std::string kind;  // opened, queued, assigned, taken, transferred, released, returned, closed, reopened, priority …
  std::string from{}, to{};
  Actor actor{};
  std::string note{};
};

// ---- rules ----

// Whether a customer's message at `now` goes on with this conversation (reopening it when closed) or opens a new one.
bool continues(const Conversation& conversation, TimeMs now, TimeMs reopen_ms);

// Changes of a conversation. Each returns the event that belongs into the same transaction.
Event open(Conversation& conversation, TimeMs now);
Event reopen(Conversation& conversation, const Actor& actor, TimeMs now);
Event assign(Conversation& conversation, AccountId agent, std::string_view name, std::string_view kind,
             const Actor& actor, std::string_view note, TimeMs now);
Event to_queue(Conversation& conversation, std::string_view kind, const Actor& actor, std::string_view note,
               TimeMs now);
// The same, for somebody else than who has it: they let it go, or were silent.
Event give_up(Conversation& conversation, std::string_view kind, const Actor& actor, std::string_view note, TimeMs now);
// Its agent keeps it, and does not count it, until `until` (0: until the customer writes).
Event park(Conversation& conversation, const Actor& actor, std::string_view note, TimeMs until);
// The customer left a message: nobody has it until it comes back to its queue.
Event leave_message(Conversation& conversation, const Actor& customer, TimeMs returns_at, TimeMs due_at);
bool is_left_message(const Conversation& conversation);  // and is not back yet
// Asks somebody whether they take it.
Event offer(Conversation& conversation, AccountId to, std::string_view name, TimeMs until, const Actor& actor,
            std::string_view note);
// kind: transfer_declined, transfer_withdrawn, transfer_expired
Event end_offer(Conversation& conversation, std::string_view kind, const Actor& actor, std::string_view note);
// Back to its agent.
Event unpark(Conversation& conversation, const Actor& actor, TimeMs now);
// outcome: "resolved" or "unresolved", as who closes it says; "" when nobody says.
Event close(Conversation& conversation, const Actor& actor, std::string_view reason, std::string_view outcome,
            TimeMs now);

// Gives the message its number and carries it into the conversation's summary, unread count and waiting time. A
// customer's rating is neither unread nor does it wait for an answer.
void add_message(Thread& thread, Conversation& conversation, Message& message, std::string_view summary);

// Delivery states only move forward: `sent` is final, a failed message moves only by a resend (which sets it to queued
// itself), a late report of an earlier attempt changes nothing.
bool moves_forward(std::string_view from, int from_attempts, gateway::DeliveryState to, int to_attempts);

}  // namespace miniops::desk
