#include "storage/sql/postgres_connection.hpp"

#include <charconv>

#include "storage/sql/postgres_value.hpp"

namespace miniops::sql {

namespace {

constexpr std::size_t prepared_max = 500;
constexpr std::size_t pipeline_max = 200;  // so that neither side's socket buffer fills while it does not read

void ignore_notice(void*, const char*) {}

// $1 of type Oid as bytes that libpq may send.
struct BindPostgres {
  std::vector<Oid>& types;
  std::vector<const char*>& values;
  std::vector<int>& lengths;
  std::array<char, 8>& number;

  void add(Oid type, const char* bytes, std::size_t size) const {
    types.push_back(type);
    values.push_back(bytes);
    lengths.push_back(static_cast<int>(size));
  }
  void operator()(std::nullptr_t) const { add(0, nullptr, 0); }
  void operator()(std::int64_t value) const {
    number = to_network(value);
    add(oid::int8, number.data(), number.size());
  }
  void operator()(double value) const {
    number = to_network(value);
    add(oid::float8, number.data(), number.size());
  }
  void operator()(std::string_view text) const {
    add(oid::text, text.data() == nullptr ? "" : text.data(), text.size());
  }
  void operator()(BlobView blob) const {
    add(oid::bytea, blob.bytes.data() == nullptr ? "" : blob.bytes.data(), blob.bytes.size());
  }
};

EngineFailure::Kind kind_of(std::string_view state, bool connected) {
  using Kind = EngineFailure::Kind;
  if (!connected || state.starts_with("08") || state.starts_with("57P") || state == "53300") return Kind::lost;
  if (state.starts_with("40") || state == "55P03" || state == "0A000") return Kind::conflict;
  if (state == "53100") return Kind::full;
  if (state.starts_with("53") || state.starts_with("58") || state == "25006") return Kind::lost;
  if (state.starts_with("23")) return Kind::constraint;
  return Kind::statement;
}

std::string_view first_line(const char* message) {
  const std::string_view text = message == nullptr ? "" : message;
  return text.substr(0, text.find('\n'));
}

std::int64_t changed_rows(PGresult* answer) {
  const std::string_view count = PQcmdTuples(answer);
  std::int64_t rows = 0;
  std::from_chars(count.data(), count.data() + count.size(), rows);
  return rows;
}

}  // namespace

PostgresConnection::PostgresConnection(const std::string& address) {
  // The first name is expanded as an address; what follows it wins, what precedes it is a default.
  static constexpr std::array<const char*, 10> names{
      "connect_timeout",  "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
      "application_name", "dbname",          "client_encoding",     "options",          nullptr};
  const std::array<const char*, 10> values{
      "3", "10", "3", "3", "10000", "miniops", address.c_str(), "UTF8", "-c standard_conforming_strings=on", nullptr};
  handle_.reset(PQconnectdbParams(names.data(), values.data(), 1));
  if (lost()) throw EngineFailure(EngineFailure::Kind::lost, std::string(first_line(PQerrorMessage(handle_.get()))));
  PQsetNoticeProcessor(handle_.get(), ignore_notice, nullptr);
  PQsetErrorVerbosity(handle_.get(), PQERRORS_TERSE);
}

EngineFailure PostgresConnection::failure(const PGresult* answer, std::string_view sql) {
  const char* field = answer == nullptr ? nullptr : PQresultErrorField(answer, PG_DIAG_SQLSTATE);
  const std::string_view state = field == nullptr ? "" : field;
  if (state == "0A000") stale_ = true;  // "cached plan must not change result type": a migration came between
  // Class 22 repeats the value that it refuses.
  const auto message = state.starts_with("22") ? "a value is refused" : first_line(PQerrorMessage(handle_.get()));
  return {kind_of(state, !lost()), fmt::format("PostgreSQL {}: {}: {}", state, message, sql.substr(0, 60))};
}

void PostgresConnection::require(const PGresult* answer, std::string_view sql) {
  const auto status = PQresultStatus(answer);
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) throw failure(answer, sql);
}

void PostgresConnection::control(const char* sql) {
  settle();
  const Answer answer(PQexec(handle_.get(), sql));
  require(answer.get(), sql);
}

void PostgresConnection::roll_back() {
  try {
    settle();
  } catch (const EngineFailure&) {
    if (lost()) throw;
  }
  control("ROLLBACK");
}

void PostgresConnection::begin(const char* sql) {
  if (stale_ || statement_count_ > prepared_max) drop_statements();
  control(sql);
}

void PostgresConnection::drop_statements() {
  statements_.clear();
  statement_count_ = 0;
  stale_ = false;
  control("DEALLOCATE ALL");
}

void PostgresConnection::bind(const Params& params) {
  bound_.types.clear();
  bound_.values.clear();
  bound_.lengths.clear();
  bound_.formats.assign(params.size(), 1);
  bound_.numbers.resize(params.size());
  for (std::size_t i = 0; i < params.size(); ++i)
    std::visit(BindPostgres{bound_.types, bound_.values, bound_.lengths, bound_.numbers[i]}, params[i].value());
}

// A statement is prepared for the types of its parameters. NULL has none and fits any that is known.
const PostgresConnection::Statement& PostgresConnection::prepare(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) found = statements_.emplace(std::string(sql), std::vector<Statement>()).first;
  for (const Statement& known : found->second) {
    const bool fits = std::ranges::equal(bound_.types, known.types,
                                         [](Oid given, Oid prepared) { return given == 0 || given == prepared; });
    if (fits) return known;
  }
  if (!sent_.empty()) settle();  // preparing is a round trip of its own
  Statement statement{found->first, fmt::format("s{}", ++next_name_), bound_.types};
  const Answer answer(PQprepare(handle_.get(), statement.name.c_str(), found->first.c_str(),
                                static_cast<int>(bound_.types.size()), bound_.types.data()));
  require(answer.get(), sql);
  ++statement_count_;
  found->second.push_back(std::move(statement));
  return found->second.back();
}

PostgresConnection::Answer PostgresConnection::run(std::string_view sql, const Params& params) {
  if (!sent_.empty()) {
    send(sql, params);
    return std::move(collect().back());
  }
  bind(params);
  const Statement& statement = prepare(sql);
  Answer answer(PQexecPrepared(handle_.get(), statement.name.c_str(), static_cast<int>(params.size()),
                               bound_.values.data(), bound_.lengths.data(), bound_.formats.data(), 1));
  require(answer.get(), sql);
  return answer;
}

Rows PostgresConnection::query(std::string_view sql, const Params& params) {
  const Answer answer = run(sql, params);
  const int count = PQntuples(answer.get());
  const int columns = PQnfields(answer.get());
  Rows rows;
  rows.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    std::vector<Value> values;
    values.reserve(static_cast<std::size_t>(columns));
    for (int c = 0; c < columns; ++c) {
      if (PQgetisnull(answer.get(), i, c) == 1) {
        values.emplace_back(nullptr);
        continue;
      }
      const auto size = static_cast<std::size_t>(PQgetlength(answer.get(), i, c));
      values.push_back(from_binary(PQftype(answer.get(), c), {PQgetvalue(answer.get(), i, c), size}));
    }
    rows.emplace_back(std::move(values));
  }
  return rows;
}

std::int64_t PostgresConnection::execute(std::string_view sql, const Params& params) {
  const Answer answer = run(sql, params);
  // Of a SELECT libpq would tell the rows read.
  const std::string_view tag = PQcmdStatus(answer.get());
  return tag.starts_with("SELECT") ? 0 : changed_rows(answer.get());
}

std::vector<std::int64_t> PostgresConnection::execute_many(std::string_view sql, std::span<const Params> rows) {
  settle();
  std::vector<std::int64_t> changed;
  changed.reserve(rows.size());
  for (std::size_t at = 0; at < rows.size(); at += pipeline_max) {
    for (const Params& row : rows.subspan(at, std::min(pipeline_max, rows.size() - at))) send(sql, row);
    for (const Answer& answer : collect()) changed.push_back(changed_rows(answer.get()));
  }
  return changed;
}

void PostgresConnection::execute_later(std::string_view sql, const Params& params) {
  if (sent_.size() >= pipeline_max) settle();
  send(sql, params);
}

void PostgresConnection::settle() {
  if (!sent_.empty()) collect();
}

void PostgresConnection::send(std::string_view sql, const Params& params) {
  bind(params);
  const Statement& statement = prepare(sql);
  if (sent_.empty() && PQenterPipelineMode(handle_.get()) != 1) throw failure(nullptr, sql);
  if (PQsendQueryPrepared(handle_.get(), statement.name.c_str(), static_cast<int>(params.size()), bound_.values.data(),
                          bound_.lengths.data(), bound_.formats.data(), 1) != 1)
    throw EngineFailure(EngineFailure::Kind::lost, "the connection was lost in a pipeline");
  sent_.push_back(statement.sql);
}

PostgresConnection::Answer PostgresConnection::next_answer() { return Answer(PQgetResult(handle_.get())); }

// Each statement's answer is followed by a null; the whole by the answer to the sync. Throws what failed first.
std::vector<PostgresConnection::Answer> PostgresConnection::collect() {
  const std::vector<std::string_view> sent = std::exchange(sent_, {});
  if (PQpipelineSync(handle_.get()) != 1)
    throw EngineFailure(EngineFailure::Kind::lost, "the connection was lost in a pipeline");
  std::vector<Answer> answers;
  answers.reserve(sent.size());
  std::optional<EngineFailure> problem;
  for (const std::string_view sql : sent) {
    Answer answer = next_answer();
    if (lost()) throw EngineFailure(EngineFailure::Kind::lost, "the connection was lost in a pipeline");
    const auto status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && !problem) {
      problem = failure(answer.get(), sql);  // those behind it are PGRES_PIPELINE_ABORTED
    }
    answers.push_back(std::move(answer));
    next_answer();
  }
  next_answer();
  if (PQexitPipelineMode(handle_.get()) != 1 && !problem)
    throw EngineFailure(EngineFailure::Kind::lost, "the pipeline was left in disorder");
  if (problem) throw *problem;
  return answers;
}

Rows PostgresTransaction::query(std::string_view sql, const Params& params) {
  return guarded([&] { return connection_.query(sql, params); });
}

std::int64_t PostgresTransaction::execute(std::string_view sql, const Params& params) {
  return guarded([&] { return connection_.execute(sql, params); });
}

std::vector<std::int64_t> PostgresTransaction::execute_many(std::string_view sql, std::span<const Params> rows) {
  return guarded([&] { return connection_.execute_many(sql, rows); });
}

void PostgresTransaction::execute_later(std::string_view sql, const Params& params) {
  guarded([&] {
    connection_.execute_later(sql, params);
    return true;
  });
}

void PostgresTransaction::finish() {
  guarded([&] {
    connection_.settle();
    return true;
  });
}

TimeMs PostgresTransaction::database_now() {
  if (clock_ != nullptr) return clock_->now();
  return query("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint", {}).front().integer(0);
}

}  // namespace miniops::sql
