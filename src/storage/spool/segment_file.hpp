// The names and beginnings of segment files. Private to storage/spool.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "storage/spool/disk.hpp"
#include "storage/spool/format.hpp"

namespace miniops::spool {

// FOLDER/0000000000000007.spool
inline constexpr std::int64_t segment_number_max = 9'999'999'999'999'999;
std::string segment_name(std::int64_t number);
std::optional<std::int64_t> number_of_segment(std::string_view name);
// Fails when the folder cannot be listed.
Result<bool> has_segment(Disk& disk, const std::filesystem::path& folder, std::int64_t number);

// The header from whichever copy is whole and of this number; nullopt when both are damaged. Fails when the disk does
// not give a copy that might be whole.
Result<std::optional<SegmentHeader>> read_segment_header(File& file, std::int64_t number);

struct FoundSegment {
  std::int64_t number = 0;
  std::int64_t bytes = 0;
  std::optional<TimeMs> created_at;  // not when its header is damaged
  std::int64_t previous_end = 0;     // as in its header
  bool ended = false;                // an end frame is the last that is in it
};
// What lies in the folder, in order. Fails with storage.spool_unusable.
Result<std::vector<FoundSegment>> find_segments(Disk& disk, const std::filesystem::path& folder);

}  // namespace miniops::spool
