#include "alerts/figures.hpp"

namespace miniops::alerts {

namespace {

Figures values_in(std::vector<Sample>& samples, Shape shape) {
  Figures figures;
  for (Sample& sample : samples)
    figures[std::move(sample.group)].push_back(
        {sample.at, sample.value, shape == Shape::count ? sample.value : sample.count});
  return figures;
}

Figures shares_in(const std::vector<Sample>& hits, std::vector<Sample>& trials) {
  std::map<std::pair<std::string_view, TimeMs>, double> hits_at;
  for (const Sample& sample : hits) hits_at[{sample.group, sample.at}] = sample.value;
  Figures figures;
  for (Sample& sample : trials) {
    const auto found = hits_at.find({sample.group, sample.at});
    const double share = found == hits_at.end() || sample.value <= 0 ? 0 : std::min(1.0, found->second / sample.value);
    figures[std::move(sample.group)].push_back({sample.at, share, sample.value});
  }
  return figures;
}

}  // namespace

Task<Result<Figures>> figures_of(Signals& signals, AppId appid, Plan plan, Span span, std::size_t groups) {
  Question question{std::move(appid), plan.records, plan.statistic, span.from, span.to, span.step, plan.by, groups};
  Question about_trials = question;
  auto samples = co_await signals.ask(std::move(question));
  if (!samples) co_return std::unexpected(samples.error());
  if (plan.shape != Shape::rate) co_return values_in(*samples, plan.shape);
  about_trials.records = plan.trials;
  auto trials = co_await signals.ask(std::move(about_trials));
  if (!trials) co_return std::unexpected(trials.error());
  co_return shares_in(*samples, *trials);
}

void fill_gaps(Figures& figures, TimeMs to, TimeMs step) {
  for (auto& [group, windows] : figures) {
    std::vector<Window> all;
    TimeMs next = windows.empty() ? to : windows.front().at;
    for (const Window& window : windows) {
      for (; next < window.at; next += step) all.push_back({next, 0, 0});
      all.push_back(window);
      next = window.at + step;
    }
    for (; next < to; next += step) all.push_back({next, 0, 0});
    windows = std::move(all);
  }
}

}  // namespace miniops::alerts
