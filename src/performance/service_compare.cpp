// Two sides beside each other, and heat maps.
#include <algorithm>

#include "performance/errors.hpp"
#include "performance/service.hpp"

namespace miniops::performance {

namespace {

using events::BucketsQuestion;
using events::Field;
using telemetry::NamedBucket;

constexpr std::size_t moves_shown = 5;  // of each dimension
constexpr int compared_max = 200;       // values of a dimension
constexpr int days_max = 62;            // columns of a heat map

Question side_of_question(Question question, const Side& side) {
  question.from = side.from;
  question.to = side.to;
  if (!side.release.empty()) question.filters.push_back({Field::release, {side.release}});
  return question;
}

// The same question about these rows alone.
Question about(Question question, Dimension rows, std::vector<std::string> names) {
  if (is_of_device(rows))
    question.devices.push_back({rows, std::move(names)});
  else if (const auto column = column_of(rows))
    question.filters.push_back({*column, std::move(names)});
  return question;
}

}  // namespace

// ---- comparison ----

// Of how many performance records one is stored: the counts stand for more than were seen.
Task<Result<double>> Service::sampled(Access access) {
  const auto settings = co_await records_.settings(access);
  if (!settings) co_return std::unexpected(settings.error());
  const auto rate = settings->sample.find(telemetry::Kind::performance);
  co_return rate == settings->sample.end() ? 1.0 : std::clamp(rate->second, 0.0001, 1.0);
}

Task<Result<Comparison>> Service::compare(Access access, Question question, Metric metric, Side a, Side b) {
  const Question of_a = side_of_question(question, a);
  const Question of_b = side_of_question(question, b);
  const auto rate = co_await sampled(access);
  if (!rate) co_return std::unexpected(rate.error());
  auto spread_a = co_await distribution(access, of_a, metric);
  if (!spread_a) co_return std::unexpected(spread_a.error());
  auto spread_b = co_await distribution(access, of_b, metric);
  if (!spread_b) co_return std::unexpected(spread_b.error());
  Comparison out{std::move(*spread_a), std::move(*spread_b)};
  out.differences = differences_of(out.a, out.b, *rate);
  for (const Dimension by : {Dimension::page, Dimension::device_level, Dimension::network, Dimension::region}) {
    const auto values_a = co_await spreads(access, asked_of(of_a, metric), by, compared_max);
    if (!values_a) co_return std::unexpected(values_a.error());
    const auto values_b = co_await spreads(access, asked_of(of_b, metric), by, compared_max);
    if (!values_b) co_return std::unexpected(values_b.error());
    auto moves = moves_of(by, *values_a, *values_b);
    if (moves.size() > moves_shown) moves.resize(moves_shown);
    std::ranges::move(moves, std::back_inserter(out.moved));
  }
  co_return out;
}

// ---- heat map ----

Task<Result<std::map<std::string, Spreads>>> Service::heat_by_time(Access access, Question question,
                                                                   const HeatQuestion& of) {
  const bool hours = of.columns == HeatColumns::hour_of_day;
  BucketsQuestion asked = buckets_by(of.rows, compared_max);
  asked.interval_ms = hours ? hour_ms : day_ms;
  asked.offset_ms = question.offset_ms;
  asked.period_ms = hours ? day_ms : 0;
  const auto found = co_await records_.buckets(access, asked_of(question, of.metric), asked);
  if (!found) co_return std::unexpected(found.error());
  std::map<std::string, Spreads> out;
  for (const NamedBucket& one : *found) {
    const std::string column =
        hours ? std::to_string(one.bucket.at / hour_ms) : day_name(one.bucket.at, question.offset_ms);
    out[name_along(of.rows, one)][column].add(one.bucket.bucket, one.bucket.count);
  }
  co_return out;
}

Task<Result<Heat>> Service::heatmap(Access access, Question question, HeatQuestion of) {
  const auto limit = static_cast<std::size_t>(of.limit);
  const bool of_metrics = of.columns == HeatColumns::metric;
  if (of.columns == HeatColumns::day && question.span() > days_max * day_ms) co_return fail(errors::too_many_points());
  const auto first = of_metrics ? asked_of(question, main_metrics) : asked_of(question, of.metric);
  const auto all = co_await spreads(access, first, of.rows, compared_max);
  if (!all) co_return std::unexpected(all.error());
  // Only the rows that are shown are told apart by time.
  Spreads counted = *all;
  counted.erase(std::string(other_name));
  std::vector<std::string> names;
  for (const auto& [name, spread] : counted) names.push_back(name);
  std::ranges::sort(names, {}, [&](const std::string& name) { return std::pair(-counted[name].count(), name); });
  if (names.size() > limit) names.resize(limit);
  if (names.empty()) co_return Heat{};
  question = about(std::move(question), of.rows, std::move(names));

  std::map<std::string, Spreads> cells;
  std::vector<HeatColumn> columns;
  if (of_metrics) {
    for (const Metric metric : main_metrics) {
      const std::string column(info_of(metric).name);
      columns.push_back({column, limits_of(metric)});
      const auto values = co_await spreads(access, asked_of(question, metric), of.rows, compared_max);
      if (!values) co_return std::unexpected(values.error());
      for (const auto& [name, spread] : *values) cells[name][column] = spread;
    }
  } else {
    auto found = co_await heat_by_time(access, question, of);
    if (!found) co_return std::unexpected(found.error());
    cells = std::move(*found);
    if (of.columns == HeatColumns::hour_of_day)
      for (int hour = 0; hour < 24; ++hour) columns.push_back({std::to_string(hour), limits_of(of.metric)});
    else
      for (TimeMs day = question.from;
           day_name(day, question.offset_ms) <= day_name(question.to - 1, question.offset_ms); day += day_ms)
        columns.push_back({day_name(day, question.offset_ms), limits_of(of.metric)});
  }
  co_return heat_of(cells, columns, of.quantile, limit);
}

}  // namespace miniops::performance
