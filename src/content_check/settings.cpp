#include "content_check/settings.hpp"

namespace miniops::content_check {

namespace {

SealedPlace place_of(const std::string& row) { return {"content_check_checkers", "secret", row}; }

bool stands_in_the_way(Verdict verdict, Failing unanswered, Failing inactive) {
  switch (verdict) {
    case Verdict::pass:
      return false;
    case Verdict::review:
    case Verdict::risky:
      return true;
    case Verdict::inactive:
      return inactive == Failing::closed;
    case Verdict::unanswered:
      return unanswered == Failing::closed;
  }
  std::unreachable();
}

bool may_confirm(Action action, Verdict verdict) { return action == Action::warn || verdict == Verdict::review; }

}  // namespace

std::string seal_secret(const Sealer& sealer, CheckerId id, std::string_view secret) {
  return sealer.seal(secret, place_of(id.str()));
}

Result<std::string> open_secret(const Sealer& sealer, const Outside& checker) {
  const std::string row = checker.id.str();
  return sealer.open(checker.secret, place_of(row));
}

// A space takes a phrase's place: what stood before and behind it does not become a new word.
std::string shown_text(std::string_view text, const std::vector<std::string>& leave_out) {
  std::string shown(text);
  for (const std::string& phrase : leave_out) {
    if (phrase.empty()) continue;
    for (std::size_t at = shown.find(phrase); at != std::string::npos; at = shown.find(phrase, at + 1))
      shown.replace(at, phrase.size(), " ");
  }
  const bool blank = shown.find_first_not_of(" \t\r\n") == std::string::npos;
  return blank ? std::string() : shown;
}

std::optional<Finding> finding_of(const WeChatRule& rule, Answer answer) {
  if (!stands_in_the_way(answer.verdict, rule.unanswered, rule.inactive)) return std::nullopt;
  const bool confirm = may_confirm(rule.action, answer.verdict);
  return Finding{"wechat", "", std::move(answer), confirm};
}

std::optional<Finding> finding_of(const Outside& checker, Answer answer) {
  if (!stands_in_the_way(answer.verdict, checker.unanswered, checker.unanswered)) return std::nullopt;
  const bool confirm = may_confirm(checker.action, answer.verdict);
  return Finding{"webhook", checker.name, std::move(answer), confirm};
}

}  // namespace miniops::content_check
