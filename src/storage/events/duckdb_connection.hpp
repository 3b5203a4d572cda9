// One database of DuckDB in this process, its connections and its appenders. Private to storage/events.
#pragma once

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

#include "storage/events/duckdb_api.hpp"
#include "storage/events/event_store.hpp"

namespace miniops::events {

using Cell = std::variant<std::nullptr_t, std::int64_t, double, std::string_view, Id128>;

class DuckFailure : public std::runtime_error {
 public:
  // gone: a table that the statement names is not there
  enum class Kind { statement, gone, interrupted, full, broken };
  DuckFailure(Kind kind, const std::string& what) : std::runtime_error(what), kind_(kind) {}
  Kind kind() const { return kind_; }

 private:
  Kind kind_;
};
Error to_error(const DuckFailure& failure);
// The same, and a line in the log.
Error noted(const char* event, const DuckFailure& failure);

class DuckDatabase {
 public:
  struct Options {
    int threads = 2;
    std::int64_t memory_mb = 768;
    std::filesystem::path temporary;  // what does not fit into memory
  };
  // In memory; files are attached to it. Nothing outside can be reached from SQL but what this program attaches.
  // Throws DuckFailure.
  DuckDatabase(std::shared_ptr<const DuckApi> api, const Options& options);
  ~DuckDatabase();
  DuckDatabase(const DuckDatabase&) = delete;
  DuckDatabase& operator=(const DuckDatabase&) = delete;
  const DuckApi& api() const { return *api_; }
  duckdb_database handle() const { return handle_; }

 private:
  std::shared_ptr<const DuckApi> api_;
  duckdb_database handle_ = nullptr;
};

// Used by one thread at a time; interrupt() from any.
class DuckConnection {
 public:
  explicit DuckConnection(DuckDatabase& database);
  ~DuckConnection();
  DuckConnection(const DuckConnection&) = delete;
  DuckConnection& operator=(const DuckConnection&) = delete;

  // One statement. BOOLEAN and all integers come as integers, HUGEINT as 32 hexadecimal digits. Throws DuckFailure.
  sql::Rows query(const std::string& sql, std::span<const Cell> params = {});
  void execute(const std::string& sql, std::span<const Cell> params = {});
  void interrupt() { api_.interrupt(handle_); }
  const DuckApi& api() const { return api_; }
  duckdb_connection handle() const { return handle_; }

 private:
  const DuckApi& api_;
  duckdb_connection handle_ = nullptr;
};

// BEGIN to COMMIT; rolled back unless it comes to that. Writes go to one attached file.
class DuckTransaction {
 public:
  explicit DuckTransaction(DuckConnection& connection);
  ~DuckTransaction();
  DuckTransaction(const DuckTransaction&) = delete;
  DuckTransaction& operator=(const DuckTransaction&) = delete;
  void commit();

 private:
  DuckConnection& connection_;
  bool done_ = false;
};

// Rows for one table, by chunks of columns. Part of the connection's transaction.
class DuckAppender {
 public:
  DuckAppender(DuckConnection& connection, const std::string& catalog, const std::string& table,
               std::span<const duckdb_type> types);
  ~DuckAppender();
  DuckAppender(const DuckAppender&) = delete;
  DuckAppender& operator=(const DuckAppender&) = delete;
  // The value's alternative must fit the column's type; nullptr is NULL.
  void set(std::size_t column, const Cell& value);
  void end_row();
  void close();  // throws DuckFailure when anything was refused

 private:
  void flush();
  [[noreturn]] void refuse();
  const DuckApi& api_;
  std::vector<duckdb_type> types_;
  duckdb_appender handle_ = nullptr;
  duckdb_data_chunk chunk_ = nullptr;
  std::vector<void*> data_;
  std::vector<duckdb_vector> vectors_;
  std::size_t rows_ = 0;
  std::size_t rows_max_;
};

}  // namespace miniops::events
