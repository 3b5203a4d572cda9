// A page load as a waterfall: WeChat's entries of one page view, and what else the phone reported of it, on one axis
// that begins with the navigation. What phones send is of any shape: what makes no sense is left out and counted.
#pragma once

#include "telemetry/service.hpp"

namespace miniops::performance {

inline constexpr std::size_t bars_max = 200;

struct LoadBar {
  enum class Source { entry, request, error };
  Source source = Source::entry;
  std::string name{}, type{}, label{};
  double start_ms = 0, duration_ms = 0;
  std::optional<double> bytes{};
  bool failed = false;
};
std::string_view to_string(LoadBar::Source source);

struct Waterfall {
  std::vector<LoadBar> bars{};  // by their start, at most bars_max
  int left_out = 0;
  // The phone's clock was wrong, so where requests and errors stand is known within seconds only.
  bool about = false;
};

// What a page_load record says besides its row.
struct LoadProperties {
  std::string reason = "unknown";  // "sample" "slowest"
  std::int64_t entries = 0;
};
LoadProperties load_properties(const std::string& properties);

// `beside`: requests and errors of the same page view.
Waterfall waterfall_of(const telemetry::NamedRow& load, const std::vector<telemetry::NamedRow>& requests,
                       const std::vector<telemetry::NamedRow>& errors);

}  // namespace miniops::performance
