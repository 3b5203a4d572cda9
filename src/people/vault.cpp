#include "people/vault.hpp"

#include <algorithm>

#include "base/mask.hpp"
#include "base/text.hpp"
#include "people/errors.hpp"

namespace miniops::people {

namespace {

constexpr std::size_t id_bytes_max = 128;
constexpr std::size_t mainland_digits = 11;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_mainland(std::string_view digits) {
  return digits.size() == mainland_digits && digits[0] == '1' && digits[1] >= '3';
}

// What people write between the digits is dropped; anything else makes it no phone number.
Result<std::string> normal_phone(std::string_view text) {
  constexpr std::string_view between = " -().";
  const std::string plain = fold(text);  // full-width digits
  const bool plus = plain.starts_with('+');
  std::string digits;
  for (const char c : std::string_view(plain).substr(plus ? 1 : 0)) {
    if (is_digit(c)) {
      digits += c;
    } else if (!between.contains(c)) {
      return fail(errors::invalid_identity("a phone number has digits only"));
    }
  }
  const bool abroad = plus || digits.starts_with("00");
  if (!plus && abroad) digits.erase(0, 2);
  if (digits.starts_with("86") && is_mainland(std::string_view(digits).substr(2))) return digits.substr(2);
  if (!abroad && is_mainland(digits)) return digits;
  constexpr std::size_t digits_min = 7;  // ITU-T E.164: at most 15
  constexpr std::size_t digits_max = 15;
  if (!abroad || digits.size() < digits_min || digits.size() > digits_max)
    return fail(errors::invalid_identity("a phone number is 11 digits, or + with the country's code"));
  return "+" + digits;
}

bool is_personal(IdentityKind kind, std::string_view normal) {
  if (kind == IdentityKind::phone) return true;
  return kind != IdentityKind::unionid && !find_personal_data(normal).empty();
}

std::string masked(IdentityKind kind, std::string_view normal) {
  return kind == IdentityKind::phone ? mask_phone(normal) : mask_personal_data(normal);
}

SealedPlace place_of(const std::string& row) { return {"people_identities", "sealed", row}; }
SealedPlace number_place(const std::string& row) { return {"people_numbers", "sealed", row}; }

}  // namespace

Result<std::string> normal_id(IdentityKind kind, std::string_view text) {
  if (text.empty() || text.size() > id_bytes_max || !valid_utf8(text))
    return fail(errors::invalid_identity("it must be 1 to 128 bytes"));
  if (kind == IdentityKind::phone) return normal_phone(text);
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::ranges::any_of(text, is_control)) return fail(errors::invalid_identity("it holds control characters"));
  return std::string(text);
}

std::string mask_phone(std::string_view phone) {
  const bool mainland = is_mainland(phone);
  const std::size_t head = 3;
  const std::size_t tail = mainland ? 4 : 2;
  if (phone.size() <= head + tail) return std::string(phone.size(), '*');
  std::string out(phone);
  std::fill(out.begin() + head, out.end() - static_cast<std::ptrdiff_t>(tail), '*');
  return out;
}

std::string IdentityVault::search_key(IdentityKind kind, std::string_view normal) const {
  if (!is_personal(kind, normal)) return std::string(normal);
  return vault_.search_key(fmt::format("people.{}", word(kind)), normal);
}

void IdentityVault::keep(Identity& identity, std::string_view normal) const {
  identity.search_key = search_key(identity.kind, normal);
  if (!is_personal(identity.kind, normal)) {
    identity.value = normal;
    return;
  }
  identity.value = masked(identity.kind, normal);
  identity.sealed = vault_.seal(normal, place_of(identity.id.str()));
}

Result<std::string> IdentityVault::reveal(const Identity& identity) const {
  if (identity.sealed.empty()) return identity.value;
  return vault_.open(identity.sealed, place_of(identity.id.str()));
}

void IdentityVault::keep(SealedNumber& number, std::string_view written) const {
  number.search_key = search_key(number.kind, plain_number(written));
  number.sealed = vault_.seal(written, number_place(number.id.str()));
}

std::string IdentityVault::search_key(PersonalData kind, std::string_view plain) const {
  return vault_.search_key(fmt::format("people.{}", word(kind)), plain);
}

Result<std::string> IdentityVault::reveal(const SealedNumber& number) const {
  return vault_.open(number.sealed, number_place(number.id.str()));
}

}  // namespace miniops::people
