#include "storage/events/regex_literal.hpp"

#include <re2/filtered_re2.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "storage/events/caseless.hpp"

namespace miniops::events {

namespace {

// RE2 gives literals in lower case and takes K (kelvin) for a k and the long s for an s. Where neither can be meant, in
// an expression of plain ASCII, k and s are what they seem.
bool may_fold_into_ascii(std::string_view regex) {
  if (regex.find("(?") != std::string_view::npos) return true;
  for (std::size_t i = 0; i < regex.size(); ++i) {
    if (static_cast<unsigned char>(regex[i]) >= 0x80) return true;
    if (regex[i] != '\\' || ++i == regex.size()) continue;
    if (std::string_view("xpP01234567").find(regex[i]) != std::string_view::npos) return true;
  }
  return false;
}

// The longest part that CaselessText finds exactly.
std::string longest_sure_part(std::string_view literal, bool without_k_and_s) {
  std::string_view longest;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < literal.size();) {
    const Character next = character_at(literal, at);
    const bool sure = next.point < 0x80 ? !without_k_and_s || (next.point != 'k' && next.point != 's')
                                        : next.bytes > 1 && has_no_case(next.point);
    at += next.bytes;
    if (!sure) begin = at;
    if (at - begin > longest.size()) longest = literal.substr(begin, at - begin);
  }
  return std::string(longest);
}

// Whether it may match a text that holds these literals alone.
bool may_match(const re2::FilteredRE2& filter, const std::vector<int>& literals) {
  std::vector<int> expressions;
  filter.AllPotentials(literals, &expressions);
  return !expressions.empty();
}

}  // namespace

RegexLiterals literals_of(const std::string& regex) {
  re2::FilteredRE2 filter(1);
  int id = 0;
  if (filter.Add(regex, RE2::Quiet, &id) != RE2::NoError) return {};
  std::vector<std::string> literals;
  filter.Compile(&literals);
  if (literals.empty() || may_match(filter, {})) return {};
  const bool without_k_and_s = may_fold_into_ascii(regex);
  RegexLiterals known;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    std::vector<int> others;
    for (std::size_t other = 0; other < literals.size(); ++other)
      if (other != i) others.push_back(static_cast<int>(other));
    const std::string sure = longest_sure_part(literals[i], without_k_and_s);
    if (!may_match(filter, others)) {
      if (!sure.empty()) known.all.push_back(sure);
    } else {
      known.any.push_back(sure);
    }
  }
  // Where one is needed in any case, another need not be.
  if (known.any.size() < literals.size() || std::ranges::find(known.any, "") != known.any.end()) known.any.clear();
  return known;
}

}  // namespace miniops::events
