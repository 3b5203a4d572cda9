// The spool: what was acknowledged and is not yet in the event store, in segments on disk.
//
// A block is what one request brought; it is written whole, with a checksum, and read back whole or not at all. Blocks
// are synced in groups: append() is answered when its block is durable. One reader (the loader) follows behind.
// Segments that were read are kept for a day, so that the event store can be rebuilt that far.
#pragma once

#include <cstdint>
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
  std::int64_t group_bytes = 1 << 20;        // of the blocks that wait, as many are written and synced together
  std::int64_t queue_bytes_max = 256 << 20;  // what may wait for the disk; beyond it appends fail
  std::int64_t segment_bytes = 64 << 20;     // then the next segment begins
  std::size_t block_bytes_max = 8 << 20;
  std::int64_t unread_bytes_max = 4LL << 30;  // what waits for the loader; beyond it appends fail
  std::int64_t kept_bytes_max = 8LL << 30;    // of all segments: the oldest that were read go first
  TimeMs kept_ms = day_ms;                    // segments that were read
};

struct Block {
  Position at;
  Position next;  // where the following block begins
  TimeMs appended_at = 0;
  std::string bytes;
};

// A stretch of a segment that does not hold what was written there:
//   "checksum"    it holds something else
//   "unreadable"  the disk does not give it, or the segment's beginning is gone and nothing in it can be told apart
//   "missing"     `segments` whole ones are not there, beginning with `segment`
//   "torn"        it lies in the last group before a crash, which was being written: as far as can be known, nothing
//                 that was acknowledged is lost
struct Damage {
  std::int64_t segment = 0;
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::string what;
  std::int64_t segments = 1;
};

struct Reading {
  std::vector<Block> blocks;
  std::vector<Damage> damage;  // between or before the blocks
  Position next;               // where to go on
  // When not empty: the blocks are good, but from `next` on the disk gives nothing for now (too many open files, the
  // disk gone). Ask again in a while. (A place that cannot be read, with frames behind it that can, is damage instead.)
  std::string problem;
};

struct Figures {
  std::int64_t segments = 0;
  std::int64_t bytes = 0;         // of all segments
  std::int64_t unread_bytes = 0;  // behind the position that was last given to release(); all before the first time
  std::int64_t appended_blocks = 0;
  std::int64_t syncs = 0;
  bool writable = true;
  std::string problem;  // for a person, when not writable
};

// append() from any thread; read(), wait(), release() and drop_read() from the loader's thread.
class Spool {
 public:
  // Opens the folder (made when missing), which no other process uses. A block that the power cut in two at the end of
  // the last segment was never acknowledged and is not damage. Never writes into a segment of an earlier process. Fails
  // with storage.spool_unusable. The disk and the clock must outlive the spool.
  static Result<std::unique_ptr<Spool>> open(Disk& disk, std::filesystem::path folder, const Clock& clock,
                                             Options options = {});
  virtual ~Spool() = default;  // syncs what is queued first

  // Answered when the block is on the disk; the coroutine is resumed on its own executor. Cannot be cancelled. Fails
  // with storage.spool_full (the bound, or the disk), storage.spool_unavailable (it cannot be written or synced:
  // nothing of that group is acknowledged, and the next goes to a new segment; or more waits than the disk keeps up
  // with) and storage.spool_block_too_large. A block whose append failed may still be read: its sender tries again, and
  // the loader must recognise it.
  virtual Task<Result<Position>> append(std::string block) = 0;
  virtual Result<Position> append_blocking(std::string block) = 0;

  // Durable blocks from `from` on, about `bytes_max` of them and of damage (one at least, when there is one), across
  // segments. Reading.next can be beyond `from` when there is neither: behind the torn tail of a crash. The same is
  // read again from the same position.
  virtual Reading read(Position from, std::size_t bytes_max) = 0;
  // Until there is something to read behind `from`, for at most `for_ms`; true if there is (or only a tail, see above).
  virtual bool wait(Position from, int for_ms) = 0;
  // All before `loaded` is stored elsewhere: segments that lie wholly before it may go when they are old enough. Say it
  // before the first append too: a folder that was emptied or restored then goes on behind that number, where the
  // loader looks. On a full disk what was read goes at once.
  virtual void release(Position loaded) = 0;
  // Whatever their age, segments that were read go now; how many. What is appended after it lies in a new segment, so
  // that all before can go as soon as a block of that one was read: a person's records must not stay for a day.
  virtual std::int64_t drop_read() = 0;
  // The beginning of the oldest segment that is still there; {0, 0} when none is.
  virtual Position oldest() const = 0;
  virtual Figures figures() const = 0;
  // Wakes wait() for good.
  virtual void stop() = 0;
};

}  // namespace miniops::spool
