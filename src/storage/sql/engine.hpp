// What both engines share, private to storage/sql: how an engine's failure travels, and how one closure is run.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include "storage/sql/database.hpp"

namespace miniops::sql {

// The engine failed in a statement. Caught by the database alone.
class EngineFailure : public std::runtime_error {
 public:
  enum class Kind {
    full,        // no room
    lost,        // the connection, the disk or memory is gone
    conflict,    // with another transaction; run again
    constraint,  // the row breaks a constraint
    statement    // the statement is wrong
  };
  // `what` is for the log: no values of rows in it.
  EngineFailure(Kind kind, const std::string& what) : std::runtime_error(what), kind_(kind) {}
  Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

// What callers are told.
Error to_error(const EngineFailure& failure);
Error closed_error();
Error outcome_unknown();

// How a run of a closure's body ended.
struct Ran {
  Result<void> result;
  std::optional<EngineFailure::Kind> failure{};  // set when the engine failed
};

// An engine's transaction: remembers that a statement failed, so that a closure cannot go on as if nothing had been.
class EngineTransaction : public Transaction {
 public:
  bool failed() const { return failed_; }
  // The body has come to its end: what was sent and not looked at yet is looked at. Throws EngineFailure.
  virtual void finish() {}

 protected:
  template <class Call>
  auto guarded(Call call) {
    if (failed_) throw EngineFailure(EngineFailure::Kind::statement, "a statement after a failed one");
    failed_ = true;
    auto answer = call();
    failed_ = false;
    return answer;
  }

 private:
  bool failed_ = false;
};

// Runs the body once inside `tx`, after storing its operation id. Never throws.
Ran run_closure(Database::Job& job, EngineTransaction& tx, TimeMs now);

// Whether this operation id was stored before.
inline constexpr const char* operation_done = "storage.operation_done";

// Forgets up to 500 operation ids older than 7 days.
Result<void> forget_old_operations(Transaction& tx, TimeMs now);
inline constexpr int operations_between_cleanings = 500;

}  // namespace miniops::sql
