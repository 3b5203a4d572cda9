// Opens a database by its address: sqlite:PATH, or postgres://user:password@host:port/name.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "storage/sql/database.hpp"

namespace miniops::sql {

struct OpenOptions {
  int readers = 4;               // SQLite: reader connections; PostgreSQL: connections in the pool
  std::string sqlite_vfs{};      // tests: a VFS that forgets what was not synced
  std::size_t batch_max = 1000;  // SQLite: closures in one commit
  int checkpoint_pages = 4000;   // SQLite: the log is turned over when it is so long (16 MB)
  // PostgreSQL: leases run on the server's clock. Tests say false: on `clock`, as on SQLite.
  bool server_clock = true;
};

// Fails with storage.open_failed: what is wrong with the address, the folder, or the server, and what to do.
// `clock` must outlive the database.
Result<std::unique_ptr<Database>> open(const std::string& address, const Clock& clock, OpenOptions options = {});

// The embedded store, copied while the server runs (SQLite's online backup). Blocking.
Result<void> backup_sqlite(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace miniops::sql
