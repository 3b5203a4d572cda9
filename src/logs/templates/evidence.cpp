#include "logs/templates/evidence.hpp"

#include <algorithm>

#include "logs/templates/characters.hpp"
#include "logs/templates/masker.hpp"
#include "logs/templates/values.hpp"
#include "logs/templates/vocabulary.hpp"

namespace miniops::logs::mining {

namespace {

// Four plain words, two names with dots, or a value and a plain word are enough in a sentence of which three words are
// alike. Fifteen states (LOOKING, LEADING …) are, too: without a bound they would fill the table of templates.
constexpr int value_worth = 12;
constexpr int name_worth = 9;
constexpr int plain_worth = 4;
constexpr int event_worth = 1;
constexpr int needed[] = {400, 40, 18, 15};

}  // namespace

int worth_of(std::string_view word) {
  if (word == any_word) return needed[0] * 2;
  if (word == any_value) return value_worth;
  if (word.contains(any_value)) return plain_worth;
  if (std::ranges::any_of(word, [](char c) { return kind_of(c) == CharKind::wide; }))
    return is_event_word(word) ? event_worth : plain_worth;
  const auto letters = std::ranges::count_if(word, is_letter);
  if (letters < 3 || std::ranges::none_of(word, is_lower)) return event_worth;
  if (is_constant_name(word.substr(word.rfind('.') + 1))) return event_worth;
  if (std::ranges::count(word, '.') > 1) return name_worth;
  return is_event_word(word) ? event_worth : plain_worth;
}

int worth_needed(std::size_t alike, bool first) { return needed[std::min<std::size_t>(alike, 3)] * (first ? 2 : 1); }

bool is_plain(std::string_view word) {
  return word != any_word && word != any_value &&
         std::ranges::any_of(word, [](char c) { return is_letter(c) || kind_of(c) == CharKind::wide; });
}

}  // namespace miniops::logs::mining
