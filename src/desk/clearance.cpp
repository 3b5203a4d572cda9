#include "desk/clearance.hpp"

#include "content_check/errors.hpp"
#include "desk/errors.hpp"

namespace miniops::desk {

namespace {

// Each text of it that the customer reads.
template <class F>
void each_text(ToSend& sending, F look) {
  if (auto* text = std::get_if<wechat::SendText>(&sending.message)) {
    look(text->content);
    sending.text = text->content;
  } else if (auto* link = std::get_if<wechat::SendLink>(&sending.message)) {
    look(link->title);
    look(link->description);
  } else if (auto* card = std::get_if<wechat::SendMiniProgramPage>(&sending.message)) {
    look(card->title);
  }
}

std::string names_of(const std::vector<content_check::Finding>& findings) {
  std::vector<std::string> names;
  for (const content_check::Finding& one : findings) names.push_back(one.name.empty() ? one.kind : one.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

Result<Clearance> check_words(const WordMatcher& matcher, content_check::Action blocked, ToSend& sending,
                              bool confirmed) {
  if (sending.note) return Clearance();  // the customer does not see it
  const bool may_confirm = blocked == content_check::Action::warn;
  const WordAction hidden_from = may_confirm && confirmed ? WordAction::mask : WordAction::block;
  std::vector<std::string> found, stopped;
  each_text(sending, [&](std::string& text) {
    Checked checked = check(matcher, text, hidden_from);
    found.insert(found.end(), checked.found.begin(), checked.found.end());
    stopped.insert(stopped.end(), checked.blocked.begin(), checked.blocked.end());
    text = std::move(checked.masked);
  });
  if (!stopped.empty() && !(may_confirm && confirmed)) return fail(errors::blocked_word(stopped, may_confirm));
  return Clearance{fmt::format("{}", fmt::join(found, ", ")), fmt::format("{}", fmt::join(stopped, ", "))};
}

std::string text_to_check(const ToSend& sending) {
  std::string all;
  if (sending.note) return all;
  ToSend copy = sending;
  each_text(copy, [&](const std::string& text) { all += (all.empty() ? "" : "\n") + text; });
  return all;
}

Task<Result<void>> ask_checkers(content_check::Checker& checker, content_check::Question question, bool confirmed,
                                Clearance& clearance) {
  const auto findings = co_await checker.ask(std::move(question));
  if (findings.empty()) co_return Result<void>();
  const bool may_confirm = std::ranges::all_of(findings, &content_check::Finding::may_confirm);
  if (!confirmed || !may_confirm) co_return fail(content_check::errors::stopped(findings));
  if (!clearance.confirmed.empty()) clearance.confirmed += ", ";
  clearance.confirmed += names_of(findings);
  co_return Result<void>();
}

}  // namespace miniops::desk
