// One connection to SQLite, private to storage/sql: prepared statements, binding, errors. Used by one thread.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/sql/engine.hpp"

namespace miniops::sql {

class SqliteConnection {
 public:
  enum class Role { writer, reader, checkpointer };

  // Throws EngineFailure when the file cannot be opened. An empty `vfs` is SQLite's own.
  SqliteConnection(const std::filesystem::path& file, const std::string& vfs, Role role);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  // These throw EngineFailure. After one, ask in_transaction(): SQLite ends the whole transaction on some errors.
  Rows query(std::string_view sql, const Params& params);
  std::int64_t execute(std::string_view sql, const Params& params);
  void control(std::string_view sql);  // BEGIN, SAVEPOINT, COMMIT …

  bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
  sqlite3* handle() const { return handle_; }

 private:
  struct Statement {
    sqlite3_stmt* handle = nullptr;
    std::vector<std::size_t> parameters;  // which of the caller's parameters each of SQLite's is: $2 may come first
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  void configure(Role role);
  Statement& prepare(std::string_view sql);
  void bind(const Statement& statement, const Params& params);
  Row read_row(sqlite3_stmt* statement) const;
  EngineFailure failure(int code, std::string_view sql) const;
  void drop_statements();

  sqlite3* handle_ = nullptr;
  std::unordered_map<std::string, Statement, TextHash, std::equal_to<>> statements_;
};

class SqliteTransaction final : public EngineTransaction {
 public:
  SqliteTransaction(SqliteConnection& connection, const Clock& clock) : connection_(connection), clock_(clock) {}
  Engine engine() const override { return Engine::sqlite; }
  Rows query(std::string_view sql, const Params& params) override;
  std::int64_t execute(std::string_view sql, const Params& params) override;
  std::vector<std::int64_t> execute_many(std::string_view sql, std::span<const Params> rows) override;
  void execute_later(std::string_view sql, const Params& params) override { execute(sql, params); }
  TimeMs database_now() override { return clock_.now(); }

 private:
  SqliteConnection& connection_;
  const Clock& clock_;
};

}  // namespace miniops::sql
