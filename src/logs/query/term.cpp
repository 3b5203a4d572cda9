#include "logs/query/term.hpp"

#include <re2/re2.h>

#include <charconv>
#include <cmath>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "telemetry/record.hpp"

namespace miniops::logs {

namespace {

using Form = Value::Form;
using TokenKind = Token::Kind;
using Relation = events::Predicate::Relation;

constexpr std::int64_t regex_memory_max = 1 << 20;
constexpr std::size_t number_digits_max = 15;

std::unexpected<TermError> wrong(std::string code, std::string message, std::optional<std::string> instead = {}) {
  return std::unexpected(TermError{std::move(code), std::move(message), std::move(instead)});
}

// ---- what a word with stars means ----

Value starred(std::string_view word) {
  std::string text;
  for (const char c : word)
    if (c != '*' || !text.ends_with('*')) text += c;
  const bool front = text.starts_with('*');
  const bool behind = text.ends_with('*') && text.size() > 1;
  const std::size_t ends = (front ? 1 : 0) + (behind ? 1 : 0);
  const std::string inside = text.substr(front ? 1 : 0, text.size() - ends);
  if (inside.empty()) return {Form::exists};
  if (inside.contains('*')) return {Form::pattern, text};
  if (front && behind) return {Form::infix, inside};
  if (front) return {Form::suffix, inside};
  return {behind ? Form::prefix : Form::text, inside};
}

std::expected<Value, TermError> regex_of(const Token& token) {
  if (token.text.empty()) return wrong("bad_regex", "the expression between the slashes is empty");
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(regex_memory_max);
  const RE2 expression(token.text, options);
  if (!expression.ok()) return wrong("bad_regex", "this is no regular expression: " + expression.error());
  return Value{token.kind == TokenKind::regex ? Form::regex : Form::regex_no_case, token.text};
}

std::expected<Value, TermError> range_of(const Token& token) {
  std::vector<std::string> parts;
  bool begins = true;
  for (std::size_t i = 0; i < token.text.size(); ++i) {
    const bool blank = blank_at(token.text, i) > 0;
    if (!blank && begins) parts.emplace_back();
    if (!blank) parts.back() += token.text[i];
    begins = blank;
  }
  if (!token.closed) return wrong("bad_range", "the range is not closed: write [1 TO 5]");
  if (parts.size() == 2 && parts[0] != word_to && parts[1] != word_to)
    return wrong("bad_range", "a range is written [1 TO 5]", "[" + parts[0] + " TO " + parts[1] + "]");
  if (parts.size() != 3 || parts[1] != word_to) return wrong("bad_range", "a range is written [1 TO 5]; * is open");
  Value value{Form::between};
  value.text = parts[0] == "*" ? "" : parts[0];
  value.high = parts[2] == "*" ? "" : parts[2];
  return value;
}

std::expected<Value, TermError> value_of(const Token& token) {
  switch (token.kind) {
    case TokenKind::regex:
    case TokenKind::regex_no_case:
      return regex_of(token);
    case TokenKind::range:
      return range_of(token);
    case TokenKind::phrase:
      if (token.text.find_first_not_of(" \t\r\n") == std::string::npos)
        return wrong("empty_phrase", "there is nothing between the quotes");
      return Value{Form::text, token.text};
    default:
      return starred(token.text);
  }
}

// ---- what each sort of field takes ----

// A bound of a comparison in its normal form: nullopt is none.
using Bound = std::expected<std::string, TermError>;

Bound level_bound(const std::string& text) {
  if (const auto level = level_number(fold(text)))
    return std::string(*level == 0 ? "none"
                                   : telemetry::to_string(telemetry::Level{static_cast<std::uint8_t>(*level)}));
  std::optional<std::string> meant;
  for (const std::string_view name : level_names())
    if (!text.empty() && (name.starts_with(fold(text)) || fold(text).starts_with(name))) meant = std::string(name);
  return wrong("bad_level", "levels are debug, info, warn, error, fatal", meant);
}

Bound number_bound(Sort sort, const std::string& text) {
  const bool whole = parse_id(text).has_value() || text == "0";
  if (sort == Sort::number ? whole : is_number(text)) return text;
  return wrong("bad_number", sort == Sort::number ? "this field is a whole number" : "a number must stand here");
}

Bound bound_of(Sort sort, const std::string& text) {
  return sort == Sort::level ? level_bound(text) : number_bound(sort, text);
}

double measure(Sort sort, const std::string& bound) {
  return sort == Sort::level ? static_cast<double>(level_number(bound).value_or(0)) : number_of(bound);
}

std::expected<Value, TermError> compared(Sort sort, Value value, Relation relation) {
  const auto low = bound_of(sort, value.text);
  if (!low) return std::unexpected(low.error());
  return Value{Form::compare, *low, "", relation};
}

std::expected<Value, TermError> ranged(Sort sort, Value value) {
  for (std::string* bound : {&value.text, &value.high}) {
    if (bound->empty()) continue;
    const auto normal = bound_of(sort, *bound);
    if (!normal) return std::unexpected(normal.error());
    *bound = *normal;
  }
  if (!value.text.empty() && !value.high.empty() && measure(sort, value.text) > measure(sort, value.high))
    return wrong("bad_range", "the first end of the range is the higher one",
                 "[" + value.high + " TO " + value.text + "]");
  return value;
}

bool is_id(const FieldInfo& info) {
  return info.on == events::Predicate::On::field &&
         (info.field == events::Field::session || info.field == events::Field::page_view);
}

std::expected<Value, TermError> of_name(const FieldInfo& info, Value value) {
  if (is_id(info) && value.form != Form::text && value.form != Form::equals && value.form != Form::exists)
    return wrong("bad_value", "an id is given whole");
  if (value.form == Form::equals) value.form = Form::text;
  return value;
}

std::expected<Value, TermError> of_build(Value value) {
  if (value.form == Form::exists) return value;
  if (value.form == Form::text || value.form == Form::equals)
    for (const std::string_view name : build_names())
      if (fold(value.text) == name) return Value{Form::text, std::string(name)};
  return wrong("bad_value", "builds are develop, trial, release");
}

// Fields whose values stand in an order, and nothing else.
std::expected<Value, TermError> of_order(Sort sort, Value value) {
  if (value.form == Form::exists) return value;
  if (value.form == Form::between) return ranged(sort, std::move(value));
  if (value.form == Form::text || value.form == Form::equals) return compared(sort, std::move(value), Relation::equal);
  if (sort == Sort::level) return wrong("bad_level", "levels are debug, info, warn, error, fatal");
  return wrong("bad_value", "this field is a number: 42, >=42 or [1 TO 42]");
}

std::expected<Value, TermError> of_property(const Token& token, Value value) {
  if (value.form == Form::between) return ranged(Sort::value, std::move(value));
  // A number means the number; in quotes it is text.
  if (token.kind == TokenKind::word && value.form == Form::text && is_number(value.text))
    return Value{Form::compare, value.text};
  return value;
}

std::expected<Value, TermError> fitted(const NamedField& field, const Token& test, const Token& token, Value value) {
  const bool ordered = !field.info || field.info->sort == Sort::number || field.info->sort == Sort::value ||
                       field.info->sort == Sort::level;
  const Sort sort = field.info ? field.info->sort : Sort::value;
  if (test.test == Token::Test::compare) {
    if (!ordered) return wrong("not_ordered", "only numbers, levels and properties can be compared");
    if (value.form != Form::text) return wrong("bad_number", "a number or a level must stand here");
    return compared(sort, std::move(value), test.relation);
  }
  if (value.form == Form::between && !ordered)
    return wrong("not_ordered", "only numbers, levels and properties have ranges");
  if (test.test == Token::Test::is) {
    // To the letter: stars and slashes are characters like others.
    if (token.kind != TokenKind::word && token.kind != TokenKind::phrase)
      return wrong("bad_value", "behind := stands a word or a phrase");
    value = {Form::equals, token.text};
  }
  if (!field.info) return of_property(token, std::move(value));
  switch (sort) {
    case Sort::text:
      return value;
    case Sort::name:
      return of_name(*field.info, std::move(value));
    case Sort::build:
      return of_build(std::move(value));
    default:
      return of_order(sort, std::move(value));
  }
}

}  // namespace

bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto digits = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
  const bool plain = !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos &&
                     std::ranges::count(text, '.') <= 1 && text.front() != '.' && text.back() != '.';
  const bool leading_zero = text.size() > 1 && text[0] == '0' && text[1] != '.';
  return plain && !leading_zero && static_cast<std::size_t>(digits) <= number_digits_max;
}

double number_of(std::string_view text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

NamedField named_field(std::string_view name) {
  if (name.starts_with(property_prefix) && name.size() > property_prefix.size())
    return {nullptr, std::string(name.substr(property_prefix.size()))};
  const FieldInfo* info = find_field(name);
  return {info, std::string(info ? info->name : name)};
}

MadeTerm make_term(const Token* field, const Token& value_token) {
  auto value = value_of(value_token);
  if (!value) return std::unexpected(value.error());
  Query term;
  term.op = Query::Op::term;
  if (!field) {
    if (value->form == Form::exists) return Query{};  // a star alone is every line
    term.field = "text";
    term.value = std::move(*value);
    return term;
  }
  const NamedField named = named_field(field->text);
  auto fits = fitted(named, *field, value_token, std::move(*value));
  if (!fits) return std::unexpected(fits.error());
  term.field = named.name;
  term.property = !named.info;
  term.value = std::move(*fits);
  return term;
}

}  // namespace miniops::logs
