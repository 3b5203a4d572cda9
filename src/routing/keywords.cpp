#include "routing/keywords.hpp"

namespace miniops::routing {

namespace {

// A keyword of one byte has no second: 0, which no text has.
std::uint16_t start_of(std::string_view text, bool one_byte) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned second = one_byte || text.size() < 2 ? 0U : byte(1);
  return static_cast<std::uint16_t>(unsigned{byte(0)} << 8U | second);
}

}  // namespace

std::uint32_t Keywords::add(std::string_view keyword) {
  auto& same_start = by_start_[start_of(keyword, false)];
  for (const std::uint32_t number : same_start)
    if (words_[number] == keyword) return number;
  const auto number = static_cast<std::uint32_t>(words_.size());
  words_.emplace_back(keyword);
  same_start.push_back(number);
  return number;
}

void Keywords::find_at(std::string_view rest, std::uint16_t start, std::vector<bool>& found) const {
  const auto same_start = by_start_.find(start);
  if (same_start == by_start_.end()) return;
  for (const std::uint32_t number : same_start->second)
    if (rest.starts_with(words_[number])) found[number] = true;
}

void Keywords::find(std::string_view text, std::vector<bool>& found) const {
  for (; !text.empty(); text.remove_prefix(1)) {
    find_at(text, start_of(text, true), found);
    if (text.size() > 1) find_at(text, start_of(text, false), found);
  }
}

}  // namespace miniops::routing
