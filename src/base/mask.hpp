// Personal data in free text: mainland phone numbers, ID card numbers, bank card numbers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace miniops {

enum class PersonalData { phone, id_card, bank_card };

struct PersonalSpan {
  std::size_t begin;  // byte offsets in the text
  std::size_t end;
  PersonalData kind;
};

// Phones: 11 digits 1[3-9]…, with +86/0086/86, spaces or hyphens between groups; ID cards: 18 characters with a valid
// date and check digit, or the old 15; bank cards: 13–19 digits with a valid Luhn sum. Full-width digits count. A
// longer run of digits that is none of these is not touched. In order, not overlapping.
std::vector<PersonalSpan> find_personal_data(std::string_view text);

// 138****5678, 110101********1234, 6222************0123: what stays lets people tell two apart.
std::string mask_personal_data(std::string_view text);

}  // namespace miniops
