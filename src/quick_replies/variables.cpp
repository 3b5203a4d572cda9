#include "quick_replies/variables.hpp"

#include <vector>

#include "base/text.hpp"
#include "quick_replies/errors.hpp"

namespace miniops::quick_replies {

namespace {

constexpr std::size_t value_chars_max = 64;
constexpr std::size_t variables_max = 20;

// A text, and the variable behind it.
struct Piece {
  std::string_view text;
  std::optional<Variable> variable{};
  std::string_view fallback{};
};

Result<std::vector<Piece>> pieces_of(std::string_view text) {
  std::vector<Piece> pieces;
  std::size_t at = 0;
  for (std::size_t open = text.find("{{"); open != std::string_view::npos; open = text.find("{{", at)) {
    const auto wrong = [&](std::string_view why) {
      return fail(errors::invalid_variable(count_chars(text.substr(0, open)) + 1, why));
    };
    const std::size_t close = text.find("}}", open);
    const std::string_view inside = text.substr(open + 2, std::min(close, text.size()) - open - 2);
    if (close == std::string_view::npos || inside.contains("{{")) return wrong("is not closed by }}");
    const std::size_t bar = std::min(inside.find('|'), inside.size());
    const auto variable = parse_word<Variable>(trimmed(inside.substr(0, bar)));
    if (!variable) return wrong(fmt::format("is none of {}", fmt::join(variable_words, ", ")));
    const std::string_view fallback = inside.substr(std::min(bar + 1, inside.size()));
    if (count_chars(fallback) > value_chars_max) return wrong("has a fallback of more than 64 characters");
    if (pieces.size() == variables_max) return wrong("is one of more than 20");
    pieces.push_back({text.substr(at, open - at), variable, fallback});
    at = close + 2;
  }
  pieces.push_back({text.substr(at)});
  return pieces;
}

}  // namespace

Result<void> check_variables(std::string_view text) {
  if (const auto pieces = pieces_of(text); !pieces) return std::unexpected(pieces.error());
  return {};
}

std::string fill(std::string_view text, const Values& values) {
  const auto pieces = pieces_of(text);
  if (!pieces) return std::string(text);
  std::string out;
  for (const Piece& piece : *pieces) {
    out += piece.text;
    if (!piece.variable) continue;
    const auto value = values.find(*piece.variable);
    const bool known = value != values.end() && !value->second.empty();
    out += known ? truncate_chars(value->second, value_chars_max) : std::string(piece.fallback);
  }
  return out;
}

}  // namespace miniops::quick_replies
