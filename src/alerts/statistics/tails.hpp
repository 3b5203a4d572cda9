// Probabilities of what may be chance, and robust middles. Pure.
#pragma once

#include <vector>

namespace miniops::alerts {

// How likely it is to see `seen` or more (or fewer) when `mean` is usual. 1 for more than nothing.
double poisson_at_least(double seen, double mean);
double poisson_at_most(double seen, double mean);

// The same for `hits` of `trials`, each with probability `share`.
double binomial_at_least(double hits, double trials, double share);
double binomial_at_most(double hits, double trials, double share);

// 0 of nothing. `quantile`: linear between the two next values, q in [0, 1].
double median(std::vector<double> values);
double quantile(std::vector<double> values, double q);
// 1.4826 · the median of the distances from `center`: the standard deviation, if they were normal, whatever a few of
// them are.
double robust_spread(const std::vector<double>& values, double center);

}  // namespace miniops::alerts
