#include "issues/sourcemaps/doctor.hpp"

#include <algorithm>

namespace miniops::issues {

namespace {

using Level = Finding::Level;

constexpr std::size_t samples_of_map = 2000;  // mappings of a map of the layer wechat that are followed to the other

std::string words_of(const SeenPosition& at) { return fmt::format("{}:{}:{}", at.file, at.line, at.column); }

// Works through a release and gathers findings.
class Doctor {
 public:
  Doctor(const MapSet& maps, const OpenMap& open) : maps_(maps), open_(open) {}

  Report examine(const std::set<SeenPosition>& seen) {
    if (maps_.empty())
      add({Level::problem, "no_maps", "", std::nullopt, 0, 0, "",
           "No source map was uploaded for this release: stacks are shown as the phones report them."});
    examine_positions(seen);
    for (const MapEntry& entry : maps_.entries()) examine_map(entry);
    if (seen.empty())
      add({Level::warning, "no_errors", "", std::nullopt, 0, 0, "",
           "No error of the last 7 days has a stack in this release: whether the maps fit the phones' positions cannot "
           "be said yet."});
    std::ranges::sort(report_.findings, [](const Finding& a, const Finding& b) {
      return std::tuple(a.level, a.file, a.code) < std::tuple(b.level, b.file, b.code);
    });
    return std::move(report_);
  }

 private:
  void add(Finding finding) { report_.findings.push_back(std::move(finding)); }

  // What became of the positions of one generated file.
  struct OfFile {
    std::int64_t all = 0, mapped = 0, beyond = 0;
    std::string first_beyond, first_unmapped;
  };

  void examine_positions(const std::set<SeenPosition>& seen) {
    std::map<std::string, OfFile> files;
    for (const SeenPosition& at : seen) {
      OfFile& file = files[at.file];
      ++report_.positions;
      ++file.all;
      if (trace(maps_, open_, at.file, at.line, at.column).source) {
        ++report_.mapped;
        ++file.mapped;
      } else if (is_beyond(at)) {
        if (file.beyond++ == 0) file.first_beyond = words_of(at);
      } else if (file.first_unmapped.empty()) {
        file.first_unmapped = words_of(at);
      }
    }
    if (maps_.empty()) return;
    for (const auto& [name, file] : files) tell(name, file);
  }

  const MapEntry* map_of(const std::string& file) const {
    const MapEntry* merged = maps_.find(file, Layer::wechat);
    return merged != nullptr ? merged : maps_.find(file, Layer::build);
  }

  // Behind the last line that the map knows.
  bool is_beyond(const SeenPosition& at) {
    const MapEntry* entry = map_of(at.file);
    const auto map = entry == nullptr ? nullptr : open_(*entry);
    return map && at.line > map->lines();
  }

  void tell(const std::string& name, const OfFile& file) {
    const MapEntry* entry = map_of(name);
    if (entry == nullptr) return tell_no_map(name, file);
    if (file.mapped > 0)
      add({Level::ok, "fits", name, entry->layer, file.mapped, file.all, "",
           fmt::format("{} of {} positions of errors lead to the source.", file.mapped, file.all)});
    if (file.beyond > 0)
      add({Level::problem, "out_of_range", name, entry->layer, file.beyond, file.all, file.first_beyond,
           fmt::format("{} of {} positions lie behind the end of the file that this map was made for: it is of "
                       "another build, or of another file of that name.",
                       file.beyond, file.all)});
    const std::int64_t unmapped = file.all - file.mapped - file.beyond;
    if (unmapped > 0)
      add({file.mapped > 0 ? Level::warning : Level::problem, "not_mapped", name, entry->layer, unmapped, file.all,
           file.first_unmapped,
           fmt::format(
               "{} of {} positions have no mapping: code that the tool added itself, or a map of another build.",
               unmapped, file.all)});
  }

  void tell_no_map(const std::string& name, const OfFile& file) {
    const std::string last = name.substr(name.rfind('/') + 1);
    std::int64_t same_name = 0;
    for (const MapEntry& entry : maps_.entries())
      same_name += entry.file == last || entry.file.ends_with("/" + last) ? 1 : 0;
    if (same_name > 1)
      return add({Level::problem, "ambiguous", name, std::nullopt, same_name, file.all, last,
                  fmt::format("{} maps are of a file called {}, and none is of this path: upload them with the paths "
                              "that the phones report.",
                              same_name, last)});
    add({Level::problem, "no_map", name, std::nullopt, file.all, file.all, file.first_unmapped,
         fmt::format("Errors name this file at {} positions, and no uploaded map is of it.", file.all)});
  }

  void examine_map(const MapEntry& entry) {
    const auto map = open_(entry);
    if (!map)
      return add({Level::problem, "unreadable", entry.file, entry.layer, 0, 0, entry.sha256.substr(0, 12),
                  "This map cannot be read any more: upload it again."});
    if (map->sources().empty())
      return add({Level::problem, "no_sources", entry.file, entry.layer, 0, 0, "",
                  "This map names no source: the build tool made it without any."});
    const bool last_layer = entry.layer == Layer::build || !has_build_maps();
    if (last_layer) {
      examine_contents(entry, *map);
    } else {
      examine_merged(entry, *map);
    }
    if (entry.layer == Layer::build) examine_use(entry);
  }

  bool has_build_maps() const {
    return std::ranges::any_of(maps_.entries(), [](const MapEntry& one) { return one.layer == Layer::build; });
  }

  void examine_contents(const MapEntry& entry, const SourceMap& map) {
    std::int64_t missing = 0;
    std::string first;
    const auto all = static_cast<std::int32_t>(map.sources().size());
    for (std::int32_t i = 0; i < all; ++i)
      if (!map.content(i) && missing++ == 0) first = map.sources()[static_cast<std::size_t>(i)];
    if (missing > 0)
      add({Level::warning, "no_content", entry.file, entry.layer, missing, all, first,
           fmt::format("{} of {} sources have no text in the map: positions are shown without the lines around them. "
                       "Switch sourcesContent on in the build tool.",
                       missing, all)});
  }

  // Whether the build tool's maps know what WeChat merged, and the places in it.
  void examine_merged(const MapEntry& entry, const SourceMap& map) {
    std::int64_t missing = 0;
    std::string first;
    for (const std::string& source : map.sources())
      if (maps_.find(plain_file(source), Layer::build) == nullptr && missing++ == 0) first = plain_file(source);
    const auto all = static_cast<std::int64_t>(map.sources().size());
    if (missing > 0)
      add({missing == all ? Level::problem : Level::warning, "sources_missing", entry.file, entry.layer, missing, all,
           first,
           fmt::format("{} of the {} files that WeChat merged into this one have no map of the build tool: their "
                       "stacks end in the build tool's output.",
                       missing, all)});
    examine_joint(entry, map);
  }

  void examine_joint(const MapEntry& entry, const SourceMap& map) {
    std::int64_t tried = 0;
    std::int64_t apart = 0;
    std::string first;
    for_samples(map, [&](const MapPlace& to) {
      const std::string file = plain_file(map.sources()[static_cast<std::size_t>(to.source)]);
      const MapEntry* below = maps_.find(file, Layer::build);
      const auto next = below == nullptr ? nullptr : open_(*below);
      if (!next) return;
      ++tried;
      if (to.line < next->lines()) return;
      if (apart++ == 0) first = words_of({file, to.line + 1, to.column + 1});
    });
    if (apart > 0)
      add({Level::problem, "layers_apart", entry.file, entry.layer, apart, tried, first,
           fmt::format(
               "{} of {} places lie behind the end of the build tool's output as its map has it: the two layers "
               "are of different builds.",
               apart, tried)});
  }

  template <class Use>
  static void for_samples(const SourceMap& map, Use use) {
    std::size_t all = 0;
    for (std::int32_t i = 0; i < map.lines(); ++i) all += static_cast<std::size_t>(map.line(i).end - map.line(i).begin);
    const std::size_t each = all / samples_of_map + 1;
    std::size_t number = 0;
    for (std::int32_t i = 0; i < map.lines(); ++i)
      for (const auto& segment : std::ranges::subrange(map.line(i).begin, map.line(i).end))
        if (number++ % each == 0 && segment.to.source >= 0) use(segment.to);
  }

  // A map of the build tool that no merged file leads to, while there are merged files.
  void examine_use(const MapEntry& entry) {
    bool merged = false;
    for (const MapEntry& other : maps_.entries()) {
      if (other.layer != Layer::wechat) continue;
      merged = true;
      const auto map = open_(other);
      const bool used = map && std::ranges::any_of(map->sources(), [&](const std::string& source) {
                          return maps_.find(plain_file(source), Layer::build) == &entry;
                        });
      if (used) return;
    }
    if (merged)
      add({Level::warning, "unused", entry.file, entry.layer, 0, 0, "",
           "No file that WeChat merged comes from the file of this map."});
  }

  const MapSet& maps_;
  const OpenMap& open_;
  Report report_;
};

}  // namespace

std::string_view to_string(Finding::Level level) {
  return level == Level::ok ? "ok" : level == Level::warning ? "warning" : "problem";
}

Report examine(const MapSet& maps, const OpenMap& open, const std::set<SeenPosition>& seen) {
  return Doctor(maps, open).examine(seen);
}

}  // namespace miniops::issues
