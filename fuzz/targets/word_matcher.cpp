// The input's first line is a list of words, separated by commas; the rest is the text that is searched.
#include "base/text.hpp"
#include "desk/words.hpp"
#include "targets/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace miniops;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (!valid_utf8(input)) return 0;
  std::string_view list = input.substr(0, input.find('\n'));
  const std::string_view text = input.substr(std::min(list.size() + 1, input.size()));
  std::vector<desk::Word> words;
  while (!list.empty()) {
    const std::string_view word = list.substr(0, list.find(','));
    words.push_back({std::string(word), static_cast<desk::WordAction>(words.size() % 3)});
    list.remove_prefix(std::min(word.size() + 1, list.size()));
  }
  const desk::WordMatcher matcher(words);
  std::size_t ended = 0;
  for (const auto& hit : matcher.find(text)) {
    fuzz::require(hit.begin < hit.end && hit.end <= text.size() && hit.end >= ended);
    fuzz::require(fold(text.substr(hit.begin, hit.end - hit.begin)) == fold(hit.word->text));
    ended = hit.end;
  }
  const desk::Checked checked = desk::check(matcher, text);
  fuzz::require(valid_utf8(checked.masked) && count_chars(checked.masked) == count_chars(text));
  for (const desk::Word& word : words) {  // whatever contains a word is found to contain it
    const std::string folded = fold(word.text);
    if (!folded.empty() && fold(text).find(folded) != std::string::npos) fuzz::require(!checked.found.empty());
  }
  return 0;
}
