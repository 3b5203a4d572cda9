// A statement as it grows, with its parameters. Every value is one; the names of columns and tables are our own
// constants. Private to storage/events.
#pragma once

#include <deque>

#include "storage/events/duck_functions.hpp"

namespace miniops::events {

// Rows to ask: a day's table, or a stretch of it. DuckDB leaves out what is not in the stretch, but only of one
// BETWEEN; of ranges joined by OR it reads everything. Several stretches are joined by UNION ALL, 0.8 ms each.
struct Source {
  std::string table;
  std::optional<std::pair<std::int64_t, std::int64_t>> sequences{};  // first and last
};

class Statement {
 public:
  explicit Statement(Loans& loans) : loans_(loans) {}
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  std::string param(std::int64_t value) { return put(value); }
  std::string param(double value) { return put(value); }
  std::string param(Id128 value) { return put(value); }
  std::string param(std::string_view value) { return put(std::string_view(texts_.emplace_back(value))); }
  // For text_holds() and its like; lent as long as the statement lives.
  std::string lend(Loan loan);

  // The rows of a scope as `r`; there must be a source. `people`: each row's person is the one that it counts as, which
  // costs a join.
  void rows_of(std::span<const Source> sources, const Scope& scope, bool people);

  sql::Rows ask(DuckConnection& connection) const { return connection.query(text, params_); }

  std::string text;

 private:
  std::string put(const Cell& value);
  void add(const Condition& condition);

  Loans& loans_;
  std::vector<Cell> params_;
  std::deque<std::string> texts_;  // stay where they are
  std::vector<std::int64_t> lent_;
};

std::string_view column_of(Field field);
std::string_view time_of(const Scope& scope);  // the column that its range is of
bool asks_people(const Scope& scope);          // a condition is about persons

// What is true of the rows that satisfy it: an expression that is never NULL where it counts.
std::string condition_of(const Predicate& predicate, Statement& statement);

}  // namespace miniops::events
