#include "desk/timer.hpp"

#include <charconv>

#include "desk/conversation.hpp"

namespace miniops::desk {

namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, timer_kinds> words = {
    "silence_warn",  "silence_close", "agent_remind", "agent_return", "unpark",     "window_closing",
    "service_level", "transfer_ends", "automation",   "leave_offer",  "escalation", "reroute"};

const Timer* find(const std::vector<Timer>& timers, TimerKind kind) {
  const auto found = std::ranges::find(timers, kind, &Timer::kind);
  return found == timers.end() ? nullptr : &*found;
}

void add(std::vector<Timer>& timers, TimerKind kind, TimeMs from, TimeMs delay) {
  if (delay > 0) timers.push_back({kind, from + delay});
}

// While an answer can still be sent: after that nobody is to blame, and the customer must not go round for ever.
void add_agent(std::vector<Timer>& timers, const Conversation& conversation, const Delays& delays, TimeMs closes_at) {
  const TimeMs from = std::max(conversation.waiting_since, conversation.assigned_at);
  if (conversation.reminded_at == 0) add(timers, TimerKind::agent_remind, from, delays.agent_remind);
  add(timers, TimerKind::agent_return, from, delays.agent_return);
  if (delays.window > 0) std::erase_if(timers, [&](const Timer& one) { return one.due_at >= closes_at; });
}

// Soon it closes: the conversation is raised. When it has, it stands in nobody's way.
void add_window(std::vector<Timer>& timers, const Conversation& conversation, const Delays& delays, TimeMs closes_at) {
  if (delays.window == 0) return;
  if (conversation.raised_at == 0) {
    add(timers, TimerKind::window_closing, closes_at - delays.window, delays.window - window_warning_ms);
  } else if (conversation.stage == Stage::queued && conversation.placement.ahead) {
    timers.push_back({TimerKind::window_closing, closes_at});
  }
}

void add_silence(std::vector<Timer>& timers, const Conversation& conversation, const Delays& delays) {
  if (conversation.answered_at == 0 || (conversation.priority > 0 && !delays.silence_of_priority)) return;
  if (conversation.warned_at != 0) {
    add(timers, TimerKind::silence_close, conversation.warned_at, delays.silence_close);
  } else if (delays.silence_warn > 0) {
    add(timers, TimerKind::silence_warn, conversation.answered_at, delays.silence_warn);
  } else {
    add(timers, TimerKind::silence_close, conversation.answered_at, delays.silence_close);
  }
}

// When it is due, 0: never, or that has been.
TimeMs due_of(const automation::Wait& wait, const Conversation& conversation) {
  const bool waiting = wait.kind == automation::EventKind::waiting;
  const TimeMs from = waiting ? conversation.waiting_since : conversation.answered_at;
  const TimeMs due = from + wait.after;
  return from == 0 || due <= std::max(conversation.automated_until, wait.since) ? 0 : due;
}

void add_automation(std::vector<Timer>& timers, const Conversation& conversation, const Delays& delays) {
  TimeMs next = 0;
  for (const automation::Wait& wait : delays.waits) {
    const TimeMs due = due_of(wait, conversation);
    if (due != 0 && (next == 0 || due < next)) next = due;
  }
  if (next != 0) timers.push_back({TimerKind::automation, next});
}

}  // namespace

std::vector<automation::Occasion> due_for_rules(const Conversation& conversation,
                                                std::span<const automation::Wait> waits, TimeMs now) {
  std::vector<automation::Occasion> out;
  for (const automation::Wait& wait : waits) {
    const TimeMs due = due_of(wait, conversation);
    if (due == 0 || due > now) continue;
    auto same = std::ranges::find(out, wait.kind, &automation::Occasion::kind);
    if (same == out.end()) same = out.insert(out.end(), {wait.kind});
    same->due.push_back(wait.rule);
  }
  return out;
}

TimeMs window_closes_at(const Conversation& conversation, TimeMs window) {
  return std::max(conversation.customer_at, conversation.waiting_since) + window;
}

std::string_view to_string(TimerKind kind) { return words[static_cast<std::size_t>(kind)]; }

std::vector<Timer> timers_of(const Conversation& conversation, const Delays& delays) {
  std::vector<Timer> timers;
  if (conversation.state == State::closed) return timers;
  const bool waits = conversation.waiting_since != 0;
  const TimeMs closes_at = window_closes_at(conversation, delays.window);
  if (conversation.stage == Stage::parked) {
    if (conversation.parked_until != 0) timers.push_back({TimerKind::unpark, conversation.parked_until});
  } else if (conversation.stage == Stage::assigned && waits) {
    add_agent(timers, conversation, delays, closes_at);
  } else if (conversation.stage == Stage::assigned) {
    add_silence(timers, conversation, delays);
  }
  if (conversation.stage == Stage::queued && conversation.leave_offered_at == 0)
    add(timers, TimerKind::leave_offer, conversation.queue_since, delays.leave_offer);
  if (waits) add_window(timers, conversation, delays, closes_at);
  if (conversation.service_due_at != 0) timers.push_back({TimerKind::service_level, conversation.service_due_at});
  if (conversation.offer.until != 0) timers.push_back({TimerKind::transfer_ends, conversation.offer.until});
  if (conversation.stage != Stage::parked) add_automation(timers, conversation, delays);
  if (delays.escalates_at != 0) timers.push_back({TimerKind::escalation, delays.escalates_at});
  if (delays.reroutes_at != 0) timers.push_back({TimerKind::reroute, delays.reroutes_at});
  return timers;
}

std::string to_text(const std::vector<Timer>& timers) {
  std::string text;
  for (const Timer& timer : timers)
    text += fmt::format("{}{}:{}", text.empty() ? "" : " ", to_string(timer.kind), timer.due_at);
  return text;
}

std::vector<Timer> timers_in(std::string_view text) {
  std::vector<Timer> timers;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    const auto colon = std::min(one.find(':'), one.size());
    const auto kind = std::ranges::find(words, one.substr(0, colon));
    TimeMs due_at = 0;
    const std::string_view digits = one.substr(std::min(colon + 1, one.size()));
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), due_at);
    if (kind == words.end() || problem != std::errc{} || end != digits.data() + digits.size()) continue;
    timers.push_back({static_cast<TimerKind>(kind - words.begin()), due_at});
  }
  return timers;
}

TimerChange change_timers(const std::vector<Timer>& armed, const std::vector<Timer>& wanted) {
  TimerChange change;
  for (const Timer& timer : armed)
    if (find(wanted, timer.kind) == nullptr) change.cancelled.push_back(timer.kind);
  for (const Timer& timer : wanted) {
    const Timer* before = find(armed, timer.kind);
    if (before != nullptr && before->due_at <= timer.due_at) {
      change.armed.push_back(*before);
    } else {
      change.set.push_back(timer);
      change.armed.push_back(timer);
    }
  }
  return change;
}

}  // namespace miniops::desk
