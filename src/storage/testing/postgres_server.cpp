#include "storage/testing/postgres_server.hpp"

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>

namespace miniops::sql {

namespace {

using Connection = std::unique_ptr<PGconn, decltype([](PGconn* c) { PQfinish(c); })>;
using Answer = std::unique_ptr<PGresult, decltype([](PGresult* r) { PQclear(r); })>;

constexpr auto start_timeout = std::chrono::seconds(30);

std::filesystem::path binaries() {
  for (const char* version : {"15", "16", "17"}) {
    const auto folder = std::filesystem::path("/usr/lib/postgresql") / version / "bin";
    if (std::filesystem::exists(folder / "initdb")) return folder;
  }
  throw std::runtime_error("these tests need PostgreSQL 15: apt-get install postgresql-15 (scripts/setup does it)");
}

// Who the server runs as; null when we are an ordinary user already.
const passwd* server_user() {
  if (geteuid() != 0) return nullptr;
  const passwd* user = getpwnam("postgres");
  if (user == nullptr) throw std::runtime_error("there is no user 'postgres': apt-get install postgresql-15");
  return user;
}

// In the child of a fork: becomes `user`, dies with its parent, logs to `log`, runs the program; never returns.
[[noreturn]] void become(const passwd* user, const std::string& folder, const std::string& log,
                         const std::vector<std::string>& arguments) {
  if (user != nullptr &&
      (initgroups(user->pw_name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0))
    _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (chdir(folder.c_str()) != 0) _exit(126);
  const int out = open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  std::vector<char*> argv;
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  _exit(127);
}

pid_t spawn(const std::filesystem::path& folder, const std::vector<std::string>& arguments) {
  const passwd* user = server_user();
  const std::string log = folder / "log";
  const pid_t pid = fork();
  if (pid < 0) throw std::runtime_error("fork failed");
  if (pid == 0) become(user, folder, log, arguments);
  return pid;
}

}  // namespace

PostgresServer::PostgresServer() {
  std::string name = std::filesystem::temp_directory_path() / "miniops-pg-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder for PostgreSQL");
  folder_ = name;
  if (const passwd* user = server_user(); user != nullptr && chown(name.c_str(), user->pw_uid, user->pw_gid) != 0)
    throw std::runtime_error("cannot give the temporary folder to the user 'postgres'");
  make_cluster();
  start();
}

PostgresServer::~PostgresServer() {
  stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void PostgresServer::make_cluster() const {
  const pid_t pid =
      spawn(folder_, {binaries() / "initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
                      "--username=miniops", "--pgdata=" + (folder_ / "data").string()});
  int status = 0;
  if (waitpid(pid, &status, 0) != pid || status != 0)
    throw std::runtime_error("initdb failed; see " + (folder_ / "log").string());
}

void PostgresServer::start() {
  if (pid_ > 0) return;
  // Durability is not what these tests prove, and a crash of the server loses nothing that the kernel has.
  pid_ = spawn(folder_, {binaries() / "postgres", "-D", folder_ / "data", "-k", folder_, "-c",
                         "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c",
                         "shared_buffers=32MB", "-c", "max_connections=200", "-c", "autovacuum=off"});
  const auto deadline = std::chrono::steady_clock::now() + start_timeout;
  while (PQping(address("postgres").c_str()) != PQPING_OK) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_ || std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("PostgreSQL did not start; see " + (folder_ / "log").string());
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void PostgresServer::stop() {
  if (pid_ <= 0) return;
  kill(pid_, SIGQUIT);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::string PostgresServer::address(const std::string& database) const {
  return fmt::format("postgres:///{}?host={}&user=miniops", database, folder_.string());
}

std::string PostgresServer::create_database() {
  const std::string name = fmt::format("test_{}", ++databases_);
  const Connection connection(PQconnectdb(address("postgres").c_str()));
  const std::string sql = "CREATE DATABASE " + name;
  const Answer answer(PQexec(connection.get(), sql.c_str()));
  if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK)
    throw std::runtime_error(std::string("cannot make a test database: ") + PQerrorMessage(connection.get()));
  return address(name);
}

}  // namespace miniops::sql
