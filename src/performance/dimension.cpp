#include "performance/dimension.hpp"

#include <array>
#include <charconv>

namespace miniops::performance {

namespace {

using events::Field;

struct Known {
  Dimension dimension{};
  std::string_view name;
  std::optional<Field> column{};
};
constexpr std::array<Known, 16> dimensions{{{Dimension::page, "page", Field::page},
                                            {Dimension::release, "release", Field::release},
                                            {Dimension::region, "region", Field::region},
                                            {Dimension::network, "network", Field::network},
                                            {Dimension::scene, "scene", Field::scene},
                                            {Dimension::build, "build", Field::build},
                                            {Dimension::device, "device"},
                                            {Dimension::device_level, "device_level"},
                                            {Dimension::os, "os"},
                                            {Dimension::os_version, "os_version"},
                                            {Dimension::brand, "brand"},
                                            {Dimension::wechat, "wechat"},
                                            {Dimension::base_library, "base_library"},
                                            {Dimension::url, "url"},
                                            {Dimension::status, "status"},
                                            {Dimension::package, "package"}}};

constexpr int low_level_max = 15;
constexpr int high_level_min = 30;

const Known& known(Dimension dimension) { return dimensions.at(static_cast<std::size_t>(dimension)); }

std::string two_words(const std::string& a, const std::string& b) {
  return a.empty() || b.empty() ? a + b : a + " " + b;
}

}  // namespace

std::string_view to_string(Dimension dimension) { return known(dimension).name; }

std::optional<Dimension> parse_dimension(std::string_view name) {
  for (const Known& one : dimensions)
    if (one.name == name) return one.dimension;
  return std::nullopt;
}

std::optional<Field> column_of(Dimension dimension) { return known(dimension).column; }

bool is_of_device(Dimension dimension) {
  return dimension >= Dimension::device && dimension <= Dimension::base_library;
}

std::vector<std::string> properties_of(Dimension dimension) {
  if (dimension == Dimension::url) return {"method", "url"};
  if (dimension == Dimension::package) return {"package", "packageName"};  // ours, and aegis's: a record has one
  if (dimension == Dimension::status) return {"status"};
  return {};
}

bool fits(Dimension dimension, Metric metric) {
  if (dimension == Dimension::status) return metric == Metric::request;
  if (dimension == Dimension::url) return metric == Metric::request || metric == Metric::resource;
  return dimension != Dimension::package || metric == Metric::package;
}

std::string_view level_of(std::string_view given) {
  for (const std::string_view word : {"high", "mid", "low"})
    if (given == word) return word;
  int number = 0;
  const auto [end, problem] = std::from_chars(given.data(), given.data() + given.size(), number);
  if (problem != std::errc{} || end != given.data() + given.size() || number < 1) return "unknown";
  return number <= low_level_max ? "low" : number < high_level_min ? "mid" : "high";
}

std::string side_of(Dimension dimension, const telemetry::Device& device) {
  switch (dimension) {
    case Dimension::device:
      return device.model;
    case Dimension::device_level:
      return std::string(level_of(device.level));
    case Dimension::os:
      return device.os;
    case Dimension::os_version:
      return two_words(device.os, device.os_version);
    case Dimension::brand:
      return device.brand;
    case Dimension::wechat:
      return device.wechat;
    case Dimension::base_library:
      return device.base_library;
    default:
      return "";
  }
}

}  // namespace miniops::performance
