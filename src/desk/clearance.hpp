// What is to be said goes past the word list and then past whom the mini program asks besides (src/content_check),
// before the transaction that sends it: asking takes up to a second. Private to the desk.
#pragma once

#include "content_check/check.hpp"
#include "desk/outgoing.hpp"
#include "desk/ports.hpp"
#include "desk/words.hpp"

namespace miniops::desk {

// What a text was cleared with: it goes into the transaction that sends it.
struct Clearance {
  std::string flagged{};    // the words of the list that were found
  std::string confirmed{};  // what the agent was warned of and sends all the same: words of the list, names of checkers
};

// What the word list makes of it: masked (in `sending`), flagged, or desk.blocked_word. With `blocked` = warn somebody
// who has `confirmed` sends what they wrote.
Result<Clearance> check_words(const WordMatcher& matcher, content_check::Action blocked, ToSend& sending,
                              bool confirmed);

// What checkers are shown of it; empty: nothing (notes, pictures).
std::string text_to_check(const ToSend& sending);

// Asks the checkers. content_check.refused, content_check.unchecked; unless `confirmed`, when it may be.
Task<Result<void>> ask_checkers(content_check::Checker& checker, content_check::Question question, bool confirmed,
                                Clearance& clearance);

}  // namespace miniops::desk
