#include <algorithm>

#include "base/text.hpp"
#include "targets/fuzz.hpp"

namespace {

using namespace miniops;
using miniops::fuzz::require;

bool is_token(const std::string& token) {
  return token.size() >= 2 && token[0] >= 'a' && token[0] <= 'z' &&
         std::ranges::all_of(token, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto tokens = search_tokens(text);
  require(std::ranges::all_of(tokens, is_token));
  // Each phrase of the text is found in the text.
  for (const SearchPhrase& phrase : search_phrases(text)) {
    require(!phrase.tokens.empty() && std::ranges::all_of(phrase.tokens, is_token));
    if (size < 4096) require(!std::ranges::search(tokens, phrase.tokens).empty());
  }
  const std::string folded = fold(text);
  require(fold(folded) == folded);
  require(search_tokens(folded) == tokens);
  if (valid_utf8(text)) {
    require(valid_utf8(folded));
    require(count_chars(folded) == count_chars(text));
    for (std::size_t chars : {0U, 1U, 7U}) {
      const std::string cut = truncate_chars(text, chars);
      require(valid_utf8(cut) && count_chars(cut) == std::min(chars, count_chars(text)));
    }
  }
  return 0;
}
