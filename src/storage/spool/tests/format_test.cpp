// The bytes of a segment, and their checksum.
#include "storage/spool/format.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "storage/spool/checksum.hpp"
#include "storage/spool/segment_file.hpp"

namespace miniops::spool {

namespace {

TEST(Checksum, IsCrc32c) {
  struct Case {
    std::string bytes;
    std::uint32_t crc;
  };
  std::string rising;
  for (int i = 0; i < 32; ++i) rising.push_back(static_cast<char>(i));
  const Case cases[] = {
      {"", 0},
      {"123456789", 0xe3069283},
      {std::string(32, '\0'), 0x8a9136aa},
      {std::string(32, '\xff'), 0x62a8ab43},
      {rising, 0x46dd794e},  // these three: RFC 3720, B.4
  };
  for (const Case& one : cases) {
    EXPECT_EQ(crc32c(one.bytes), one.crc) << one.bytes.size();
    EXPECT_EQ(crc32c_in_software(one.bytes), one.crc) << one.bytes.size();
  }
}

TEST(Checksum, IsTheSameInHardwareAndInParts) {
  SeededRandom random(1);
  for (std::size_t size = 0; size < 100; ++size) {
    const std::string bytes = random.bytes(size);
    EXPECT_EQ(crc32c(bytes), crc32c_in_software(bytes));
    const std::size_t half = size / 2;
    EXPECT_EQ(crc32c(bytes.substr(half), crc32c(bytes.substr(0, half))), crc32c(bytes));
  }
}

TEST(SegmentHeader, IsReadFromEitherCopyAndOnlyWhole) {
  const SegmentHeader header{format_version, 7, 1763701200123, 0xfedcba9876543210, 123456};
  const std::string bytes = encode(header);
  ASSERT_EQ(bytes.size(), static_cast<std::size_t>(first_frame));
  for (const std::size_t at : {std::size_t{0}, static_cast<std::size_t>(second_copy)}) {
    const std::string copy = bytes.substr(at, segment_header_bytes);
    const auto read = decode_segment_header(copy);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->version, header.version);
    EXPECT_EQ(read->number, header.number);
    EXPECT_EQ(read->created_at, header.created_at);
    EXPECT_EQ(read->marker, header.marker);
    EXPECT_EQ(read->previous_end, header.previous_end);
    for (std::size_t i = 0; i < copy.size(); ++i) {
      std::string flipped = copy;
      flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
      EXPECT_FALSE(decode_segment_header(flipped)) << i;
      EXPECT_FALSE(decode_segment_header(copy.substr(0, i))) << i;
    }
  }
}

TEST(Frame, IsReadOnlyWholeAndOnlyInItsSegment) {
  const Frame frame{Frame::Kind::block, 1234, 0xdeadbeef, 1763701200123, 5000, 4136};
  std::string bytes = "before";
  append_frame(bytes, 42, frame);
  bytes.erase(0, 6);
  ASSERT_EQ(bytes.size(), frame_bytes);
  EXPECT_TRUE(bytes.starts_with(marker_bytes(42)));
  const auto read = decode_frame(bytes + "payload", 42, 5000);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, frame.kind);
  EXPECT_EQ(read->length, frame.length);
  EXPECT_EQ(read->checksum, frame.checksum);
  EXPECT_EQ(read->appended_at, frame.appended_at);
  EXPECT_EQ(read->at, frame.at);
  EXPECT_EQ(read->group, frame.group);
  EXPECT_FALSE(decode_frame(bytes, 43, 5000)) << "of another segment";
  EXPECT_FALSE(decode_frame(bytes, 42, 5001)) << "at another place";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string flipped = bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    EXPECT_FALSE(decode_frame(flipped, 42, 5000)) << i;
    EXPECT_FALSE(decode_frame(bytes.substr(0, i), 42, 5000)) << i;
  }
}

TEST(SegmentName, HoldsItsNumber) {
  EXPECT_EQ(segment_name(7), "0000000000000007.spool");
  EXPECT_EQ(number_of_segment(segment_name(segment_number_max)), segment_number_max);
  for (const char* name : {"", ".spool", "7.spool", "000000000000007.spool", "00000000000000007.spool",
                           "0000000000000000.spool", "000000000000000a.spool", "-000000000000007.spool",
                           "0000000000000007.spool~", "0000000000000007.SPOOL", "0000000000000007"})
    EXPECT_FALSE(number_of_segment(name)) << name;
}

}  // namespace

}  // namespace miniops::spool
