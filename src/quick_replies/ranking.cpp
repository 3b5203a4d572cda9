#include "quick_replies/ranking.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace miniops::quick_replies {

namespace {

// Whether one of the words, which blanks separate, begins so.
bool word_begins(std::string_view words, std::string_view sought) {
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    if (word.starts_with(sought)) return true;
    words.remove_prefix(std::min(word.size() + 1, words.size()));
  }
  return false;
}

auto by_name(const Listed& one) {
  const QuickReply& reply = one.reply;
  return std::tie(reply.folder, reply.shortcut, reply.title, reply.id);
}

struct Scored {
  Fit fit;
  std::size_t at;  // in the list
};

}  // namespace

Fit fit_of(const QuickReply& reply, std::string_view words) {
  const std::string shortcut = fold(reply.shortcut);
  if (shortcut == words) return Fit::shortcut;
  if (shortcut.starts_with(words)) return Fit::shortcut_begins;
  const std::string initials = initials_of(reply);
  if (word_begins(initials, words)) return Fit::initials_begin;
  const std::string title = fold(reply.title);
  if (title.starts_with(words)) return Fit::title_begins;
  if (shortcut.contains(words) || initials.contains(words) || title.contains(words)) return Fit::inside_name;
  return fold(reply.folder).contains(words) || fold(reply.content).contains(words) ? Fit::inside_text : Fit::none;
}

std::vector<Listed> ranked(std::vector<Listed> all, std::string_view words, std::size_t limit) {
  std::ranges::sort(all, {}, by_name);
  const std::string folded = fold(words);
  if (folded.find_first_not_of(' ') == std::string::npos) {
    all.resize(std::min(limit, all.size()));
    return all;
  }
  const std::size_t begin = folded.find_first_not_of(' ');
  const std::string sought = folded.substr(begin, folded.find_last_not_of(' ') - begin + 1);
  std::vector<Scored> scored;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (const Fit fit = fit_of(all[i].reply, sought); fit != Fit::none) scored.push_back({fit, i});
  std::ranges::sort(scored, {}, [&](const Scored& one) { return std::tuple(one.fit, -all[one.at].uses, one.at); });
  std::vector<Listed> out;
  for (const Scored& one : scored) {
    if (out.size() == limit) break;
    out.push_back(std::move(all[one.at]));
  }
  return out;
}

}  // namespace miniops::quick_replies
