// Samples counted together. Pure.
#pragma once

#include <optional>
#include <vector>

#include "reports/metric.hpp"

namespace miniops::reports {

// Of one metric. Median and p90 are values that were measured: the smallest that half, or nine tenths, do not exceed.
struct Figure {
  std::int64_t count = 0, missed = 0, open = 0, hits = 0, sum = 0;
  std::int64_t median = 0, p90 = 0;
  std::optional<double> mean() const;
  std::optional<double> share() const;        // hits of those counted
  std::optional<double> answer_rate() const;  // counted of those and the missed
};
using Figures = std::array<Figure, metrics>;

// While it is being counted. Times are kept one by one, so that median and p90 are exact.
class Tally {
 public:
  void add(const Sample& sample);
  void add(Tally&& other);
  // With median and p90. What is added later is not in them.
  Figure finish();
  const Figure& counts() const { return figure_; }

 private:
  Figure figure_{};
  std::vector<std::int64_t> values_{};
};

}  // namespace miniops::reports
