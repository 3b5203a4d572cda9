// How ids of people are kept: phones sealed with an HMAC to be found by, ids that hold a phone, ID or card number too,
// all others as they are. Safe from any thread.
#pragma once

#include "base/error.hpp"
#include "base/seal.hpp"
#include "people/person.hpp"

namespace miniops::people {

// The form in which equal ids are equal: a mainland phone number as its 11 digits, others as + and digits.
// people.invalid_identity when it is none: not 1 to 128 bytes, control characters, no phone number.
Result<std::string> normal_id(IdentityKind kind, std::string_view text);
// 138****5678; of others the first three and last two characters.
std::string mask_phone(std::string_view phone);

class Vault {
 public:
  // `hmac_key`: 32 secret bytes that never change, or phones are no longer found. `sealer` must outlive the vault.
  Vault(const Sealer& sealer, std::string_view hmac_key) : sealer_(sealer), hmac_key_(hmac_key) {}

  // value, search_key and sealed of a normal id; `identity.id` and `.kind` are set.
  void keep(Identity& identity, std::string_view normal) const;
  std::string search_key(IdentityKind kind, std::string_view normal) const;
  // The whole id. base.seal_broken
  Result<std::string> reveal(const Identity& identity) const;

 private:
  const Sealer& sealer_;
  const std::string hmac_key_;
};

}  // namespace miniops::people
