// What every match of a regular expression contains, so that most texts need not be looked at by it. Private to
// storage/events.
#pragma once

#include <string>
#include <vector>

namespace miniops::events {

// Texts of ASCII and of characters without case, in lower case, to be looked for whatever the case of letters.
struct RegexLiterals {
  std::vector<std::string> all{};  // a text with a match contains each of these
  std::vector<std::string> any{};  // and, when there are some, one of these
};
RegexLiterals literals_of(const std::string& regex);  // none: nothing is known

}  // namespace miniops::events
