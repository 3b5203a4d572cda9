// Personal data in free text: mainland phone numbers, ID card numbers, bank card numbers.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace miniops {

enum class PersonalData { phone, id_card, bank_card };
inline constexpr std::array<std::string_view, 3> personal_data_words{"phone", "id_card", "bank_card"};
inline std::span<const std::string_view> words_of(PersonalData) { return personal_data_words; }

struct PersonalSpan {
  std::size_t begin;  // byte offsets in the text
  std::size_t end;
  PersonalData kind;
};

// Phones: 11 digits 1[3-9]…, with +86/0086/86, spaces or hyphens between groups; ID cards: 18 characters with a valid
// date and check digit, or the old 15; bank cards: 13–19 digits with a valid Luhn sum and an issuer that has cards of
// that length. Full-width digits count. A longer run of digits that is none of these is not touched, nor is any part of
// it. In order, not overlapping.
std::vector<PersonalSpan> find_personal_data(std::string_view text);

// 138****5678, 110101********1234, 6222************0123: what stays lets people tell two apart.
std::string mask_personal_data(std::string_view text);

// The same, with what was hidden, for whoever keeps it apart.
struct HiddenNumber {
  PersonalData kind{};
  std::size_t begin = 0, end = 0;  // bytes in the masked text
  std::string written{};           // as it stood there
};
struct HiddenText {
  std::string text{};
  std::vector<HiddenNumber> numbers{};
};
HiddenText hide_personal_data(std::string_view text);

// Puts numbers back where their masked forms stand; places in code points, in order.
struct WholeNumber {
  std::size_t at = 0, length = 0;
  std::string written{};
};
// `length` code points from number `at` on; fewer when the text ends before.
std::string chars_of(std::string_view text, std::size_t at, std::size_t length);
std::string with_numbers(std::string text, const std::vector<WholeNumber>& numbers);

// A number in the one form in which equal ones are equal: ASCII digits, and X.
std::string plain_number(std::string_view written);
// What somebody typed who looks for one whole number, and nothing else.
struct PersonalNumber {
  PersonalData kind{};
  std::string plain{};
  bool operator==(const PersonalNumber&) const = default;
};
std::optional<PersonalNumber> as_personal_number(std::string_view typed);

}  // namespace miniops
