// What was recorded of one conversation, as the desk hands it over (ports.hpp). Values; ids and times that are "none"
// are 0.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "identity/access.hpp"

namespace miniops::reports {

// Other modules' things, of which only the number is known here.
using ConversationId = NumberId<struct ConversationIdTag>;
using GroupId = NumberId<struct GroupIdTag>;
using ReasonId = NumberId<struct ReasonIdTag>;
using identity::AccountId;

// In whose queue a conversation is before any rule says otherwise.
inline constexpr GroupId default_group{1};

// Of a conversation with more than that only the first count, so that nobody can make one report stop all others.
inline constexpr int events_max = 2000;
inline constexpr int messages_max = 5000;

struct EventRow {
  TimeMs at = 0;
  std::string kind{}, from{}, to{};
  bool by_agent = false;
  std::int64_t seq = 0;  // of the last message before it
};

// machine: rules, the assistant, timers.
enum class Sender { customer, agent, machine };

struct MessageRow {
  std::int64_t seq = 0;
  Sender sender = Sender::customer;
  AccountId agent{};
  TimeMs created_at = 0;   // of a customer's: when it arrived
  TimeMs queued_at = 0;    // when it was sent, released or sent again
  TimeMs accepted_at = 0;  // by the channel; none: not (yet)
};

// The question how satisfied the customer is.
struct SurveyRow {
  bool delivered = false;
  int score = 0;  // 1 … 5; none: not answered
};

struct ConversationRows {
  ConversationId id{};
  AppId appid{};
  TimeMs opened_at = 0;
  // The same person's next conversation in this mini program; by another account only within first_contact_ms of the
  // closing.
  TimeMs next_opened_at = 0;
  ConversationId previous{};  // and the one before
  std::string source{};
  ReasonId reason{};                   // why the customer wrote, as agents say
  std::vector<std::string> tags{};     // of the conversation
  std::vector<EventRow> events{};      // in their order
  std::vector<MessageRow> messages{};  // by seq; without notes, and without what was no more than a score
  SurveyRow survey{};
};

}  // namespace miniops::reports
