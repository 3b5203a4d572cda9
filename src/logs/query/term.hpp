// One term: a field, if any, and what it is compared with. Private to the query language.
#pragma once

#include <expected>

#include "logs/query/fields.hpp"
#include "logs/query/lexer.hpp"
#include "logs/query/query.hpp"

namespace miniops::logs {

// Why a term cannot be: the parser adds the place. `instead`: what should stand in the value's place.
struct TermError {
  std::string code, message;
  std::optional<std::string> instead{};
};
using MadeTerm = std::expected<Query, TermError>;

// `value` is a word, phrase, regex or range; nullptr for `field`: it stands alone.
MadeTerm make_term(const Token* field, const Token& value);

// Which field a name is: its own name, or a property's.
struct NamedField {
  const FieldInfo* info = nullptr;  // nullptr: a property
  std::string name;
};
NamedField named_field(std::string_view name);

bool is_number(std::string_view text);  // a decimal number that a double holds to the last digit
double number_of(std::string_view text);

}  // namespace miniops::logs
