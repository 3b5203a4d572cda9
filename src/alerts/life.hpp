// The life of an alert: ok → pending → firing → acknowledged → resolved → closed. Pure.
#pragma once

#include "alerts/alert.hpp"

namespace miniops::alerts {

// What an evaluation makes of one (rule, group) at one moment.
struct Seen {
  enum class What { clear, breach, unknown };
  What what = What::clear;
  Cause cause = Cause::condition;
  double value = 0, expected = 0, count = 0;
  // Whether it has been so for as long as the rule demands, where the past can tell; else the alert waits, pending.
  std::optional<bool> held{};
};
// Of a verdict, by the rule's policies for what cannot be seen.
Seen seen_of(const Rule& rule, const Verdict& verdict, double value, double count);

enum class Move {
  begin,    // pending; a new row
  forget,   // it was pending and is clear: the row goes
  fire,     // somebody must know; a new row when the rule does not wait
  reopen,   // it resolved less than half an hour ago and is back: the same alert
  mark,     // clear for a moment, or worse than before; nobody is told
  resolve,  // clear for long enough
};

struct Step {
  Move move{};
  Alert alert{};         // as it is afterwards; id empty: a new row
  AlertId instead_of{};  // reopen: the pending row that goes
};

// `open`: the open alert of this (rule, group), `lately`: the one that resolved last, not closed; or nullptr. nullopt:
// nothing changes.
std::optional<Step> next_step(const Rule& rule, std::string_view group, const Alert* open, const Alert* lately,
                              const Seen& seen, TimeMs at);

// An alert about an issue ends when it was not heard of for the rule's clear_ms.
std::optional<Step> next_step_of_issue(const Rule& rule, const Alert& open, TimeMs at);

// How long it must be clear: each time that it came back soon, twice as long, at most eight times.
TimeMs clear_needed(const Rule& rule, const Alert& alert);

inline constexpr TimeMs reopens_within_ms = 30 * minute_ms;

// ---- what people do ----

// Fail with alerts.wrong_state.
Result<Alert> acknowledged(Alert alert, const std::string& by, TimeMs at);
Result<Alert> resolved(Alert alert, TimeMs at);
struct Closing {
  std::string note;
  Opinion opinion{};
};
Result<Alert> closed(Alert alert, const Closing& closing, const std::string& by, TimeMs at);

}  // namespace miniops::alerts
