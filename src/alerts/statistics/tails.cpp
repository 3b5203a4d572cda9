#include "alerts/statistics/tails.hpp"

#include <algorithm>
#include <cmath>

namespace miniops::alerts {

namespace {

constexpr int steps_max = 10000;  // some multiple of the root of the largest count
constexpr double precise = 1e-14;

// std::lgamma writes a global.
double log_gamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

// The regularized incomplete gamma function: the lower one by its series, for x < a + 1 …
double gamma_series(double a, double x) {
  double term = 1 / a;
  double sum = term;
  for (int i = 1; i < steps_max && term > sum * precise; ++i) {
    term *= x / (a + i);
    sum += term;
  }
  return sum * std::exp(a * std::log(x) - x - log_gamma(a));
}

// … the upper one by its continued fraction (Lentz), for the rest.
double gamma_fraction(double a, double x) {
  double b = x + 1 - a;
  double c = 1e300;
  double d = 1 / b;
  double fraction = d;
  for (int i = 1; i < steps_max; ++i) {
    const double an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    fraction *= d * c;
    if (std::abs(d * c - 1) < precise) break;
  }
  return fraction * std::exp(a * std::log(x) - x - log_gamma(a));
}

double lower_gamma(double a, double x) {
  return std::clamp(x < a + 1 ? gamma_series(a, x) : 1 - gamma_fraction(a, x), 0.0, 1.0);
}

double upper_gamma(double a, double x) {
  return std::clamp(x < a + 1 ? 1 - gamma_series(a, x) : gamma_fraction(a, x), 0.0, 1.0);
}

double beta_fraction(double a, double b, double x) {
  double c = 1;
  double d = 1 / (1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m < steps_max; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= d * c;
    if (std::abs(d * c - 1) < precise) break;
  }
  return fraction;
}

// The regularized incomplete beta function I_x(a, b).
double incomplete_beta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front = std::exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return std::min(1.0, front * beta_fraction(a, b, x) / a);
  return std::clamp(1 - front * beta_fraction(b, a, 1 - x) / b, 0.0, 1.0);
}

}  // namespace

double poisson_at_least(double seen, double mean) {
  if (seen <= 0) return 1;
  return mean <= 0 ? 0 : lower_gamma(seen, mean);
}

double poisson_at_most(double seen, double mean) {
  if (mean <= 0) return 1;
  return seen < 0 ? 0 : upper_gamma(seen + 1, mean);
}

double binomial_at_least(double hits, double trials, double share) {
  if (hits <= 0) return 1;
  if (hits > trials || share <= 0) return 0;
  return share >= 1 ? 1 : incomplete_beta(hits, trials - hits + 1, share);
}

double binomial_at_most(double hits, double trials, double share) {
  return binomial_at_least(trials - hits, trials, 1 - share);
}

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  const double place = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), at, values.end());
  if (below + 1 == values.size()) return *at;
  const double above = *std::min_element(at + 1, values.end());
  return *at + (above - *at) * (place - static_cast<double>(below));
}

double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }

double robust_spread(const std::vector<double>& values, double center) {
  std::vector<double> distances;
  distances.reserve(values.size());
  for (const double value : values) distances.push_back(std::abs(value - center));
  return 1.4826 * median(std::move(distances));
}

}  // namespace miniops::alerts
