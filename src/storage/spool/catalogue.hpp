// Which segments there are, how far each may be read, and which of them may go. Knows no disk. Private to
// storage/spool. Safe from any thread: the writer adds, the loader reads and releases.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>

#include "storage/spool/segment_file.hpp"
#include "storage/spool/spool.hpp"

namespace miniops::spool {

// A stretch that may be read: from the first frame of a segment to `end`.
struct Extent {
  std::int64_t number = 0;
  std::int64_t end = 0;
  std::int64_t durable = 0;  // all before was durable; otherwise the frames themselves tell
  bool newest = false;       // more may come, here or in a new segment
};

class Catalogue {
 public:
  explicit Catalogue(const Options& options) : options_(options) {}

  // ---- what is found when the spool is opened; in order ----
  void found(const FoundSegment& segment, TimeMs now);

  // ---- the writer ----
  std::int64_t next_number() const;
  // 0 when that is not known.
  std::int64_t durable_end(std::int64_t number) const;
  void begin(std::int64_t number, TimeMs now, std::int64_t end);
  // Wakes the reader.
  void grow(std::int64_t number, std::int64_t end);
  // The file has this size; what lies behind its end takes room, but is not read.
  void abandon(std::int64_t number, std::int64_t bytes);
  // As if it had never begun: it is gone, and no block was ever durable in it. Its number is free again.
  void undo(std::int64_t number);
  // False when its file is gone, or the loader believes its number read (see release).
  bool writable(std::int64_t number) const;
  bool has_room(std::int64_t bytes) const;

  // ---- the reader ----
  std::optional<Extent> at_or_after(std::int64_t number) const;
  Position oldest() const;
  bool wait(Position from, int for_ms);
  void stop();

  // ---- retention ----
  void release(Position loaded);
  // The next group begins a new segment.
  void turn();
  // The oldest one, if it is read and too old or one too many.
  std::optional<std::int64_t> expired(TimeMs now) const;
  // The oldest one, if it is read.
  std::optional<std::int64_t> dispensable() const;
  void forget(std::int64_t number);

  struct Totals {
    std::int64_t segments = 0;
    std::int64_t bytes = 0;
    std::int64_t unread_bytes = 0;
  };
  Totals totals() const;

 private:
  struct Segment {
    TimeMs created_at = 0;
    std::int64_t end = 0;
    std::int64_t durable = 0;
    std::int64_t bytes = 0;  // of the file
  };
  using Segments = std::map<std::int64_t, Segment>;

  std::int64_t unread(std::int64_t number, const Segment& segment) const;
  void count(const Segments::value_type& segment, int sign);
  void erase(std::int64_t number);
  bool readable(Position from) const;
  bool is_read(Segments::const_iterator segment) const;

  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable grown_;
  Segments segments_;
  std::int64_t newest_ = 0;    // the highest number so far; its segment may be gone
  std::int64_t believed_ = 0;  // up to here nothing more is written: see release() and turn()
  std::optional<Position> loaded_;
  std::int64_t bytes_ = 0;
  std::int64_t unread_bytes_ = 0;
  bool stopped_ = false;
};

}  // namespace miniops::spool
