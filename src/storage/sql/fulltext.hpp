// Full-text search with the same answers on both engines: FTS5 on SQLite, tsvector with GIN on PostgreSQL.
//
// A search table is made by these lines of a migration:
//   CREATE VIRTUAL TABLE desk_message_search USING fts5(tokens, content='', columnsize=0); -- sqlite only
//   CREATE TABLE desk_message_search (row_id BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL); -- postgres only
//   CREATE INDEX desk_message_search_tokens ON desk_message_search USING gin (tokens) WITH (fastupdate = off); --
//   postgres only
// (One statement a line; with fastupdate every insert would conflict with every other at SERIALIZABLE.)
//
// `scope` is what every query fixes (the appid). It is part of each token, so that a common word in one mini program
// does not read the others' rows. A row is put once; to change it, remove it with the text that it was put with.
// At most 10,000 tokens of a text are indexed.
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
