// The spool, put together: callers' threads queue blocks, one thread writes them, the loader's thread reads behind.
// Private to storage/spool.
#pragma once

#include <atomic>
#include <thread>

#include "storage/spool/append_queue.hpp"
#include "storage/spool/reader.hpp"

namespace miniops::spool {

class FileSpool final : public Spool {
 public:
  FileSpool(Disk& disk, const std::filesystem::path& folder, const Clock& clock, const Options& options,
            const std::vector<FoundSegment>& found);
  ~FileSpool() override;

  Task<Result<Position>> append(std::string block) override;
  Result<Position> append_blocking(std::string block) override;
  Reading read(Position from, std::size_t bytes_max) override { return reader_.read(from, bytes_max); }
  bool wait(Position from, int for_ms) override { return catalogue_.wait(from, for_ms); }
  void release(Position loaded) override;
  std::int64_t drop_read() override;
  Position oldest() const override { return catalogue_.oldest(); }
  Figures figures() const override;
  void stop() override { catalogue_.stop(); }

 private:
  using Done = std::move_only_function<void(Result<Position>)>;
  void submit(std::string block, Done done);
  Result<void> admit(std::size_t bytes) const;
  void write_groups();
  void answer(std::vector<Pending>& group, const Result<std::vector<Position>>& written);
  void note(const Result<std::vector<Position>>& written);
  bool remove(std::int64_t segment);

  Disk& disk_;
  const std::filesystem::path folder_;
  const Clock& clock_;
  const Options options_;
  Catalogue catalogue_;
  Reader reader_;
  Writer writer_;
  AppendQueue queue_;

  std::atomic<std::int64_t> appended_blocks_{0};
  std::atomic<std::int64_t> syncs_{0};
  std::atomic<bool> removal_failed_{false};
  mutable std::mutex problem_mutex_;
  std::string problem_;  // why the last group failed

  std::thread thread_;  // last: it uses the others
};

}  // namespace miniops::spool
