// When something is to happen to a conversation by itself. Pure: which timers a conversation has is a function of the
// conversation, so that whoever changes it cannot forget one.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "automation/event.hpp"
#include "base/clock.hpp"

namespace miniops::desk {

struct Conversation;

enum class TimerKind {
  silence_warn,    // the customer does not answer: they are asked whether there is more
  silence_close,   // and the conversation ends
  agent_remind,    // the agent does not answer
  agent_return,    // and the customer goes back to the head of the queue
  unpark,          // 挂起 is over
  window_closing,  // nobody answered, and soon WeChat will not allow it any more; then that it does not
  service_level,   // a clock of its service levels has something to tell
  transfer_ends,   // whoever it was offered to did not answer: the sender keeps it
  automation,      // automation rules have waited long enough
  leave_offer,     // the customer waits too long in the queue: they may leave a message
  escalation,      // its group has had it for too long: to the next tier
  reroute,         // it has waited for as long as a routing rule asks
};
inline constexpr std::size_t timer_kinds = 12;
std::string_view to_string(TimerKind kind);

struct Timer {
  TimerKind kind{};
  TimeMs due_at = 0;
  bool operator==(const Timer&) const = default;
};

// 0 switches a timer off.
struct Delays {
  TimeMs silence_warn = 0, silence_close = 0;  // from our last answer; from the warning
  bool silence_of_priority = false;            // whether it holds for customers with priority, too
  TimeMs agent_remind = 0, agent_return = 0;   // from the customer's first unanswered message
  TimeMs window = 0;                           // how long the channel lets us answer; 0: for ever
  std::span<const automation::Wait> waits{};   // what automation rules wait for
  TimeMs leave_offer = 0;                      // of waiting in the queue
  TimeMs escalates_at = 0;                     // the moment itself (escalation.hpp)
  TimeMs reroutes_at = 0;                      // likewise (placement.hpp)
};
inline constexpr TimeMs window_warning_ms = 2 * hour_ms;

// What begins for automation rules, of what was due by `now` and not before they were there or were asked last.
std::vector<automation::Occasion> due_for_rules(const Conversation& conversation,
                                                std::span<const automation::Wait> waits, TimeMs now);

// Until when a customer who waits can be answered.
TimeMs window_closes_at(const Conversation& conversation, TimeMs window);

// At most one of a kind.
std::vector<Timer> timers_of(const Conversation& conversation, const Delays& delays);

// The form of the column `timers`; what cannot be read is left out.
std::string to_text(const std::vector<Timer>& timers);
std::vector<Timer> timers_in(std::string_view text);

// What is to be written so that `armed` becomes good for `wanted`. A timer that is wanted later than it is armed stays:
// when it fires it finds that it is too early, and is set again. Most messages then write none.
struct TimerChange {
  std::vector<Timer> set;
  std::vector<TimerKind> cancelled;
  std::vector<Timer> armed;  // afterwards
};
TimerChange change_timers(const std::vector<Timer>& armed, const std::vector<Timer>& wanted);

}  // namespace miniops::desk
