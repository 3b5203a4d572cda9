// How ids of people are kept: phones sealed with an HMAC to be found by, ids that hold a phone, ID or card number too,
// all others as they are. Safe from any thread.
#pragma once

#include "base/error.hpp"
#include "base/vault.hpp"
#include "people/person.hpp"

namespace miniops::people {

// The form in which equal ids are equal: a mainland phone number as its 11 digits, others as + and digits.
// people.invalid_identity when it is none: not 1 to 128 bytes, control characters, no phone number.
Result<std::string> normal_id(IdentityKind kind, std::string_view text);
// 138****5678; of others the first three and last two characters.
std::string mask_phone(std::string_view phone);

class IdentityVault {
 public:
  // `vault` must outlive it.
  explicit IdentityVault(const Vault& vault) : vault_(vault) {}

  // value, search_key and sealed of a normal id; `identity.id` and `.kind` are set.
  void keep(Identity& identity, std::string_view normal) const;
  std::string search_key(IdentityKind kind, std::string_view normal) const;
  // The whole id. base.seal_broken
  Result<std::string> reveal(const Identity& identity) const;

  // search_key and sealed of a number as it was written; its id is set.
  void keep(SealedNumber& number, std::string_view written) const;
  // Of a number in its one form (plain_number); a phone's is that of a phone among the ids.
  std::string search_key(PersonalData kind, std::string_view plain) const;
  // As it was written. base.seal_broken
  Result<std::string> reveal(const SealedNumber& number) const;

 private:
  const Vault& vault_;
};

}  // namespace miniops::people
