#include "base/mask.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

namespace miniops {

namespace {

struct Digit {
  int value;
  std::size_t begin, end;  // bytes in the text
};

// A group is digits without a gap; a chain is groups with one blank or hyphen between them. What is looked for begins
// and ends with a group, so that a part of a longer run is never taken for a number.
struct Group {
  std::size_t first, count;   // in Chain::digits
  std::size_t check_end = 0;  // an X directly behind the last digit ends here: the check digit of an ID card
};
struct Chain {
  std::vector<Digit> digits;
  std::vector<Group> groups;
};

constexpr std::size_t digits_max = 19;

std::optional<Digit> digit_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return std::nullopt;
  if (text[at] >= '0' && text[at] <= '9') return Digit{text[at] - '0', at, at + 1};
  if (text.substr(at, 2) == "\xEF\xBC" && at + 2 < text.size()) {  // full-width: U+FF10 … U+FF19
    const int value = static_cast<unsigned char>(text[at + 2]) - 0x90;
    if (value >= 0 && value <= 9) return Digit{value, at, at + 3};
  }
  return std::nullopt;
}

// The bytes of a blank or hyphen, as people put them between groups of digits; 0 if there is none.
std::size_t separator_at(std::string_view text, std::size_t at) {
  for (std::string_view mark : {" ", "-", "\u00A0", "\u3000", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "－"}) {
    if (text.substr(at).starts_with(mark)) return mark.size();
  }
  return 0;
}

std::size_t check_letter_at(std::string_view text, std::size_t at) {
  for (std::string_view mark : {"X", "x", "Ｘ", "ｘ"}) {
    if (text.substr(at).starts_with(mark)) return mark.size();
  }
  return 0;
}

bool is_letter_or_digit(std::string_view text, std::size_t at) {
  if (digit_at(text, at)) return true;
  if (at >= text.size()) return false;
  return (text[at] >= 'a' && text[at] <= 'z') || (text[at] >= 'A' && text[at] <= 'Z');
}

// Reads the chain that begins at `at`, where a digit stands; returns where it ends.
std::size_t read_chain(std::string_view text, std::size_t at, Chain& chain) {
  chain.digits.clear();
  chain.groups.clear();
  for (;;) {
    Group group{chain.digits.size(), 0};
    while (const auto digit = digit_at(text, at)) {
      chain.digits.push_back(*digit);
      at = digit->end;
    }
    group.count = chain.digits.size() - group.first;
    const std::size_t letter = check_letter_at(text, at);
    if (letter != 0 && !is_letter_or_digit(text, at + letter)) group.check_end = at + letter;
    chain.groups.push_back(group);
    if (group.check_end != 0) return group.check_end;
    const std::size_t gap = separator_at(text, at);
    if (gap == 0 || !digit_at(text, at + gap)) return at;
    at += gap;
  }
}

bool valid_date(int year, int month, int day) {
  constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

using Digits = std::span<const Digit>;

int number(Digits digits) {
  int value = 0;
  for (const Digit& digit : digits) value = value * 10 + digit.value;
  return value;
}

bool valid_province(Digits digits) {
  constexpr std::array<int, 35> provinces{11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43,
                                          44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83};
  return std::ranges::find(provinces, number(digits.first(2))) != provinces.end();
}

// `digits` are 17, `check` is 0 … 10 (GB 11643: ISO 7064 mod 11-2).
bool is_id_card(Digits digits, int check) {
  constexpr std::array<int, 17> weights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  const int year = number(digits.subspan(6, 4));
  if (year < 1850 || year > 2099 || !valid_province(digits)) return false;
  if (!valid_date(year, number(digits.subspan(10, 2)), number(digits.subspan(12, 2)))) return false;
  int sum = check;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * digits[i].value;
  return sum % 11 == 1;
}

bool is_old_id_card(Digits digits) {
  return valid_province(digits) &&
         valid_date(1900 + number(digits.subspan(6, 2)), number(digits.subspan(8, 2)), number(digits.subspan(10, 2)));
}

// Issuers' first digits, and the lengths of their cards: UnionPay and others 60–69 up to 19 digits, as ICBC's old 9558;
// Visa 4, Mastercard 51–55 and 2221–2720, American Express, JCB and Diners 30–39 up to 16. Every tenth order number has
// a valid Luhn sum; one that begins with a year or a millisecond time stamp, or is as long as a shop's order number,
// must not look like a card to an agent who needs it.
bool is_issuer(int first_four, std::size_t digits) {
  const int two = first_four / 100;
  if ((two >= 60 && two <= 69) || first_four == 9558) return true;
  return digits <= 16 &&
         ((two >= 30 && two <= 49) || (two >= 51 && two <= 55) || (first_four >= 2221 && first_four <= 2720));
}

bool is_bank_card(Digits digits) {
  if (digits.size() < 13 || digits.size() > digits_max) return false;
  if (!is_issuer(number(digits.first(4)), digits.size())) return false;
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int value = digits[digits.size() - 1 - i].value;
    sum += i % 2 == 0 ? value : value * 2 - (value > 4 ? 9 : 0);
  }
  return sum % 10 == 0;
}

bool is_bank_grouping(std::span<const Group> groups) {
  if (groups.size() == 1) return true;
  if (groups.size() == 2) return groups[0].count == 6;
  if (groups.size() == 3 && groups[0].count == 4 && groups[1].count == 6) return true;
  return std::ranges::all_of(groups.first(groups.size() - 1), [](const Group& group) { return group.count == 4; }) &&
         groups.back().count <= 4;
}

// The national number without its country code, if this is a mobile phone's.
std::optional<Digits> phone_in(Digits digits) {
  if (digits.size() == 15 && number(digits.first(4)) == 86 && digits[0].value == 0) digits = digits.subspan(4);
  if (digits.size() == 13 && number(digits.first(2)) == 86) digits = digits.subspan(2);
  if (digits.size() == 11 && digits[0].value == 1 && digits[1].value >= 3) return digits;
  return std::nullopt;
}

// People write a phone number in groups of 3-4-4, 3-8, 7-4, 4-4-3, 5-6 or 6-5 digits. The groups of an order number
// fall elsewhere.
bool is_phone_grouping(Digits phone, std::span<const Group> groups, std::size_t before) {
  std::vector<std::size_t> ends;  // of the groups within the number
  std::size_t at = 0;
  for (const Group& group : groups.first(groups.size() - 1)) {
    at += group.count;
    if (at > before && at < before + phone.size()) ends.push_back(at - before);
  }
  using Ends = std::vector<std::size_t>;
  const std::array<Ends, 7> written{Ends{}, Ends{3, 7}, Ends{3}, Ends{7}, Ends{4, 8}, Ends{5}, Ends{6}};
  return std::ranges::find(written, ends) != written.end();
}

// What the groups are, taken together.
std::optional<PersonalSpan> classify(Digits digits, std::span<const Group> groups) {
  const std::size_t check_end = groups.back().check_end;
  const bool wide =
      groups.size() == 1 || std::ranges::all_of(groups, [](const Group& group) { return group.count >= 3; });
  const PersonalSpan whole{digits.front().begin, digits.back().end, PersonalData::id_card};
  if (wide) {
    if (const auto phone = phone_in(digits); phone && is_phone_grouping(*phone, groups, digits.size() - phone->size()))
      return PersonalSpan{phone->front().begin, phone->back().end, PersonalData::phone};
    if (digits.size() == 17 && check_end != 0 && is_id_card(digits, 10))
      return PersonalSpan{whole.begin, check_end, PersonalData::id_card};
    if (digits.size() == 18 && is_id_card(digits.first(17), digits[17].value)) return whole;
    if (digits.size() == 15 && is_old_id_card(digits)) return whole;
  }
  if (is_bank_card(digits) && is_bank_grouping(groups))
    return PersonalSpan{whole.begin, whole.end, PersonalData::bank_card};
  return std::nullopt;
}

void find_in(const Chain& chain, std::vector<PersonalSpan>& out) {
  const std::span<const Group> groups(chain.groups);
  for (std::size_t from = 0; from < groups.size();) {
    std::size_t until = from;  // the groups from … until-1 have at most digits_max digits
    std::size_t digits = 0;
    while (until < groups.size() && digits + groups[until].count <= digits_max) digits += groups[until++].count;
    std::size_t next = from + 1;
    for (; until > from; --until) {  // the longest that is something
      const Digits taken = Digits(chain.digits).subspan(groups[from].first, digits);
      if (const auto span = classify(taken, groups.subspan(from, until - from))) {
        out.push_back(*span);
        next = until;
        break;
      }
      digits -= groups[until - 1].count;
    }
    from = next;
  }
}

struct Kept {
  std::size_t first, last;
};
constexpr Kept kept_of(PersonalData kind) {
  switch (kind) {
    case PersonalData::phone:
      return {3, 4};
    case PersonalData::id_card:
      return {6, 4};
    case PersonalData::bank_card:
      break;
  }
  return {4, 4};
}

std::size_t count_signs(std::string_view span) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < span.size();) {
    const std::size_t gap = separator_at(span, at);
    count += gap == 0 ? 1 : 0;
    at += gap != 0 ? gap : digit_at(span, at) ? digit_at(span, at)->end - at : check_letter_at(span, at);
  }
  return count;
}

// Stars for the signs in the middle; the separators stay.
void append_masked(std::string& out, std::string_view span, Kept kept) {
  const std::size_t signs = count_signs(span);
  std::size_t sign = 0;
  for (std::size_t at = 0; at < span.size();) {
    const std::size_t gap = separator_at(span, at);
    const std::size_t bytes = gap != 0             ? gap
                              : digit_at(span, at) ? digit_at(span, at)->end - at
                                                   : check_letter_at(span, at);
    const bool hidden = gap == 0 && sign >= kept.first && sign + kept.last < signs;
    out.append(hidden ? std::string_view("*") : span.substr(at, bytes));
    sign += gap == 0 ? 1 : 0;
    at += bytes;
  }
}

}  // namespace

std::vector<PersonalSpan> find_personal_data(std::string_view text) {
  std::vector<PersonalSpan> spans;
  Chain chain;
  for (std::size_t at = 0; at < text.size();) {
    if (digit_at(text, at)) {
      at = read_chain(text, at, chain);
      if (chain.digits.size() >= 11) find_in(chain, spans);
    } else {
      ++at;
    }
  }
  return spans;
}

HiddenText hide_personal_data(std::string_view text) {
  HiddenText out;
  out.text.reserve(text.size());
  std::size_t done = 0;
  for (const PersonalSpan& span : find_personal_data(text)) {
    const std::string_view written = text.substr(span.begin, span.end - span.begin);
    out.text.append(text.substr(done, span.begin - done));
    HiddenNumber number{span.kind, out.text.size(), 0, std::string(written)};
    append_masked(out.text, written, kept_of(span.kind));
    number.end = out.text.size();
    out.numbers.push_back(std::move(number));
    done = span.end;
  }
  out.text.append(text.substr(done));
  return out;
}

namespace {

// Where the char number `at` begins.
std::size_t byte_of(std::string_view text, std::size_t at) {
  std::size_t byte = 0;
  for (; byte < text.size(); ++byte) {
    if ((static_cast<unsigned char>(text[byte]) & 0xC0) == 0x80) continue;
    if (at-- == 0) break;
  }
  return byte;
}

}  // namespace

std::string chars_of(std::string_view text, std::size_t at, std::size_t length) {
  const std::size_t begin = byte_of(text, at);
  return std::string(text.substr(begin, byte_of(text, at + length) - begin));
}

// The last first, so that places before it stay.
std::string with_numbers(std::string text, const std::vector<WholeNumber>& numbers) {
  for (auto one = numbers.rbegin(); one != numbers.rend(); ++one) {
    const std::size_t begin = byte_of(text, one->at);
    text.replace(begin, byte_of(text, one->at + one->length) - begin, one->written);
  }
  return text;
}

std::string mask_personal_data(std::string_view text) { return hide_personal_data(text).text; }

std::string plain_number(std::string_view written) {
  std::string out;
  for (std::size_t at = 0; at < written.size();) {
    const auto digit = digit_at(written, at);
    const std::size_t letter = digit ? 0 : check_letter_at(written, at);
    if (digit) out += static_cast<char>('0' + digit->value);
    if (letter != 0) out += 'X';
    at += digit ? digit->end - digit->begin : std::max<std::size_t>(letter, 1);
  }
  return out;
}

std::optional<PersonalNumber> as_personal_number(std::string_view typed) {
  const auto spans = find_personal_data(typed);
  if (spans.size() != 1) return std::nullopt;
  const PersonalSpan& span = spans.front();
  const auto around = [](char c) { return c == ' ' || c == '\t'; };
  const std::string_view behind = typed.substr(span.end);
  std::string_view before = typed.substr(0, span.begin);
  if (!std::ranges::all_of(behind, around)) return std::nullopt;
  // Of a phone number the country's code may stand before it.
  std::string code;
  for (const char c : before)
    if (!around(c) && c != '-') code += c;
  const bool country = code == "+86" || code == "86" || code == "0086";
  if (!code.empty() && !(country && span.kind == PersonalData::phone)) return std::nullopt;
  return PersonalNumber{span.kind, plain_number(typed.substr(span.begin, span.end - span.begin))};
}

}  // namespace miniops
