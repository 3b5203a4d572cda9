#include <fmt/format.h>

#include "logs/query/term.hpp"

namespace miniops::logs {

namespace {

using Form = Value::Form;
using Relation = events::Predicate::Relation;

bool plain_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-' || c == '/' || c == '@' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool needs_quotes(std::string_view text) {
  if (text.empty() || text.front() == '-' || text.front() == '/') return true;
  if (text == word_and || text == word_or || text == word_not) return true;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!plain_character(text[i]) || blank_at(text, i) > 0) return true;
  return false;
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string in_slashes(std::string_view text) {
  std::string out = "/";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '/') out += '\\';
    out += text[i];
    if (text[i] == '\\' && i + 1 < text.size()) out += text[++i];
  }
  return out + '/';
}

std::string_view sign_of(Relation relation) {
  switch (relation) {
    case Relation::less:
      return "<";
    case Relation::at_most:
      return "<=";
    case Relation::equal:
      return "";
    case Relation::at_least:
      return ">=";
    case Relation::more:
      return ">";
  }
  std::unreachable();
}

std::string shown(const Value& value, bool number_is_text) {
  switch (value.form) {
    case Form::text:
      return number_is_text && is_number(value.text) ? in_quotes(value.text) : as_written(value.text);
    case Form::prefix:
      return value.text + "*";
    case Form::suffix:
      return "*" + value.text;
    case Form::infix:
      return "*" + value.text + "*";
    case Form::pattern:
      return value.text;
    case Form::regex:
      return in_slashes(value.text);
    case Form::regex_no_case:
      return in_slashes(value.text) + "i";
    case Form::equals:
      return "=" + in_quotes(value.text);
    case Form::compare:
      return fmt::format("{}{}", sign_of(value.relation), value.text);
    case Form::between:
      return fmt::format("[{} TO {}]", value.text.empty() ? "*" : value.text, value.high.empty() ? "*" : value.high);
    case Form::exists:
      return "*";
  }
  std::unreachable();
}

std::string name_of(const Query& term) {
  if (!term.property) return term.field;
  const bool clash = find_field(term.field) || term.field.starts_with(property_prefix);
  const std::string name = clash ? std::string(property_prefix) + term.field : term.field;
  return plain_name(name) ? name : in_quotes(name);
}

// Whether a word is read as one word where a term may begin.
bool is_one_word(const std::string& word) {
  const auto tokens = lex(word);
  return tokens.size() == 2 && tokens.front().kind == Token::Kind::word && tokens.front().text == word;
}

std::string term_text(const Query& term) {
  const Value& value = term.value;
  const std::string text = shown(value, term.property);
  const bool starred = value.form == Form::prefix || value.form == Form::suffix || value.form == Form::infix ||
                       value.form == Form::pattern;
  const bool bare = value.form != Form::exists && value.form != Form::equals && (!starred || is_one_word(text));
  if (!term.property && term.field == "text" && bare) return text;
  // A value that begins like an operator or a range stands in parentheses.
  if (starred && std::string_view("<>=[").contains(text.front())) return fmt::format("{}:({})", name_of(term), text);
  return fmt::format("{}:{}", name_of(term), text);
}

// `inside`: of a query with this operator.
std::string printed(const Query& query, std::optional<Query::Op> inside) {
  if (query.op == Query::Op::term) return term_text(query);
  if (query.op == Query::Op::none) return "-" + printed(query.of.front(), Query::Op::none);
  if (query.of.empty()) return "*";
  std::string out;
  for (const Query& part : query.of) {
    if (!out.empty()) out += query.op == Query::Op::any ? " OR " : " ";
    out += printed(part, query.op);
  }
  // AND binds closer than OR; a group inside its like keeps its parentheses, so that the tree stays as it is.
  const bool bare = !inside || (*inside == Query::Op::any && query.op == Query::Op::all);
  return bare ? out : "(" + out + ")";
}

}  // namespace

std::string as_written(std::string_view text) { return needs_quotes(text) ? in_quotes(text) : std::string(text); }

std::string print(const Query& query) {
  return query.op == Query::Op::all && query.of.empty() ? "" : printed(query, std::nullopt);
}

}  // namespace miniops::logs
