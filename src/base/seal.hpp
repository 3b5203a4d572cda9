// Secrets at rest: AES-256-GCM under the installation's master key.
//
// A sealed value is: format 0x01 · key id (1) · nonce (12) · ciphertext · tag (16). Table, column and row id are bound
// in as associated data, so that a sealed value copied to another row does not open.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/random.hpp"

namespace miniops {

// Where a sealed value lives.
struct SealedPlace {
  std::string_view table;
  std::string_view column;
  std::string_view row;
};

// Safe from any thread. The key is wiped when it is destroyed.
class Sealer {
 public:
  static constexpr std::size_t key_bytes = 32;
  // `master_key` is 32 raw bytes. `random` must outlive the sealer.
  Sealer(std::string_view master_key, Random& random);
  ~Sealer();
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

  std::string seal(std::string_view secret, const SealedPlace& place) const;
  // Fails with base.seal_broken: another key, another place, or damaged bytes; which one cannot be told.
  Result<std::string> open(std::string_view sealed, const SealedPlace& place) const;

 private:
  std::array<unsigned char, key_bytes> key_;
  Random& random_;
};

}  // namespace miniops
