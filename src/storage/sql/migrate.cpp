#include <charconv>

#include "base/log.hpp"
#include "storage/sql/database.hpp"
#include "storage/sql/migrations.hpp"

namespace miniops::storage {
std::span<const sql::Migration> migrations();
}

namespace miniops::sql {

namespace {

constexpr std::string_view sqlite_marker = "-- sqlite only";
constexpr std::string_view postgres_marker = "-- postgres only";
constexpr std::string_view oldest_marker = "-- oldest_program_schema:";
// Any number: only that all programs take the same one.
constexpr std::int64_t advisory_lock = 0x6d696e696f7073;

std::string_view trim_end(std::string_view text) {
  const auto last = text.find_last_not_of(" \t\r");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// The line as this engine reads it; empty when it is a comment or meant for the other.
std::string_view line_for(Engine engine, std::string_view line) {
  line = trim_end(line);
  const bool sqlite = line.ends_with(sqlite_marker);
  const bool postgres = line.ends_with(postgres_marker);
  if ((sqlite && engine != Engine::sqlite) || (postgres && engine != Engine::postgres)) return {};
  if (sqlite) line.remove_suffix(sqlite_marker.size());
  if (postgres) line.remove_suffix(postgres_marker.size());
  line = trim_end(line);
  const auto first = line.find_first_not_of(" \t");
  return first != std::string_view::npos && line.substr(first).starts_with("--") ? std::string_view() : line;
}

std::vector<std::string> statements_for(Engine engine, std::string_view sql) {
  std::vector<std::string> statements;
  std::string statement;
  while (!sql.empty()) {
    const auto end = std::min(sql.find('\n'), sql.size());
    const auto line = line_for(engine, sql.substr(0, end));
    sql.remove_prefix(std::min(end + 1, sql.size()));
    if (line.empty()) continue;
    statement.append(line).push_back('\n');
    if (!line.ends_with(';')) continue;
    statements.push_back(std::exchange(statement, {}));
  }
  if (!statement.empty()) statements.push_back(std::move(statement));
  return statements;
}

// A migration that contracts says from which schema on programs still work: `-- oldest_program_schema: 7`.
std::optional<int> declared_oldest(std::string_view sql) {
  const auto at = sql.find(oldest_marker);
  if (at == std::string_view::npos) return std::nullopt;
  sql.remove_prefix(at + oldest_marker.size());
  sql.remove_prefix(std::min(sql.find_first_not_of(' '), sql.size()));
  int value = 0;
  std::from_chars(sql.data(), sql.data() + sql.size(), value);
  return value;
}

struct Version {
  std::int64_t schema = 0;
  std::int64_t oldest_program = 0;
};

// Two programs that start at once must not both migrate. SQLite has one writer; on PostgreSQL a lock serves better
// than a lease row: it holds exactly as long as the transaction, also when a migration takes minutes.
void lock_schema(Transaction& tx) {
  if (tx.engine() == Engine::postgres) tx.query("SELECT pg_advisory_xact_lock($1)", {advisory_lock});
}

Result<void> make_versions_table(Transaction& tx) {
  lock_schema(tx);
  tx.execute(
      "CREATE TABLE IF NOT EXISTS schema_versions (module TEXT PRIMARY KEY, schema BIGINT NOT NULL, "
      "oldest_program_schema BIGINT NOT NULL)");
  return {};
}

Version read_version(Transaction& tx, std::string_view module) {
  const auto row =
      tx.query_one("SELECT schema, oldest_program_schema FROM schema_versions WHERE module = $1", {module});
  return row ? Version{row->integer(0), row->integer(1)} : Version{};
}

// Applies one migration unless another program did so meanwhile.
Result<void> apply(Transaction& tx, const Migration& migration) {
  lock_schema(tx);
  Version version = read_version(tx, migration.module);
  if (version.schema >= migration.number) return {};
  const bool other_engine = (migration.engine == Migration::For::sqlite && tx.engine() != Engine::sqlite) ||
                            (migration.engine == Migration::For::postgres && tx.engine() != Engine::postgres);
  if (other_engine) return {};
  for (const auto& statement : statements_for(tx.engine(), migration.sql)) tx.execute(statement);
  const std::int64_t oldest = declared_oldest(migration.sql).value_or(static_cast<int>(version.oldest_program));
  tx.execute(
      "INSERT INTO schema_versions (module, schema, oldest_program_schema) VALUES ($1, $2, $3) ON CONFLICT (module) DO "
      "UPDATE SET schema = excluded.schema, oldest_program_schema = excluded.oldest_program_schema",
      {migration.module, migration.number, oldest});
  return {};
}

Result<void> migrate_module(Database& database, std::span<const Migration> set) {
  if (set.empty()) return {};
  const std::string_view module = set.front().module;
  const int own = std::ranges::max_element(set, {}, &Migration::number)->number;
  const auto version =
      database.read_blocking([&](Transaction& tx) -> Result<Version> { return read_version(tx, module); });
  if (!version) return std::unexpected(version.error());
  if (version->oldest_program > own)
    return fail(
        ErrorKind::unavailable, "storage.program_too_old",
        fmt::format("the database was changed by a newer MiniOps ({}: schema {}, needs a program of at least {}, "
                    "this one is {}): start the newer program",
                    module, version->schema, version->oldest_program, own));
  for (const Migration& migration : set) {
    if (migration.number <= version->schema) continue;
    // What the lock waited for must be seen: READ COMMITTED takes its snapshot after it.
    auto done = database.write_blocking([&](Transaction& tx) { return apply(tx, migration); },
                                        {.isolation = Isolation::read_committed});
    if (!done) {
      done.error().message = fmt::format("migration {}/{} failed: {}", module, migration.file, done.error().message);
      return done;
    }
  }
  return {};
}

}  // namespace

Result<void> migrate(Database& database, const std::vector<std::span<const Migration>>& sets) {
  if (auto made = database.write_blocking(make_versions_table, {.isolation = Isolation::read_committed}); !made)
    return made;
  if (auto own = migrate_module(database, storage::migrations()); !own) return own;
  for (const auto& set : sets) {
    if (auto done = migrate_module(database, set); !done) return done;
  }
  return {};
}

}  // namespace miniops::sql
