#include "satisfaction/asking.hpp"

namespace miniops::satisfaction {

NotAsked may_ask(const AskFacts& facts, TimeMs now) {
  if (facts.asked_before) return NotAsked::asked_before;
  if (!facts.enabled) return NotAsked::switched_off;
  if (!facts.human_answered) return NotAsked::no_human;
  if (facts.blocked) return NotAsked::blocked;
  if (facts.last_asked_at != 0 && now - facts.last_asked_at < asked_every_ms) return NotAsked::asked_lately;
  if (facts.window_ends_at <= now) return NotAsked::window_closed;
  if (facts.remaining <= 0) return NotAsked::budget;
  return NotAsked::nothing;
}

State state_after(NotAsked decided) {
  switch (decided) {
    case NotAsked::nothing:
      return State::asked;
    case NotAsked::window_closed:
    case NotAsked::budget:
    case NotAsked::refused:
      return State::askable;
    default:
      return State::closed;
  }
}

Reply judge(const Survey& survey, const Text& said) {
  const auto& [text, at, asked_else] = said;
  if (asked_else) return Reply::not_ours;
  const bool answer = parse_answer(text, survey.offer).has_value();
  if (survey.state == State::asked || survey.state == State::delivered) {
    // What was on its way when the question was asked cannot be an answer to it.
    const bool in_time = at >= survey.asked_at && at - survey.asked_at < reply_counts_ms;
    return answer && in_time ? Reply::score : Reply::not_ours;
  }
  if (survey.state != State::answered) return Reply::not_ours;
  if (at < survey.answered_at || at - survey.answered_at >= comment_within_ms) return Reply::not_ours;
  if (answer) return Reply::repeated;
  if (!survey.replied) return Reply::not_ours;  // the page asked for the comment, too
  if (looks_like_question(text)) return Reply::new_conversation;
  return survey.comment.empty() ? Reply::comment : Reply::not_ours;
}

}  // namespace miniops::satisfaction
