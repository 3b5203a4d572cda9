// Reads the blocks of one segment and finds its way around what is damaged. Private to storage/spool. One thread.
//
// A hole is a stretch without a whole frame. Whether something is lost in it, the frames behind it tell: each says from
// where on its group was not yet synced (format.hpp). A hole before that place was durable once: it is damage. A hole
// in the last group, with whole frames behind it, was left by a power cut in the middle of a sync: "torn", nothing that
// was acknowledged. A hole with nothing behind it is the torn tail that every crash leaves, and is not told at all.
#pragma once

#include <memory>

#include "storage/spool/catalogue.hpp"
#include "storage/spool/disk.hpp"
#include "storage/spool/format.hpp"
#include "storage/spool/spool.hpp"

namespace miniops::spool {

class SegmentReader {
 public:
  SegmentReader(std::unique_ptr<File> file, std::int64_t number) : file_(std::move(file)), number_(number) {}
  std::int64_t number() const { return number_; }

  // Adds blocks and damage from out.next on and moves it, until `bytes_max` is used up or the extent ends. False when
  // the disk gives nothing here and nothing behind: out.problem says so, and out.next stays before it.
  bool read(const Extent& extent, std::int64_t& bytes_max, Reading& out);

 private:
  bool know_header(Reading& out);
  // nullopt beyond the end, or when the disk fails; valid until the next call.
  std::optional<std::string_view> bytes(std::int64_t offset, std::int64_t size);
  std::optional<Frame> frame_at(std::int64_t offset);
  std::int64_t next_frame(std::int64_t from);
  bool step(std::int64_t& bytes_max, Reading& out);
  bool tell_hole(std::int64_t to, const char* what, Reading& out);
  void look_ahead(std::int64_t from);

  const std::unique_ptr<File> file_;
  const std::int64_t number_;
  std::optional<SegmentHeader> header_;
  std::string marker_;
  bool header_damaged_ = false;

  std::int64_t end_ = 0;      // of the extent
  bool disk_failed_ = false;  // since the beginning of the step
  std::string problem_;       // what the disk said then
  std::string window_;        // of the file, so that small frames are not read one by one
  std::int64_t window_at_ = 0;
  std::int64_t ahead_ = 0;       // looked at so far, beyond the place that is read
  std::int64_t last_frame_ = 0;  // the last whole header that was seen
  std::int64_t synced_to_ = 0;   // all before was durable once, as the frames seen so far prove
};

}  // namespace miniops::spool
