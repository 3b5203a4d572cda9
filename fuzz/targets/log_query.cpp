// The query language: whatever stands in a query, it is read or pointed at; what is read is written so that it is read
// the same; highlights and completions stay within their texts.
#include "base/text.hpp"
#include "logs/query/completion.hpp"
#include "logs/query/highlight.hpp"
#include "targets/fuzz.hpp"

namespace {

using namespace miniops;

void check_error(const logs::QueryError& error, std::string_view text) {
  fuzz::require(!error.code.empty() && !error.message.empty());
  if (valid_utf8(text)) fuzz::require(error.offset + error.length <= count_chars(text));
  if (error.suggestion) fuzz::require(logs::parse(*error.suggestion).has_value());
}

void check_query(const logs::Query& query, std::string_view line) {
  const std::string normal = logs::print(query);
  if (count_chars(normal) <= logs::query_chars_max) {
    const auto again = logs::parse(normal);
    fuzz::require(again && *again == query && logs::print(*again) == normal);
  }
  logs::to_predicate(query);
  if (!valid_utf8(line)) return;
  std::size_t end = 0;
  for (const logs::TextRange& range : logs::Highlighter(query).of(line)) {
    fuzz::require(range.offset >= end && range.length > 0);
    end = range.offset + range.length;
  }
  fuzz::require(end <= count_chars(line));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input in(data, size);
  const unsigned cursor = in.choice(64);
  const std::string_view text = in.line();
  const auto query = logs::parse(text);
  if (query) check_query(*query, in.rest());
  if (!query) check_error(query.error(), text);
  const logs::Place place = logs::place_at(text, cursor);
  fuzz::require(place.from <= place.to);
  if (valid_utf8(text)) fuzz::require(place.to <= count_chars(text));
  logs::complete(place, {"order_id"}, {"a", "b c"});
  return 0;
}
