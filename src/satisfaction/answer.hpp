// What a customer's text means to a question that was asked. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace miniops::satisfaction {

inline constexpr int score_max = 5;

struct OfferedWord {
  std::string word{};
  int score = 0;
  bool operator==(const OfferedWord&) const = default;
};
// What was offered besides 1–5, which always count.
using Offer = std::vector<OfferedWord>;

// What is compared: case, width, blanks around it and one mark after it ("满意！") make no difference.
std::string canonical(std::string_view text);

// The score, only if the text is nothing but one of the offered answers: 1–5, １–５, 一–五, an offered word.
std::optional<int> parse_answer(std::string_view text, const Offer& offer);

// Whether somebody should read it now: it asks, or it wants something done. Rather once too often: a comment that opens
// a conversation costs an agent a look, a question that is filed as a comment leaves a customer unanswered.
bool looks_like_question(std::string_view text);

}  // namespace miniops::satisfaction
