// Source maps for tests: built from mappings, in words.
#pragma once

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "issues/sourcemaps/layers.hpp"

namespace miniops::issues::made {

inline std::string vlq_of(std::int64_t value) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::uint64_t rest =
      value < 0 ? (static_cast<std::uint64_t>(-value) << 1) | 1 : static_cast<std::uint64_t>(value) << 1;
  std::string out;
  do {
    const std::uint64_t digit = (rest & 31) | (rest > 31 ? 32 : 0);
    out += alphabet[digit];
    rest >>= 5;
  } while (rest > 0);
  return out;
}

// One mapping, all numbers from 0. source -1: to nothing; name -1: without a name.
struct Mapping {
  int line, column;
  int source = -1, to_line = 0, to_column = 0, name = -1;
};

// In ascending order of their places.
inline std::string mappings_of(const std::vector<Mapping>& all) {
  std::string out;
  Mapping last{0, 0, 0, 0, 0, 0};
  bool first = true;
  for (const Mapping& one : all) {
    for (; last.line < one.line; ++last.line) {
      out += ';';
      last.column = 0;
      first = true;
    }
    if (!first) out += ',';
    first = false;
    out += vlq_of(one.column - last.column);
    last.column = one.column;
    if (one.source < 0) continue;
    out +=
        vlq_of(one.source - last.source) + vlq_of(one.to_line - last.to_line) + vlq_of(one.to_column - last.to_column);
    last.source = one.source;
    last.to_line = one.to_line;
    last.to_column = one.to_column;
    if (one.name < 0) continue;
    out += vlq_of(one.name - last.name);
    last.name = one.name;
  }
  return out;
}

inline json::object map_of(std::vector<std::string> sources, const std::vector<Mapping>& mappings,
                           std::vector<std::string> names = {}) {
  return {{"version", 3},
          {"sources", json::value_from(sources)},
          {"names", json::value_from(names)},
          {"mappings", mappings_of(mappings)}};
}

inline SourceMap parsed(const json::object& map) {
  auto result = SourceMap::parse(json::serialize(map));
  EXPECT_TRUE(result) << result.error().message;
  return result ? std::move(*result) : *SourceMap::parse(R"({"version":3,"sources":[],"mappings":""})");
}

// The maps of a release, in memory.
class Release {
 public:
  void add(Layer layer, std::string file, const json::object& map) {
    MapEntry entry;
    entry.layer = layer;
    entry.file = std::move(file);
    entry.sha256 = std::to_string(entries_.size());
    maps_[entry.sha256] = std::make_shared<const SourceMap>(parsed(map));
    entries_.push_back(std::move(entry));
  }
  void lose(std::size_t number) { maps_.erase(std::to_string(number)); }
  MapSet set() const { return MapSet(entries_); }
  OpenMap open() const {
    return [this](const MapEntry& entry) {
      const auto found = maps_.find(entry.sha256);
      return found == maps_.end() ? nullptr : found->second;
    };
  }

 private:
  std::vector<MapEntry> entries_;
  std::map<std::string, std::shared_ptr<const SourceMap>> maps_;
};

}  // namespace miniops::issues::made
