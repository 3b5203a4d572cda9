// What all questions of this module have in common, and how telemetry is asked for them.
#pragma once

#include "performance/dimension.hpp"
#include "telemetry/service.hpp"

namespace miniops::performance {

// All of `any_of` are alternatives; "" is what is not known.
struct DeviceFilter {
  Dimension side = Dimension::device;
  std::vector<std::string> any_of{};
  bool negated = false;
  bool holds(const telemetry::Device& device) const;
};

struct Question {
  TimeMs from = 0, to = 0;
  TimeMs offset_ms = 0;                      // of the local time
  std::vector<telemetry::Filter> filters{};  // of columns
  std::vector<DeviceFilter> devices{};
  std::vector<std::string> urls{};  // of requests and resources, as Dimension::url names them
  bool other_urls = false;          // all but those

  TimeMs span() const { return to - from; }
  Question before() const;  // the same of the period before, as long as this one
};

// Both must hold; either may be nullptr.
events::Matching both(events::Matching one, events::Matching other);

// Performance records of these metrics.
telemetry::Asked asked_of(const Question& question, std::span<const Metric> metrics);
telemetry::Asked asked_of(const Question& question, Metric metric);

inline constexpr std::string_view other_name = "(其他)";

// By a dimension: at most `top` values. Of devices, which are folded, all that are frequent.
events::BucketsQuestion buckets_by(Dimension by, int top);
// What one of its buckets counts for.
std::string name_along(Dimension by, const telemetry::NamedBucket& one);

}  // namespace miniops::performance
