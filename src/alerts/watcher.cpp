#include "alerts/watcher.hpp"

namespace miniops::alerts {

namespace {

constexpr TimeMs pieces = 3;  // of for_ms
constexpr TimeMs piece_unit_ms = 15 * second_ms;

// Of several groups that which tells most.
Sight sight_of(const RuleView& view) {
  for (const Sight sight : {Sight::normal, Sight::too_little_data, Sight::no_reference})
    for (const auto& [group, seen] : view.groups)
      if (seen.verdict.sight == sight) return sight;
  return Sight::no_data;
}

const Window* last_of(const Figures& figures, std::string_view group) {
  const auto found = figures.find(group);
  return found == figures.end() || found->second.empty() ? nullptr : &found->second.back();
}

bool against_before(const Condition& condition) {
  return condition.type == ConditionType::change && condition.against == Against::before;
}

// Figures of a short time are compared with those of a window: counts cannot be.
bool tells_how_long(const Rule& rule, Shape shape) { return rule.for_ms > 0 && shape != Shape::count; }

TimeMs piece_of(TimeMs for_ms) { return (for_ms / pieces + piece_unit_ms - 1) / piece_unit_ms * piece_unit_ms; }

}  // namespace

Task<Result<Figures>> Watcher::ask(const Rule& rule, const Plan& plan, TimeMs from, TimeMs to, TimeMs step) {
  return figures_of(with_.signals, rule.appid, plan, {from, to, step}, with_.groups);
}

Task<Result<RuleView>> Watcher::look_at_records(const Rule& rule, TimeMs to, const Begins& begins) {
  const Learning::Sources sources{with_.signals, with_.queries, with_.groups};
  Learning& learnt = learnt_[rule.id];
  if (auto done = co_await learnt.refresh(rule, to, begins, sources); !done) co_return std::unexpected(done.error());
  const Plan plan = learnt.plan();
  const TimeMs length = rule.window_ms;
  const auto now = co_await ask(rule, plan, to - length, to, length);
  if (!now) co_return std::unexpected(now.error());
  Result<Figures> before;
  if (against_before(rule.condition)) before = co_await ask(rule, plan, to - 2 * length, to - length, length);
  if (!before) co_return std::unexpected(before.error());

  const auto references = [&](const std::string& group) -> std::vector<Reference> {
    if (against_before(rule.condition)) {
      const Window* one = last_of(*before, group);
      if (one == nullptr || one->sample < rule.condition.min_sample) return {};
      return {reference_of_before(plan.shape, *one)};
    }
    const auto began = begins.find(group);
    return learnt.references(rule, group, began == begins.end() ? std::nullopt : std::optional(began->second));
  };
  RuleView view;
  Condition condition = rule.condition;
  condition.one_of = static_cast<double>(std::max<std::size_t>(1, now->size()));
  bool breached = false;
  const auto look_at = [&](const std::string& group) {
    if (view.groups.contains(group) || view.groups.size() == with_.groups) return;
    const Window* found = last_of(*now, group);
    GroupView seen{found != nullptr ? *found : Window{to - length}};
    seen.verdict = judge(plan.shape, condition, seen.now, references(group));
    breached = breached || seen.verdict.breach;
    view.groups.emplace(group, seen);
  };
  if (!rule.group_by) look_at("");
  for (const auto& [group, began] : begins)
    if (!rule.group_by || !group.empty()) look_at(group);
  for (const auto& [group, windows] : *now) look_at(group);
  // Where nothing is now there may have been something.
  if (plan.shape == Shape::count && rule.group_by)
    for (const std::string& group : learnt.groups()) look_at(group);

  if (breached && tells_how_long(rule, plan.shape)) {
    const TimeMs piece = piece_of(rule.for_ms);
    const auto parts = co_await ask(rule, plan, to - pieces * piece, to, piece);
    if (!parts) co_return std::unexpected(parts.error());
    for (auto& [group, seen] : view.groups) {
      const auto found = parts->find(group);
      seen.held = found == parts->end() || std::ranges::none_of(found->second, [&](const Window& part) {
                    return speaks_against(plan.shape, rule.condition, part, references(group));
                  });
    }
  }
  view.sight = sight_of(view);
  co_return view;
}

Task<RuleView> Watcher::look(const Rule& rule, TimeMs to, const Begins& begins) {
  if (rule.kind == RuleKind::health) co_return co_await look_at_health(rule);
  auto view = co_await look_at_records(rule, to, begins);
  if (view) co_return std::move(*view);
  co_return RuleView{Sight::query_failed};
}

Task<RuleView> Watcher::look_at_health(const Rule& rule) {
  const auto figures = co_await with_.health.figures(rule.appid);
  if (!figures) co_return RuleView{Sight::query_failed};
  const auto found = std::ranges::find(*figures, rule.watch.figure, &HealthFigure::name);
  if (found == figures->end()) co_return RuleView{Sight::no_data};
  GroupView seen{{0, found->value, 1}};
  seen.verdict = judge(Shape::level, rule.condition, seen.now, {});
  RuleView view;
  view.groups.emplace("", seen);
  co_return view;
}

void Watcher::keep_only(const std::set<RuleId>& rules) {
  std::erase_if(learnt_, [&](const auto& one) { return !rules.contains(one.first); });
}

}  // namespace miniops::alerts
