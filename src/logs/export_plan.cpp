#include "logs/export_plan.hpp"

#include <algorithm>

namespace miniops::logs {

namespace {

constexpr TimeMs intervals_max = 500;

}  // namespace

TimeMs plan_interval(Span range) {
  const TimeMs length = (range.to - range.from) / intervals_max + 1;
  return std::max(minute_ms, (length + minute_ms - 1) / minute_ms * minute_ms);
}

std::vector<Span> plan_spans(Span range, TimeMs interval_ms, const std::vector<events::Point>& counts, double lines) {
  std::vector<Span> spans;
  TimeMs to = range.to;
  double sum = 0;
  for (auto point = counts.rbegin(); point != counts.rend(); ++point) {
    const TimeMs end = point->at + interval_ms;
    // What is full ends where this interval does.
    if (sum > 0 && sum + point->count > lines && end > range.from && end < to) {
      spans.push_back({end, to});
      to = end;
      sum = 0;
    }
    sum += point->count;
  }
  if (to > range.from) spans.push_back({range.from, to});
  return spans;
}

std::vector<Span> plan_spans(Span range, TimeMs length_ms) {
  std::vector<Span> spans;
  for (TimeMs to = range.to; to > range.from; to -= length_ms)
    spans.push_back({std::max(range.from, to - length_ms), to});
  return spans;
}

}  // namespace miniops::logs
