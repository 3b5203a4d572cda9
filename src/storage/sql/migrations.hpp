// Migrations: compiled in from src/<module>/migrations, applied under a lease, each in one transaction.
//
// The SQL is the common dialect. A line that ends in `-- sqlite only` or `-- postgres only` is left out on the other
// engine; a whole file for one engine is named NNNN_name.sqlite.sql / NNNN_name.postgres.sql. Statements end in `;` at
// the end of a line. Released migrations are never edited. A database carries `schema` and `oldest_program_schema`
// per module: a program whose own schema is below `oldest_program_schema` is refused (storage.program_too_old).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace miniops::sql {

class Database;

struct Migration {
  enum class For { any, sqlite, postgres };
  std::string_view module;
  int number;
  std::string_view file;
  For engine;
  std::string_view sql;
};

// Brings the database to this program's schema; blocking, at start-up and in tests. `sets` are in dependency order.
Result<void> migrate(Database& database, const std::vector<std::span<const Migration>>& sets);

}  // namespace miniops::sql
