// Which words some rows hold, in a few bits a word: "certainly not", or "perhaps". Private to storage/events.
//
// A token is the hash of a word (a run of letters, digits and '_' of ASCII, in lower case), of a character written
// without blanks, of two such that stand together, or of a number or id that stands in a column of its own. Filters are
// stored: another hash, or other tokens, are another format_version.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/events/caseless.hpp"
#include "storage/events/event_store.hpp"

namespace miniops::events {

using Token = std::uint64_t;  // never 0

inline constexpr int filter_version = 1;
// A filter lies in several columns, each for its share of the tokens: whoever asks for one reads one.
inline constexpr std::size_t filter_slices = 8;

// FNV-1a and what makes each bit depend on all.
class TokenHash {
 public:
  explicit constexpr TokenHash(char kind) { add(kind); }
  constexpr void add(char byte) { state_ = (state_ ^ static_cast<unsigned char>(byte)) * 0x100000001b3; }
  constexpr void add(std::string_view bytes) {
    for (const char byte : bytes) add(byte);
  }
  constexpr Token token() const {
    Token mixed = state_;
    mixed = (mixed ^ (mixed >> 33)) * 0xff51afd7ed558ccd;
    mixed = (mixed ^ (mixed >> 33)) * 0xc4ceb9fe1a85ec53;
    mixed ^= mixed >> 33;
    return mixed == 0 ? 1 : mixed;
  }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325;
};

// Calls use(token, begin, end) for each word, character and pair of `text`, with its place there.
template <class Use>
void for_each_token(std::string_view text, Use use) {
  std::string_view before;  // the character in front, when it is written without blanks
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    if (is_word_byte(text[at])) {
      TokenHash word('w');
      for (; at < text.size() && is_word_byte(text[at]); ++at) word.add(lower_byte(text[at]));
      use(word.token(), begin, at);
      before = {};
      continue;
    }
    const Character next = character_at(text, at);
    at += next.bytes;
    const std::string_view bytes = text.substr(begin, next.bytes);
    if (!is_unspaced(next.point)) {
      before = {};
      continue;
    }
    TokenHash one('c');
    one.add(bytes);
    use(one.token(), begin, at);
    if (!before.empty()) {
      TokenHash pair('p');
      pair.add(before);
      pair.add(bytes);
      use(pair.token(), begin - before.size(), at);
    }
    before = bytes;
  }
}

Token trace_token(std::string_view trace);

// What rows must hold to satisfy a condition, as far as tokens tell.
struct Demand {
  enum class Of { nothing, token, all, any };
  Of of = Of::nothing;
  Token token = 0;
  std::vector<Demand> parts{};
};
Demand demand_of(const Scope& scope);

// The distinct tokens of some rows.
class TokenSet {
 public:
  TokenSet() : places_(1024) {}
  void add(Token token);
  std::size_t size() const { return size_; }
  void clear();  // keeps its memory
  // 16 bits a token, in the slices that they belong to.
  std::array<std::string, filter_slices> filter() const;

 private:
  void grow();
  std::vector<Token> places_;  // 0: free; a power of two, at most half of them taken
  std::size_t size_ = 0;
};

// All of a row's: of its text, and of its app, session, trace and template.
void add_tokens(const Row& row, TokenSet& to);

std::size_t slice_of(Token token);
bool may_hold(std::string_view slice, Token token);

}  // namespace miniops::events
