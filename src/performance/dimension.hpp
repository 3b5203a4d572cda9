// What a metric is told apart by.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "performance/metrics.hpp"
#include "storage/events/predicate.hpp"
#include "telemetry/record.hpp"

namespace miniops::performance {

enum class Dimension {
  page,
  release,
  region,
  network,
  scene,
  build,
  device,
  device_level,
  os,
  os_version,
  brand,
  wechat,
  base_library,
  url,
  status,
  package
};
std::string_view to_string(Dimension dimension);
std::optional<Dimension> parse_dimension(std::string_view name);

// One of these says where it is in a row: a column, one side of its device, or properties.
std::optional<events::Field> column_of(Dimension dimension);
bool is_of_device(Dimension dimension);
std::vector<std::string> properties_of(Dimension dimension);  // of url the method and the pattern
// Whether records of this metric have it.
bool fits(Dimension dimension, Metric metric);

// high, mid, low, unknown. WeChat gives a number (benchmarkLevel, about 1 to 50): up to 15 is low, from 30 on high.
std::string_view level_of(std::string_view given);
// What a device is along a dimension; "" for what is not known.
std::string side_of(Dimension dimension, const telemetry::Device& device);

}  // namespace miniops::performance
