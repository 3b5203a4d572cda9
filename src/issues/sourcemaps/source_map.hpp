// A source map, version 3: from a place in a generated file to the place in its source. Pure; what it reads is hostile.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace miniops::issues {

inline constexpr std::size_t map_bytes_max = 64 << 20;
inline constexpr std::size_t map_segments_max = 8'000'000;
inline constexpr std::size_t map_lines_max = 4'000'000;
inline constexpr std::size_t map_sections_max = 10'000;

// Lines and columns count from 0, as in the format.
struct MapPlace {
  std::int32_t source = 0;  // its number in sources()
  std::int32_t line = 0;
  std::int32_t column = 0;
  std::int32_t name = -1;  // its number in names(); -1: none
  bool operator==(const MapPlace&) const = default;
};

class SourceMap {
 public:
  // A map, or an index of maps (sections). Fails with issues.bad_source_map, which says what is wrong.
  static Result<SourceMap> parse(std::string_view json);

  // The mapping that begins last at or before a column of the line; nullopt: there is none, or it has no source.
  std::optional<MapPlace> look_up(std::int32_t line, std::int32_t column) const;

  const std::string& file() const { return file_; }  // what the map says that it belongs to; often ""
  const std::vector<std::string>& sources() const { return sources_; }
  const std::vector<std::string>& names() const { return names_; }
  std::optional<std::string_view> content(std::int32_t source) const;  // the source's text, when the map has it
  std::int32_t lines() const { return static_cast<std::int32_t>(line_starts_.size()); }
  std::size_t memory_bytes() const;

  // Every mapping with its place in the generated file, in order.
  struct Segment {
    std::int32_t column = 0;
    MapPlace to{};  // source -1: to nothing
  };
  struct Line {
    const Segment* begin;
    const Segment* end;
  };
  Line line(std::int32_t number) const;

 private:
  friend class MapReader;
  std::string file_;
  std::vector<std::string> sources_, names_;
  std::vector<std::optional<std::string>> contents_;
  std::vector<Segment> segments_;
  std::vector<std::uint32_t> line_starts_;  // of each line its first segment
};

// Up to `around` lines before and after a line (from 1) of a text, without the line ends.
struct SourceLines {
  int first = 0;  // its number, from 1
  std::vector<std::string> lines{};
};
SourceLines lines_around(std::string_view text, int line, int around);

}  // namespace miniops::issues
