// Where words begin and end, for regular expressions: a word is not touched by another letter, digit or '_'; Chinese,
// Japanese, Korean and emoji touch nothing. events::Predicate means the same. Private to the query language.
#pragma once

#include <string>
#include <string_view>

namespace miniops::logs {

// Whether a word's edge can be asked for there: `error:` ends with a sign, which is an edge by itself.
bool begins_with_letter(std::string_view text);
bool ends_with_letter(std::string_view text);

// Whether no letter stands in front of this place of a text, or behind it.
inline bool free_in_front(std::string_view text, std::size_t at) { return !ends_with_letter(text.substr(0, at)); }
inline bool free_behind(std::string_view text, std::size_t at) { return !begins_with_letter(text.substr(at)); }

// What a word with stars inside means, without case: each star is anything but blanks. Group 1 is what is found.
std::string pattern_as_regex(std::string_view pattern);

}  // namespace miniops::logs
