#include "storage/sql/sqlite_connection.hpp"

#include <cerrno>
#include <charconv>

namespace miniops::sql {

namespace {

constexpr int busy_timeout_ms = 10'000;  // another process (`miniops admin`) may be writing
constexpr std::size_t kept_statements_max = 500;

// SQLite takes a null pointer for NULL; an empty view has one.
const char* data_of(std::string_view view) { return view.data() == nullptr ? "" : view.data(); }

struct BindSqlite {
  sqlite3_stmt* statement;
  int index;
  int operator()(std::nullptr_t) const { return sqlite3_bind_null(statement, index); }
  int operator()(std::int64_t number) const { return sqlite3_bind_int64(statement, index, number); }
  int operator()(double number) const { return sqlite3_bind_double(statement, index, number); }
  int operator()(std::string_view text) const {
    return sqlite3_bind_text64(statement, index, data_of(text), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  int operator()(BlobView blob) const {
    return sqlite3_bind_blob64(statement, index, data_of(blob.bytes), blob.bytes.size(), SQLITE_STATIC);
  }
};

Value read_value(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_NULL:
      return nullptr;
    default: {
      const void* bytes = sqlite3_column_blob(statement, column);  // text too: UTF-8 as it is stored
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
    }
  }
}

EngineFailure::Kind kind_of(int code, int system_error) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return EngineFailure::Kind::full;
    case SQLITE_CONSTRAINT:
      return EngineFailure::Kind::constraint;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      if (system_error == ENOSPC || system_error == EDQUOT) return EngineFailure::Kind::full;
      return EngineFailure::Kind::lost;
    case SQLITE_ERROR:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
    case SQLITE_MISUSE:
      return EngineFailure::Kind::statement;
    default:
      return EngineFailure::Kind::lost;
  }
}

// Leaves the statement ready for its next use, also when stepping it threw.
class InUse {
 public:
  explicit InUse(sqlite3_stmt* statement) : statement_(statement) {}
  ~InUse() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  InUse(const InUse&) = delete;
  InUse& operator=(const InUse&) = delete;

 private:
  sqlite3_stmt* statement_;
};

}  // namespace

SqliteConnection::SqliteConnection(const std::filesystem::path& file, const std::string& vfs, Role role) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  const int code = sqlite3_open_v2(file.c_str(), &handle_, flags, vfs.empty() ? nullptr : vfs.c_str());
  try {
    if (code != SQLITE_OK) throw failure(code, "open");
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, busy_timeout_ms);
    configure(role);
  } catch (...) {
    drop_statements();
    sqlite3_close_v2(handle_);
    throw;
  }
}

SqliteConnection::~SqliteConnection() {
  drop_statements();
  sqlite3_close_v2(handle_);
}

void SqliteConnection::configure(Role role) {
  // page_size acts on a new file only, and before it is made a WAL.
  if (role == Role::writer) query("PRAGMA page_size = 4096", {});
  query("PRAGMA journal_mode = WAL", {});
  query("PRAGMA synchronous = FULL", {});
  query("PRAGMA wal_autocheckpoint = 0", {});  // a commit never waits for a checkpoint: see SqliteDatabase
  query("PRAGMA journal_size_limit = 67108864", {});
  query("PRAGMA temp_store = MEMORY", {});
  query("PRAGMA trusted_schema = OFF", {});
  // A plan is made once, not anew for each value that is compared with the constant of a partial index.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
  // Readers' caches are dropped whenever something was written, so only the writer's is worth memory.
  query(role == Role::writer ? "PRAGMA cache_size = -16384" : "PRAGMA cache_size = -2048", {});
  if (role == Role::reader) query("PRAGMA query_only = ON", {});
  drop_statements();
}

void SqliteConnection::drop_statements() {
  for (auto& [text, statement] : statements_) sqlite3_finalize(statement.handle);
  statements_.clear();
}

EngineFailure SqliteConnection::failure(int code, std::string_view sql) const {
  const int system_error = handle_ == nullptr ? 0 : sqlite3_system_errno(handle_);
  // The engine's own sentence names tables and columns, never values; of the SQL its beginning is enough.
  return {kind_of(code, system_error),
          fmt::format("SQLite {} ({}): {}", code, handle_ == nullptr ? "no memory" : sqlite3_errmsg(handle_),
                      sql.substr(0, 60))};
}

SqliteConnection::Statement& SqliteConnection::prepare(std::string_view sql) {
  if (const auto found = statements_.find(sql); found != statements_.end()) return found->second;
  if (statements_.size() >= kept_statements_max) drop_statements();
  Statement statement;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement.handle, nullptr);
  if (code != SQLITE_OK) throw failure(code, sql);
  if (statement.handle == nullptr) throw EngineFailure(EngineFailure::Kind::statement, "an empty statement");
  for (int i = 1; i <= sqlite3_bind_parameter_count(statement.handle); ++i) {
    const char* name = sqlite3_bind_parameter_name(statement.handle, i);
    const std::string_view text = name == nullptr ? "" : name;
    std::size_t number = 0;
    if (text.size() > 1) std::from_chars(text.data() + 1, text.data() + text.size(), number);
    if (number == 0) {
      sqlite3_finalize(statement.handle);
      throw EngineFailure(EngineFailure::Kind::statement, "parameters are written $1, $2 …");
    }
    statement.parameters.push_back(number);
  }
  return statements_.emplace(sql, std::move(statement)).first->second;
}

void SqliteConnection::bind(const Statement& statement, const Params& params) {
  for (std::size_t i = 0; i < statement.parameters.size(); ++i) {
    const std::size_t number = statement.parameters[i];
    if (number > params.size()) throw EngineFailure(EngineFailure::Kind::statement, "too few parameters");
    const int code = std::visit(BindSqlite{statement.handle, static_cast<int>(i) + 1}, params[number - 1].value());
    if (code != SQLITE_OK) throw failure(code, "bind");
  }
}

Row SqliteConnection::read_row(sqlite3_stmt* statement) const {
  const int columns = sqlite3_column_count(statement);
  std::vector<Value> values;
  values.reserve(static_cast<std::size_t>(columns));
  for (int i = 0; i < columns; ++i) values.push_back(read_value(statement, i));
  return Row(std::move(values));
}

Rows SqliteConnection::query(std::string_view sql, const Params& params) {
  Statement& statement = prepare(sql);
  const InUse use(statement.handle);
  bind(statement, params);
  Rows rows;
  for (;;) {
    const int code = sqlite3_step(statement.handle);
    if (code == SQLITE_DONE) return rows;
    if (code != SQLITE_ROW) throw failure(code, sql);
    rows.push_back(read_row(statement.handle));
  }
}

std::int64_t SqliteConnection::execute(std::string_view sql, const Params& params) {
  Statement& statement = prepare(sql);
  const InUse use(statement.handle);
  bind(statement, params);
  const auto before = sqlite3_total_changes64(handle_);
  for (;;) {
    const int code = sqlite3_step(statement.handle);
    if (code == SQLITE_ROW) continue;  // RETURNING
    if (code != SQLITE_DONE) throw failure(code, sql);
    // sqlite3_changes keeps the count of an earlier statement when this one changes nothing by its nature.
    return sqlite3_total_changes64(handle_) == before ? 0 : sqlite3_changes64(handle_);
  }
}

void SqliteConnection::control(std::string_view sql) {
  const Statement& statement = prepare(sql);
  const InUse use(statement.handle);
  const int code = sqlite3_step(statement.handle);
  if (code != SQLITE_DONE) throw failure(code, sql);
}

Rows SqliteTransaction::query(std::string_view sql, const Params& params) {
  return guarded([&] { return connection_.query(sql, params); });
}

std::int64_t SqliteTransaction::execute(std::string_view sql, const Params& params) {
  return guarded([&] { return connection_.execute(sql, params); });
}

std::vector<std::int64_t> SqliteTransaction::execute_many(std::string_view sql, std::span<const Params> rows) {
  return guarded([&] {
    std::vector<std::int64_t> changed;
    changed.reserve(rows.size());
    for (const Params& row : rows) changed.push_back(connection_.execute(sql, row));
    return changed;
  });
}

}  // namespace miniops::sql
