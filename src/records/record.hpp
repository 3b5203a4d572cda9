// What is looked for in the records 会话记录, who reads, and what is found. Values; ids and times that are "none" are
// 0, texts that are "none" are empty.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "identity/access.hpp"

namespace miniops::records {

using identity::Access;
using identity::AccountId;
// The desk's things, of which only the number is known here.
using ConversationId = NumberId<struct ConversationIdTag>;
using GroupId = NumberId<struct GroupIdTag>;
using ReasonId = NumberId<struct ReasonIdTag>;  // a contact reason

// A place in a list: sort key and id.
using Place = std::pair<std::int64_t, std::int64_t>;
using Before = std::optional<Place>;

// How far somebody reads. A part of every question, so that nobody finds, counts or guesses at the rest.
struct Reader {
  AccountId own{};                // conversations that this agent has, or had at their end
  std::vector<GroupId> groups{};  // and those of these groups
  bool everything = false;        // or all
  bool personal_data = false;     // unmasked, and found by
  bool scores = false;
  bool operator==(const Reader&) const = default;
};
// Whether all that `asked` may read is for this one, too: whoever takes what was written for another.
bool covers(const Reader& reader, const Reader& asked);
json::object to_json(const Reader& reader);
Reader reader_in(const json::object& stored);

// All that is given must hold. With `text`, messages are found; without, conversations, by the day of their opening.
struct Question {
  std::string text{};
  TimeMs from = 0, to = 0;  // from … before to, of the message, or of the conversation's opening
  AccountId agent{};
  GroupId group{};
  std::string customer{};  // an openid, or words of the nickname and note
  ReasonId reason{};       // it or one below it
  std::string tag{};       // of the conversation
  std::string customer_tag{};
  std::string source{};  // the page that the customer came from, whole
  int score = 0;         // 1 … 5
  bool events = false;   // an export also tells what happened; not with `text`
  bool operator==(const Question&) const = default;
};
json::object to_json(const Question& question);
Question question_in(const json::object& stored);

struct ConversationRecord {
  ConversationId id{};
  std::string openid{}, nickname{};
  std::int64_t person = 0;  // people's number of them
  std::vector<std::string> customer_tags{};
  std::string state{};
  AccountId agent{};
  std::string agent_name{};
  GroupId group{};
  ReasonId reason{};
  std::string reason_name{};        // as it was called when it was chosen
  std::vector<std::string> tags{};  // of the conversation
  std::string source{};
  TimeMs opened_at = 0, closed_at = 0;
  int score = 0;  // none, too, for whoever may not see it
};

struct MessageRecord {
  std::int64_t id = 0, seq = 0;
  TimeMs at = 0;
  std::string direction{}, sender_kind{}, sender_name{};
  std::string msgtype{};
  std::string text{};      // what it says, or a line that stands for it
  std::string media_id{};  // of what a customer sent, when it is no text
  // Of ours: the agent's, rule's … id; when it was sent, and accepted by the channel. `cause`: why, where no person
  // wrote it, or what a customer's was no more than an answer to.
  std::string sender_id{}, cause{};
  TimeMs queued_at = 0, accepted_at = 0;
  bool hidden = false;  // numbers of people are masked in the text, and kept apart
};

// What happened to a conversation: its journal, of which the figures are made.
struct EventRecord {
  std::int64_t id = 0;
  TimeMs at = 0;
  std::string kind{}, from{}, to{};
  std::string actor_kind{}, actor_id{}, actor_name{};
  std::int64_t seq = 0;  // of the last message before it
};
inline constexpr int events_max = 2000;  // of one conversation; later ones are left out, as in reports

struct Hit {
  ConversationRecord conversation{};
  std::optional<MessageRecord> message{};
  Place place{};
};

// As a reader sees them.
ConversationRecord shown_to(const Reader& reader, ConversationRecord record);
MessageRecord shown_to(const Reader& reader, MessageRecord record);
EventRecord shown_to(const Reader& reader, EventRecord record);

template <class T>
struct PageOf {
  std::vector<T> items{};
  Before next{};
};

}  // namespace miniops::records
