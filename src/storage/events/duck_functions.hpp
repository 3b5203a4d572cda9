// The functions of ours that SQL calls: texts are looked at by the code that every engine must agree with. It is also
// the fastest form: of 5 M lines of 127 bytes, a frequent word took 0.61 s (0.37 of it to read them), 1.67 with
// DuckDB's own contains(lower()) and regexp_matches(), 2.3 with an expression alone, 3.9 with ILIKE. Private to
// storage/events.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "storage/events/duckdb_connection.hpp"

namespace miniops::events {

// What a statement's functions work with. SQL names it by a number.
struct Loan {
  std::string property{};  // whose: text_holds() looks at the text itself
  std::optional<Matcher> matcher{};
};

// Safe from any thread. Must outlive the database.
class Loans {
 public:
  std::int64_t lend(std::shared_ptr<const Loan> loan);
  void take_back(std::int64_t number);
  std::shared_ptr<const Loan> find(std::int64_t number) const;  // nullptr: nobody lent it

 private:
  mutable std::mutex mutex_;
  std::map<std::int64_t, std::shared_ptr<const Loan>> lent_;
  std::int64_t last_ = 0;
};

// For all connections of the database; none of them is ever NULL but property_text(), where there is no such property:
//   text_holds(VARCHAR, loan) → BOOLEAN         whether the matcher holds of a text
//   property_holds(VARCHAR, loan) → BOOLEAN     the same of a property of this JSON
//   property_text(VARCHAR, loan) → VARCHAR
//   slice_may_hold(BLOB, token) → BOOLEAN       of a token filter
// Throws DuckFailure.
void register_functions(DuckConnection& connection, Loans& loans);

}  // namespace miniops::events
