#include "storage/sql/fulltext.hpp"

#include "base/encoding.hpp"
#include "base/text.hpp"

namespace miniops::sql {

namespace {

constexpr std::size_t tokens_max = 10'000;    // PostgreSQL counts positions up to 16,383
constexpr std::size_t token_bytes_max = 200;  // and refuses words over 2 KB
constexpr std::size_t scope_bytes = 8;

// One word of the index: which scope, and what. Letters and digits only, so that it needs no quoting on either engine.
class Words {
 public:
  explicit Words(std::string_view scope) : prefix_(hex(sha256(scope).substr(0, scope_bytes))) {}
  std::string word(std::string_view token) const { return prefix_ + std::string(token.substr(0, token_bytes_max)); }

 private:
  std::string prefix_;
};

// FTS5 takes words with blanks between; a tsvector is written word:position.
std::string document(Engine engine, std::string_view scope, std::string_view text) {
  const Words words(scope);
  std::string out;
  std::size_t position = 0;
  for (const auto& token : search_tokens(text)) {
    if (++position > tokens_max) break;
    if (!out.empty()) out.push_back(' ');
    out += words.word(token);
    if (engine == Engine::postgres) out += fmt::format(":{}", position);
  }
  return out;
}

std::string join(const std::vector<std::string>& words, std::string_view between) {
  return fmt::format("{}", fmt::join(words, between));
}

std::string expression(Engine engine, std::string_view scope, std::string_view query) {
  const Words words(scope);
  std::vector<std::string> phrases;
  for (const auto& phrase : search_phrases(query)) {
    std::vector<std::string> parts;
    for (const auto& token : phrase.tokens) parts.push_back(words.word(token));
    if (parts.empty()) continue;
    if (engine == Engine::sqlite) {
      phrases.push_back('"' + join(parts, " ") + '"' + (phrase.last_is_prefix ? "*" : ""));
    } else {
      phrases.push_back('(' + join(parts, " <-> ") + (phrase.last_is_prefix ? ":*" : "") + ')');
    }
  }
  return join(phrases, engine == Engine::sqlite ? " AND " : " & ");
}

}  // namespace

void FullText::put(Transaction& tx, std::int64_t row_id, std::string_view scope, std::string_view text) const {
  const std::string tokens = document(tx.engine(), scope, text);
  if (tokens.empty()) return;
  if (tx.engine() == Engine::sqlite) {
    tx.execute(fmt::format("INSERT INTO {} (rowid, tokens) VALUES ($1, $2)", table_), {row_id, tokens});
  } else {
    tx.execute(fmt::format("INSERT INTO {} (row_id, tokens) VALUES ($1, $2::text::tsvector)", table_),
               {row_id, tokens});
  }
}

void FullText::remove(Transaction& tx, std::int64_t row_id, std::string_view scope, std::string_view text) const {
  if (tx.engine() == Engine::postgres) {
    tx.execute(fmt::format("DELETE FROM {} WHERE row_id = $1", table_), {row_id});
    return;
  }
  // The table keeps no text of its own: FTS5 must be told what it had indexed.
  const std::string tokens = document(tx.engine(), scope, text);
  if (tokens.empty()) return;
  tx.execute(fmt::format("INSERT INTO {0} ({0}, rowid, tokens) VALUES ('delete', $1, $2)", table_), {row_id, tokens});
}

std::vector<std::int64_t> FullText::find(Transaction& tx, std::string_view scope, std::string_view query,
                                         std::int64_t before, int limit) const {
  const std::string wanted = expression(tx.engine(), scope, query);
  if (wanted.empty()) return {};
  const std::int64_t below = before == 0 ? std::numeric_limits<std::int64_t>::max() : before;
  const std::string sql =
      tx.engine() == Engine::sqlite
          ? fmt::format("SELECT rowid FROM {0} WHERE {0} MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $3", table_)
          : fmt::format(
                "SELECT row_id FROM {} WHERE tokens @@ $1::text::tsquery AND row_id < $2 ORDER BY row_id DESC "
                "LIMIT $3",
                table_);
  std::vector<std::int64_t> ids;
  for (const Row& row : tx.query(sql, {wanted, below, limit})) ids.push_back(row.integer(0));
  return ids;
}

}  // namespace miniops::sql
