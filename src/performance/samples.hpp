// Figures of samples. Private to the module.
#pragma once

#include <functional>

#include "performance/advice.hpp"

namespace miniops::performance {

using ValueOf = std::function<double(const Sample&)>;

inline double ms_of(const Sample& sample) { return sample.ms; }

double weight_of(const std::vector<Sample>& samples);
// Of a weighted set, the value below and with which `share` lies; 0 of none.
double quantile_of(const std::vector<Sample>& samples, double share, const ValueOf& value = ms_of);
// What lies beyond the 99th of 100 counts as that one: a few phones that report nonsense move nothing.
double mean_of(const std::vector<Sample>& samples, const ValueOf& value = ms_of);

// What sparing a part of `value` gains on the mean: `parts` are the least, the likely and the most of it. To each side
// four standard errors of the mean more: two, and these doubled, since records of one visit resemble each other.
Gain gain_of(const std::vector<Sample>& samples, const std::array<double, 3>& parts, const ValueOf& value = ms_of);
inline constexpr double errors_wide = 4;

// The package or script of the app itself, which every launch needs: WeChat calls it __APP__ or APP; a client that
// gives no name reports that one.
bool is_main(const Sample& sample);
std::vector<Sample> only(const std::vector<Sample>& samples, const std::function<bool(const Sample&)>& keep);

}  // namespace miniops::performance
