#include "satisfaction/answer.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace miniops::satisfaction {

namespace {

// As fold() leaves them: full-width blanks and marks are ASCII already.
constexpr std::array<std::string_view, 9> blanks{
    " ", "\t", "\n", "\r", "\v", "\f", "\xC2\xA0" /* no-break */, "\xE2\x80\x8B" /* zero width */, "\xEF\xBB\xBF"};
// A question mark is none of them: '1?' asks.
constexpr std::array<std::string_view, 6> marks{".", "!", ",", "~", "。", "、"};

template <std::size_t N>
std::string_view end_among(std::string_view text, const std::array<std::string_view, N>& ends) {
  const auto found = std::ranges::find_if(ends, [&](std::string_view one) { return text.ends_with(one); });
  return found == ends.end() ? std::string_view() : *found;
}

std::string_view without_blanks(std::string_view text) {
  for (std::string_view end = end_among(text, blanks); !end.empty(); end = end_among(text, blanks))
    text.remove_suffix(end.size());
  for (bool more = true; more;) {
    const auto found = std::ranges::find_if(blanks, [&](std::string_view one) { return text.starts_with(one); });
    more = found != blanks.end();
    if (more) text.remove_prefix(found->size());
  }
  return text;
}

constexpr std::array<std::string_view, score_max> digits{"1", "2", "3", "4", "5"};
constexpr std::array<std::string_view, score_max> chinese_digits{"一", "二", "三", "四", "五"};

// What people say without asking, though it holds a word of a question.
constexpr std::array<std::string_view, 5> no_questions{"没什么", "没有什么", "不怎么", "无论如何", "不管怎么"};

constexpr std::array<std::string_view, 34> asking{
    "?",    "吗",   "怎么", "什么", "为啥",   "为何", "如何", "多少钱", "多久",   "多长时间", "几点", "几天",
    "哪里", "哪儿", "哪个", "哪些", "能不能", "能否", "可否", "可不可", "是不是", "有没有",   "请问", "咨询",
    "想问", "问一", "帮我", "我要", "我想",   "人工", "投诉", "还没",   "没收到", "没到账"};
constexpr std::array<std::string_view, 2> asking_at_the_end{"呢", "么"};

constexpr std::array<std::string_view, 6> asking_english{"help me", "please help",  "i want",
                                                         "i need",  "i would like", "i'd like"};
constexpr std::array<std::string_view, 18> asking_first{"how", "what",  "why",   "when",   "where", "who",
                                                        "can", "could", "do",    "does",   "did",   "is",
                                                        "are", "will",  "would", "should", "which", "may"};

void erase_all(std::string& text, std::string_view part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at)) text.erase(at, part.size());
}

std::string_view first_word(std::string_view text) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return text.substr(0, static_cast<std::size_t>(std::ranges::find_if_not(text, letter) - text.begin()));
}

}  // namespace

std::string canonical(std::string_view text) {
  const std::string folded = fold(text);
  std::string_view rest = without_blanks(folded);
  rest.remove_suffix(end_among(rest, marks).size());
  return std::string(without_blanks(rest));
}

std::optional<int> parse_answer(std::string_view text, const Offer& offer) {
  const std::string said = canonical(text);
  for (std::size_t i = 0; i < score_max; ++i)
    if (said == digits[i] || said == chinese_digits[i]) return static_cast<int>(i) + 1;
  if (said.empty()) return std::nullopt;
  const auto found = std::ranges::find_if(offer, [&](const OfferedWord& one) { return canonical(one.word) == said; });
  return found == offer.end() ? std::nullopt : std::optional(found->score);
}

bool looks_like_question(std::string_view text) {
  std::string said = canonical(text);
  for (const std::string_view phrase : no_questions) erase_all(said, phrase);
  const auto has = [&](std::string_view part) { return said.contains(part); };
  const auto ends = [&](std::string_view part) { return said.ends_with(part); };
  return std::ranges::any_of(asking, has) || std::ranges::any_of(asking_at_the_end, ends) ||
         std::ranges::any_of(asking_english, has) ||
         std::ranges::find(asking_first, first_word(said)) != asking_first.end();
}

}  // namespace miniops::satisfaction
