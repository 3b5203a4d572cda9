// Two sides of a comparison: whether b is slower than a, and where that comes from. Values only.
#pragma once

#include "performance/dimension.hpp"
#include "performance/spread.hpp"

namespace miniops::performance {

enum class Verdict { better, worse, same, needs_data };
std::string_view to_string(Verdict verdict);

// A quantile of b against that of a.
//
// Each quantile has an interval of 95 %: between the values at the ranks n·q ± 1.96·√(n·q·(1−q)). The difference's is
// made of both, as of independent errors. needs_data: a side has less than 30 records, or less than 5 beyond the
// quantile. same: 0 lies in the interval, or the change is less than 5 % of a, or than 5 ms.
struct Difference {
  std::string_view quantile;
  double a_ms = 0, b_ms = 0;
  double low_ms = 0, high_ms = 0;  // b − a lies between them
  Verdict verdict = Verdict::needs_data;
  double change_ms() const { return b_ms - a_ms; }
};
// `sampled`: the share of records that was stored; so many stand behind the counts.
Difference difference_at(std::string_view name, double quantile, const Spread& a, const Spread& b, double sampled);
std::vector<Difference> differences_of(const Spread& a, const Spread& b, double sampled);

// What one value of a dimension adds to the change of the mean. With shares s and means m of both sides, and M the
// mean of everything on both: from_speed = (s_a+s_b)/2 · (m_b−m_a), from_share = (s_b−s_a) · ((m_a+m_b)/2 − M). Over
// all values of a dimension these sum to the change. A value that one side lacks has the mean of the other there.
struct Move {
  Dimension by{};
  std::string name{};
  Spread a{}, b{};
  double from_speed_ms = 0, from_share_ms = 0;
  double contribution_ms() const { return from_speed_ms + from_share_ms; }
};
// The largest first; all of them. Empty when a side is.
std::vector<Move> moves_of(Dimension by, const Spreads& a, const Spreads& b);

}  // namespace miniops::performance
