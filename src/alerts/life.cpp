#include "alerts/life.hpp"

#include "alerts/errors.hpp"

namespace miniops::alerts {

namespace {

constexpr double clearly_worse = 1.1;
constexpr int doublings_max = 3;

constexpr std::array<std::string_view, 5> state_words{"pending", "firing", "acknowledged", "resolved", "closed"};
constexpr std::array<std::string_view, 5> cause_words{"condition", "issue", "no_data", "too_little_data",
                                                      "query_failed"};
constexpr std::array<std::string_view, 4> opinion_words{"", "useful", "noise", "unclear"};

double distance(const Alert& alert, double value) { return std::abs(value - alert.expected); }

bool is_worse(const Alert& alert, const Seen& seen) {
  return distance(alert, seen.value) > clearly_worse * distance(alert, alert.worst);
}

void note_figures(Alert& alert, const Seen& seen) {
  alert.cause = seen.cause;
  alert.value = alert.worst = seen.value;
  alert.expected = seen.expected;
  alert.count = seen.count;
}

Step fired(Alert alert, const Alert* lately, const Seen& seen, TimeMs at) {
  if (lately == nullptr) {
    alert.state = State::firing;
    alert.fired_at = at;
    return {Move::fire, std::move(alert)};
  }
  Step step{Move::reopen, *lately, alert.id};
  Alert& back = step.alert;
  back.state = State::firing;
  back.resolved_at = back.clear_since = back.quiet_until = 0;
  ++back.reopened;
  if (is_worse(back, seen)) back.worst = seen.value;
  return step;
}

std::optional<Step> while_breached(const Rule& rule, const Alert* open, const Alert* lately, const Seen& seen,
                                   TimeMs at, std::string_view group) {
  if (open == nullptr) {
    Alert alert = alert_of(rule, std::string(group));
    alert.began_at = at;
    note_figures(alert, seen);
    if (seen.held.value_or(rule.for_ms == 0)) return fired(std::move(alert), lately, seen, at);
    return Step{Move::begin, std::move(alert)};
  }
  Alert alert = *open;
  if (alert.state == State::pending) {
    if (!seen.held.value_or(at - alert.began_at >= rule.for_ms)) return std::nullopt;
    note_figures(alert, seen);
    return fired(std::move(alert), lately, seen, at);
  }
  const bool worse = is_worse(alert, seen);
  if (alert.clear_since == 0 && !worse) return std::nullopt;
  alert.clear_since = 0;
  if (worse) alert.worst = seen.value;
  return Step{Move::mark, std::move(alert)};
}

std::optional<Step> while_clear(const Rule& rule, const Alert& open, TimeMs at) {
  Alert alert = open;
  if (alert.state == State::pending) return Step{Move::forget, std::move(alert)};
  if (alert.clear_since == 0) {
    alert.clear_since = at;
    return Step{Move::mark, std::move(alert)};
  }
  if (at - alert.clear_since < clear_needed(rule, alert)) return std::nullopt;
  alert.state = State::resolved;
  alert.resolved_at = at;
  return Step{Move::resolve, std::move(alert)};
}

Seen by_policy(Policy policy, Cause cause, Seen seen) {
  seen.cause = cause;
  seen.what = policy == Policy::ok     ? Seen::What::clear
              : policy == Policy::keep ? Seen::What::unknown
                                       : Seen::What::breach;
  return seen;
}

}  // namespace

std::span<const std::string_view> words_of(State) { return state_words; }
std::span<const std::string_view> words_of(Cause) { return cause_words; }
std::span<const std::string_view> words_of(Opinion) { return opinion_words; }

Seen seen_of(const Rule& rule, const Verdict& verdict, double value, double count) {
  Seen seen{verdict.breach ? Seen::What::breach : Seen::What::clear, Cause::condition, value, verdict.expected, count};
  switch (verdict.sight) {
    case Sight::normal:
      return seen;
    case Sight::no_data:
      return by_policy(rule.no_data, Cause::no_data, seen);
    case Sight::too_little_data:
      return by_policy(rule.too_little_data, Cause::too_little_data, seen);
    case Sight::query_failed:
      return by_policy(rule.query_failed, Cause::query_failed, seen);
    case Sight::no_reference:
      seen.what = Seen::What::unknown;
      return seen;
  }
  std::unreachable();
}

std::optional<Step> next_step(const Rule& rule, std::string_view group, const Alert* open, const Alert* lately,
                              const Seen& seen, TimeMs at) {
  Seen::What what = seen.what;
  if (lately != nullptr && (at - lately->resolved_at > reopens_within_ms)) lately = nullptr;
  if (lately != nullptr && at < lately->quiet_until && what == Seen::What::breach) what = Seen::What::clear;
  switch (what) {
    case Seen::What::breach:
      return while_breached(rule, open, lately, seen, at, group);
    case Seen::What::clear:
      return open == nullptr ? std::nullopt : while_clear(rule, *open, at);
    case Seen::What::unknown:
      // What must hold for a while has to be seen to hold.
      if (open == nullptr || open->state != State::pending) return std::nullopt;
      return Step{Move::forget, *open};
  }
  std::unreachable();
}

std::optional<Step> next_step_of_issue(const Rule& rule, const Alert& open, TimeMs at) {
  if (at - open.clear_since < rule.clear_ms) return std::nullopt;
  Step step{Move::resolve, open};
  step.alert.state = State::resolved;
  step.alert.resolved_at = at;
  return step;
}

TimeMs clear_needed(const Rule& rule, const Alert& alert) {
  return rule.clear_ms << std::min(alert.reopened, doublings_max);
}

Result<Alert> acknowledged(Alert alert, const std::string& by, TimeMs at) {
  if (alert.state != State::firing) return fail(errors::wrong_state(word(alert.state)));
  alert.state = State::acknowledged;
  alert.acknowledged_at = at;
  alert.acknowledged_by = by;
  alert.repeat_at = alert.escalate_at = 0;
  return alert;
}

Result<Alert> resolved(Alert alert, TimeMs at) {
  if (alert.state != State::firing && alert.state != State::acknowledged)
    return fail(errors::wrong_state(word(alert.state)));
  alert.state = State::resolved;
  alert.resolved_at = at;
  alert.quiet_until = at + alert.window_ms;
  alert.repeat_at = alert.escalate_at = 0;
  return alert;
}

Result<Alert> closed(Alert alert, const Closing& closing, const std::string& by, TimeMs at) {
  if (alert.state != State::resolved) return fail(errors::wrong_state(word(alert.state)));
  alert.state = State::closed;
  alert.closed_at = at;
  alert.closed_by = by;
  alert.note = closing.note;
  alert.opinion = closing.opinion;
  return alert;
}

}  // namespace miniops::alerts
