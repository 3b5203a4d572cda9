// Why stacks are not shown in their source: for each generated file and layer what fits, what is missing, what does not
// line up. Pure.
#pragma once

#include <set>

#include "issues/sourcemaps/layers.hpp"

namespace miniops::issues {

struct Finding {
  enum class Level { problem, warning, ok };
  Level level = Level::ok;
  std::string code;  // "no_map" …: for the console's own words
  std::string file;
  std::optional<Layer> layer{};
  std::int64_t count = 0, of = 0;
  std::string example{};
  std::string text;  // in plain words
};
std::string_view to_string(Finding::Level level);

struct Report {
  std::int64_t positions = 0;     // that were tried
  std::int64_t mapped = 0;        // of these led to a source
  std::vector<Finding> findings;  // the worst first
};

// A position in a generated file, from an error of the release.
struct SeenPosition {
  std::string file;
  int line = 0;
  int column = 0;
  auto operator<=>(const SeenPosition&) const = default;
};
Report examine(const MapSet& maps, const OpenMap& open, const std::set<SeenPosition>& seen);

}  // namespace miniops::issues
