// What people ask about performance. All of it is sums of buckets that telemetry::Service answers.
#pragma once

#include "performance/advice.hpp"
#include "performance/calendar.hpp"
#include "performance/heat.hpp"
#include "performance/question.hpp"
#include "performance/waterfall.hpp"

namespace miniops::performance {

using identity::Access;

struct TrendPoint {
  TimeMs at = 0;
  double count = 0, p75 = 0;
};
struct MetricSummary {
  Metric metric{};
  Spread now{}, before{};
  std::vector<TrendPoint> trend{};  // about 30, those with records
};
// A part of the mean startup. `other` is what the parts leave, and has no values.
struct Phase {
  std::string_view name;
  Spread spread{};
  double share = 0;
};
struct Overview {
  std::vector<MetricSummary> metrics{};  // main_metrics
  std::vector<Phase> phases{};           // empty without startups
};

struct SeriesPoint {
  TimeMs at = 0;
  std::string name{};
  Spread spread{};
};
struct Series {
  Interval interval{};
  std::vector<SeriesPoint> points{};  // by time, then name
};

enum class Sort { count, p50, p75, p90, p95, p99, impact };
// The mean of each part of a request, where records say it.
inline constexpr std::array<std::string_view, 5> phase_names{"dns", "connect", "ssl", "ttfb", "download"};
using RequestPhases = std::array<std::optional<double>, phase_names.size()>;

struct BreakdownRow {
  std::string name{};
  Spread now{}, before{};
  // Of requests by url; the phases are of the newest samples_max.
  std::optional<double> failure_share{};
  std::optional<RequestPhases> phases{};
};
struct Breakdown {
  Spread total{};
  std::vector<BreakdownRow> rows{};
};

struct Side {
  TimeMs from = 0, to = 0;
  std::string release{};  // "": all
};
struct Comparison {
  Spread a{}, b{};
  std::vector<Difference> differences{};
  std::vector<Move> moved{};  // of each dimension the largest
};

enum class HeatColumns { hour_of_day, metric, day };
struct HeatQuestion {
  Metric metric{};
  Dimension rows{};
  HeatColumns columns{};
  double quantile = 0.75;
  int limit = 20;
};

struct Load {
  telemetry::NamedRow row;
  LoadProperties properties{};
};
struct LoadDetail {
  Load load;
  Waterfall waterfall{};
};

// Safe from any thread. Every call may fail with what telemetry::Service's questions fail with.
class Service {
 public:
  explicit Service(telemetry::Service& records) : records_(records) {}

  Task<Result<Overview>> overview(Access access, Question question);
  // nullopt: an interval that fits. Fails with performance.too_many_points.
  Task<Result<Series>> series(Access access, Question question, Metric metric, std::optional<Interval> interval,
                              std::optional<Dimension> by, int top);
  Task<Result<Breakdown>> breakdown(Access access, Question question, Metric metric, Dimension by, Sort sort,
                                    int limit);
  Task<Result<Spread>> distribution(Access access, Question question, Metric metric);
  // The range of `question` is not used.
  Task<Result<Comparison>> compare(Access access, Question question, Metric metric, Side a, Side b);
  Task<Result<Heat>> heatmap(Access access, Question question, HeatQuestion of);

  Task<Result<std::vector<Load>>> loads(Access access, Question question, bool slowest, int limit);
  // Fails with performance.load_not_found.
  Task<Result<LoadDetail>> load(Access access, events::RowPlace place);

  Task<Result<std::vector<Advice>>> advice(Access access, Question question);

 private:
  // In intervals; 0: the whole range is one.
  using MetricSeries = std::map<Metric, std::map<TimeMs, Spread>>;
  Task<Result<MetricSeries>> metric_series(Access access, Question question, std::span<const Metric> metrics,
                                           TimeMs interval_ms);
  Task<Result<std::map<Metric, Spread>>> by_metric(Access access, Question question, std::span<const Metric> metrics);
  // One spread for each value, at most so many and one for all others.
  Task<Result<Spreads>> spreads(Access access, telemetry::Asked asked, Dimension by, int top);
  Task<Result<std::map<std::string, Spreads>>> heat_by_time(Access access, Question question, const HeatQuestion& of);
  Task<Result<double>> sampled(Access access);
  Task<Result<std::vector<telemetry::NamedRow>>> loads_from(Access access, Question question, double ms_min, int limit);
  // What requests by url have besides.
  Task<Result<void>> add_requests(Access access, Question question, std::vector<BreakdownRow>& rows);
  Task<Result<std::vector<telemetry::NamedRow>>> newest(Access access, Question question, Metric metric);
  Task<Result<std::vector<Sample>>> samples(Access access, Question question, Metric metric);
  Task<Result<std::vector<ReleasePair>>> last_releases(Access access, Question question);

  telemetry::Service& records_;
};

}  // namespace miniops::performance
