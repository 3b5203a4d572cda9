// Which quick replies fit what an agent types, the best first. Pure.
#pragma once

#include "quick_replies/reply.hpp"

namespace miniops::quick_replies {

// How well the words fit; the smaller the better.
enum class Fit { shortcut, shortcut_begins, initials_begin, title_begins, inside_name, inside_text, none };
// `words` folded (base/text.hpp). Inside: of shortcut, initials or title; of folder or text.
Fit fit_of(const QuickReply& reply, std::string_view words);

// By fit, then by use, then by name; those that do not fit left out. Without words: by folder, shortcut and title.
std::vector<Listed> ranked(std::vector<Listed> all, std::string_view words, std::size_t limit);

}  // namespace miniops::quick_replies
