// Sensitive words 敏感词: all words of a list found in a text in one pass (Aho–Corasick), whatever their case or width.
//
// The matcher is immutable once built and safe from any thread. 100,000 Chinese words take about 10 MB.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace miniops::desk {

enum class WordAction { flag, mask, block };  // the stricter the larger
std::string_view to_string(WordAction action);
std::optional<WordAction> parse_word_action(std::string_view text);

struct Word {
  std::string text;
  WordAction action = WordAction::flag;
};

class WordMatcher {
 public:
  WordMatcher() = default;
  // Words that are the same after folding count once, with the strictest action; empty ones not at all.
  explicit WordMatcher(std::vector<Word> words);

  struct Hit {
    std::size_t begin, end;  // bytes of the text as it was given
    const Word* word;
  };
  // Every occurrence, overlapping ones too, ordered by where they end. `text` must be valid UTF-8.
  std::vector<Hit> find(std::string_view text) const;
  bool empty() const { return words_.empty(); }
  std::size_t size() const { return words_.size(); }

 private:
  using Node = std::uint32_t;
  Node child(Node node, char32_t label) const;  // 0: none (the root is nobody's child)
  Node step(Node node, char32_t label) const;
  void add_children(const std::vector<std::u32string>& sorted);
  void add_fallbacks();

  std::vector<Word> words_;
  // One entry a node, breadth first: the children of a node lie side by side, ordered by their label.
  std::vector<char32_t> label_;
  std::vector<Node> first_child_;  // one more entry than nodes: children of n are first_child_[n] … first_child_[n+1]
  std::vector<Node> parent_, fallback_, shorter_;  // shorter_: the next node on the fallback path that ends a word
  std::vector<std::int32_t> word_;                 // index in words_, or -1
  std::vector<std::uint16_t> depth_;
};

// What a list makes of a text.
struct Checked {
  std::string masked;              // words to mask, and those to block, replaced by * each character
  bool changed = false;            // masked differs from the text
  std::vector<std::string> found;  // each word once, in order of the text
  std::vector<std::string> blocked;
};
// `hidden_up_to`: block, and words to block are masked, too; mask, and they stay as they are.
Checked check(const WordMatcher& matcher, std::string_view text, WordAction hidden_up_to = WordAction::block);

}  // namespace miniops::desk
