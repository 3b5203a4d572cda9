// A masked message, or the text of a template, as words and what stands between them. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace miniops::logs::mining {

inline constexpr std::size_t words_max = 128;  // of one message; what is behind is cut off

struct Word {
  std::uint32_t at = 0;
  std::uint32_t size = 0;
  std::uint64_t hash = 0;
};

struct Words {
  std::vector<Word> all;
  std::uint64_t shape = 0;  // of the number of words, and of all that stands between them

  std::string_view text(std::string_view message, std::size_t i) const {
    return message.substr(all[i].at, all[i].size);
  }
};

// A word has no blank and no punctuation but a dot, dash, slash … inside. Runs of Chinese are words of their own.
void split_words(std::string_view message, Words& words);

// Cuts a message with too many words, and writes groups that follow each other once: "a=<*>, b-<*>, b-<*>" has one b.
// Then `words` are those of the new text. False when nothing was to be done.
bool fold_lists(std::string& message, Words& words);

std::uint64_t mixed(std::uint64_t value);

}  // namespace miniops::logs::mining
