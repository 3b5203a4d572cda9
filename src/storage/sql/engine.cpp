#include "storage/sql/engine.hpp"

#include "base/log.hpp"

namespace miniops::sql {

namespace {

constexpr TimeMs operations_kept_ms = 7 * day_ms;

Result<void> store_operation(const std::string& id, Transaction& tx, TimeMs now) {
  if (id.empty()) return {};
  const auto stored =
      tx.execute("INSERT INTO operations (id, created_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", {id, now});
  if (stored == 0) return fail(ErrorKind::conflict, operation_done, "this operation was done before");
  return {};
}

Ran refused(const EngineFailure& failure) {
  if (failure.kind() != EngineFailure::Kind::conflict)
    log::error("storage.statement_failed", {{"problem", failure.what()}});
  return {std::unexpected(to_error(failure)), failure.kind()};
}

}  // namespace

std::optional<Row> Transaction::query_one(std::string_view sql, const Params& params) {
  Rows rows = query(sql, params);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

Error to_error(const EngineFailure& failure) {
  switch (failure.kind()) {
    case EngineFailure::Kind::full:
      return {"storage.full", "the disk is full: nothing was stored; make room, the server goes on by itself",
              ErrorKind::unavailable};
    case EngineFailure::Kind::lost:
      return {"storage.unavailable", "the database cannot be reached or failed; nothing was stored",
              ErrorKind::unavailable};
    case EngineFailure::Kind::conflict:
      return {"storage.conflict", "too many others change the same; nothing was stored, try again",
              ErrorKind::unavailable};
    case EngineFailure::Kind::constraint:
      return {"storage.constraint", "the database refused the row", ErrorKind::internal};
    case EngineFailure::Kind::statement:
      break;
  }
  return {"storage.internal", "the database refused the statement", ErrorKind::internal};
}

Error outcome_unknown() {
  return {"storage.outcome_unknown",
          "the database failed while it committed; whether the change was stored is not known", ErrorKind::unavailable};
}

Error closed_error() { return {"storage.unavailable", "the database is being closed", ErrorKind::unavailable}; }

Ran run_closure(Database::Job& job, EngineTransaction& tx, TimeMs now) {
  try {
    Result<void> result = store_operation(job.options.operation_id, tx, now);
    if (result) result = job.body(tx);
    if (result && !tx.failed()) tx.finish();
    if (tx.failed()) return refused({EngineFailure::Kind::statement, "a closure went on after a failed statement"});
    return {std::move(result)};
  } catch (const EngineFailure& failure) {
    return refused(failure);
  } catch (const std::exception& problem) {
    log::error("storage.closure_threw", {{"problem", problem.what()}});
    return {fail(ErrorKind::internal, "storage.internal", "the work in the database failed; nothing was stored")};
  }
}

Result<void> forget_old_operations(Transaction& tx, TimeMs now) {
  tx.execute(
      "DELETE FROM operations WHERE id IN (SELECT id FROM operations WHERE created_at < $1 ORDER BY created_at LIMIT "
      "500)",
      {now - operations_kept_ms});
  return {};
}

}  // namespace miniops::sql
