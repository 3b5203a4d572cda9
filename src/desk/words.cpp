#include "desk/words.hpp"

#include "base/text.hpp"

namespace miniops::desk {

namespace {

constexpr std::array<std::string_view, 3> actions = {"flag", "mask", "block"};

std::size_t char_bytes(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

// The code point at `at`, which is moved behind it. The text is valid.
char32_t next_char(std::string_view text, std::size_t& at) {
  const std::size_t bytes = std::min(char_bytes(text[at]), text.size() - at);
  constexpr std::array<unsigned char, 5> lead_mask = {0, 0x7f, 0x1f, 0x0f, 0x07};
  char32_t value = static_cast<unsigned char>(text[at]) & lead_mask[bytes];
  for (std::size_t i = 1; i < bytes; ++i) value = (value << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3f);
  at += bytes;
  return value;
}

std::u32string chars_of(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) out.push_back(next_char(text, at));
  return out;
}

}  // namespace

std::string_view to_string(WordAction action) { return actions[static_cast<std::size_t>(action)]; }

std::optional<WordAction> parse_word_action(std::string_view text) {
  for (std::size_t i = 0; i < actions.size(); ++i) {
    if (actions[i] == text) return static_cast<WordAction>(i);
  }
  return std::nullopt;
}

WordMatcher::WordMatcher(std::vector<Word> words) {
  struct Entry {
    std::u32string folded;
    std::size_t index;
  };
  std::vector<Entry> entries;
  entries.reserve(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::u32string folded = chars_of(fold(words[i].text));
    if (!folded.empty() && folded.size() <= 1000) entries.push_back({std::move(folded), i});
  }
  std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
    const int order = a.folded.compare(b.folded);
    return order != 0 ? order < 0 : a.index < b.index;
  });
  std::vector<std::u32string> sorted;
  for (Entry& entry : entries) {
    if (!sorted.empty() && sorted.back() == entry.folded) {
      words_.back().action = std::max(words_.back().action, words[entry.index].action);
      continue;
    }
    sorted.push_back(std::move(entry.folded));
    words_.push_back(std::move(words[entry.index]));
  }
  if (words_.empty()) return;
  add_children(sorted);
  add_fallbacks();
}

// Breadth first: a node is a range of the sorted words that share their first `depth` characters.
void WordMatcher::add_children(const std::vector<std::u32string>& sorted) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;  // of each node
  auto add_node = [&](char32_t label, Node parent, std::size_t depth, std::size_t from, std::size_t to) {
    label_.push_back(label);
    parent_.push_back(parent);
    depth_.push_back(static_cast<std::uint16_t>(depth));
    ranges.emplace_back(static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to));
    word_.push_back(sorted[from].size() == depth ? static_cast<std::int32_t>(from) : -1);
  };
  add_node(0, 0, 0, 0, sorted.size());
  for (Node node = 0; node < label_.size(); ++node) {
    first_child_.push_back(static_cast<Node>(label_.size()));
    const std::size_t depth = depth_[node];
    const std::size_t end = ranges[node].second;
    std::size_t from = ranges[node].first + (word_[node] >= 0 ? 1U : 0U);
    while (from < end) {
      const char32_t label = sorted[from][depth];
      std::size_t to = from + 1;
      while (to < end && sorted[to][depth] == label) ++to;
      add_node(label, node, depth + 1, from, to);
      from = to;
    }
  }
  first_child_.push_back(static_cast<Node>(label_.size()));
}

void WordMatcher::add_fallbacks() {
  fallback_.assign(label_.size(), 0);
  shorter_.assign(label_.size(), 0);
  for (Node node = 1; node < label_.size(); ++node) {  // parents come before their children
    if (parent_[node] != 0) fallback_[node] = step(fallback_[parent_[node]], label_[node]);
    const Node fallback = fallback_[node];
    shorter_[node] = word_[fallback] >= 0 ? fallback : shorter_[fallback];
  }
}

WordMatcher::Node WordMatcher::child(Node node, char32_t label) const {
  const auto begin = label_.begin() + first_child_[node];
  const auto end = label_.begin() + first_child_[node + 1];
  const auto found = std::lower_bound(begin, end, label);
  return found != end && *found == label ? static_cast<Node>(found - label_.begin()) : 0;
}

WordMatcher::Node WordMatcher::step(Node node, char32_t label) const {
  for (;;) {
    if (const Node next = child(node, label); next != 0) return next;
    if (node == 0) return 0;
    node = fallback_[node];
  }
}

std::vector<WordMatcher::Hit> WordMatcher::find(std::string_view text) const {
  std::vector<Hit> hits;
  if (words_.empty()) return hits;
  // Folding maps each character to one character, so both texts are walked side by side.
  const std::string folded = fold(text);
  std::vector<std::size_t> starts;  // of each character of `text`
  Node node = 0;
  for (std::size_t at = 0, folded_at = 0; at < text.size() && folded_at < folded.size();) {
    starts.push_back(at);
    at = std::min(at + char_bytes(text[at]), text.size());
    node = step(node, next_char(folded, folded_at));
    for (Node ends = word_[node] >= 0 ? node : shorter_[node]; ends != 0; ends = shorter_[ends]) {
      const std::size_t first = starts.size() - depth_[ends];
      hits.push_back({starts[first], at, &words_[static_cast<std::size_t>(word_[ends])]});
    }
  }
  return hits;
}

Checked check(const WordMatcher& matcher, std::string_view text, WordAction hidden_up_to) {
  Checked checked;
  checked.masked = text;
  const auto hits = matcher.find(text);
  if (hits.empty()) return checked;

  auto note = [](std::vector<std::string>& list, const std::string& word) {
    if (std::ranges::find(list, word) == list.end()) list.push_back(word);
  };
  std::vector<bool> hidden(text.size(), false);
  for (const WordMatcher::Hit& hit : hits) {
    note(checked.found, hit.word->text);
    if (hit.word->action == WordAction::block) note(checked.blocked, hit.word->text);
    if (hit.word->action != WordAction::flag && hit.word->action <= hidden_up_to) {
      std::fill(hidden.begin() + static_cast<std::ptrdiff_t>(hit.begin),
                hidden.begin() + static_cast<std::ptrdiff_t>(hit.end), true);
    }
  }
  checked.masked.clear();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = std::min(char_bytes(text[at]), text.size() - at);
    checked.masked += hidden[at] ? std::string_view("*") : text.substr(at, bytes);
    at += bytes;
  }
  checked.changed = checked.masked != text;
  return checked;
}

}  // namespace miniops::desk
