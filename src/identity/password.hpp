// Passwords: what is accepted as one, and argon2id. hash() and verify() take tens of milliseconds and the memory that
// `cost` says: they run in the bounded worker pool, never on an io thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/random.hpp"

namespace miniops::identity {

// OWASP's second choice (19 MiB, two passes): a burst of logins then needs some tens of MiB, not gigabytes.
struct PasswordCost {
  std::uint32_t memory_kib = 19 * 1024;
  std::uint32_t passes = 2;
};

// Why `password` is not accepted for `username`, for a person; nullopt: it is.
std::optional<std::string> password_weakness(std::string_view password, std::string_view username);

// The encoded form $argon2id$…; `salt` is 16 random bytes.
std::string hash_password(const std::string& password, const std::string& salt, PasswordCost cost);
bool verify_password(const std::string& encoded, const std::string& password);

}  // namespace miniops::identity
