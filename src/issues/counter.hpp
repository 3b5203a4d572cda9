// Figures of issues, from the event store: never counted in SQL.
#pragma once

#include <map>
#include <vector>

#include "issues/issue.hpp"
#include "telemetry/service.hpp"

namespace miniops::issues {

struct Span {
  TimeMs from = 0, to = 0;
};

struct Figures {
  double events = 0;  // weighted
  double users = 0;
  double sessions = 0;
};

// Issues that stand by themselves, each with all whose rows count for it: itself, and what was merged into it.
using Members = std::map<std::int64_t, std::vector<std::int64_t>>;

// For each issue the points of its trend, without those that are empty.
using Trends = std::map<std::int64_t, std::map<TimeMs, double>>;

// `Field::issue` is one of these.
telemetry::Filter filter_of(const std::vector<std::int64_t>& issues);

// Coroutines for any executor; the questions run on telemetry's workers.
class Counter {
 public:
  explicit Counter(telemetry::Service& telemetry) : telemetry_(telemetry) {}

  // All of them in two questions, and two more for each that others were merged into: people are not additive.
  Task<Result<std::map<std::int64_t, Figures>>> figures(Access access, Members members, Span span);
  Task<Result<Trends>> trends(Access access, Members members, Span span, TimeMs interval_ms);
  // The issues with the most events or users, of one release if one is given; merged ones under what they are part of.
  Task<Result<std::map<std::int64_t, Figures>>> most(Access access, std::map<std::int64_t, std::int64_t> merged,
                                                     Span span, std::optional<std::string> release);
  Task<Result<double>> all_sessions(Access access, Span span);
  // Of the rows that match: one figure.
  Task<Result<double>> total(Access access, telemetry::Asked asked, events::Measure measure);
  // By the words of a column.
  Task<Result<std::vector<telemetry::NamedPoint>>> by(Access access, telemetry::Asked asked, events::Field field,
                                                      events::Measure measure);

 private:
  telemetry::Service& telemetry_;
};

telemetry::Asked errors_of(const std::vector<std::int64_t>& issues, Span span);
// Rows that belong to a session.
telemetry::Asked with_session(telemetry::Asked asked);
TimeMs trend_interval(Span span);
inline constexpr TimeMs trend_offset_ms = 8 * hour_ms;  // days begin as in China

}  // namespace miniops::issues
