// Writes groups of blocks into the open segment. Private to storage/spool. One thread.
//
// A segment in which a write or a sync failed is abandoned, since an fsync that failed says nothing about later ones:
// what was synced before stays, the rest was never acknowledged, and the next group begins a new segment.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "storage/spool/catalogue.hpp"
#include "storage/spool/disk.hpp"
#include "storage/spool/spool.hpp"

namespace miniops::spool {

// A block that waits to be written.
struct Pending {
  std::string block;
  std::uint32_t checksum = 0;
  TimeMs appended_at = 0;
  std::move_only_function<void(Result<Position>)> done;

  std::int64_t bytes() const { return static_cast<std::int64_t>(block.size() + frame_bytes); }
};

class Writer {
 public:
  Writer(Disk& disk, std::filesystem::path folder, const Clock& clock, const Options& options, Catalogue& catalogue)
      : disk_(disk), folder_(std::move(folder)), clock_(clock), options_(options), catalogue_(catalogue) {}

  // Where the blocks begin, when all are durable; with an error none of them counts as written. Answers nobody.
  Result<std::vector<Position>> write(const std::vector<Pending>& group);
  // Closes the open segment in order.
  void finish();

 private:
  Result<void> prepare();
  Result<void> begin();
  Result<void> store(std::string_view bytes);
  void abandon();
  void take_back(std::int64_t number);

  Disk& disk_;
  const std::filesystem::path folder_;
  const Clock& clock_;
  const Options options_;
  Catalogue& catalogue_;
  SystemRandom random_;  // for markers only

  std::unique_ptr<File> file_;  // of the open segment, if one is
  SegmentHeader header_;
  std::int64_t end_ = 0;
  std::string buffer_;
};

}  // namespace miniops::spool
