// One connection to PostgreSQL, private to storage/sql: prepared statements, binary values, pipelines, errors. Used by
// one thread.
#pragma once

#include <libpq-fe.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/sql/engine.hpp"

namespace miniops::sql {

class PostgresConnection {
 public:
  // Throws EngineFailure (lost) when the server cannot be reached or refuses.
  explicit PostgresConnection(const std::string& address);

  // These throw EngineFailure. After a failure inside a transaction only ROLLBACK is of use.
  Rows query(std::string_view sql, const Params& params);
  std::int64_t execute(std::string_view sql, const Params& params);
  std::vector<std::int64_t> execute_many(std::string_view sql, std::span<const Params> rows);
  // Only sent: the next of these calls reads its answer too, and throws what failed in it.
  void execute_later(std::string_view sql, const Params& params);
  void settle();                  // reads the answers that nobody has read
  void control(const char* sql);  // COMMIT, LISTEN, …
  void roll_back();               // whatever became of the statements before
  // BEGIN …, after throwing away statements that a migration made stale.
  void begin(const char* sql);

  bool lost() const { return PQstatus(handle_.get()) != CONNECTION_OK; }
  bool in_transaction() const { return PQtransactionStatus(handle_.get()) != PQTRANS_IDLE; }
  PGconn* handle() const { return handle_.get(); }

 private:
  using Answer = std::unique_ptr<PGresult, decltype([](PGresult* r) { PQclear(r); })>;
  struct Statement {
    std::string_view sql;  // the key in statements_
    std::string name;
    std::vector<Oid> types;  // of its parameters; 0: it was prepared with NULL there
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  // The parameters as libpq takes them; the buffers are used again.
  struct Bound {
    std::vector<Oid> types;
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
    std::vector<std::array<char, 8>> numbers;
  };

  void bind(const Params& params);
  const Statement& prepare(std::string_view sql);
  Answer run(std::string_view sql, const Params& params);
  Answer next_answer();
  void send(std::string_view sql, const Params& params);
  std::vector<Answer> collect();
  void require(const PGresult* answer, std::string_view sql);
  EngineFailure failure(const PGresult* answer, std::string_view sql);
  void drop_statements();

  std::unique_ptr<PGconn, decltype([](PGconn* c) { PQfinish(c); })> handle_;
  std::unordered_map<std::string, std::vector<Statement>, TextHash, std::equal_to<>> statements_;
  std::size_t statement_count_ = 0;
  std::int64_t next_name_ = 0;
  bool stale_ = false;
  Bound bound_;
  std::vector<std::string_view> sent_;  // the statements in the pipeline, whose answers have not been read
};

class PostgresTransaction final : public EngineTransaction {
 public:
  // With a clock, that is the database's clock (tests); without one the server's is asked.
  PostgresTransaction(PostgresConnection& connection, const Clock* clock) : connection_(connection), clock_(clock) {}
  Engine engine() const override { return Engine::postgres; }
  Rows query(std::string_view sql, const Params& params) override;
  std::int64_t execute(std::string_view sql, const Params& params) override;
  std::vector<std::int64_t> execute_many(std::string_view sql, std::span<const Params> rows) override;
  void execute_later(std::string_view sql, const Params& params) override;
  void finish() override;
  TimeMs database_now() override;

 private:
  PostgresConnection& connection_;
  const Clock* clock_;
};

}  // namespace miniops::sql
