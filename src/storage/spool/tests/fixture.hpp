// What the spool's tests share: a spool on a disk in memory, with small segments.
#pragma once

#include <gtest/gtest.h>

#include <stdexcept>

#include "storage/spool/checksum.hpp"
#include "storage/spool/format.hpp"
#include "storage/spool/segment_file.hpp"
#include "storage/spool/spool.hpp"
#include "storage/testing/powercut_spool_disk.hpp"

namespace miniops::spool {

// For the failure messages of gtest.
inline void PrintTo(const Position& at, std::ostream* out) { *out << at.segment << ":" << at.offset; }
inline void PrintTo(const Damage& damage, std::ostream* out) {
  *out << damage.what << " in " << damage.segment << " from " << damage.from << " to " << damage.to << " ("
       << damage.segments << ")";
}
inline bool operator==(const Damage& a, const Damage& b) {
  return a.segment == b.segment && a.from == b.from && a.to == b.to && a.what == b.what && a.segments == b.segments;
}

using Texts = std::vector<std::string>;

inline Texts texts(const Reading& reading) {
  Texts out;
  for (const Block& block : reading.blocks) out.push_back(block.bytes);
  return out;
}

// A segment as a writer that crashed may have left it.
class SegmentBuilder {
 public:
  explicit SegmentBuilder(std::int64_t number, std::uint32_t version = format_version)
      : bytes_(encode(SegmentHeader{version, number, 0, marker, 0})) {}
  // The blocks that follow were written together.
  SegmentBuilder& group() {
    group_ = size();
    return *this;
  }
  SegmentBuilder& block(const std::string& payload) {
    const auto length = static_cast<std::uint32_t>(payload.size());
    append_frame(bytes_, marker, {Frame::Kind::block, length, crc32c(payload), 0, size(), group_});
    bytes_ += payload;
    return *this;
  }
  SegmentBuilder& end() {
    append_frame(bytes_, marker, {Frame::Kind::end, 0, 0, 0, size(), size()});
    return *this;
  }
  std::int64_t size() const { return static_cast<std::int64_t>(bytes_.size()); }
  std::string& bytes() { return bytes_; }

 private:
  static constexpr std::uint64_t marker = 0x5ca1ab1e0ddba115;
  std::string bytes_;
  std::int64_t group_ = first_frame;
};

inline std::string code_of(const Result<Position>& result) { return result ? "" : result.error().code; }

class SpoolTest : public testing::Test {
 protected:
  static inline const std::filesystem::path folder = "data/spool";
  static std::filesystem::path file(std::int64_t number) { return folder / segment_name(number); }

  // Throws when it cannot be opened.
  void open() {
    spool_.reset();
    auto opened = Spool::open(disk_, folder, clock_, options_);
    if (!opened) throw std::runtime_error(opened.error().message);
    spool_ = std::move(*opened);
  }
  void close() { spool_.reset(); }
  // No end is written, and what was not synced is lost or not.
  void crash() {
    disk_.cut();
    spool_.reset();
    disk_.power_on();
  }

  Position append(const std::string& block) {
    auto appended = spool_->append_blocking(block);
    if (!appended) throw std::runtime_error(appended.error().message);
    return *appended;
  }

  // Everything from `from` on, in small portions, as the loader reads.
  Reading read_all(Position from = {}) {
    Reading all;
    all.next = from;
    while (spool_->wait(all.next, 0) && all.problem.empty()) {
      Reading part = spool_->read(all.next, 100);
      std::ranges::move(part.blocks, std::back_inserter(all.blocks));
      std::ranges::move(part.damage, std::back_inserter(all.damage));
      if (part.problem.empty() && part.next <= all.next) throw std::runtime_error("reading makes no progress");
      all.next = part.next;
      all.problem = part.problem;
    }
    return all;
  }

  PowercutSpoolDisk disk_{1};
  ManualClock clock_;
  Options options_;
  std::unique_ptr<Spool> spool_;
};

}  // namespace miniops::spool
