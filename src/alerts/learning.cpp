#include "alerts/learning.hpp"

#include <limits>

namespace miniops::alerts {

namespace {

constexpr TimeMs slot_ms = 15 * minute_ms;
constexpr TimeMs week_ms = 7 * day_ms;
constexpr TimeMs around_ms = 30 * minute_ms;  // the same time of an earlier week, more or less
constexpr TimeMs windows_around_min = 3;
constexpr TimeMs recent_windows_min = 12;

bool looks_at_weeks(const Condition& condition) {
  return condition.type == ConditionType::anomaly ||
         (condition.type == ConditionType::change && condition.against == Against::weeks);
}

TimeMs aligned(TimeMs at, TimeMs step) { return at - at % step; }

}  // namespace

Task<Result<void>> Learning::refresh(const Rule& rule, TimeMs to, const Begins& begins, const Sources& sources) {
  const TimeMs slot = aligned(to, slot_ms);
  if (slot_ == slot && rule_updated_at_ == rule.updated_at) co_return Result<void>{};
  slot_ = -1;  // until all of it is there
  groups_.clear();
  if (rule_updated_at_ != rule.updated_at) slow_day_ = -1;
  rule_updated_at_ = rule.updated_at;
  const auto above = co_await slow_above(rule, slot, sources);
  if (!above) co_return std::unexpected(above.error());
  auto plan = co_await plan_of(rule, sources.queries, *above);
  if (!plan) co_return std::unexpected(plan.error());
  plan_ = std::move(*plan);
  slot_ = slot;
  Result<void> done;
  if (looks_at_weeks(rule.condition)) done = co_await learn_weeks(rule, sources);
  if (done && rule.condition.type == ConditionType::anomaly) done = co_await learn_recent(rule, begins, sources);
  if (!done) slot_ = -1;
  co_return done;
}

// The p99 of the week before today; until there is one, of the last day.
Task<Result<double>> Learning::slow_above(const Rule& rule, TimeMs to, const Sources& sources) {
  if (rule.watch.statistic != Statistic::slow) co_return 0;
  if (rule.watch.slow_ms > 0) co_return rule.watch.slow_ms;
  const TimeMs today = aligned(to, day_ms);
  if (slow_day_ == today) co_return slow_above_;
  const auto values = values_of(rule.watch);
  for (const auto& [from, length] : {std::pair(today - week_ms, week_ms), std::pair(to - day_ms, day_ms)}) {
    Question question{rule.appid, values, Statistic::p99, from, from + length, length};
    const auto samples = co_await sources.signals.ask(std::move(question));
    if (!samples) co_return std::unexpected(samples.error());
    if (samples->empty()) continue;
    slow_above_ = samples->front().value;
    if (length == week_ms) slow_day_ = today;
    co_return slow_above_;
  }
  co_return std::numeric_limits<double>::max();  // nothing was ever slow
}

Task<Result<void>> Learning::learn_weeks(const Rule& rule, const Sources& sources) {
  const TimeMs step = rule.window_ms;
  const TimeMs around = std::max(around_ms / step, windows_around_min) * step;
  for (std::size_t week = 1; week <= weeks_looked_at; ++week) {
    const TimeMs middle = aligned(slot_ - static_cast<TimeMs>(week) * week_ms, step);
    const Span span{middle - around, middle + around, step};
    auto figures = co_await figures_of(sources.signals, rule.appid, plan_, span, sources.groups);
    if (!figures) co_return std::unexpected(figures.error());
    if (plan_.shape == Shape::count) fill_gaps(*figures, span.to, step);
    for (auto& [group, windows] : *figures) groups_[group].history.weeks.push_back(std::move(windows));
  }
  co_return Result<void>{};
}

Task<Result<void>> Learning::learn_recent(const Rule& rule, const Begins& begins, const Sources& sources) {
  TimeMs oldest = slot_;
  for (const auto& [group, began] : begins) oldest = std::min(oldest, began);
  oldest = std::max(oldest, slot_ - day_ms);
  const TimeMs step = rule.window_ms;
  const TimeMs length = std::max(aligned(recent_ms(plan_.shape), step), recent_windows_min * step);
  const Span span{aligned(oldest, step) - length, aligned(slot_, step), step};
  auto figures = co_await figures_of(sources.signals, rule.appid, plan_, span, sources.groups);
  if (!figures) co_return std::unexpected(figures.error());
  if (plan_.shape == Shape::count) fill_gaps(*figures, span.to, step);
  for (auto& [group, windows] : *figures) groups_[group].history.recent = std::move(windows);
  if (plan_.shape == Shape::count) co_return co_await follow_hours(rule, span, sources);
  co_return Result<void>{};
}

Task<Result<void>> Learning::follow_hours(const Rule& rule, Span recent, const Sources& sources) {
  std::map<std::string, std::vector<std::vector<Window>>, std::less<>> weeks;
  for (std::size_t week = 1; week <= weeks_looked_at; ++week) {
    const TimeMs shift = static_cast<TimeMs>(week) * week_ms;
    const Span span{recent.from - shift, recent.to + aligned(around_ms, recent.step) - shift, recent.step};
    auto figures = co_await figures_of(sources.signals, rule.appid, plan_, span, sources.groups);
    if (!figures) co_return std::unexpected(figures.error());
    fill_gaps(*figures, span.to, recent.step);
    for (auto& [group, windows] : *figures) {
      for (Window& window : windows) window.at += shift;
      weeks[group].push_back(std::move(windows));
    }
  }
  for (const auto& [group, windows] : weeks) bring_to(slot_, groups_[group].history.recent, windows);
  co_return Result<void>{};
}

const std::vector<Reference>& Learning::references(const Rule& rule, std::string_view group,
                                                   std::optional<TimeMs> began) {
  const auto found = groups_.find(group);
  Group& learnt = found != groups_.end() ? found->second : groups_[std::string(group)];
  // What led to the alert was unusual already.
  const TimeMs until = began ? *began - rule.window_ms : slot_;
  if (learnt.until != until) {
    History history = learnt.history;
    std::erase_if(history.recent, [&](const Window& window) { return window.at + rule.window_ms > until; });
    learnt.references = references_of(plan_.shape, history, rule.condition.min_sample);
    learnt.until = until;
  }
  return learnt.references;
}

std::vector<std::string> Learning::groups() const {
  std::vector<std::string> names;
  for (const auto& [group, learnt] : groups_) names.push_back(group);
  return names;
}

}  // namespace miniops::alerts
