#include <fmt/format.h>

#include "base/text.hpp"
#include "logs/query/term.hpp"

namespace miniops::logs {

namespace {

using TokenKind = Token::Kind;
using Parsed = std::expected<Query, QueryError>;

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), tokens_(lex(text)) {}

  Parsed query() {
    if (here().kind == TokenKind::end) return Query{};
    auto all = either(0, nullptr);
    if (!all) return all;
    if (here().kind == TokenKind::close)
      return wrong("unexpected_parenthesis", "no parenthesis is open here", here(), without(here()));
    return all;
  }

 private:
  const Token& here() const { return tokens_[at_]; }
  const Token& take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  bool at_end() const { return here().kind == TokenKind::end || here().kind == TokenKind::close; }

  // ---- errors ----

  std::unexpected<QueryError> wrong(std::string code, std::string message, std::size_t begin, std::size_t end,
                                    std::optional<std::string> suggestion = {}) const {
    return std::unexpected(QueryError{std::move(code), std::move(message), count_chars(text_.substr(0, begin)),
                                      count_chars(text_.substr(begin, end - begin)), std::move(suggestion)});
  }
  std::unexpected<QueryError> wrong(std::string code, std::string message, const Token& at,
                                    std::optional<std::string> suggestion = {}) const {
    return wrong(std::move(code), std::move(message), at.begin, at.end, std::move(suggestion));
  }
  std::string with(std::size_t begin, std::size_t end, std::string_view instead) const {
    return fmt::format("{}{}{}", text_.substr(0, begin), instead, text_.substr(end));
  }
  std::string without(const Token& token) const { return with(token.begin, token.end, ""); }
  // The same query, in which what stands from here to the next blank is text to look for.
  std::string as_text(std::size_t begin) const {
    std::size_t end = begin;
    while (end < text_.size() && blank_at(text_, end) == 0) ++end;
    return with(begin, end, as_written(text_.substr(begin, end - begin)));
  }

  // ---- the grammar ----

  // `field`: the one before a parenthesis, for the words inside.
  Parsed either(int depth, const Token* field) {
    Query any{Query::Op::any};
    for (;;) {
      auto part = both(depth, field);
      if (!part) return part;
      any.of.push_back(std::move(*part));
      if (here().kind != TokenKind::any) break;
      take();
    }
    return any.of.size() == 1 ? std::move(any.of.front()) : std::move(any);
  }

  Parsed both(int depth, const Token* field) {
    Query all{Query::Op::all};
    for (;;) {
      auto part = unary(depth, field);
      if (!part) return part;
      all.of.push_back(std::move(*part));
      if (here().kind == TokenKind::all) {
        take();
      } else if (at_end() || here().kind == TokenKind::any) {
        break;
      }
    }
    return all.of.size() == 1 ? std::move(all.of.front()) : std::move(all);
  }

  Parsed unary(int depth, const Token* field) {
    if (depth > query_depth_max)
      return wrong("too_deep", fmt::format("parentheses and NOT may be {} deep", query_depth_max), here());
    if (here().kind == TokenKind::none) {
      take();
      auto part = unary(depth + 1, field);
      if (!part) return part;
      return Query{Query::Op::none, {std::move(*part)}};
    }
    if (here().kind == TokenKind::open) return group(depth + 1, field);
    return term(depth, field);
  }

  Parsed group(int depth, const Token* field) {
    const Token open = take();
    if (here().kind == TokenKind::close) return empty_group(open);
    auto inside = either(depth, field);
    if (!inside) return inside;
    if (here().kind != TokenKind::close)
      return wrong("unclosed_parenthesis", "this parenthesis is not closed", open, std::string(text_) + ")");
    take();
    return inside;
  }

  std::unexpected<QueryError> empty_group(const Token& open) const {
    std::size_t begin = open.begin;
    while (begin > 0 && text_[begin - 1] != ' ' && text_[begin - 1] != '(' && text_[begin - 1] != ')') --begin;
    auto suggestion = begin < open.begin ? as_text(begin) : with(open.begin, here().end, "");
    return wrong("missing_term", "there is nothing between the parentheses", open.begin, here().end,
                 std::move(suggestion));
  }

  Parsed term(int depth, const Token* outer) {
    if (++terms_ > query_terms_max)
      return wrong("too_many_terms", fmt::format("a query may have {} terms", query_terms_max), here());
    const Token* field = outer;
    if (here().kind == TokenKind::field) {
      field = &take();
      if (here().begin != field->end || at_end())
        return wrong("missing_value", "what the field is compared with is missing", *field, as_text(field->begin));
      if (here().kind == TokenKind::open) {
        --terms_;
        return group(depth + 1, field);
      }
    }
    const Token& value = here();
    const bool is_value = value.kind == TokenKind::word || value.kind == TokenKind::phrase ||
                          value.kind == TokenKind::regex || value.kind == TokenKind::regex_no_case ||
                          value.kind == TokenKind::range;
    if (!is_value) return no_term();
    if (!value.closed && value.kind == TokenKind::phrase)
      return wrong("unclosed_quote", "this quote is not closed", value, std::string(text_) + '"');
    if (!value.closed && value.kind == TokenKind::regex)
      return wrong("unclosed_regex", "a slash begins a regular expression, and this one is not closed", value,
                   as_text(value.begin));
    take();
    auto made = make_term(field, value);
    if (!made) return explained(field && field != outer ? field : nullptr, value, made.error());
    return *made;
  }

  std::unexpected<QueryError> no_term() const {
    const bool ended = here().kind == TokenKind::end;
    const Token& at = ended && at_ > 0 ? tokens_[at_ - 1] : here();
    return wrong("missing_term", ended ? "something must follow here" : "something must stand before this", at,
                 without(at));
  }

  std::unexpected<QueryError> explained(const Token* field, const Token& value, const TermError& error) const {
    std::optional<std::string> suggestion;
    if (error.instead) {
      suggestion = with(value.begin, value.end, *error.instead);
    } else if (error.code == "bad_regex") {
      suggestion = with(value.begin, value.end, as_written(text_.substr(value.begin, value.end - value.begin)));
    } else if (error.code == "bad_number" && field) {
      suggestion = as_text(field->begin);
    }
    return wrong(error.code, error.message, value, std::move(suggestion));
  }

  const std::string_view text_;
  const std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int terms_ = 0;
};

}  // namespace

std::expected<Query, QueryError> parse(std::string_view text) {
  if (!valid_utf8(text)) return std::unexpected(QueryError{"bad_text", "the query must be valid UTF-8", 0, 0});
  const std::size_t chars = count_chars(text);
  if (chars > query_chars_max)
    return std::unexpected(QueryError{"too_long", fmt::format("a query may have {} characters", query_chars_max),
                                      query_chars_max, chars - query_chars_max});
  auto query = Parser(text).query();
  // A suggestion can be taken as it is, or it is none.
  if (!query && query.error().suggestion) {
    const std::string& meant = *query.error().suggestion;
    if (count_chars(meant) > query_chars_max || !Parser(meant).query()) query.error().suggestion.reset();
  }
  return query;
}

}  // namespace miniops::logs
