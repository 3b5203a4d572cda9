#include "storage/events/predicate.hpp"

#include <re2/re2.h>

#include "base/text.hpp"

namespace miniops::events {

namespace {

bool is_cjk(std::string_view character) { return character.size() >= 3 && static_cast<unsigned char>(character[0]) >= 0xe3; }

// Of letters, digits and '_'; bytes beyond ASCII are parts of letters.
bool touches(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The character that begins, or ends, at `at`.
std::string_view first_character(std::string_view text) {
  std::size_t end = 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
  return text.substr(0, std::min(end, text.size()));
}
std::string_view last_character(std::string_view text) {
  std::size_t begin = text.size() - 1;
  while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xc0) == 0x80) --begin;
  return text.substr(begin);
}

bool free_in_front(std::string_view text, std::size_t at, std::string_view wanted) {
  if (at == 0 || is_cjk(first_character(wanted))) return true;
  const std::string_view before = last_character(text.substr(0, at));
  return is_cjk(before) || (before.size() == 1 && !touches(before[0]));
}

bool free_behind(std::string_view text, std::size_t end, std::string_view wanted) {
  if (end == text.size() || is_cjk(last_character(wanted))) return true;
  const std::string_view after = first_character(text.substr(end));
  return is_cjk(after) || (after.size() == 1 && !touches(after[0]));
}

bool contains(const Predicate& leaf, std::string_view text_given) {
  const std::string text = fold(text_given);
  const std::string wanted = fold(leaf.text);
  if (wanted.empty()) return true;
  for (auto at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1))
    if ((!leaf.from_edge || free_in_front(text, at, wanted)) &&
        (!leaf.to_edge || free_behind(text, at + wanted.size(), wanted)))
      return true;
  return false;
}

}  // namespace

bool holds(const Predicate& leaf, std::string_view text) {
  switch (leaf.op) {
    case Predicate::Op::contains:
      return contains(leaf, text);
    case Predicate::Op::regex: {
      const RE2 expression(leaf.text, RE2::Quiet);
      return expression.ok() && RE2::PartialMatch(text, expression);
    }
    case Predicate::Op::equals:
      return text == leaf.text;
    case Predicate::Op::exists:
      return !text.empty();
    default:
      return false;
  }
}

}  // namespace miniops::events
