// UTF-8 text: validity, length, and the search tokens that both SQL engines index.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace miniops {

bool valid_utf8(std::string_view text);          // strict: no surrogates, no overlong forms, no NUL
std::size_t count_chars(std::string_view text);  // code points; text must be valid
std::string truncate_chars(std::string_view text, std::size_t chars_max);  // never splits a code point

std::string_view trimmed(std::string_view text);  // without blanks, tabs and line ends around it

// Lower case for ASCII and Latin-1/Greek/Cyrillic letters, full-width forms to ASCII. For matching, not for showing.
std::string fold(std::string_view text);

// What the full-text index holds: words of letters and digits, and pairs of Chinese (Han, kana, hangul) characters; a
// run of these ends with its last character alone, so that each character begins a token and can be looked for by
// itself. "微信支付ok" → 微信 信支 支付 付 ok. Tokens are encoded so that neither FTS5's unicode61 nor PostgreSQL's
// 'simple' configuration can split or change them: [a-z][a-z0-9]+ only. Very long texts are indexed in part.
std::vector<std::string> search_tokens(std::string_view text);

// The same tokens as phrases to look for: adjacent tokens of one run of text make one phrase; the phrases are joined
// by AND. Empty when nothing can be searched for. A single Chinese character is a prefix query.
struct SearchPhrase {
  std::vector<std::string> tokens;
  bool last_is_prefix = false;
};
std::vector<SearchPhrase> search_phrases(std::string_view query);

}  // namespace miniops
