#include "issues/sourcemaps/layers.hpp"

#include <algorithm>

#include "issues/message.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::issues {

namespace {

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// "dist/pages/index.js" ends with "pages/index.js", and "xpages/index.js" does not.
bool ends_with_path(std::string_view path, std::string_view end) {
  return path.ends_with(end) && (path.size() == end.size() || path[path.size() - end.size() - 1] == '/');
}

struct Step {
  MapPlace place;
  std::shared_ptr<const SourceMap> map;
  const std::string& source() const { return map->sources()[static_cast<std::size_t>(place.source)]; }
  std::string name() const {
    return place.name < 0 ? std::string() : map->names()[static_cast<std::size_t>(place.name)];
  }
  SourcePosition position(std::string file) const { return {std::move(file), place.line + 1, place.column + 1}; }
};

std::optional<Step> step(const OpenMap& open, const MapEntry* entry, int line, int column) {
  auto map = entry == nullptr ? nullptr : open(*entry);
  const auto place = map ? map->look_up(line - 1, std::max(column - 1, 0)) : std::nullopt;
  return place ? std::optional(Step{*place, std::move(map)}) : std::nullopt;
}

void lead_to(const Step& last, Traced& out) {
  out.source = last.position(plain_source(last.source()));
  out.map = last.map;
  out.source_number = last.place.source;
  if (std::string name = last.name(); !name.empty()) out.name = std::move(name);
}

std::string code_at(const Traced& traced) {
  const auto content = traced.map->content(traced.source_number);
  if (!content) return {};
  const SourceLines lines = lines_around(*content, traced.source->line, 0);
  return lines.lines.empty() ? std::string() : std::string(telemetry::trim(lines.lines.front()));
}

}  // namespace

MapSet::MapSet(std::vector<MapEntry> entries) : entries_(std::move(entries)) {
  for (std::size_t i = 0; i < entries_.size(); ++i) by_name_.emplace(last_part(entries_[i].file), i);
}

const MapEntry* MapSet::find(std::string_view file, Layer layer) const {
  const MapEntry* by_path = nullptr;
  const MapEntry* by_name = nullptr;
  int paths = 0;
  int names = 0;
  const auto [begin, end] = by_name_.equal_range(last_part(file));
  for (auto at = begin; at != end; ++at) {
    const MapEntry& entry = entries_[at->second];
    if (entry.layer != layer) continue;
    if (entry.file == file) return &entry;
    ++names;
    by_name = &entry;
    if (!ends_with_path(entry.file, file) && !ends_with_path(file, entry.file)) continue;
    ++paths;
    by_path = &entry;
  }
  if (paths > 0) return paths == 1 ? by_path : nullptr;
  return names == 1 ? by_name : nullptr;
}

Traced trace(const MapSet& maps, const OpenMap& open, const std::string& file, int line, int column) {
  Traced out;
  const MapEntry* merged = maps.find(file, Layer::wechat);
  if (merged == nullptr) {
    if (const auto only = step(open, maps.find(file, Layer::build), line, column)) lead_to(*only, out);
    return out;
  }
  const auto first = step(open, merged, line, column);
  if (!first) return out;
  lead_to(*first, out);
  const SourcePosition middle = first->position(plain_file(first->source()));
  const auto second = step(open, maps.find(middle.file, Layer::build), middle.line, middle.column);
  if (!second) return out;
  out.between = middle;
  lead_to(*second, out);
  return out;
}

std::vector<SourceFrame> in_source(const MapSet& maps, const OpenMap& open, const std::vector<Frame>& frames) {
  std::vector<SourceFrame> out;
  for (const Frame& frame : frames)
    out.push_back({frame, frame.line > 0 ? trace(maps, open, frame.file, frame.line, frame.column) : Traced{}});
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto& [frame, traced] = out[i];
    if (!traced.source) continue;
    frame.file = traced.source->file;
    frame.line = traced.source->line;
    frame.column = traced.source->column;
    frame.in_app = is_app_file(frame.file);
    // The place of a call names what is called: the function of the frame before.
    if (plain_function(frame.function).empty() && i + 1 < out.size()) frame.function = out[i + 1].traced.name;
    if (plain_function(frame.function).empty()) frame.code = code_at(traced);
  }
  return out;
}

}  // namespace miniops::issues
