#include "storage/spool/format.hpp"

#include "storage/spool/checksum.hpp"

namespace miniops::spool {

namespace {

constexpr std::string_view magic = "MOSPOOL\n";
// Both headers hold the checksum of all their other bytes here, and will in every version of the format.
constexpr std::size_t segment_checksum_at = 12;
constexpr std::size_t frame_checksum_at = 8;

template <class Number>
void put(std::string& out, Number number) {
  auto bits = static_cast<std::make_unsigned_t<Number>>(number);
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    out.push_back(static_cast<char>(bits & 0xff));
    if constexpr (sizeof(Number) > 1) bits >>= 8;
  }
}

template <class Number>
Number take(std::string_view bytes, std::size_t at) {
  std::make_unsigned_t<Number> bits = 0;
  for (std::size_t i = sizeof(Number); i > 0; --i) {
    bits <<= 8;
    bits |= static_cast<unsigned char>(bytes[at + i - 1]);
  }
  return static_cast<Number>(bits);
}

std::uint32_t checksum_around(std::string_view header, std::size_t at) {
  return crc32c(header.substr(at + 4), crc32c(header.substr(0, at)));
}

// `header` was put with a zero in the place of its checksum.
void seal(std::string& out, std::size_t begin, std::size_t at) {
  std::string sum;
  put(sum, checksum_around(std::string_view(out).substr(begin), at));
  out.replace(begin + at, sum.size(), sum);
}

bool sealed(std::string_view header, std::size_t at) {
  return take<std::uint32_t>(header, at) == checksum_around(header, at);
}

}  // namespace

std::string encode(const SegmentHeader& header) {
  std::string out(magic);
  put(out, header.version);
  put(out, std::uint32_t{0});
  put(out, header.number);
  put(out, header.created_at);
  put(out, header.marker);
  put(out, header.previous_end);
  seal(out, 0, segment_checksum_at);
  const std::string copy = out;
  out.resize(second_copy, '\0');
  return out + copy;
}

std::optional<SegmentHeader> decode_segment_header(std::string_view bytes) {
  if (bytes.size() < segment_header_bytes) return std::nullopt;
  bytes = bytes.substr(0, segment_header_bytes);
  if (!bytes.starts_with(magic) || !sealed(bytes, segment_checksum_at)) return std::nullopt;
  SegmentHeader header;
  header.version = take<std::uint32_t>(bytes, 8);
  header.number = take<std::int64_t>(bytes, 16);
  header.created_at = take<TimeMs>(bytes, 24);
  header.marker = take<std::uint64_t>(bytes, 32);
  header.previous_end = take<std::int64_t>(bytes, 40);
  return header;
}

void append_frame(std::string& out, std::uint64_t marker, const Frame& frame) {
  const std::size_t begin = out.size();
  put(out, marker);
  put(out, std::uint32_t{0});
  put(out, frame.length);
  put(out, frame.checksum);
  put(out, static_cast<std::uint32_t>(frame.kind));
  put(out, frame.appended_at);
  put(out, frame.at);
  put(out, frame.group);
  seal(out, begin, frame_checksum_at);
}

std::optional<Frame> decode_frame(std::string_view bytes, std::uint64_t marker, std::int64_t at) {
  if (bytes.size() < frame_bytes) return std::nullopt;
  bytes = bytes.substr(0, frame_bytes);
  if (take<std::uint64_t>(bytes, 0) != marker || !sealed(bytes, frame_checksum_at)) return std::nullopt;
  Frame frame;
  frame.length = take<std::uint32_t>(bytes, 12);
  frame.checksum = take<std::uint32_t>(bytes, 16);
  const auto kind = take<std::uint32_t>(bytes, 20);
  if (kind != static_cast<std::uint32_t>(Frame::Kind::block) && kind != static_cast<std::uint32_t>(Frame::Kind::end))
    return std::nullopt;
  frame.kind = static_cast<Frame::Kind>(kind);
  frame.appended_at = take<TimeMs>(bytes, 24);
  frame.at = take<std::int64_t>(bytes, 32);
  frame.group = take<std::int64_t>(bytes, 40);
  if (frame.at != at || frame.group > at) return std::nullopt;
  return frame;
}

std::string marker_bytes(std::uint64_t marker) {
  std::string out;
  put(out, marker);
  return out;
}

}  // namespace miniops::spool
