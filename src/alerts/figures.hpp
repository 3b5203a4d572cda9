// The figures of a rule in windows of time, by group: what its plan asks, brought together. Private to the module.
#pragma once

#include "alerts/plan.hpp"

namespace miniops::alerts {

// By group, in order of time.
using Figures = std::map<std::string, std::vector<Window>, std::less<>>;

struct Span {
  TimeMs from = 0, to = 0;
  TimeMs step = 0;  // of the windows
};

// Windows without records are absent.
Task<Result<Figures>> figures_of(Signals& signals, AppId appid, Plan plan, Span span, std::size_t groups);

// Of counts: a window without records is none, once there were any.
void fill_gaps(Figures& figures, TimeMs to, TimeMs step);

}  // namespace miniops::alerts
