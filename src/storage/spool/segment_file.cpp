#include "storage/spool/segment_file.hpp"

namespace miniops::spool {

namespace {

constexpr std::size_t digits = 16;
constexpr std::string_view ending = ".spool";

std::unexpected<Error> unusable(const std::filesystem::path& path, std::string_view why) {
  return fail(ErrorKind::unavailable, "storage.spool_unusable", fmt::format("{}: {}", path.string(), why));
}

bool ends_in_order(File& file, std::int64_t size, std::uint64_t marker) {
  const std::int64_t at = size - std::int64_t{frame_bytes};
  if (at < first_frame) return false;
  const auto bytes = file.read(at, frame_bytes);
  const auto frame = bytes ? decode_frame(*bytes, marker, at) : std::nullopt;
  return frame && frame->kind == Frame::Kind::end;
}

}  // namespace

std::string segment_name(std::int64_t number) { return fmt::format("{:016}{}", number, ending); }

std::optional<std::int64_t> number_of_segment(std::string_view name) {
  if (name.size() != digits + ending.size() || !name.ends_with(ending)) return std::nullopt;
  std::int64_t number = 0;
  for (const char digit : name.substr(0, digits)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = number * 10 + (digit - '0');
  }
  if (number == 0) return std::nullopt;
  return number;
}

Result<bool> has_segment(Disk& disk, const std::filesystem::path& folder, std::int64_t number) {
  const auto names = disk.list(folder);
  if (!names) return std::unexpected(names.error());
  return std::ranges::find(*names, segment_name(number)) != names->end();
}

Result<std::optional<SegmentHeader>> read_segment_header(File& file, std::int64_t number) {
  std::optional<Error> problem;
  for (const std::int64_t at : {std::int64_t{0}, second_copy}) {
    const auto bytes = file.read(at, segment_header_bytes);
    if (!bytes) {
      problem = bytes.error();
      continue;
    }
    const auto header = decode_segment_header(*bytes);
    if (header && header->number == number) return header;
  }
  if (problem) return std::unexpected(*problem);
  return std::nullopt;
}

Result<std::vector<FoundSegment>> find_segments(Disk& disk, const std::filesystem::path& folder) {
  const auto names = disk.list(folder);
  if (!names) return unusable(folder, names.error().message);
  std::vector<FoundSegment> found;
  for (const std::string& name : *names) {
    const auto number = number_of_segment(name);
    if (!number) continue;  // not ours
    if (*number == segment_number_max) return unusable(folder / name, "there is no number behind this one; remove it");
    const auto file = disk.open(folder / name);
    if (!file) return unusable(folder / name, file.error().message);
    const auto bytes = (*file)->size();
    if (!bytes) return unusable(folder / name, bytes.error().message);
    FoundSegment segment{*number, *bytes, {}, 0, false};
    // A disk that does not give the header is told when the segment is read.
    const auto header = read_segment_header(**file, *number);
    if (header && *header) {
      if ((*header)->version != format_version)
        return unusable(folder / name, "written by a newer MiniOps; start that one");
      segment.created_at = (*header)->created_at;
      segment.previous_end = (*header)->previous_end;
      segment.ended = ends_in_order(**file, *bytes, (*header)->marker);
    }
    found.push_back(segment);
  }
  std::ranges::sort(found, {}, &FoundSegment::number);
  return found;
}

}  // namespace miniops::spool
