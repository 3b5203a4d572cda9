// Full-text search with the same answers on both engines: FTS5 on SQLite, tsvector with GIN on PostgreSQL.
//
// A search table is made by a migration with fulltext_table(); its rows are (row id, scope, tokens). `scope` is a word
// that every query fixes (the appid), so that a common word in one mini program does not read the others' rows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/sql/database.hpp"

namespace miniops::sql {

class FullText {
 public:
  // `table` is a constant such as "desk_message_search".
  explicit FullText(std::string_view table) : table_(table) {}

  void put(Transaction& tx, std::int64_t row_id, std::string_view scope, std::string_view text) const;
  void remove(Transaction& tx, std::int64_t row_id, std::string_view scope, std::string_view text) const;
  // Row ids, newest (largest id) first, below `before` (0: from the newest), at most `limit`. Empty when `query` has
  // nothing that can be searched for.
  std::vector<std::int64_t> find(Transaction& tx, std::string_view scope, std::string_view query, std::int64_t before,
                                 int limit) const;

 private:
  std::string table_;
};

}  // namespace miniops::sql
