// What is measured: each metric is the performance records of one name, in milliseconds.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace miniops::performance {

enum class Metric {
  startup,
  package,
  script,
  page_switch,
  render,
  first_paint,
  lcp,
  set_data,
  request,
  resource,
  page_load
};

// Up to good_ms is good, above poor_ms is poor.
struct Limits {
  double good_ms = 0, poor_ms = 0;
};

struct MetricInfo {
  Metric metric{};
  std::string_view name, record_name;
  Limits limits;
};

// Of requests and startups what WeChat's own audit asks for; of lcp what Web Vitals say; the others are our choice.
inline constexpr std::array<MetricInfo, 11> metrics{{{Metric::startup, "startup", "appLaunch", {2000, 5000}},
                                                     {Metric::package, "package", "loadPackage", {800, 2500}},
                                                     {Metric::script, "script", "evaluateScript", {300, 800}},
                                                     {Metric::page_switch, "page_switch", "route", {300, 1000}},
                                                     {Metric::render, "render", "firstRender", {500, 1500}},
                                                     {Metric::first_paint, "first_paint", "firstPaint", {1000, 2500}},
                                                     {Metric::lcp, "lcp", "lcp", {2500, 4000}},
                                                     {Metric::set_data, "set_data", "setData", {50, 200}},
                                                     {Metric::request, "request", "request", {500, 1000}},
                                                     {Metric::resource, "resource", "resource", {500, 2000}},
                                                     {Metric::page_load, "page_load", "page_load", {2000, 5000}}}};

// Those of the overview.
inline constexpr std::array<Metric, 8> main_metrics{Metric::startup,     Metric::package, Metric::script,
                                                    Metric::page_switch, Metric::render,  Metric::lcp,
                                                    Metric::set_data,    Metric::request};

constexpr const MetricInfo& info_of(Metric metric) { return metrics[static_cast<std::size_t>(metric)]; }
constexpr Limits limits_of(Metric metric) { return info_of(metric).limits; }

constexpr std::optional<Metric> parse_metric(std::string_view name) {
  for (const MetricInfo& one : metrics)
    if (one.name == name) return one.metric;
  return std::nullopt;
}

enum class Grade { good, fair, poor };
constexpr Grade grade_of(double ms, Limits limits) {
  return ms <= limits.good_ms ? Grade::good : ms > limits.poor_ms ? Grade::poor : Grade::fair;
}
constexpr std::string_view to_string(Grade grade) {
  constexpr std::array<std::string_view, 3> names{"good", "fair", "poor"};
  return names[static_cast<std::size_t>(grade)];
}

}  // namespace miniops::performance
