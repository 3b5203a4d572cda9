// The bytes of a segment. Private to storage/spool. Pure.
//
//   0      segment header
//   4096   the same again, in another sector: a bad one does not cost the segment
//   4144   frames, one behind the other: header and payload; the last is an end frame when the segment was closed in
//          order
//
// All numbers are little-endian. Every segment draws a random marker and each of its frames begins with it. Behind a
// damaged header the next frame is found by searching for the marker; since no sender knows it, no sender can put bytes
// into a block that would then be taken for a block.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace miniops::spool {

inline constexpr std::uint32_t format_version = 1;

struct SegmentHeader {
  std::uint32_t version = format_version;  // another one's frames are not known
  std::int64_t number = 0;
  TimeMs created_at = 0;
  std::uint64_t marker = 0;
  // How far the segment before this one was durable, for its own last frames may be what is damaged. 0 when the writer
  // does not know: it crashed, and this is another process.
  std::int64_t previous_end = 0;
};

inline constexpr std::size_t segment_header_bytes = 48;
inline constexpr std::int64_t second_copy = 4096;
inline constexpr std::int64_t first_frame = second_copy + std::int64_t{segment_header_bytes};

// What stands before the first frame: both copies.
std::string encode(const SegmentHeader& header);
// One copy; nullopt when it is damaged or none.
std::optional<SegmentHeader> decode_segment_header(std::string_view bytes);

struct Frame {
  enum class Kind : std::uint32_t { block = 1, end = 2 };
  Kind kind = Kind::block;
  std::uint32_t length = 0;    // of the payload
  std::uint32_t checksum = 0;  // of the payload
  TimeMs appended_at = 0;
  std::int64_t at = 0;  // where it stands itself: disks have put sectors into wrong places
  // Where the group of this frame begins. Groups are written one after the other, each when the one before is synced:
  // all before this place was durable when the frame was written, so what is not there now was damaged.
  std::int64_t group = 0;
};

inline constexpr std::size_t frame_bytes = 48;

// A frame and all behind it, as positions are counted.
inline std::int64_t size_of(const Frame& frame) { return std::int64_t{frame_bytes} + frame.length; }

void append_frame(std::string& out, std::uint64_t marker, const Frame& frame);
// nullopt when the header is not one of this segment at this place, or damaged.
std::optional<Frame> decode_frame(std::string_view bytes, std::uint64_t marker, std::int64_t at);
// As it stands in the file.
std::string marker_bytes(std::uint64_t marker);

}  // namespace miniops::spool
