// Reads across segments. Private to storage/spool. One thread: the loader's.
#pragma once

#include "storage/spool/catalogue.hpp"
#include "storage/spool/segment_reader.hpp"

namespace miniops::spool {

class Reader {
 public:
  Reader(Disk& disk, std::filesystem::path folder, Catalogue& catalogue)
      : disk_(disk), folder_(std::move(folder)), catalogue_(catalogue) {}

  Reading read(Position from, std::size_t bytes_max);

 private:
  std::optional<Extent> advance(Reading& out) const;
  bool enter(const Extent& extent, Reading& out);

  Disk& disk_;
  const std::filesystem::path folder_;
  Catalogue& catalogue_;
  std::unique_ptr<SegmentReader> segment_;
  std::int64_t left_at_ = 0;  // where the last reading of segment_ ended
};

}  // namespace miniops::spool
