// A PostgreSQL of the tests' own: a fresh cluster in a temporary folder, reached over a unix socket, so that nothing
// else on the machine is met and no port is taken. As root it runs as the user `postgres` (the server refuses root).
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace miniops::sql {

// Not thread-safe. The server ends with this object, and with the process if that dies first. Every failure is a
// std::runtime_error that says what to install: tests never skip an engine.
class PostgresServer {
 public:
  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // A new empty database; its address for sql::open.
  std::string create_database();

  // What fault tests do to it. `stop` is an immediate shutdown, as in a crash; `start` recovers.
  void stop();
  void start();

 private:
  std::string address(const std::string& database) const;
  void make_cluster() const;

  std::filesystem::path folder_;
  pid_t pid_ = -1;
  int databases_ = 0;
};

}  // namespace miniops::sql
