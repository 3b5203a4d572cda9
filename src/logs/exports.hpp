// Exports 导出任务: lines written to a file in the background, page by page, kept for a day.
//
// What waits or runs lives in this process; the table says how it ended, and after a restart that it was interrupted.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>

#include "identity/reading_log.hpp"
#include "logs/export_files.hpp"
#include "logs/export_plan.hpp"
#include "logs/saved.hpp"
#include "logs/service.hpp"
#include "net/server.hpp"
#include "net/workers.hpp"
#include "telemetry/ports.hpp"

namespace miniops::logs {

inline constexpr std::int64_t export_lines_max = 1'000'000;
inline constexpr std::int64_t export_bytes_max = 256 << 20;
inline constexpr std::size_t exports_at_once = 2;  // of one mini program
inline constexpr std::size_t exports_kept = 20;    // of one mini program
inline constexpr TimeMs export_kept_ms = day_ms;

struct Download {
  Export from;
  std::string bytes;
};

// Safe from any thread.
class Exports {
 public:
  struct Collaborators {
    sql::Database& database;
    telemetry::Service& records;
    Service& lines;
    const Clock& clock;
    IdSource& ids;
  };
  Exports(const Collaborators& with, std::filesystem::path folder);

  // Before anything is added: what an earlier process left is interrupted, files that belong to nothing go.
  Result<void> prepare_blocking();
  void start(net::IoThreads& io);
  // While the io threads still run. What is being written ends at its next page; the next start says that it was
  // interrupted.
  void stop();

  Task<Result<std::vector<Export>>> all(Access access);
  Task<Result<Export>> find(Access access, std::int64_t id);
  Task<Result<Export>> add(Access access, ExportWish wish);
  Task<Result<Export>> repeat(Access access, std::int64_t id);
  Task<Result<Export>> cancel(Access access, std::int64_t id);
  Task<Result<void>> remove(Access access, std::int64_t id);
  // `part`: 0, 1 …; each is audited.
  Task<Result<Download>> download(Access access, std::int64_t id, std::size_t part);

  // Somebody is deleted, who may be in any line: removes all exports of the mini program that there are, with their
  // files, also those that wait or are being written. How many. Blocks; from a thread that is no io thread.
  Result<std::int64_t> withdraw_blocking(const AppId& appid);

  // Runs the export that waits longest to its end. False: none waits. For the loops, and tests.
  Task<bool> step();
  // Removes what was kept long enough. For the loop, and tests.
  Task<void> forget_old();

 private:
  // One that waits or runs.
  struct Job {
    Job(Access access_given, Export one_given) : access(std::move(access_given)), one(std::move(one_given)) {}
    const Access access;
    const Export one;
    std::atomic<bool> cancelled{false};
    std::mutex mutex;
    ExportProgress progress{};
  };
  using Writer = std::shared_ptr<ExportWriter>;
  // While one lives, stop() waits: what a loop is in the middle of refers to threads that end.
  class Busy;

  Task<void> work();
  Task<void> housekeeping();
  Task<Result<void>> write(std::shared_ptr<Job> job);
  Task<Result<void>> write_lines(std::shared_ptr<Job> job, Writer writer);
  Task<Result<std::vector<Span>>> plan(std::shared_ptr<Job> job, const telemetry::Asked& asked);
  // The lines of a stretch of time. False: a limit is reached.
  Task<Result<bool>> write_span(std::shared_ptr<Job> job, Writer writer, telemetry::Asked asked);
  Task<Result<std::vector<telemetry::NamedRow>>> page(std::shared_ptr<Job> job, const telemetry::Asked& asked,
                                                      events::RowsQuestion rows);
  Task<Result<void>> append(Writer writer, std::string text);
  bool is_over(const Job& job) const { return job.cancelled || stopping_; }
  Task<void> end(std::shared_ptr<Job> job, Result<void> done);
  Task<void> note_progress(std::shared_ptr<Job> job, ExportState state);
  std::shared_ptr<Job> job_of(std::int64_t id);
  Export with_progress(Export one);

  const Collaborators with_;
  identity::ReadingLog audited_;
  ExportFiles files_;
  net::Workers workers_{1, 256};  // for the disk
  std::mutex mutex_;
  std::condition_variable idle_;
  int busy_ = 0;
  std::atomic<bool> stopping_{false};
  std::map<std::int64_t, std::shared_ptr<Job>> jobs_;
  std::deque<std::shared_ptr<Job>> waiting_;
};

// Whoever is deleted from what phones reported is in no file of it either.
class ExportKeeper final : public telemetry::PersonKeeper {
 public:
  explicit ExportKeeper(Exports& exports) : exports_(exports) {}
  std::string_view name() const override { return "log_exports"; }
  Result<std::int64_t> forget(const AppId& appid, std::string_view /*id_kind*/, const std::string& /*id*/) override {
    return exports_.withdraw_blocking(appid);
  }

 private:
  Exports& exports_;
};

}  // namespace miniops::logs
