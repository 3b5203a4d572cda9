#include <algorithm>
#include <ranges>

#include "issues/sourcemaps/doctor.hpp"
#include "targets/fuzz.hpp"

namespace {

using namespace miniops::issues;

// What holds of every map that is let in.
void check(const SourceMap& map) {
  for (std::int32_t number = 0; number < std::min(map.lines(), 1000); ++number) {
    const auto [begin, end] = map.line(number);
    miniops::fuzz::require(std::ranges::is_sorted(begin, end, {}, &SourceMap::Segment::column));
    for (const auto& segment : std::ranges::subrange(begin, end)) {
      const auto found = map.look_up(number, segment.column);
      if (!found) continue;
      miniops::fuzz::require(found->source >= 0 && static_cast<std::size_t>(found->source) < map.sources().size());
      miniops::fuzz::require(found->name < static_cast<std::int32_t>(map.names().size()));
      if (const auto text = map.content(found->source)) lines_around(*text, found->line, 5);
    }
  }
  miniops::fuzz::require(!map.look_up(map.lines(), 0) && !map.look_up(-1, 0));
}

}  // namespace

// The first line is a map of the layer wechat, the rest one of the layer build: each is checked alone, then both
// together under the doctor.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  miniops::fuzz::Input in(data, size);
  const std::string_view first = in.line();
  std::vector<MapEntry> entries;
  std::vector<std::shared_ptr<const SourceMap>> maps;
  for (const auto& [layer, text] : {std::pair(Layer::wechat, first), std::pair(Layer::build, in.rest())}) {
    auto map = SourceMap::parse(text);
    if (!map) continue;
    check(*map);
    MapEntry entry;
    entry.id = static_cast<std::int64_t>(maps.size());
    entry.layer = layer;
    entry.file = layer == Layer::wechat || maps.empty() || maps.front()->sources().empty()
                     ? "app-service.js"
                     : plain_file(maps.front()->sources().front());
    entries.push_back(std::move(entry));
    maps.push_back(std::make_shared<const SourceMap>(std::move(*map)));
  }
  const OpenMap open = [&](const MapEntry& entry) { return maps[static_cast<std::size_t>(entry.id)]; };
  const std::set<SeenPosition> seen{{"app-service.js", 1, 1}, {"app-service.js", 2, 40}, {"other.js", 1, 1}};
  const Report report = examine(MapSet(entries), open, seen);
  miniops::fuzz::require(report.positions == 3 && report.mapped <= 2);
  return 0;
}
