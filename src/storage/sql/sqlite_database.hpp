// The embedded engine: one writer thread that commits in batches, reader threads beside it, checkpoints on a
// connection of their own. Private to storage/sql.
#pragma once

#include <filesystem>
#include <memory>
#include <thread>
#include <vector>

#include "storage/sql/health_board.hpp"
#include "storage/sql/job_queue.hpp"
#include "storage/sql/notices.hpp"
#include "storage/sql/open.hpp"
#include "storage/sql/sqlite_connection.hpp"

namespace miniops::sql {

class SqliteDatabase final : public Database {
 public:
  // Throws EngineFailure when the file cannot be opened.
  SqliteDatabase(std::filesystem::path file, const Clock& clock, OpenOptions options);
  ~SqliteDatabase() override;  // stop()

  Engine engine() const override { return Engine::sqlite; }
  void stop() override;
  void notify(std::string topic, std::string payload) override;
  void listen(std::string topic, Listener listener) override;
  Health health() const override;

 protected:
  void submit_write(Job job) override;
  void submit_read(Job job) override;

 private:
  struct Batch {
    std::vector<Job> jobs;
    std::vector<Result<void>> results;
    std::size_t urgent_callers = 0;
    std::chrono::steady_clock::duration background_time{};
  };
  enum class Step { kept, transaction_lost };

  void write_loop();
  void run_batch(Job first);
  void note_load(const Batch& batch);
  Step run_in_savepoint(Batch& batch, Job job);
  Step roll_back_savepoint();
  void commit(Batch& batch);
  void recover(Batch& batch);
  void roll_back_all();
  void fail_all(Batch& batch, const EngineFailure& failure);
  void note(const EngineFailure& failure);
  void clean_operations(const Job& job);

  void read_loop(SqliteConnection& connection);
  void run_read(SqliteConnection& connection, Job& job);

  static int on_wal_growth(void* self, sqlite3*, const char*, int pages);
  void checkpoint_loop();
  void checkpoint();

  const Clock& clock_;
  const OpenOptions options_;
  SqliteConnection writer_;
  SqliteConnection checkpointer_;
  std::vector<std::unique_ptr<SqliteConnection>> readers_;
  JobQueue writes_;
  JobQueue reads_;
  HealthBoard health_;
  LocalNotices notices_;

  std::size_t batch_limit_;            // small after a lost transaction, until a commit succeeds
  int operations_since_cleaning_ = 0;  // writer thread only
  // How many callers waited for urgent closures in a batch, lately; and until when the background is held back for
  // them. Writer thread only.
  double urgent_callers_ = 0;
  bool pressing_ = false;
  bool disturbed_ = false;  // the batch before had background work in it
  JobQueue::Time next_probe_{};
  JobQueue::Time background_from_{};

  std::mutex write_gate_;  // held in a batch, and while the log is turned over
  std::mutex checkpoint_mutex_;
  std::condition_variable checkpoint_wake_;
  bool checkpoint_due_ = false;
  bool closing_ = false;

  std::vector<std::thread> threads_;
};

}  // namespace miniops::sql
