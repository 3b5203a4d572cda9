#include "issues/sourcemaps/source_map.hpp"

#include <algorithm>

#include "issues/errors.hpp"
#include "issues/sourcemaps/vlq.hpp"
#include "telemetry/decode/json.hpp"

namespace miniops::issues {

namespace {

using telemetry::Fields;

// `version` may be a text in what old tools write.
Result<void> check_version(const Fields& map) {
  if (!map.is_object()) return fail(errors::bad_source_map("it is no JSON object"));
  if (map.number("version") != 3) return fail(errors::bad_source_map("its version is not 3"));
  return {};
}

std::string joined(const std::string& root, const std::string& source) {
  if (root.empty() || source.find("://") != std::string::npos || source.starts_with('/')) return source;
  return root.ends_with('/') ? root + source : root + "/" + source;
}

// Where a section begins in the whole.
struct Offset {
  std::int32_t line = 0;
  std::int32_t column = 0;
};

std::optional<std::int32_t> whole_number(const Fields& fields, std::string_view name) {
  const double number = fields.number(name).value_or(-1);
  const bool whole = number >= 0 && number <= 1e9 && number == static_cast<double>(static_cast<std::int32_t>(number));
  return whole ? std::optional(static_cast<std::int32_t>(number)) : std::nullopt;
}

}  // namespace

// Reads the one map, or the sections, into a SourceMap.
class MapReader {
 public:
  explicit MapReader(SourceMap& into) : map_(into) {}

  Result<void> whole(const Fields& root) {
    if (auto ok = check_version(root); !ok) return ok;
    map_.file_ = root.text("file");
    const auto sections = root.array("sections");
    Result<void> read = sections ? this->sections(*sections) : section(root, {});
    if (!read) return read;
    sort_lines();
    return {};
  }

 private:
  Result<void> sections(const telemetry::Array& sections) {
    std::size_t count = 0;
    for (const telemetry::Element element : sections) {
      if (++count > map_sections_max) return fail(errors::bad_source_map("it has too many sections"));
      const Fields fields(element);
      const auto line = whole_number(fields.inner("offset"), "line");
      const auto column = whole_number(fields.inner("offset"), "column");
      const Fields map = fields.inner("map");
      if (!line || !column) return fail(errors::bad_source_map("a section has no offset"));
      if (!map.is_object()) return fail(errors::bad_source_map("a section is not in the file itself"));
      if (auto ok = check_version(map); !ok) return ok;
      if (map.find("sections")) return fail(errors::bad_source_map("a section has sections itself"));
      if (*line < map_.lines() - 1) return fail(errors::bad_source_map("its sections are not in order"));
      if (auto ok = section(map, {*line, *column}); !ok) return ok;
    }
    return {};
  }

  Result<void> section(const Fields& map, Offset offset) {
    const auto sources = map.array("sources");
    const auto mappings = map.find("mappings");
    std::string_view text;
    if (!sources || !mappings || mappings->get(text) != simdjson::SUCCESS)
      return fail(errors::bad_source_map("`sources` or `mappings` are missing"));
    first_source_ = static_cast<std::int32_t>(map_.sources_.size());
    first_name_ = static_cast<std::int32_t>(map_.names_.size());
    const std::string root = map.text("sourceRoot");
    for (const telemetry::Element source : *sources) map_.sources_.push_back(joined(root, telemetry::text_of(source)));
    map_.contents_.resize(map_.sources_.size());
    if (const auto contents = map.array("sourcesContent")) {
      std::size_t at = static_cast<std::size_t>(first_source_);
      for (const telemetry::Element content : *contents) {
        std::string_view given;
        if (at < map_.contents_.size() && content.get(given) == simdjson::SUCCESS)
          map_.contents_[at] = std::string(given);
        ++at;
      }
    }
    if (const auto names = map.array("names"))
      for (const telemetry::Element name : *names) map_.names_.push_back(telemetry::text_of(name));
    return mappings_of(text, offset);
  }

  // Lines are separated by ';', mappings by ','; each number counts from the one before of its kind.
  Result<void> mappings_of(std::string_view text, Offset offset) {
    const auto first_line = static_cast<std::size_t>(offset.line);
    if (first_line + static_cast<std::size_t>(std::ranges::count(text, ';')) >= map_lines_max)
      return fail(errors::bad_source_map("it has too many lines"));
    Running at;
    at.column = offset.column;
    open_line(first_line);
    while (!text.empty()) {
      if (text.front() == ';') {
        open_line(map_.line_starts_.size());
        at.column = 0;
        text.remove_prefix(1);
      } else if (text.front() == ',') {
        text.remove_prefix(1);
      } else if (auto ok = mapping(text, at); !ok) {
        return ok;
      }
    }
    return {};
  }

  struct Running {
    std::int64_t column = 0, source = 0, line = 0, original_column = 0, name = 0;
  };

  // One, four or five numbers.
  Result<void> mapping(std::string_view& text, Running& at) {
    std::array<std::int64_t, 5> numbers{};
    std::size_t count = 0;
    while (!text.empty() && text.front() != ',' && text.front() != ';') {
      const auto number = count < numbers.size() ? take_vlq(text) : std::nullopt;
      if (!number) return wrong("is malformed");
      numbers[count++] = *number;
    }
    if (count != 1 && count != 4 && count != 5) return wrong("has a wrong number of fields");
    if (map_.segments_.size() >= map_segments_max) return fail(errors::bad_source_map("it has too many mappings"));
    at.column += numbers[0];
    if (at.column < 0 || at.column > INT32_MAX) return wrong("lies outside of its line");
    SourceMap::Segment segment{static_cast<std::int32_t>(at.column), {-1}};
    if (count >= 4) {
      at.source += numbers[1];
      at.line += numbers[2];
      at.original_column += numbers[3];
      if (count == 5) at.name += numbers[4];
      if (auto ok = point(at, count == 5, segment.to); !ok) return ok;
    }
    map_.segments_.push_back(segment);
    return {};
  }

  Result<void> point(const Running& at, bool named, MapPlace& to) {
    const auto sources = static_cast<std::int64_t>(map_.sources_.size()) - first_source_;
    const auto names = static_cast<std::int64_t>(map_.names_.size()) - first_name_;
    if (at.source < 0 || at.source >= sources) return wrong("names a source that is not there");
    if (at.line < 0 || at.line > INT32_MAX || at.original_column < 0 || at.original_column > INT32_MAX)
      return wrong("leads outside of its source");
    if (named && (at.name < 0 || at.name >= names)) return wrong("names a name that is not there");
    to = {first_source_ + static_cast<std::int32_t>(at.source), static_cast<std::int32_t>(at.line),
          static_cast<std::int32_t>(at.original_column), named ? first_name_ + static_cast<std::int32_t>(at.name) : -1};
    return {};
  }

  std::unexpected<Error> wrong(std::string_view how) const {
    return fail(errors::bad_source_map(fmt::format("a mapping of line {} {}", map_.line_starts_.size(), how)));
  }

  // Up to that line, which may be the last one again: a section can begin in its middle.
  void open_line(std::size_t number) {
    while (map_.line_starts_.size() <= number)
      map_.line_starts_.push_back(static_cast<std::uint32_t>(map_.segments_.size()));
  }

  // They should be in order; some tools write them otherwise.
  void sort_lines() {
    const auto order = [](const SourceMap::Segment& one) {
      return std::tuple(one.column, one.to.source, one.to.line, one.to.column);
    };
    for (std::int32_t i = 0; i < map_.lines(); ++i) {
      const auto [begin, end] = map_.line(i);
      if (std::ranges::is_sorted(begin, end, {}, &SourceMap::Segment::column)) continue;
      const auto first = map_.segments_.begin() + (begin - map_.segments_.data());
      std::ranges::sort(first, first + (end - begin), {}, order);
    }
    map_.segments_.shrink_to_fit();
  }

  SourceMap& map_;
  std::int32_t first_source_ = 0, first_name_ = 0;
};

Result<SourceMap> SourceMap::parse(std::string_view json) {
  if (json.size() > map_bytes_max) return fail(errors::bad_source_map("it is larger than 64 MiB"));
  // Servers put this in front, against inclusion as a script.
  if (json.starts_with(")]}'")) json.remove_prefix(std::min(json.find('\n'), json.size()));
  telemetry::Json parser;
  const auto root = parser.read(json);
  if (!root) return fail(errors::bad_source_map("it is no JSON"));
  SourceMap map;
  MapReader reader(map);
  if (auto ok = reader.whole(Fields(*root)); !ok) return std::unexpected(ok.error());
  return map;
}

SourceMap::Line SourceMap::line(std::int32_t number) const {
  const auto index = static_cast<std::size_t>(number);
  const std::size_t end = index + 1 < line_starts_.size() ? line_starts_[index + 1] : segments_.size();
  return {segments_.data() + line_starts_[index], segments_.data() + end};
}

std::optional<MapPlace> SourceMap::look_up(std::int32_t number, std::int32_t column) const {
  if (number < 0 || number >= lines()) return std::nullopt;
  const auto [begin, end] = line(number);
  const Segment* behind = std::ranges::upper_bound(begin, end, column, {}, &Segment::column);
  if (behind == begin || (behind - 1)->to.source < 0) return std::nullopt;
  return (behind - 1)->to;
}

std::optional<std::string_view> SourceMap::content(std::int32_t source) const {
  const auto index = static_cast<std::size_t>(source);
  if (source < 0 || index >= contents_.size() || !contents_[index]) return std::nullopt;
  return *contents_[index];
}

std::size_t SourceMap::memory_bytes() const {
  std::size_t bytes = sizeof *this + segments_.capacity() * sizeof(Segment) + line_starts_.capacity() * 4;
  for (const std::string& text : sources_) bytes += sizeof text + text.size();
  for (const std::string& text : names_) bytes += sizeof text + text.size();
  for (const auto& text : contents_) bytes += sizeof text + (text ? text->size() : 0);
  return bytes;
}

SourceLines lines_around(std::string_view text, int line, int around) {
  SourceLines out;
  out.first = std::max(line - around, 1);
  int number = 1;
  for (std::size_t at = 0; at <= text.size() && number <= line + around; ++number) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view one = text.substr(at, end - at);
    if (one.ends_with('\r')) one.remove_suffix(1);
    if (number >= out.first) out.lines.emplace_back(one);
    at = end + 1;
  }
  // A line that the text does not have has nothing around it.
  if (number <= line) out.lines.clear();
  return out;
}

}  // namespace miniops::issues
