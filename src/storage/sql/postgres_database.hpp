// PostgreSQL: a pool of threads, each with a connection, run one closure at a time, serializable, and again on a
// conflict. Private to storage/sql.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/random.hpp"
#include "storage/sql/health_board.hpp"
#include "storage/sql/job_queue.hpp"
#include "storage/sql/open.hpp"
#include "storage/sql/postgres_connection.hpp"
#include "storage/sql/postgres_notices.hpp"

namespace miniops::sql {

class PostgresDatabase final : public Database {
 public:
  // Throws EngineFailure when the server cannot be reached now; later it is reconnected to by itself.
  PostgresDatabase(std::string address, const Clock& clock, OpenOptions options);
  ~PostgresDatabase() override;  // stop()

  Engine engine() const override { return Engine::postgres; }
  void stop() override;
  void notify(std::string topic, std::string payload) override;
  void listen(std::string topic, Listener listener) override;
  Health health() const override;

 protected:
  void submit_write(Job job) override;
  void submit_read(Job job) override;

 private:
  using Connection = std::unique_ptr<PostgresConnection>;
  enum class Next { finished, again, lost_before_commit, lost_in_commit };
  struct Attempt {
    Next next = Next::finished;
    Result<void> result{};
  };

  void work();
  Result<void> run_job(Connection& connection, Job& job);
  Attempt attempt(PostgresConnection& connection, Job& job);
  Attempt commit(PostgresConnection& connection, const Result<void>& result);
  Result<void> settle_lost_commit(Connection& connection, Job& job);
  bool connect(Connection& connection);
  bool operation_stored(PostgresConnection& connection, const std::string& id);
  void pause_before_retry(int retry);
  void clean_operations(const Job& job);
  const char* begin_of(const Job& job) const;

  const std::string address_;
  const Clock& clock_;
  const OpenOptions options_;
  JobQueue jobs_;
  HealthBoard health_;
  SystemRandom random_;  // jitter only
  PostgresNotices notices_;
  std::atomic<std::chrono::steady_clock::rep> down_until_{0};
  std::atomic<int> operations_since_cleaning_{0};
  std::vector<std::thread> threads_;
};

}  // namespace miniops::sql
