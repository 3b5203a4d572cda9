#include "base/text.hpp"

#include <cstdint>
#include <cstring>

namespace miniops {

namespace {

constexpr char32_t invalid = 0xFFFFFFFF;

struct Decoded {
  char32_t point;  // `invalid` for a byte that begins no character
  std::size_t bytes;
};

Decoded decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto more = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
  const unsigned char first = byte(at);
  if (first < 0x80) return {first, 1};
  char32_t point = 0;
  std::size_t bytes = 0;
  char32_t least = 0;
  if (first >= 0xC2 && first <= 0xDF) {
    point = first & 0x1F, bytes = 2, least = 0x80;
  } else if ((first & 0xF0) == 0xE0) {
    point = first & 0x0F, bytes = 3, least = 0x800;
  } else if (first >= 0xF0 && first <= 0xF4) {
    point = first & 0x07, bytes = 4, least = 0x10000;
  } else {
    return {invalid, 1};
  }
  for (std::size_t i = 1; i < bytes; ++i) {
    if (!more(at + i)) return {invalid, 1};
    point = (point << 6) | (byte(at + i) & 0x3F);
  }
  if (point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return {invalid, 1};
  return {point, bytes};
}

void append(std::string& out, char32_t point) {
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | (point >> 6)), put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | (point >> 12)), put(0x80 | ((point >> 6) & 0x3F)), put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | (point >> 18)), put(0x80 | ((point >> 12) & 0x3F));
    put(0x80 | ((point >> 6) & 0x3F)), put(0x80 | (point & 0x3F));
  }
}

constexpr bool between(char32_t point, char32_t low, char32_t high) { return point >= low && point <= high; }

char32_t fold_point(char32_t point) {
  if (between(point, 0xFF01, 0xFF5E)) point -= 0xFEE0;  // full-width forms
  if (point == 0x3000) return ' ';
  if (between(point, 'A', 'Z')) return point + 32;
  if (point < 0xC0) return point;
  if (between(point, 0xC0, 0xDE) && point != 0xD7) return point + 32;     // Latin-1
  if (between(point, 0x391, 0x3A9) && point != 0x3A2) return point + 32;  // Greek
  if (point == 0x3C2) return 0x3C3;                                       // final sigma
  if (point == 0x386) return 0x3AC;
  if (between(point, 0x388, 0x38A)) return point + 37;
  if (point == 0x38C) return 0x3CC;
  if (point == 0x38E || point == 0x38F) return point + 63;
  if (between(point, 0x410, 0x42F)) return point + 32;  // Cyrillic
  if (between(point, 0x400, 0x40F)) return point + 80;
  return point;
}

// Characters that are written without blanks between words: Han, kana, hangul.
bool is_chinese(char32_t point) {
  if (point < 0x1100) return false;
  return between(point, 0x4E00, 0x9FFF) || between(point, 0x3400, 0x4DBF) || point == 0x3005 || point == 0x3007 ||
         between(point, 0x3041, 0x30FA) || between(point, 0x30FC, 0x30FF) || between(point, 0x3105, 0x318E) ||
         between(point, 0x31A0, 0x31FF) || between(point, 0x1100, 0x11FF) || between(point, 0xA960, 0xA97C) ||
         between(point, 0xAC00, 0xD7FB) || between(point, 0xF900, 0xFAFF) || between(point, 0xFF66, 0xFFDC) ||
         between(point, 0x20000, 0x323AF);
}

// Letters and digits of all other scripts. Told apart by what is no letter: blanks, punctuation, symbols, emoji.
bool is_word(char32_t point) {
  if (point < 0x80) return between(point, 'a', 'z') || between(point, '0', '9');
  if (point < 0xC0) return point == 0xAA || point == 0xB5 || point == 0xBA;
  if (point == 0xD7 || point == 0xF7 || point == invalid) return false;
  return !(between(point, 0x300, 0x36F) || between(point, 0x2000, 0x2BFF) || between(point, 0x2E00, 0x303F) ||
           between(point, 0x3200, 0x33FF) || between(point, 0xD800, 0xF8FF) || between(point, 0xFE00, 0xFE6F) ||
           point >= 0xFEFF);
}

void append_hex(std::string& out, char32_t point) {
  for (int shift = 20; shift >= 0; shift -= 4) out.push_back("0123456789abcdef"[(point >> shift) & 15]);
}

// A token begins with the letter of its kind: PostgreSQL's parser then cannot take it for a number, and no word can
// be mistaken for a pair of Chinese characters.
constexpr char chinese_letter = 'h';
constexpr char ascii_letter = 'w';
constexpr char other_letter = 'u';

// Longer words are cut, in the index and in queries alike. A document is indexed up to these limits, which keep a
// tsvector below 1 MiB and its positions below 16,383.
constexpr std::size_t word_chars_max = 64;
constexpr std::size_t tokens_max = 12000;
constexpr std::size_t token_bytes_max = 200000;

std::string word_token(const std::vector<char32_t>& run) {
  bool ascii = true;
  for (char32_t point : run) ascii = ascii && point < 0x80;
  std::string token(1, ascii ? ascii_letter : other_letter);
  for (char32_t point : run) {
    if (ascii) {
      token.push_back(static_cast<char>(point));
    } else {
      append_hex(token, point);
    }
  }
  return token;
}

std::string chinese_token(const char32_t* points, std::size_t count) {
  std::string token(1, chinese_letter);
  for (std::size_t i = 0; i < count; ++i) append_hex(token, points[i]);
  return token;
}

enum class Kind { none, word, chinese };

// Calls visit(kind, run) for each run of characters of one kind.
template <class Visit>
void for_each_run(std::string_view text, Visit visit) {
  std::vector<char32_t> run;
  Kind kind = Kind::none;
  const auto end_run = [&](Kind next) {
    const bool more = kind == Kind::none || run.empty() || visit(kind, run);
    run.clear();
    kind = next;
    return more;
  };
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode(text, at);
    at += decoded.bytes;
    const char32_t point = fold_point(decoded.point);
    const Kind next = is_chinese(point) ? Kind::chinese : is_word(point) ? Kind::word : Kind::none;
    if (next != kind && !end_run(next)) return;
    if (next == Kind::chinese || (next == Kind::word && run.size() < word_chars_max)) run.push_back(point);
  }
  end_run(Kind::none);
}

}  // namespace

bool valid_utf8(std::string_view text) {
  constexpr std::uint64_t high = 0x8080808080808080;
  constexpr std::uint64_t ones = 0x0101010101010101;
  for (std::size_t at = 0; at < text.size();) {
    std::uint64_t word = 0;
    if (text.size() - at >= sizeof word) {
      std::memcpy(&word, text.data() + at, sizeof word);
      // Neither a byte above 0x7F nor a zero byte among these eight.
      if (((word | (word - ones)) & high) == 0) {
        at += sizeof word;
        continue;
      }
    }
    const Decoded decoded = decode(text, at);
    if (decoded.point == invalid || decoded.point == 0) return false;
    at += decoded.bytes;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::size_t count_chars(std::string_view text) {
  std::size_t count = 0;
  for (char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

std::string truncate_chars(std::string_view text, std::size_t chars_max) {
  std::size_t chars = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) continue;
    if (chars == chars_max) return std::string(text.substr(0, at));
    ++chars;
  }
  return std::string(text);
}

std::string fold(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode(text, at);
    if (decoded.point == invalid) {
      out.push_back(text[at]);
    } else {
      append(out, fold_point(decoded.point));
    }
    at += decoded.bytes;
  }
  return out;
}

std::vector<std::string> search_tokens(std::string_view text) {
  std::vector<std::string> tokens;
  std::size_t bytes = 0;
  const auto put = [&](std::string token) {
    bytes += token.size();
    if (tokens.size() < tokens_max && bytes <= token_bytes_max) tokens.push_back(std::move(token));
    return tokens.size() < tokens_max && bytes <= token_bytes_max;
  };
  for_each_run(text, [&](Kind kind, const std::vector<char32_t>& run) {
    if (kind == Kind::word) return put(word_token(run));
    for (std::size_t i = 0; i + 1 < run.size(); ++i) {
      if (!put(chinese_token(&run[i], 2))) return false;
    }
    return put(chinese_token(&run.back(), 1));
  });
  return tokens;
}

std::vector<SearchPhrase> search_phrases(std::string_view query) {
  std::vector<SearchPhrase> phrases;
  for_each_run(query, [&](Kind kind, const std::vector<char32_t>& run) {
    SearchPhrase phrase;
    if (kind == Kind::word) {
      phrase.tokens.push_back(word_token(run));
    } else if (run.size() == 1) {
      phrase.tokens.push_back(chinese_token(&run[0], 1));
      phrase.last_is_prefix = true;
    } else {
      for (std::size_t i = 0; i + 1 < run.size(); ++i) phrase.tokens.push_back(chinese_token(&run[i], 2));
    }
    phrases.push_back(std::move(phrase));
    return true;
  });
  return phrases;
}

}  // namespace miniops
