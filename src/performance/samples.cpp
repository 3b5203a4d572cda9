#include "performance/samples.hpp"

#include <algorithm>
#include <cmath>

namespace miniops::performance {

namespace {

std::vector<std::pair<double, double>> sorted(const std::vector<Sample>& samples, const ValueOf& value) {
  std::vector<std::pair<double, double>> out;
  out.reserve(samples.size());
  for (const Sample& sample : samples) out.emplace_back(value(sample), sample.weight);
  std::ranges::sort(out);
  return out;
}

double at_share(const std::vector<std::pair<double, double>>& values, double share) {
  double all = 0;
  for (const auto& [value, weight] : values) all += weight;
  double below = 0;
  for (const auto& [value, weight] : values) {
    below += weight;
    if (below >= share * all) return value;
  }
  return values.empty() ? 0 : values.back().first;
}

struct Estimate {
  double mean = 0, error = 0;
};

Estimate estimate_of(const std::vector<Sample>& samples, const ValueOf& value) {
  const auto values = sorted(samples, value);
  const double highest = at_share(values, 0.99);
  double sum = 0;
  double squares = 0;
  double all = 0;
  for (const auto& [one, weight] : values) {
    const double counted = std::min(one, highest);
    sum += counted * weight;
    squares += counted * counted * weight;
    all += weight;
  }
  if (all <= 0) return {};
  const double mean = sum / all;
  const double variance = std::max(0.0, squares / all - mean * mean);
  return {mean, std::sqrt(variance / static_cast<double>(values.size()))};
}

}  // namespace

double weight_of(const std::vector<Sample>& samples) {
  double sum = 0;
  for (const Sample& sample : samples) sum += sample.weight;
  return sum;
}

double quantile_of(const std::vector<Sample>& samples, double share, const ValueOf& value) {
  return at_share(sorted(samples, value), share);
}

double mean_of(const std::vector<Sample>& samples, const ValueOf& value) { return estimate_of(samples, value).mean; }

Gain gain_of(const std::vector<Sample>& samples, const std::array<double, 3>& parts, const ValueOf& value) {
  const Estimate one = estimate_of(samples, value);
  const double reach = errors_wide * one.error;
  return {std::max(0.0, one.mean - reach) * parts[0], one.mean * parts[1], (one.mean + reach) * parts[2], "", 0};
}

bool is_main(const Sample& sample) {
  return sample.label.empty() || sample.label == "__APP__" || sample.label == "APP";
}

std::vector<Sample> only(const std::vector<Sample>& samples, const std::function<bool(const Sample&)>& keep) {
  std::vector<Sample> out;
  std::ranges::copy_if(samples, std::back_inserter(out), keep);
  return out;
}

}  // namespace miniops::performance
