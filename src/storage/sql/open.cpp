#include "storage/sql/open.hpp"

#include "storage/sql/postgres_database.hpp"
#include "storage/sql/sqlite_database.hpp"

namespace miniops::sql {

namespace {

Error open_failed(const std::string& message) { return {"storage.open_failed", message, ErrorKind::unavailable}; }

Result<std::unique_ptr<Database>> open_sqlite(const std::filesystem::path& file, const Clock& clock,
                                              OpenOptions options) {
  if (file.empty()) return fail(open_failed("the address names no file: write sqlite:DATA/miniops.db"));
  const auto folder = file.has_parent_path() ? file.parent_path() : ".";
  std::error_code problem;
  if (options.sqlite_vfs.empty() && !std::filesystem::is_directory(folder, problem))
    return fail(open_failed("the folder " + folder.string() + " does not exist: make it, or choose another"));
  try {
    return std::make_unique<SqliteDatabase>(file, clock, std::move(options));
  } catch (const EngineFailure& failure) {
    const bool full = failure.kind() == EngineFailure::Kind::full;
    return fail(open_failed(fmt::format(
        "{} cannot be opened: {}; {}", file.string(), failure.what(),
        full ? "the disk is full: make room" : "it must be a readable and writable SQLite file of MiniOps")));
  }
}

Result<std::unique_ptr<Database>> open_postgres(const std::string& address, const Clock& clock, OpenOptions options) {
  try {
    return std::make_unique<PostgresDatabase>(address, clock, std::move(options));
  } catch (const EngineFailure& failure) {
    // The address carries a password and is not repeated.
    return fail(open_failed(fmt::format(
        "the PostgreSQL server cannot be used: {}; check host, port, user, password and database", failure.what())));
  }
}

}  // namespace

Result<std::unique_ptr<Database>> open(const std::string& address, const Clock& clock, OpenOptions options) {
  constexpr std::string_view sqlite = "sqlite:";
  if (address.starts_with(sqlite)) return open_sqlite(address.substr(sqlite.size()), clock, std::move(options));
  if (address.starts_with("postgres://") || address.starts_with("postgresql://"))
    return open_postgres(address, clock, std::move(options));
  return fail(open_failed("a database address is sqlite:PATH or postgres://user:password@host:port/name"));
}

}  // namespace miniops::sql
