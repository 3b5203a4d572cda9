// The maps of one release, in two layers, and the way of a position through them: WeChat's merged file → (map of the
// layer wechat) → the build tool's output → (map of the layer build) → the source. Pure.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "issues/failure.hpp"
#include "issues/sourcemaps/source_map.hpp"
#include "issues/words.hpp"

namespace miniops::issues {

// An uploaded map, without its contents.
struct MapEntry {
  std::int64_t id = 0;
  std::string release;
  Layer layer = Layer::build;
  std::string file;    // the generated file that it belongs to, as plain_file has it
  std::string sha256;  // its name in the blobs
  std::int64_t bytes = 0;
  TimeMs uploaded_at = 0;
  std::string uploaded_by{};
};

// All maps of a release.
class MapSet {
 public:
  explicit MapSet(std::vector<MapEntry> entries);
  // The map of a file: of that name; else the only one whose path ends with it, or with whose path it ends; else the
  // only one of that name in any folder. nullptr: none, or several that fit equally.
  const MapEntry* find(std::string_view file, Layer layer) const;
  const std::vector<MapEntry>& entries() const { return entries_; }
  bool empty() const { return entries_.empty(); }

 private:
  std::vector<MapEntry> entries_;
  std::multimap<std::string, std::size_t, std::less<>> by_name_;  // the last part of the path
};

// Gives a map's contents; nullptr when they cannot be read. May block.
using OpenMap = std::function<std::shared_ptr<const SourceMap>(const MapEntry& entry)>;

// A place as people and stacks count it: from 1.
struct SourcePosition {
  std::string file;
  int line = 0;
  int column = 0;
  bool operator==(const SourcePosition&) const = default;
};

struct Traced {
  std::optional<SourcePosition> source{};   // as far as the maps lead
  std::optional<SourcePosition> between{};  // of two layers: in the build tool's output
  std::string name{};                       // what stands there in the source, when the map knows it
  std::shared_ptr<const SourceMap> map{};   // that led to `source`, and has perhaps its text
  std::int32_t source_number = 0;           // in that map
};
Traced trace(const MapSet& maps, const OpenMap& open, const std::string& file, int line, int column);

// The frames as the source has them: file, line, column; where a minifier took a function's name, the one by which it
// was called, and when there is none the text of the line.
struct SourceFrame {
  Frame frame;
  Traced traced;
};
std::vector<SourceFrame> in_source(const MapSet& maps, const OpenMap& open, const std::vector<Frame>& frames);

}  // namespace miniops::issues
