// How the range of an export is cut into stretches that are asked for one after the other. Pure.
#pragma once

#include "storage/events/event_store.hpp"

namespace miniops::logs {

struct Span {
  TimeMs from = 0, to = 0;
  bool operator==(const Span&) const = default;
};

// The intervals in which lines are counted beforehand.
TimeMs plan_interval(Span range);
// Stretches of about `lines` each, the newest first; together they are the range.
std::vector<Span> plan_spans(Span range, TimeMs interval_ms, const std::vector<events::Point>& counts, double lines);
// Where nothing could be counted: stretches of equal length.
std::vector<Span> plan_spans(Span range, TimeMs length_ms);

}  // namespace miniops::logs
