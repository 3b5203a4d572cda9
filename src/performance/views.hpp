// Answers as the API shows them. Private to the module.
#pragma once

#include "base/json.hpp"
#include "performance/service.hpp"

namespace miniops::performance {

json::object shown(const Question& question, const Overview& overview);
json::object shown(Metric metric, std::optional<Dimension> by, const Series& series);
json::object shown(Metric metric, Dimension by, const Breakdown& breakdown);
json::object shown_distribution(Metric metric, const Spread& spread);
json::object shown(Metric metric, const Side& a, const Side& b, const Comparison& comparison);
json::object shown(const HeatQuestion& question, std::string_view quantile, std::string_view columns, const Heat& heat);
// `personal`: for eyes that may see personal data; otherwise what looks like it is masked.
json::object shown(const std::vector<Load>& loads);
json::object shown(const LoadDetail& detail, bool personal);
json::object shown(const std::vector<Advice>& advice);

}  // namespace miniops::performance
