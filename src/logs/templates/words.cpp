#include "logs/templates/words.hpp"

#include <algorithm>
#include <functional>

#include "logs/templates/characters.hpp"
#include "logs/templates/masker.hpp"

namespace miniops::logs::mining {

namespace {

constexpr std::size_t group_max = 8;  // words of one item of a list

bool separates(char c) { return std::string_view(" =,;()[]{}\"'|!?:<>&`").contains(c) || c == '^'; }

// Where the word at `at` ends; `at` when none begins there.
std::size_t end_of_word(std::string_view text, std::size_t at) {
  enum class Run { none, latin, han } run = Run::none;
  while (at < text.size()) {
    std::size_t size = 1;
    Run here = Run::latin;
    if (text[at] == '<') {
      const std::string_view rest = text.substr(at);
      size = rest.starts_with(any_value) ? any_value.size() : rest.starts_with(any_word) ? any_word.size() : 0;
      if (size == 0) break;
    } else if (kind_of(text[at]) == CharKind::wide) {
      const Wide character = wide_at(text, at);
      if (character.size == 0 || character.is == Wide::Is::mark) break;
      size = character.size;
      if (character.is == Wide::Is::han) here = Run::han;
    } else if (separates(text[at])) {
      break;
    } else if (text[at] == '.') {
      const char next = at + 1 < text.size() ? text[at + 1] : ' ';
      if (next == '.' || separates(next)) break;
    }
    if (run != Run::none && here != run) break;
    run = here;
    at += size;
  }
  return at;
}

std::size_t size_at(std::string_view text, std::size_t at) {
  if (kind_of(text[at]) != CharKind::wide) return 1;
  return std::max<std::size_t>(wide_at(text, at).size, 1);
}

// Finds groups of words that follow each other.
class Folder {
 public:
  Folder(std::string_view message, const Words& words) : message_(message), words_(words) {}

  // The same words with each list written once; empty when there is no list.
  std::string fold() {
    std::string folded;
    std::size_t copied = 0;
    for (std::size_t i = 0; i < words_.all.size();) {
      const auto [size, times] = list_at(i);
      if (times > 1) {
        folded.append(message_.substr(copied, words_.all[i].at - copied));
        copied = words_.all[i + size * (times - 1)].at;
      }
      i += size * times;
    }
    if (copied > 0) folded.append(message_.substr(copied));
    return folded;
  }

 private:
  struct List {
    std::size_t size;
    std::size_t times;
  };

  List list_at(std::size_t i) const {
    for (std::size_t size = 1; size <= group_max && i + 2 * size <= words_.all.size(); ++size) {
      if (!equal(i, i + size, size) || !may_repeat(i, size)) continue;
      const std::string_view joint = after(i + size - 1);
      if (!is_joint(joint)) continue;
      std::size_t times = 2;
      while (i + (times + 1) * size <= words_.all.size() && after(i + times * size - 1) == joint &&
             equal(i, i + times * size, size))
        ++times;
      return {size, times};
    }
    return {1, 1};
  }

  bool equal(std::size_t a, std::size_t b, std::size_t size) const {
    for (std::size_t k = 0; k < size; ++k) {
      if (words_.all[a + k].hash != words_.all[b + k].hash) return false;
      if (k + 1 < size && after(a + k) != after(b + k)) return false;
    }
    return true;
  }

  // Only what holds a value is an item; single values were joined when they were masked.
  bool may_repeat(std::size_t i, std::size_t size) const {
    if (size == 1 && words_.text(message_, i) == any_value) return false;
    for (std::size_t k = i; k < i + size; ++k)
      if (words_.text(message_, k).contains(any_value)) return true;
    return false;
  }

  std::string_view after(std::size_t i) const {
    const std::size_t begin = words_.all[i].at + words_.all[i].size;
    return message_.substr(begin, (i + 1 < words_.all.size() ? words_.all[i + 1].at : message_.size()) - begin);
  }

  // Between items: nothing is opened that the item before did not close.
  static bool is_joint(std::string_view text) {
    const auto opening = std::ranges::count_if(text, [](char c) { return std::string_view("([{<").contains(c); });
    const auto closing = std::ranges::count_if(text, [](char c) { return std::string_view(")]}>").contains(c); });
    return opening <= closing && all_of(text, [](char c) { return std::string_view(" ,;|()[]{}<>\"'").contains(c); });
  }

  std::string_view message_;
  const Words& words_;
};

}  // namespace

std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 32)) * 0xd6e8feb86659fd93ULL;
  value = (value ^ (value >> 32)) * 0xd6e8feb86659fd93ULL;
  return value ^ (value >> 32);
}

void split_words(std::string_view message, Words& words) {
  words.all.clear();
  words.shape = 0;
  for (std::size_t at = 0; at < message.size();) {
    const std::size_t end = end_of_word(message, at);
    if (end > at) {
      const std::string_view word = message.substr(at, end - at);
      words.all.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(word.size()),
                           std::hash<std::string_view>{}(word)});
      words.shape = mixed(words.shape + 1);
      at = end;
    } else {
      for (const char c : message.substr(at, size_at(message, at)))
        words.shape = mixed(words.shape * 257 + static_cast<unsigned char>(c) + 2);
      at += size_at(message, at);
    }
  }
}

bool fold_lists(std::string& message, Words& words) {
  bool changed = false;
  if (words.all.size() > words_max) {
    message.resize(words.all[words_max - 1].at + words.all[words_max - 1].size);
    split_words(message, words);
    changed = true;
  }
  std::string folded = Folder(message, words).fold();
  if (folded.empty()) return changed;
  message = std::move(folded);
  split_words(message, words);
  return true;
}

}  // namespace miniops::logs::mining
