// Leases: who refreshes a token, consumes a partition, runs a job. A row on the database's clock. A lease gives
// progress, never correctness: what it guards is compare-and-set too.
#pragma once

#include <string>
#include <string_view>

#include "storage/sql/database.hpp"

namespace miniops::sql {

// Takes or renews lease `name` for `owner` until now + `for_ms`, on the database's clock. False: another holds it.
bool take_lease(Transaction& tx, std::string_view name, std::string_view owner, std::int64_t for_ms);
void give_back_lease(Transaction& tx, std::string_view name, std::string_view owner);
// All that `owner` holds: for its successor, who knows that it is dead.
void give_back_leases_of(Transaction& tx, std::string_view owner);

// The smallest free node number (0 … 1023), held by `owner`; renewed by calling it again.
Result<int> take_node_number(Transaction& tx, std::string_view owner, std::int64_t for_ms);

}  // namespace miniops::sql
