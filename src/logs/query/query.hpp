// The language in which log lines are asked for (docs/logs.md): from text to a tree and back. Pure.
//
//   word   "a phrase"   sub*   *sub   *sub*   a*z   /re/   /re/i   field:value   field:="to the letter"   field:*
//   field>=100   field:[1 TO 5]   field:(a OR b)   a b   a AND b   a OR b   NOT a   -a   ( … )
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/events/predicate.hpp"

namespace miniops::logs {

inline constexpr std::size_t query_chars_max = 1000;
inline constexpr int query_depth_max = 20;
inline constexpr int query_terms_max = 100;

// What a text is compared with.
struct Value {
  enum class Form {
    text,           // contains it as a word or phrase
    prefix,         // sub*
    suffix,         // *sub
    infix,          // *sub*
    pattern,        // a*z: with stars inside
    regex,          // /re/
    regex_no_case,  // /re/i
    equals,         // :="…"
    compare,        // stands in `relation` to the number or level `text`
    between,        // [text TO high], both included; "" is open
    exists,         // :*
  };
  Form form = Form::text;
  std::string text{};
  std::string high{};
  events::Predicate::Relation relation = events::Predicate::Relation::equal;
  bool operator==(const Value&) const = default;
};

struct Query {
  enum class Op { all, any, none, term };  // `none` has one part; `all` of nothing is every line
  Op op = Op::all;
  std::vector<Query> of{};
  std::string field{};    // of a term: the field's own name (fields.hpp), or a property's; "text" where none was said
  bool property = false;  // `field` is a property
  Value value{};
  bool operator==(const Query&) const = default;
};

// What is wrong, where, and what was probably meant.
struct QueryError {
  std::string code;  // "unclosed_quote" …: stable, of its own kind (no API error code)
  std::string message;
  std::size_t offset = 0, length = 0;       // in characters
  std::optional<std::string> suggestion{};  // the whole query, corrected
};

// An empty text is every line. Of any bytes; UTF-8 that is not valid is an error.
std::expected<Query, QueryError> parse(std::string_view text);

// The normal form: parse(print(query)) == query, when it is not too long.
std::string print(const Query& query);

// A text as a query would have to write it: in quotes where it needs them.
std::string as_written(std::string_view text);

// What the event store is asked. Sessions are as they were written, templates without their aliases.
events::Predicate to_predicate(const Query& query);

}  // namespace miniops::logs
