// The spool: what was acknowledged and is not yet in the event store, in segments on disk.
//
// A block is what one request brought; it is written whole, with a checksum, and read back whole or not at all. Blocks
// are synced in groups: append() is answered when its block is durable. One reader (the loader) follows behind. Segments
// that were read are kept for a day, so that the event store can be rebuilt that far.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/task.hpp"
#include "storage/spool/disk.hpp"

namespace miniops::spool {

// Where a block begins. Segments are numbered 1, 2, … and never reused; {0, 0} is before all.
struct Position {
  std::int64_t segment = 0;
  std::int64_t offset = 0;
  auto operator<=>(const Position&) const = default;
};

struct Options {
  std::size_t group_bytes = 256 << 10;       // a group is synced at this size …
  int group_ms = 5;                          // … or this age, whichever comes first
  std::int64_t segment_bytes = 64 << 20;     // then the next segment begins
  std::size_t block_bytes_max = 8 << 20;
  std::int64_t unread_bytes_max = 4LL << 30; // what waits for the loader; beyond it appends fail with spool.full
  std::int64_t kept_bytes_max = 8LL << 30;   // of all segments: the oldest that were read go first
  TimeMs kept_ms = day_ms;                   // segments that were read
};

struct Block {
  Position at;
  Position next;            // where the following block begins
  TimeMs appended_at = 0;
  std::string bytes;
};

// A stretch of a segment that does not hold what was written there.
struct Damage {
  std::int64_t segment = 0;
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::string what;         // "checksum" "unreadable" "missing"
};

struct Reading {
  std::vector<Block> blocks;
  std::vector<Damage> damage;  // between or before the blocks
  Position next;               // where to go on
};

struct Figures {
  std::int64_t segments = 0;
  std::int64_t bytes = 0;           // of all segments
  std::int64_t unread_bytes = 0;    // behind the position that was last given to release()
  std::int64_t appended_blocks = 0;
  std::int64_t syncs = 0;
  bool writable = true;
  std::string problem;              // for a person, when not writable
};

// append() from any thread; read(), wait() and release() from the loader's thread.
class Spool {
 public:
  // Opens the folder (made when missing). A block that the power cut in two at the end of the last segment was never
  // acknowledged and is not damage. Never writes into a segment of an earlier process. Fails with spool.unusable.
  static Result<std::unique_ptr<Spool>> open(Disk& disk, std::filesystem::path folder, const Clock& clock,
                                             Options options = {});
  virtual ~Spool() = default;  // syncs what is queued first

  // Answered when the block is on the disk. Fails with spool.full (the bound, or the disk), spool.unavailable (it
  // cannot be written or synced: nothing of that group is acknowledged, and the next goes to a new segment) and
  // spool.too_large. A block whose append failed may still be read: its sender tries again, and the loader must
  // recognise it.
  virtual Task<Result<Position>> append(std::string block) = 0;
  virtual Result<Position> append_blocking(std::string block) = 0;

  // Durable blocks from `from` on, about `bytes_max` of them (at least one, when there is one). Across segments.
  virtual Reading read(Position from, std::size_t bytes_max) = 0;
  // Until there is something to read behind `from`, for at most `for_ms`; true if there is.
  virtual bool wait(Position from, int for_ms) = 0;
  // All before `loaded` is stored elsewhere: segments that lie wholly before it may go when they are old enough.
  virtual void release(Position loaded) = 0;
  // The beginning of the oldest segment that is still there.
  virtual Position oldest() const = 0;
  virtual Figures figures() const = 0;
  // Wakes wait() for good.
  virtual void stop() = 0;
};

}  // namespace miniops::spool
