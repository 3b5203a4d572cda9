#include "storage/spool/file_spool.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <future>

#include "base/log.hpp"
#include "storage/spool/checksum.hpp"

namespace miniops::spool {

Result<std::unique_ptr<Spool>> Spool::open(Disk& disk, std::filesystem::path folder, const Clock& clock,
                                           Options options) {
  options.block_bytes_max = std::min(options.block_bytes_max, std::size_t{1} << 30);  // a frame's length has 32 bits
  if (auto made = disk.make_folder(folder); !made)
    return fail(ErrorKind::unavailable, "storage.spool_unusable", made.error().message);
  auto found = find_segments(disk, folder);
  if (!found) return std::unexpected(found.error());
  return std::make_unique<FileSpool>(disk, folder, clock, options, *found);
}

FileSpool::FileSpool(Disk& disk, const std::filesystem::path& folder, const Clock& clock, const Options& options,
                     const std::vector<FoundSegment>& found)
    : disk_(disk),
      folder_(folder),
      clock_(clock),
      options_(options),
      catalogue_(options_),
      reader_(disk, folder, catalogue_),
      writer_(disk, folder, clock, options_, catalogue_) {
  for (const FoundSegment& segment : found) catalogue_.found(segment, clock.now());
  thread_ = std::thread([this] { write_groups(); });
}

FileSpool::~FileSpool() {
  catalogue_.stop();
  queue_.close();
  thread_.join();
}

// ---- callers' threads ----

Task<Result<Position>> FileSpool::append(std::string block) {
  using Outcome = Result<Position>;
  auto initiate = [&](auto handler) {
    auto executor = boost::asio::get_associated_executor(handler);
    auto held = std::make_shared<decltype(handler)>(std::move(handler));
    // The work guard keeps the caller's io_context running until the writer has answered.
    auto guard = boost::asio::make_work_guard(executor);
    submit(std::move(block), [held, executor, guard = std::move(guard)](Outcome outcome) mutable {
      auto kept = std::make_shared<Outcome>(std::move(outcome));
      boost::asio::post(executor, [held, kept]() mutable { std::move (*held)(std::move(*kept)); });
      guard.reset();
    });
  };
  auto token = boost::asio::use_awaitable;
  auto answer = boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Outcome)>(initiate, token);
  co_return co_await std::move(answer);
}

Result<Position> FileSpool::append_blocking(std::string block) {
  std::promise<Result<Position>> promise;
  auto future = promise.get_future();
  submit(std::move(block), [&promise](Result<Position> outcome) { promise.set_value(std::move(outcome)); });
  return future.get();
}

void FileSpool::submit(std::string block, Done done) {
  if (auto admitted = admit(block.size()); !admitted) return done(std::unexpected(admitted.error()));
  Pending pending{std::move(block), 0, clock_.now(), std::move(done)};
  pending.checksum = crc32c(pending.block);  // here: the one writer has enough to do
  if (queue_.push(pending)) return;
  pending.done(fail(ErrorKind::unavailable, "storage.spool_unavailable", "the server is shutting down"));
}

Result<void> FileSpool::admit(std::size_t bytes) const {
  if (bytes > options_.block_bytes_max)
    return fail(ErrorKind::too_large, "storage.spool_block_too_large",
                fmt::format("{} bytes at once; at most {} are taken", bytes, options_.block_bytes_max));
  const std::int64_t waiting = queue_.bytes() + static_cast<std::int64_t>(bytes + frame_bytes);
  if (!catalogue_.has_room(waiting))
    return fail(ErrorKind::unavailable, "storage.spool_full",
                "the event store is too far behind; see why it does not load");
  if (waiting > options_.queue_bytes_max)
    return fail(ErrorKind::unavailable, "storage.spool_unavailable", "the disk is too slow for what arrives");
  return {};
}

// ---- the writer's thread ----

// A group is what came while the one before was synced; nobody waits for a group to fill. Measured against waiting up
// to 5 ms for it, on a disk whose sync takes 4 ms, blocks of 16 KB: one sender 4.0 ms against 8–10, 32 senders 75–125
// MB/s against 50, 256 senders the same. And a group takes up to 1 MB: with 256 KB 32 senders made 60 MB/s there; on a
// disk without a sync's cost (tmpfs) both made 800–900.
void FileSpool::write_groups() {
  for (;;) {
    auto group = queue_.take(options_.group_bytes);
    if (group.empty()) break;
    const auto written = writer_.write(group);
    note(written);
    answer(group, written);
  }
  writer_.finish();
}

void FileSpool::answer(std::vector<Pending>& group, const Result<std::vector<Position>>& written) {
  std::int64_t bytes = 0;
  for (const Pending& pending : group) bytes += pending.bytes();
  queue_.answered(bytes);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (written) {
      group[i].done((*written)[i]);
      continue;
    }
    // The paths and the disk's own words are for the log and the figures, not for whoever sent the block.
    Error told = written.error();
    told.message = told.code == "storage.spool_full" ? "the disk is full" : "it could not be written to the disk";
    group[i].done(std::unexpected(std::move(told)));
  }
}

void FileSpool::note(const Result<std::vector<Position>>& written) {
  ++syncs_;
  if (written) appended_blocks_ += static_cast<std::int64_t>(written->size());
  // What was read is kept for convenience; what comes now has nowhere else to go. This group has failed all the same:
  // some of it may lie in the abandoned segment and must not be acknowledged as a second copy.
  if (!written && written.error().code == "storage.spool_full") {
    if (const auto oldest = catalogue_.dispensable()) remove(*oldest);
  }
  const std::string problem = written ? std::string() : written.error().message;
  const std::lock_guard lock(problem_mutex_);
  if (problem_.empty() && !written)
    log::error("spool.not_writable", {{"code", written.error().code}, {"problem", problem}});
  if (!problem_.empty() && written) log::info("spool.writable_again");
  problem_ = problem;
}

// ---- retention ----

void FileSpool::release(Position loaded) {
  catalogue_.release(loaded);
  while (const auto segment = catalogue_.expired(clock_.now())) {
    if (!remove(*segment)) return;  // tried again with the next release
  }
}

std::int64_t FileSpool::drop_read() {
  catalogue_.turn();
  std::int64_t dropped = 0;
  for (auto oldest = catalogue_.dispensable(); oldest && remove(*oldest); oldest = catalogue_.dispensable()) ++dropped;
  return dropped;
}

bool FileSpool::remove(std::int64_t segment) {
  const auto removed = disk_.remove(folder_ / segment_name(segment));
  if (removed) {
    catalogue_.forget(segment);
  } else if (!removal_failed_) {
    log::warn("spool.segment_not_removed", {{"segment", segment}, {"code", removed.error().code}});
  }
  removal_failed_ = !removed;
  return removed.has_value();
}

Figures FileSpool::figures() const {
  const auto totals = catalogue_.totals();
  Figures figures{totals.segments, totals.bytes, totals.unread_bytes, appended_blocks_, syncs_, true, {}};
  {
    const std::lock_guard lock(problem_mutex_);
    figures.problem = problem_;
  }
  if (figures.problem.empty()) {
    if (const auto room = admit(0); !room) figures.problem = room.error().message;
  }
  figures.writable = figures.problem.empty();
  return figures;
}

}  // namespace miniops::spool
