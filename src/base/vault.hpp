// Personal numbers at rest: sealed, and found again by an HMAC of the whole value, so that whoever types all of it
// finds it and nobody can read or try out the rest. Who keeps what and where is the module's.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/seal.hpp"

namespace miniops {

// Safe from any thread.
class Vault {
 public:
  // `hmac_key`: 32 secret bytes that never change, or nothing is found any more. `sealer` must outlive the vault.
  Vault(const Sealer& sealer, std::string_view hmac_key) : sealer_(sealer), hmac_key_(hmac_key) {}

  std::string seal(std::string_view value, const SealedPlace& place) const { return sealer_.seal(value, place); }
  // base.seal_broken
  Result<std::string> open(std::string_view sealed, const SealedPlace& place) const {
    return sealer_.open(sealed, place);
  }
  // The kind is in it, so that keys of different kinds cannot be compared.
  std::string search_key(std::string_view kind, std::string_view value) const;

 private:
  const Sealer& sealer_;
  const std::string hmac_key_;
};

}  // namespace miniops
