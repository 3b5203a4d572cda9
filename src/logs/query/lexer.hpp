// A query as tokens. Never fails: what is not closed says so, and the parser makes errors of it. Private to the query
// language.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/events/predicate.hpp"

namespace miniops::logs {

struct Token {
  enum class Kind {
    word,
    phrase,         // "…"
    regex,          // /…/
    regex_no_case,  // /…/i
    range,          // […], only behind a field
    open,           // (
    close,          // )
    all,            // AND
    any,            // OR
    none,           // NOT, -
    field,          // name: name:> name>= …; `text` is the name
    end,
  };
  enum class Test { has, is, compare };  // what a field's operator asks

  Kind kind = Kind::end;
  std::size_t begin = 0, end = 0;  // bytes of the query
  std::string text{};              // without quotes, slashes, brackets and escapes
  bool closed = true;              // its quote, slash or bracket is there
  Test test = Test::has;           // Kind::field
  events::Predicate::Relation relation = events::Predicate::Relation::equal;
};

// The last one is `end`.
std::vector<Token> lex(std::string_view text);

// Words that stand for operators.
inline constexpr std::string_view word_and = "AND", word_or = "OR", word_not = "NOT", word_to = "TO";

// Whether a name can be written before a colon without quotes.
bool plain_name(std::string_view name);
// The bytes of the blank at this place: also of the wide one of Chinese keyboards. 0: there is none.
std::size_t blank_at(std::string_view text, std::size_t at);

}  // namespace miniops::logs
