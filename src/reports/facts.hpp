// What reports know of one conversation. Derived from its rows alone, without a clock, settings or time zone, so that a
// rebuild gives the same. docs/metrics.md defines each. Pure; ids and times that are "none" are 0.
#pragma once

#include "reports/rows.hpp"

namespace miniops::reports {

// A customer's turn 客户轮次: messages one behind the other, up to the one that is answered.
struct Turn {
  TimeMs started_at = 0, answered_at = 0;
  AccountId agent{};  // who held the conversation when it was answered, else when it ended
  GroupId group{};
  bool over = false;  // it was closed, and nobody answered
  bool operator==(const Turn&) const = default;
};

// A stay in a queue.
struct Wait {
  TimeMs started_at = 0, ended_at = 0;
  AccountId agent{};       // who got it
  GroupId group{};         // whose queue it was in at the end
  bool abandoned = false;  // it ended by being closed
  bool operator==(const Wait&) const = default;
};

// For how long an agent had it: the sum of the times that have ended. Parked does not count.
struct Hold {
  AccountId agent{};
  GroupId group{};  // in the last of them
  TimeMs ms = 0;
  bool running = false;  // there is one that has not ended
  bool operator==(const Hold&) const = default;
};

struct Transfer {
  TimeMs at = 0;
  AccountId from{};
  GroupId group{};  // where it was before
  bool operator==(const Transfer&) const = default;
};

struct Facts {
  ConversationId id{};
  TimeMs opened_at = 0, closed_at = 0, next_opened_at = 0;
  std::string source{};
  ReasonId reason{};
  std::vector<std::string> tags{};
  AccountId agent{};  // who had it last
  GroupId group{};    // whose it was at the end
  std::int64_t reopened = 0;
  bool resolved = false;     // closed as resolved
  bool human = false;        // the channel accepted a message of an agent
  TimeMs reacted_at = 0;     // the first message from us, of whomever
  TimeMs queued_at = 0;      // when it first came to people
  TimeMs answered_at = 0;    // and a person answered first
  AccountId answered_by{};   // who held it then
  GroupId answered_group{};  // and whose it was
  bool surveyed = false;     // the question how satisfied the customer is was delivered
  int score = 0;
  std::vector<Turn> turns{};
  std::vector<Wait> waits{};
  std::vector<Hold> holds{};  // one for each agent, in the order of their coming
  std::vector<Transfer> transfers{};
  bool operator==(const Facts&) const = default;
};

// Of other definitions than these, what is stored is derived anew. Raise it with each change of facts_of or the codec.
inline constexpr std::int64_t facts_version = 4;

Facts facts_of(const ConversationRows& rows);

// When something was recorded last.
TimeMs last_moment(const ConversationRows& rows);

}  // namespace miniops::reports
