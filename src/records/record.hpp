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
json::object to_json(const Reader& reader);
Reader reader_in(const json::object& stored);

// All that is given must hold. With `text`, messages are found; without, conversations, by the day of their opening.
struct Question {
  std::string text{};
  TimeMs from = 0, to = 0;  // from … before to, of the message, or of the conversation's opening
  AccountId agent{};
  GroupId group{};
  std::string customer{};  // an openid, or words of the nickname and note
  std::string tag{};
  int score = 0;  // 1 … 5
  bool operator==(const Question&) const = default;
};
json::object to_json(const Question& question);
Question question_in(const json::object& stored);

struct ConversationRecord {
  ConversationId id{};
  std::string openid{}, nickname{};
  std::vector<std::string> tags{};
  std::string state{};
  AccountId agent{};
  std::string agent_name{};
  GroupId group{};
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
};

struct Hit {
  ConversationRecord conversation{};
  std::optional<MessageRecord> message{};
  Place place{};
};

// As a reader sees them.
ConversationRecord shown_to(const Reader& reader, ConversationRecord record);
MessageRecord shown_to(const Reader& reader, MessageRecord record);

template <class T>
struct PageOf {
  std::vector<T> items{};
  Before next{};
};

}  // namespace miniops::records
