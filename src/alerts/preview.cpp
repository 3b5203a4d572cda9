#include "alerts/preview.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "alerts/errors.hpp"
#include "alerts/past_signals.hpp"
#include "alerts/statistics/tails.hpp"

namespace miniops::alerts {

namespace {

constexpr TimeMs weeks_ms = 4 * 7 * day_ms;
constexpr TimeMs margin_ms = 2 * day_ms;  // what is learnt lies further back than the windows
constexpr std::size_t groups_of_preview = 20;
constexpr std::size_t points_max = 2000;
constexpr int alerts_of_review = 5000;
constexpr TimeMs windows_max = 4100;  // 14 days of five minutes
constexpr std::int64_t windows_before_yielding = 32;
constexpr TimeMs proposal_window_min_ms = 5 * minute_ms;
constexpr std::int64_t ignored_min = 5, flapping_min = 5, judged_min = 3;

bool has_past(const Rule& rule) { return !is_event(rule.kind) && rule.kind != RuleKind::health; }

// The life of each group's alert, in memory.
class Lives {
 public:
  explicit Lives(const Rule& rule) : rule_(rule) {}

  Begins begins() const {
    Begins begins;
    for (const auto& [group, life] : lives_)
      if (life.open) begins[group] = life.open->began_at;
    return begins;
  }
  void move(const std::string& group, const GroupView& view, TimeMs at) {
    Life& life = lives_[group];
    Seen seen = seen_of(rule_, view.verdict, view.now.value, view.now.sample);
    seen.held = view.held;
    const auto step =
        next_step(rule_, group, life.open ? &*life.open : nullptr, life.last ? &*life.last : nullptr, seen, at);
    if (!step) return;
    switch (step->move) {
      case Move::begin:
        life.open = step->alert;
        break;
      case Move::mark:
        life.open = step->alert;
        episodes_[life.episode].worst = life.open->worst;
        break;
      case Move::forget:
        life.open.reset();
        break;
      case Move::fire:
      case Move::reopen:
        life.open = step->alert;
        life.open->id = AlertId(++ids_);
        life.episode = episodes_.size();
        episodes_.push_back({group, at, 0, view.now.value, view.verdict.expected});
        break;
      case Move::resolve:
        episodes_[life.episode].resolved_at = at;
        life.last = step->alert;
        life.open.reset();
        break;
    }
  }
  std::vector<Episode> take() { return std::move(episodes_); }

 private:
  struct Life {
    std::optional<Alert> open{}, last{};
    std::size_t episode = 0;
  };
  const Rule& rule_;
  std::map<std::string, Life, std::less<>> lives_;
  std::vector<Episode> episodes_;
  std::int64_t ids_ = 0;
};

std::optional<TimeMs> median_response(const std::vector<Alert>& alerts) {
  std::vector<double> times;
  for (const Alert& alert : alerts)
    if (alert.acknowledged_at > 0) times.push_back(static_cast<double>(alert.acknowledged_at - alert.fired_at));
  if (times.empty()) return std::nullopt;
  return static_cast<TimeMs>(median(std::move(times)));
}

// What is wrong with a rule, and the change that would help.
void judge_rule(Reviewed& one, bool blind, TimeMs now) {
  const Rule& rule = one.rule;
  one.finding = "fine";
  if (!rule.enabled) return;
  if (blind) {
    one.finding = "blind";
    one.suggestion = {{"enabled", false}};
  } else if (one.noise >= judged_min && one.noise > one.useful) {
    one.finding = "mostly_noise";
    one.suggestion = {{"for_ms", std::clamp<TimeMs>(3 * rule.for_ms, 5 * minute_ms, day_ms)}};
  } else if (one.reopened >= flapping_min) {
    one.finding = "flapping";
    one.suggestion = {{"for_ms", std::clamp<TimeMs>(2 * rule.for_ms, 2 * minute_ms, day_ms)},
                      {"clear_ms", std::min<TimeMs>(3 * rule.clear_ms, 7 * day_ms)}};
  } else if (one.fired >= ignored_min && one.acknowledged == 0) {
    one.finding = "always_ignored";
    if (rule.severity != Severity::notice) one.suggestion = {{"severity", "notice"}};
  } else if (one.fired == 0 && now - rule.created_at >= review_ms) {
    one.finding = "never_fired";
    one.suggestion = {{"enabled", false}};
  }
}

// What counts as slow is one number for the whole past.
Task<Result<void>> settle_slow(Signals& signals, Rule& rule, TimeMs to) {
  if (rule.watch.statistic != Statistic::slow || rule.watch.slow_ms > 0) co_return Result<void>{};
  Question question{rule.appid, values_of(rule.watch), Statistic::p99, to - 7 * day_ms, to, 7 * day_ms};
  const auto samples = co_await signals.ask(std::move(question));
  if (!samples) co_return std::unexpected(samples.error());
  rule.watch.slow_ms = samples->empty() ? 1 : std::max(1.0, samples->front().value);
  co_return Result<void>{};
}

}  // namespace

Task<Result<PastOfRule>> Preview::run(AppId appid, Rule rule, TimeMs from, TimeMs to) {
  if (!has_past(rule)) co_return fail(errors::no_preview());
  rule.appid = appid;
  rule.id = RuleId(1);
  const TimeMs step = rule.window_ms;
  to -= to % step;
  from = std::max(from - from % step, to - windows_max * step);
  if (auto done = co_await settle_slow(with_.signals, rule, to); !done) co_return std::unexpected(done.error());
  if (const auto plan = co_await plan_of(rule, with_.queries, rule.watch.slow_ms); !plan)
    co_return std::unexpected(plan.error());
  // A window is the shortest time that can be told apart here.
  rule.for_ms = std::max<TimeMs>(0, rule.for_ms - step);
  PastSignals signals(with_.signals, from - weeks_ms - margin_ms, to);
  Watcher watcher({signals, with_.health, with_.queries, groups_of_preview});
  PastOfRule past;
  Lives lives(rule);
  std::map<std::string, double, std::less<>> records;
  std::map<std::string, std::vector<Point>, std::less<>> points;
  const auto executor = co_await boost::asio::this_coro::executor;
  for (TimeMs at = from + step; at <= to; at += step) {
    const Begins begins = lives.begins();
    const RuleView view = co_await watcher.look(rule, at, begins);
    if (view.sight == Sight::query_failed) co_return fail(errors::telemetry_behind());
    ++past.windows;
    past.judged += view.sight == Sight::normal ? 1 : 0;
    past.too_little_data += view.sight == Sight::too_little_data ? 1 : 0;
    for (const auto& [group, seen] : view.groups) {
      lives.move(group, seen, at);
      records[group] += seen.now.sample;
      if (seen.verdict.sight == Sight::normal)
        points[group].push_back({at - step, seen.now.value, seen.verdict.expected, seen.verdict.breach});
    }
    if (past.windows % windows_before_yielding == 0) co_await boost::asio::post(executor, boost::asio::use_awaitable);
  }
  past.episodes = lives.take();
  const auto most = std::ranges::max_element(records, {}, [](const auto& one) { return one.second; });
  if (most == records.end()) co_return past;
  const auto& all = points[most->first];
  const std::size_t every = all.size() / points_max + 1;
  for (std::size_t i = 0; i < all.size(); i += every) past.points.push_back(all[i]);
  co_return past;
}

Task<Result<Proposal>> Preview::propose(AppId appid, Rule rule, TimeMs now) {
  if (!has_past(rule)) co_return fail(errors::no_preview());
  rule.appid = appid;
  rule.group_by = std::nullopt;
  const TimeMs step = std::max(rule.window_ms, proposal_window_min_ms);
  const TimeMs to = now - now % step;
  if (auto done = co_await settle_slow(with_.signals, rule, to); !done) co_return std::unexpected(done.error());
  const auto plan = co_await plan_of(rule, with_.queries, rule.watch.slow_ms);
  if (!plan) co_return std::unexpected(plan.error());
  const Span span{to - weeks_ms / step * step, to, step};
  auto figures = co_await figures_of(with_.signals, appid, *plan, span, 1);
  if (!figures) co_return std::unexpected(figures.error());
  if (plan->shape == Shape::count) fill_gaps(*figures, to, step);
  Proposal proposal;
  if (figures->empty()) co_return proposal;
  std::vector<Window>& windows = figures->begin()->second;
  if (plan->shape != Shape::count)
    std::erase_if(windows, [&](const Window& window) { return window.sample < rule.condition.min_sample; });
  proposal.windows = static_cast<std::int64_t>(windows.size());
  if (windows.empty()) co_return proposal;
  std::vector<double> values;
  for (const Window& window : windows) values.push_back(window.value);
  proposal.usual = median(std::move(values));
  const auto direction = rule.condition.direction == Direction::below ? Direction::below : Direction::above;
  const auto in_a_row = static_cast<int>(std::max<TimeMs>(1, (rule.for_ms + step - 1) / step));
  proposal.items = alerts::propose(Past{windows, step}, direction, in_a_row);
  co_return proposal;
}

Task<Result<std::vector<Reviewed>>> Preview::review(AppId appid, TimeMs now) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Reviewed>> {
    std::map<RuleId, store::SightOf> sights;
    for (const store::SightOf& one : store::sights(tx, appid)) sights[one.rule] = one;
    store::AlertFilter lately;
    lately.from = now - review_ms;
    std::map<RuleId, std::vector<Alert>> fired;
    for (Alert& alert : store::list_alerts(tx, appid, lately, std::nullopt, alerts_of_review))
      if (alert.state != State::pending) fired[alert.rule].push_back(std::move(alert));
    std::vector<Reviewed> out;
    for (const Rule& rule : store::rules(tx, appid)) {
      Reviewed one{rule};
      const std::vector<Alert>& alerts = fired[rule.id];
      one.fired = static_cast<std::int64_t>(alerts.size());
      for (const Alert& alert : alerts) {
        one.acknowledged += alert.acknowledged_at > 0 ? 1 : 0;
        one.useful += alert.opinion == Opinion::useful ? 1 : 0;
        one.noise += alert.opinion == Opinion::noise ? 1 : 0;
        one.reopened += alert.reopened;
      }
      one.response_ms = median_response(alerts);
      const auto sight = sights.find(rule.id);
      const bool blind = sight != sights.end() && sight->second.sight != Sight::normal &&
                         now - sight->second.since >= 7 * day_ms && one.fired == 0;
      judge_rule(one, blind, now);
      out.push_back(std::move(one));
    }
    return out;
  };
  co_return co_await with_.database.read(std::move(read));
}

}  // namespace miniops::alerts
