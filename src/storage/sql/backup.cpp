#include <sqlite3.h>

#include "storage/sql/open.hpp"

namespace miniops::sql {

namespace {

using Handle = std::unique_ptr<sqlite3, decltype([](sqlite3* h) { sqlite3_close_v2(h); })>;

constexpr int busy_timeout_ms = 10'000;

std::unexpected<Error> failed(const std::filesystem::path& file, const char* why) {
  return fail(ErrorKind::unavailable, "storage.backup_failed", fmt::format("{}: {}", file.string(), why));
}

Result<Handle> open_file(const std::filesystem::path& file, int flags) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Handle handle(raw);
  if (code != SQLITE_OK) return failed(file, raw == nullptr ? "no memory" : sqlite3_errmsg(raw));
  sqlite3_busy_timeout(raw, busy_timeout_ms);
  return handle;
}

void remove_leftovers(const std::filesystem::path& file) {
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(file.string() + suffix, ignored);
}

}  // namespace

// All pages in one step, in one read transaction: the server's writer goes on beside it, and the copy is of one
// moment. (In several steps, each write in between would make SQLite begin anew.)
Result<void> backup_sqlite(const std::filesystem::path& from, const std::filesystem::path& to) {
  auto source = open_file(from, SQLITE_OPEN_READWRITE);
  if (!source) return std::unexpected(source.error());
  remove_leftovers(to);
  auto target = open_file(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (!target) return std::unexpected(target.error());
  sqlite3_backup* backup = sqlite3_backup_init(target->get(), "main", source->get(), "main");
  if (backup == nullptr) return failed(to, sqlite3_errmsg(target->get()));
  sqlite3_backup_step(backup, -1);
  if (sqlite3_backup_finish(backup) != SQLITE_OK) {
    const auto problem = failed(to, sqlite3_errmsg(target->get()));
    target->reset();
    remove_leftovers(to);
    return problem;
  }
  return {};
}

}  // namespace miniops::sql
