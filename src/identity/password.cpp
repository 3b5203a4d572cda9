#include "identity/password.hpp"

#include <argon2.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"

namespace miniops::identity {

namespace {

constexpr std::size_t chars_min = 10;
constexpr std::size_t bytes_max = 512;
constexpr std::size_t distinct_min = 5;
constexpr std::uint32_t hash_bytes = 32;

// What is tried first, among those long enough to come here (folded).
constexpr std::array<std::string_view, 33> common{
    "1234567890", "0123456789",  "9876543210",   "0987654321",   "12345678910", "123456789a",    "a123456789",
    "q123456789", "123456789q",  "1q2w3e4r5t",   "1qaz2wsx3edc", "qwertyuiop",  "qwerty12345",   "qwerty123456",
    "password12", "password123", "password1234", "passw0rd123",  "p@ssw0rd123", "administrator", "admin123456",
    "admin12345", "iloveyou123", "iloveyou1314", "woaini1314",   "woaini520",   "woaini5201314", "5201314520",
    "abcdefghij", "abc1234567",  "abcd123456",   "miniops123",   "changeme123"};

std::size_t distinct(std::string_view text) { return std::set<char>(text.begin(), text.end()).size(); }

}  // namespace

std::optional<std::string> password_weakness(std::string_view password, std::string_view username) {
  if (password.size() > bytes_max) return "must be at most 512 bytes long";
  if (!valid_utf8(password)) return "must be valid UTF-8";
  if (count_chars(password) < chars_min) return "must have at least 10 characters";
  const std::string folded = fold(password);
  const std::string name = fold(username);
  if (folded == name || (name.size() >= 4 && folded.find(name) != std::string::npos)) {
    return "must not contain the user name";
  }
  if (distinct(password) < distinct_min) return "must have at least 5 different characters";
  if (std::ranges::find(common, folded) != common.end()) return "is one of the commonest; choose another";
  return std::nullopt;
}

std::string hash_password(const std::string& password, const std::string& salt, PasswordCost cost) {
  std::array<char, 160> encoded{};
  const int outcome = argon2id_hash_encoded(cost.passes, cost.memory_kib, 1, password.data(), password.size(),
                                            salt.data(), salt.size(), hash_bytes, encoded.data(), encoded.size());
  // Only a lack of memory comes here: the parameters are ours.
  if (outcome != ARGON2_OK) throw std::bad_alloc();
  return encoded.data();
}

bool verify_password(const std::string& encoded, const std::string& password) {
  return argon2id_verify(encoded.c_str(), password.data(), password.size()) == ARGON2_OK;
}

}  // namespace miniops::identity
