// The fixture of every store test: the same test runs on SQLite and on PostgreSQL, each time on a fresh database.
//
//   class OutboxTest : public sql::EngineTest {
//    protected:
//     void SetUp() override { open({gateway::migrations()}); }
//   };
//   TEST_P(OutboxTest, KeepsTheOrderOfOneUser) { … db() … run(store.claim_due(…)) … }
//   MINIOPS_ON_BOTH_ENGINES(OutboxTest);
//
// PostgreSQL is started once in a test program. When it cannot be started the tests fail; they are never skipped.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/random.hpp"
#include "base/task.hpp"
#include "storage/sql/database.hpp"
#include "storage/sql/migrations.hpp"
#include "storage/sql/open.hpp"
#include "storage/testing/postgres_server.hpp"

namespace miniops::sql {

std::string engine_name(Engine engine);

// Runs a coroutine to its end on the calling thread. For tests only.
template <class T>
T run(Task<T> task);

// A folder that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class EngineTest : public testing::TestWithParam<Engine> {
 protected:
  // A fresh database with storage's own tables and those of `sets`, in dependency order. Throws when it cannot be had.
  void open(std::vector<std::span<const Migration>> sets = {}, OpenOptions options = {});
  // Closes the database and opens the same again, as after a restart of the program.
  void reopen();
  void close() { database_.reset(); }

  Database& db() { return *database_; }
  // Another handle on the same PostgreSQL database, as of a second node (SQLite: the same file, a second writer).
  std::unique_ptr<Database> open_another() const;
  const std::string& address() const { return address_; }

  // Blocking shorthands; they throw when the closure or the engine fails.
  std::int64_t execute(const std::string& sql, const Params& params = {});
  Rows query(const std::string& sql, const Params& params = {});

  ManualClock clock_;
  SeededRandom random_{20240601};
  IdSource ids_{clock_, 1};

 private:
  TemporaryFolder folder_;
  std::vector<std::span<const Migration>> sets_;
  OpenOptions options_;
  std::string address_;
  std::unique_ptr<Database> database_;
};

// The PostgreSQL that all tests of this program share.
PostgresServer& shared_postgres();

// ---- implementation ----

template <class T>
Task<void> keep_result(Task<T> task, std::shared_ptr<std::optional<T>> kept) {
  kept->emplace(co_await std::move(task));
}

template <class T>
T run(Task<T> task) {
  boost::asio::io_context context;
  std::exception_ptr problem;
  auto note = [&problem](std::exception_ptr thrown) { problem = thrown; };
  if constexpr (std::is_void_v<T>) {
    boost::asio::co_spawn(context, std::move(task), note);
    context.run();
    if (problem) std::rethrow_exception(problem);
  } else {
    auto kept = std::make_shared<std::optional<T>>();
    boost::asio::co_spawn(context, keep_result(std::move(task), kept), note);
    context.run();
    if (problem) std::rethrow_exception(problem);
    return std::move(kept->value());
  }
}

}  // namespace miniops::sql

#define MINIOPS_ON_BOTH_ENGINES(Fixture)                                                                    \
  INSTANTIATE_TEST_SUITE_P(Engines, Fixture,                                                                \
                           ::testing::Values(miniops::sql::Engine::sqlite, miniops::sql::Engine::postgres), \
                           [](const auto& which) { return miniops::sql::engine_name(which.param); })
