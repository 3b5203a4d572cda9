#include "logs/query/lexer.hpp"

#include <array>
#include <optional>

namespace miniops::logs {

namespace {

using TokenKind = Token::Kind;
using Relation = events::Predicate::Relation;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool goes_on_name(char c) { return begins_name(c) || is_digit(c) || c == '.' || c == '-' || c == '@'; }

struct Operator {
  std::string_view sign;
  Token::Test test;
  Relation relation;
};
constexpr std::array<Operator, 10> operators{{{":>=", Token::Test::compare, Relation::at_least},
                                              {":<=", Token::Test::compare, Relation::at_most},
                                              {":>", Token::Test::compare, Relation::more},
                                              {":<", Token::Test::compare, Relation::less},
                                              {":=", Token::Test::is, Relation::equal},
                                              {">=", Token::Test::compare, Relation::at_least},
                                              {"<=", Token::Test::compare, Relation::at_most},
                                              {">", Token::Test::compare, Relation::more},
                                              {"<", Token::Test::compare, Relation::less},
                                              {":", Token::Test::has, Relation::equal}}};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> tokens() {
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) next();
    add(TokenKind::end, at_);
    return std::move(tokens_);
  }

 private:
  char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool blank(std::size_t at) const { return blank_at(text_, at) > 0; }
  bool ends_word(std::size_t at) const { return blank(at) || text_[at] == '(' || text_[at] == ')' || text_[at] == '"'; }
  void skip_blanks() {
    while (const std::size_t length = blank_at(text_, at_)) at_ += length;
  }
  Token& add(TokenKind kind, std::size_t begin, std::string text = {}) {
    Token token;
    token.kind = kind;
    token.begin = begin;
    token.end = at_;
    token.text = std::move(text);
    return tokens_.emplace_back(std::move(token));
  }
  void sign(TokenKind kind) {
    ++at_;
    add(kind, at_ - 1);
  }

  void next() {
    const char c = here();
    if (c == '(') return sign(TokenKind::open);
    if (c == ')') return sign(TokenKind::close);
    if (c == '"') return phrase(true);
    if (c == '/') return regex();
    if (c == '-' && at_ + 1 < text_.size() && !blank(at_ + 1)) return sign(TokenKind::none);
    if (!field()) word();
  }

  // `may_name`: the name of a field may need quotes: "order id":42.
  void phrase(bool may_name) {
    const std::size_t begin = at_++;
    std::string inside;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      const bool escape =
          text_[at_] == '\\' && at_ + 1 < text_.size() && (text_[at_ + 1] == '"' || text_[at_ + 1] == '\\');
      if (escape) ++at_;
      inside += text_[at_];
    }
    const bool closed = at_ < text_.size();
    if (closed) ++at_;
    if (may_name && closed && !inside.empty() && here() == ':') return field_named(begin, std::move(inside));
    add(TokenKind::phrase, begin, std::move(inside)).closed = closed;
  }

  // A slash closes where nothing but an `i` stands between it and a blank, a parenthesis or the end.
  std::optional<std::size_t> closing_slash() const {
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '/') {
        const std::size_t behind = i + 1 < text_.size() && text_[i + 1] == 'i' ? i + 2 : i + 1;
        if (behind >= text_.size() || blank(behind) || text_[behind] == ')') return i;
      }
    }
    return std::nullopt;
  }

  void regex() {
    const std::size_t begin = at_;
    const auto close = closing_slash();
    const std::size_t to = close.value_or(text_.size());
    std::string inside;
    for (std::size_t i = begin + 1; i < to; ++i) {
      const bool escape = text_[i] == '\\' && i + 1 < to;
      if (escape && text_[i + 1] != '/') inside += text_[i];
      if (escape) ++i;
      inside += text_[i];
    }
    at_ = to;
    if (!close) {
      add(TokenKind::regex, begin, std::move(inside)).closed = false;
      return;
    }
    const bool no_case = to + 1 < text_.size() && text_[to + 1] == 'i';
    at_ = to + (no_case ? 2 : 1);
    add(no_case ? TokenKind::regex_no_case : TokenKind::regex, begin, std::move(inside));
  }

  bool field() {
    std::size_t end = at_;
    if (!begins_name(here())) return false;
    while (end < text_.size() && goes_on_name(text_[end]) && !blank(end)) ++end;
    const bool address = text_.substr(end).starts_with("://");
    const bool asked = end < text_.size() && (text_[end] == ':' || text_[end] == '<' || text_[end] == '>');
    if (!asked || address) return false;
    const std::size_t begin = at_;
    at_ = end;
    field_named(begin, std::string(text_.substr(begin, end - begin)));
    return true;
  }

  void field_named(std::size_t begin, std::string name) {
    for (const Operator& one : operators) {
      if (!text_.substr(at_).starts_with(one.sign)) continue;
      at_ += one.sign.size();
      Token& token = add(TokenKind::field, begin, std::move(name));
      token.test = one.test;
      token.relation = one.relation;
      return value();
    }
  }

  // What stands behind a field without a blank between.
  void value() {
    const char c = here();
    if (at_ >= text_.size() || c == '(' || c == ')' || blank(at_)) return;
    if (c == '"') {
      phrase(false);
    } else if (c == '/') {
      regex();
    } else if (c == '[') {
      range();
    } else {
      word();
    }
  }

  void range() {
    const std::size_t begin = at_;
    const std::size_t close = text_.find(']', at_);
    const std::size_t to = close == std::string_view::npos ? text_.size() : close;
    at_ = close == std::string_view::npos ? to : to + 1;
    add(TokenKind::range, begin, std::string(text_.substr(begin + 1, to - begin - 1))).closed =
        close != std::string_view::npos;
  }

  void word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !ends_word(at_)) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    const bool value = !tokens_.empty() && tokens_.back().kind == TokenKind::field && tokens_.back().end == begin;
    TokenKind kind = TokenKind::word;
    if (!value && word == word_and) kind = TokenKind::all;
    if (!value && word == word_or) kind = TokenKind::any;
    if (!value && word == word_not) kind = TokenKind::none;
    add(kind, begin, std::string(word));
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> lex(std::string_view text) { return Lexer(text).tokens(); }

bool plain_name(std::string_view name) {
  if (name.empty() || !begins_name(name.front())) return false;
  for (std::size_t i = 0; i < name.size(); ++i)
    if (!goes_on_name(name[i]) || blank_at(name, i) > 0) return false;
  return true;
}

std::size_t blank_at(std::string_view text, std::size_t at) {
  constexpr std::string_view wide = "\u3000";
  if (at >= text.size()) return 0;
  if (text.substr(at).starts_with(wide)) return wide.size();
  return std::string_view(" \t\r\n").contains(text[at]) ? 1 : 0;
}

}  // namespace miniops::logs
