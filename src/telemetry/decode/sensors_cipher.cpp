#include <openssl/evp.h>

#include <memory>

#include "telemetry/decode/sensors.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::size_t block_bytes = 16;

const EVP_CIPHER* cipher_for(std::size_t key_bytes) {
  switch (key_bytes) {
    case 16:
      return EVP_aes_128_cbc();
    case 24:
      return EVP_aes_192_cbc();
    case 32:
      return EVP_aes_256_cbc();
    default:
      return nullptr;
  }
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::optional<std::string> open_sensors_payload(std::string_view sealed, std::string_view key) {
  const EVP_CIPHER* cipher = cipher_for(key.size());
  if (cipher == nullptr || sealed.size() < 2 * block_bytes || sealed.size() % block_bytes != 0) return std::nullopt;
  const std::string_view iv = sealed.substr(0, block_bytes);
  const std::string_view body = sealed.substr(block_bytes);
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  std::string out(body.size() + block_bytes, '\0');
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  int written = 0;
  int last = 0;
  if (!context || EVP_DecryptInit_ex(context.get(), cipher, nullptr, bytes_of(key), bytes_of(iv)) != 1 ||
      EVP_DecryptUpdate(context.get(), to, &written, bytes_of(body), static_cast<int>(body.size())) != 1 ||
      EVP_DecryptFinal_ex(context.get(), to + written, &last) != 1)
    return std::nullopt;
  out.resize(static_cast<std::size_t>(written + last));
  return out;
}

std::int32_t java_hash(std::string_view text) {
  std::uint32_t hash = 0;
  for (char c : text) hash = hash * 31 + static_cast<unsigned char>(c);
  return static_cast<std::int32_t>(hash);
}

}  // namespace miniops::telemetry
