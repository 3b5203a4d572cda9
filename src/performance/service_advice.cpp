// What the rules look at is gathered here.
#include <algorithm>

#include "performance/evidence.hpp"
#include "performance/service.hpp"

namespace miniops::performance {

namespace {

using events::BucketsQuestion;
using events::Field;

constexpr TimeMs releases_ms = 30 * day_ms;  // a release that came before that is none of the last two
constexpr int releases_max = 20;
constexpr std::array<Metric, 6> release_metrics{Metric::startup, Metric::page_switch, Metric::render,
                                                Metric::lcp,     Metric::set_data,    Metric::request};

Question of_release(Question question, const std::string& release) {
  question.filters.push_back({Field::release, {release}});
  return question;
}

}  // namespace

Task<Result<std::vector<telemetry::NamedRow>>> Service::newest(Access access, Question question, Metric metric) {
  events::RowsQuestion rows;
  rows.limit = samples_max;
  co_return co_await records_.rows(access, asked_of(question, metric), rows);
}

Task<Result<std::vector<Sample>>> Service::samples(Access access, Question question, Metric metric) {
  const auto rows = co_await newest(access, std::move(question), metric);
  if (!rows) co_return std::unexpected(rows.error());
  std::vector<Sample> out;
  for (const telemetry::NamedRow& row : *rows) out.push_back(sample_of(metric, row));
  co_return out;
}

// The newest release in the range, and the one before it in as long a time, or longer where they overlap.
Task<Result<std::vector<ReleasePair>>> Service::last_releases(Access access, Question question) {
  Question month = question;
  month.from = std::min(question.from, question.to - releases_ms);
  events::SeriesQuestion by_hour;
  by_hour.by = Field::release;
  by_hour.top = releases_max;
  const auto points = co_await records_.series(access, asked_of(month, release_metrics), by_hour);
  if (!points) co_return std::unexpected(points.error());
  std::map<std::string, SeenRelease> seen;
  for (const telemetry::NamedPoint& one : *points) {
    if (one.point.key == -1) continue;
    SeenRelease& release = seen.try_emplace(one.name, SeenRelease{one.name, one.point.at}).first->second;
    release.first_at = std::min(release.first_at, one.point.at);
    release.count += one.point.count;
  }
  std::vector<SeenRelease> all;
  for (auto& [name, release] : seen) all.push_back(std::move(release));
  const auto last = last_two(std::move(all));
  if (!last) co_return std::vector<ReleasePair>{};
  const auto& [newest, before] = *last;
  Question earlier = of_release(question, before.name);
  earlier.from = std::min(question.from, newest.first_at - question.span());
  auto of_newest = co_await by_metric(access, of_release(question, newest.name), release_metrics);
  if (!of_newest) co_return std::unexpected(of_newest.error());
  auto of_before = co_await by_metric(access, earlier, release_metrics);
  if (!of_before) co_return std::unexpected(of_before.error());
  std::vector<ReleasePair> pairs;
  for (const Metric metric : release_metrics)
    pairs.push_back(
        {metric, before.name, newest.name, std::move(of_before->at(metric)), std::move(of_newest->at(metric))});
  co_return pairs;
}

Task<Result<std::vector<Advice>>> Service::advice(Access access, Question question) {
  Evidence evidence;
  const std::array<std::pair<Metric, std::vector<Sample>*>, 6> wanted{{{Metric::startup, &evidence.startups},
                                                                       {Metric::package, &evidence.packages},
                                                                       {Metric::script, &evidence.scripts},
                                                                       {Metric::render, &evidence.renders},
                                                                       {Metric::request, &evidence.requests},
                                                                       {Metric::set_data, &evidence.updates}}};
  for (const auto& [metric, into] : wanted) {
    auto found = co_await samples(access, question, metric);
    if (!found) co_return std::unexpected(found.error());
    *into = std::move(*found);
  }
  auto releases = co_await last_releases(access, question);
  if (!releases) co_return std::unexpected(releases.error());
  evidence.releases = std::move(*releases);
  const auto rate = co_await sampled(access);
  if (!rate) co_return std::unexpected(rate.error());
  evidence.sampled = *rate;
  co_return advise(evidence);
}

}  // namespace miniops::performance
