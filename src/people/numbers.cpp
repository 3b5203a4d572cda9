#include "people/numbers.hpp"

#include <algorithm>

#include "base/mask.hpp"
#include "base/text.hpp"

namespace miniops::people {

namespace {

std::int64_t chars(std::string_view text) { return static_cast<std::int64_t>(count_chars(text)); }

struct Taken {
  std::size_t begin = 0, end = 0;
};

// Where `form` stands in the text, but not in a place that is taken.
std::optional<Taken> place_of(std::string_view text, std::string_view form, const std::vector<Taken>& taken) {
  for (std::size_t at = text.find(form); at != std::string_view::npos; at = text.find(form, at + 1)) {
    const Taken found{at, at + form.size()};
    const auto overlaps = [&](const Taken& one) { return one.begin < found.end && found.begin < one.end; };
    if (std::ranges::none_of(taken, overlaps)) return found;
  }
  return std::nullopt;
}

}  // namespace

std::string Numbers::hide(sql::Transaction& tx, ProfileId profile, std::string_view field, std::string_view before,
                          std::string_view text) const {
  HiddenText masked = hide_personal_data(text);
  const auto kept = store::numbers_of(tx, profile, field);
  if (masked.numbers.empty() && kept.empty()) return std::move(masked.text);
  std::vector<SealedNumber> numbers;
  std::vector<Taken> taken;
  const auto put = [&](SealedNumber number, const Taken& place) {
    number.at = chars(std::string_view(masked.text).substr(0, place.begin));
    number.length = chars(std::string_view(masked.text).substr(place.begin, place.end - place.begin));
    numbers.push_back(std::move(number));
    taken.push_back(place);
  };
  for (const HiddenNumber& one : masked.numbers) {
    SealedNumber number{ids_.next_as<NumberRowId>(), profile, std::string(field)};
    number.kind = one.kind;
    vault_.keep(number, one.written);
    put(std::move(number), {one.begin, one.end});
  }
  for (const SealedNumber& one : kept) {
    const std::string form = chars_of(before, static_cast<std::size_t>(one.at), static_cast<std::size_t>(one.length));
    if (form.empty()) continue;
    if (const auto place = place_of(masked.text, form, taken)) put(one, *place);
  }
  std::ranges::sort(numbers, {}, &SealedNumber::at);
  store::put_numbers(tx, profile, field, numbers);
  return std::move(masked.text);
}

void Numbers::take(sql::Transaction& tx, ProfileId profile, std::string_view field, std::string& stored,
                   const std::optional<std::string>& text) const {
  if (text) stored = hide(tx, profile, field, stored, *text);
}

Result<std::string> Numbers::whole(sql::Transaction& tx, ProfileId profile, std::string_view field,
                                   std::string text) const {
  std::vector<WholeNumber> numbers;
  for (const SealedNumber& one : store::numbers_of(tx, profile, field)) {
    auto written = vault_.reveal(one);
    if (!written) return written;
    numbers.push_back({static_cast<std::size_t>(one.at), static_cast<std::size_t>(one.length), std::move(*written)});
  }
  return with_numbers(std::move(text), numbers);
}

std::vector<std::string> masked_tags(const std::vector<std::string>& tags) {
  std::vector<std::string> out;
  for (const std::string& tag : tags) {
    std::string masked = mask_personal_data(tag);
    if (std::ranges::find(out, masked) == out.end()) out.push_back(std::move(masked));
  }
  return out;
}

}  // namespace miniops::people
