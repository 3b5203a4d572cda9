#include "storage/events/duckdb_connection.hpp"

#include "base/log.hpp"

namespace miniops::events {

namespace {

DuckFailure::Kind kind_of(duckdb_error_type type, std::string_view message) {
  if (type == DUCKDB_ERROR_INTERRUPT) return DuckFailure::Kind::interrupted;
  if (message.find("No space left") != std::string_view::npos) return DuckFailure::Kind::full;
  if (message.starts_with("Catalog Error")) return DuckFailure::Kind::gone;
  // A commit fails by its disk, never by its rows. Appenders tell no type.
  if (type == DUCKDB_ERROR_IO || type == DUCKDB_ERROR_FATAL || type == DUCKDB_ERROR_OUT_OF_MEMORY ||
      type == DUCKDB_ERROR_TRANSACTION || message.find("Could not write") != std::string_view::npos)
    return DuckFailure::Kind::broken;
  return DuckFailure::Kind::statement;
}

std::string first_line(const char* message) {
  const std::string_view text = message == nullptr ? "" : message;
  return std::string(text.substr(0, text.find('\n')));
}

class Prepared {
 public:
  Prepared(const DuckApi& api, duckdb_connection connection, const std::string& sql) : api_(api) {
    if (api.prepare(connection, sql.c_str(), &handle_) == DuckDBSuccess) return;
    const std::string message = first_line(api.prepare_error(handle_));
    api.destroy_prepare(&handle_);
    throw DuckFailure(kind_of(DUCKDB_ERROR_INVALID, message), message);
  }
  ~Prepared() { api_.destroy_prepare(&handle_); }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;
  duckdb_prepared_statement handle() const { return handle_; }

  void operator()(std::nullptr_t) { check(api_.bind_null(handle_, ++at_)); }
  void operator()(std::int64_t value) { check(api_.bind_int64(handle_, ++at_, value)); }
  void operator()(double value) { check(api_.bind_double(handle_, ++at_, value)); }
  void operator()(std::string_view text) {
    check(api_.bind_varchar_length(handle_, ++at_, text.data() == nullptr ? "" : text.data(), text.size()));
  }
  void operator()(Id128 id) { check(api_.bind_hugeint(handle_, ++at_, {id.low, static_cast<std::int64_t>(id.high)})); }

 private:
  void check(duckdb_state state) const {
    if (state != DuckDBSuccess)
      throw DuckFailure(DuckFailure::Kind::statement, fmt::format("parameter {} does not fit", at_));
  }
  const DuckApi& api_;
  duckdb_prepared_statement handle_ = nullptr;
  idx_t at_ = 0;
};

class Answer {
 public:
  explicit Answer(const DuckApi& api) : api_(api) {}
  ~Answer() { api_.destroy_result(&result_); }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  duckdb_result* get() { return &result_; }
  DuckFailure failure() {
    const std::string message = first_line(api_.result_error(&result_));
    return {kind_of(api_.result_error_type(&result_), message), message};
  }

 private:
  const DuckApi& api_;
  duckdb_result result_{};
};

template <class T>
T at(const void* data, std::size_t row) {
  return static_cast<const T*>(data)[row];
}

sql::Value value_of(duckdb_type type, const void* data, std::size_t row) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN:
      return std::int64_t{at<bool>(data, row)};
    case DUCKDB_TYPE_TINYINT:
      return std::int64_t{at<std::int8_t>(data, row)};
    case DUCKDB_TYPE_UTINYINT:
      return std::int64_t{at<std::uint8_t>(data, row)};
    case DUCKDB_TYPE_SMALLINT:
      return std::int64_t{at<std::int16_t>(data, row)};
    case DUCKDB_TYPE_USMALLINT:
      return std::int64_t{at<std::uint16_t>(data, row)};
    case DUCKDB_TYPE_INTEGER:
      return std::int64_t{at<std::int32_t>(data, row)};
    case DUCKDB_TYPE_UINTEGER:
      return std::int64_t{at<std::uint32_t>(data, row)};
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UBIGINT:
      return at<std::int64_t>(data, row);
    case DUCKDB_TYPE_FLOAT:
      return double{at<float>(data, row)};
    case DUCKDB_TYPE_DOUBLE:
      return at<double>(data, row);
    case DUCKDB_TYPE_HUGEINT: {
      const auto value = at<duckdb_hugeint>(data, row);
      return fmt::format("{:016x}{:016x}", static_cast<std::uint64_t>(value.upper), value.lower);
    }
    case DUCKDB_TYPE_VARCHAR:
    case DUCKDB_TYPE_BLOB: {
      const auto text = at<duckdb_string_t>(data, row);
      const auto& inlined = text.value.inlined;
      if (inlined.length <= sizeof(inlined.inlined)) return std::string(inlined.inlined, inlined.length);
      return std::string(text.value.pointer.ptr, text.value.pointer.length);
    }
    default:
      throw DuckFailure(DuckFailure::Kind::statement, fmt::format("a column of type {} is not read", int{type}));
  }
}

struct Column {
  duckdb_type type;
  const void* data;
  const std::uint64_t* validity;
  bool valid(std::size_t row) const { return validity == nullptr || (validity[row / 64] >> (row % 64) & 1) != 0; }
};

void read_chunk(const DuckApi& api, duckdb_data_chunk chunk, std::size_t columns, sql::Rows& rows) {
  std::vector<Column> read;
  for (idx_t c = 0; c < columns; ++c) {
    duckdb_vector vector = api.data_chunk_get_vector(chunk, c);
    duckdb_logical_type type = api.vector_get_column_type(vector);
    read.push_back({api.get_type_id(type), api.vector_get_data(vector), api.vector_get_validity(vector)});
    api.destroy_logical_type(&type);
  }
  const idx_t count = api.data_chunk_get_size(chunk);
  for (idx_t row = 0; row < count; ++row) {
    std::vector<sql::Value> values;
    values.reserve(columns);
    for (const Column& column : read)
      values.push_back(column.valid(row) ? value_of(column.type, column.data, row) : sql::Value(nullptr));
    rows.emplace_back(std::move(values));
  }
}

}  // namespace

Error to_error(const DuckFailure& failure) {
  switch (failure.kind()) {
    case DuckFailure::Kind::interrupted:
      return {"storage.question_too_slow", "the question took too long and was stopped; narrow its time range",
              ErrorKind::rejected};
    case DuckFailure::Kind::full:
      return {"storage.full", "the disk of the event store is full", ErrorKind::unavailable};
    case DuckFailure::Kind::broken:
      return {"storage.events_unavailable", "the event store cannot be used for now", ErrorKind::unavailable};
    case DuckFailure::Kind::statement:
    case DuckFailure::Kind::gone:
      break;
  }
  return {"storage.question_refused", "the event store refused a question", ErrorKind::internal};
}

Error noted(const char* event, const DuckFailure& failure) {
  log::error(event, {{"problem", failure.what()}});
  return to_error(failure);
}

// ---- database ----

DuckDatabase::DuckDatabase(std::shared_ptr<const DuckApi> api, const Options& options) : api_(std::move(api)) {
  duckdb_config config = nullptr;
  api_->create_config(&config);
  const auto set = [&](const char* name, const std::string& value) {
    if (api_->set_config(config, name, value.c_str()) != DuckDBSuccess)
      throw DuckFailure(DuckFailure::Kind::broken, fmt::format("DuckDB knows no setting {}", name));
  };
  set("threads", std::to_string(options.threads));
  set("memory_limit", fmt::format("{}MB", options.memory_mb));
  set("temp_directory", options.temporary.string());
  set("preserve_insertion_order", "false");
  // A checkpoint writes the newest group of rows of each table anew, and the loader waits for it: at the engine's 16 MB
  // each row was compressed several times. What a kill leaves in the log is read again in a second or two.
  set("checkpoint_threshold", "256MB");
  set("autoinstall_known_extensions", "false");
  set("autoload_known_extensions", "false");
  char* problem = nullptr;
  const duckdb_state opened = api_->open_ext(nullptr, &handle_, config, &problem);
  api_->destroy_config(&config);
  if (opened == DuckDBSuccess) return;
  DuckFailure failure(DuckFailure::Kind::broken, first_line(problem));
  api_->free(problem);
  throw failure;
}

DuckDatabase::~DuckDatabase() { api_->close(&handle_); }

// ---- connection ----

DuckConnection::DuckConnection(DuckDatabase& database) : api_(database.api()) {
  if (api_.connect(database.handle(), &handle_) != DuckDBSuccess)
    throw DuckFailure(DuckFailure::Kind::broken, "no connection to the event store");
}

DuckConnection::~DuckConnection() { api_.disconnect(&handle_); }

sql::Rows DuckConnection::query(const std::string& sql, std::span<const Cell> params) {
  Prepared prepared(api_, handle_, sql);
  for (const Cell& param : params) std::visit(prepared, param);
  Answer answer(api_);
  if (api_.execute_prepared(prepared.handle(), answer.get()) != DuckDBSuccess) throw answer.failure();
  const idx_t columns = api_.column_count(answer.get());
  sql::Rows rows;
  while (duckdb_data_chunk chunk = api_.fetch_chunk(*answer.get())) {
    read_chunk(api_, chunk, columns, rows);
    api_.destroy_data_chunk(&chunk);
  }
  return rows;
}

void DuckConnection::execute(const std::string& sql, std::span<const Cell> params) { query(sql, params); }

// ---- transaction ----

DuckTransaction::DuckTransaction(DuckConnection& connection) : connection_(connection) { connection_.execute("BEGIN"); }

DuckTransaction::~DuckTransaction() {
  // The engine may have ended it; or this, too, was interrupted.
  for (int tries = done_ ? 0 : 2; tries > 0; --tries) {
    try {
      connection_.execute("ROLLBACK");
      return;
    } catch (const DuckFailure&) {
    }
  }
}

void DuckTransaction::commit() {
  connection_.execute("COMMIT");
  done_ = true;
}

// ---- appender ----

DuckAppender::DuckAppender(DuckConnection& connection, const std::string& catalog, const std::string& table,
                           std::span<const duckdb_type> types)
    : api_(connection.api()), types_(types.begin(), types.end()), rows_max_(api_.vector_size()) {
  if (api_.appender_create_ext(connection.handle(), catalog.c_str(), "main", table.c_str(), &handle_) != DuckDBSuccess)
    refuse();
  std::vector<duckdb_logical_type> logical;
  for (const duckdb_type type : types_) logical.push_back(api_.create_logical_type(type));
  chunk_ = api_.create_data_chunk(logical.data(), logical.size());
  for (auto& type : logical) api_.destroy_logical_type(&type);
  for (idx_t c = 0; c < types_.size(); ++c) {
    vectors_.push_back(api_.data_chunk_get_vector(chunk_, c));
    data_.push_back(api_.vector_get_data(vectors_.back()));
  }
}

DuckAppender::~DuckAppender() {
  if (chunk_ != nullptr) api_.destroy_data_chunk(&chunk_);
  if (handle_ != nullptr) api_.appender_destroy(&handle_);
}

void DuckAppender::refuse() {
  const char* message = handle_ == nullptr ? nullptr : api_.appender_error(handle_);
  const std::string text = first_line(message);
  throw DuckFailure(kind_of(DUCKDB_ERROR_INVALID, text), "rows are refused: " + text);
}

void DuckAppender::set(std::size_t column, const Cell& value) {
  const auto put = [&]<class T>(T number) { static_cast<T*>(data_[column])[rows_] = number; };
  if (std::holds_alternative<std::nullptr_t>(value)) {
    api_.vector_ensure_validity_writable(vectors_[column]);
    api_.validity_set_row_invalid(api_.vector_get_validity(vectors_[column]), rows_);
    return;
  }
  switch (types_[column]) {
    case DUCKDB_TYPE_BOOLEAN:
      return put(std::get<std::int64_t>(value) != 0);
    case DUCKDB_TYPE_UTINYINT:
      return put(static_cast<std::uint8_t>(std::get<std::int64_t>(value)));
    case DUCKDB_TYPE_SMALLINT:
      return put(static_cast<std::int16_t>(std::get<std::int64_t>(value)));
    case DUCKDB_TYPE_INTEGER:
      return put(static_cast<std::int32_t>(std::get<std::int64_t>(value)));
    case DUCKDB_TYPE_BIGINT:
      return put(std::get<std::int64_t>(value));
    case DUCKDB_TYPE_DOUBLE:
      return put(std::get<double>(value));
    case DUCKDB_TYPE_HUGEINT: {
      const Id128 id = std::get<Id128>(value);
      return put(duckdb_hugeint{id.low, static_cast<std::int64_t>(id.high)});
    }
    case DUCKDB_TYPE_VARCHAR:
    case DUCKDB_TYPE_BLOB: {
      const auto text = std::get<std::string_view>(value);
      return api_.vector_assign_string_element_len(vectors_[column], rows_, text.data() == nullptr ? "" : text.data(),
                                                   text.size());
    }
    default:
      throw DuckFailure(DuckFailure::Kind::statement, "a column of this type is not written");
  }
}

void DuckAppender::end_row() {
  if (++rows_ == rows_max_) flush();
}

void DuckAppender::flush() {
  if (rows_ == 0) return;
  api_.data_chunk_set_size(chunk_, rows_);
  if (api_.append_data_chunk(handle_, chunk_) != DuckDBSuccess) refuse();
  api_.data_chunk_reset(chunk_);
  for (idx_t c = 0; c < types_.size(); ++c) {
    vectors_[c] = api_.data_chunk_get_vector(chunk_, c);
    data_[c] = api_.vector_get_data(vectors_[c]);
  }
  rows_ = 0;
}

void DuckAppender::close() {
  flush();
  if (api_.appender_close(handle_) != DuckDBSuccess) refuse();
}

}  // namespace miniops::events
