// Who is asked, and what a reply is to them. Pure: the time is passed in.
#pragma once

#include <string_view>

#include "satisfaction/survey.hpp"

namespace miniops::satisfaction {

inline constexpr TimeMs asked_every_ms = 24 * hour_ms;  // a customer, at most

struct AskFacts {
  bool enabled = false;
  bool human_answered = false;
  bool blocked = false;       // the customer
  bool asked_before = false;  // for this conversation
  TimeMs last_asked_at = 0;   // of this customer, for another
  TimeMs window_ends_at = 0;  // until when the customer may be written to
  int remaining = 0;          // messages that nobody need write may still be sent until then
};

// NotAsked::nothing: ask.
NotAsked may_ask(const AskFacts& facts, TimeMs now);
// How far that brings the survey: who is not asked because the channel cannot carry it is askable all the same.
State state_after(NotAsked decided);

// What a customer's text is, said when no conversation of theirs is open.
enum class Reply {
  not_ours,          // as if nothing had been asked
  score,             // and nothing else: no conversation is opened or reopened, nobody has it to read
  comment,           // likewise
  repeated,          // likewise; the first score stands
  new_conversation,  // a question right after the score: opens a conversation of its own
};
// What a customer wrote.
struct Text {
  std::string_view text{};
  TimeMs at = 0;            // when it arrived
  bool asked_else = false;  // a machine said something after the question: "1" may be a choice of its menu
};
// `survey` is the one that the customer was asked last.
Reply judge(const Survey& survey, const Text& said);

}  // namespace miniops::satisfaction
