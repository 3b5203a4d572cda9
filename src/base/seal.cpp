#include "base/seal.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace miniops {

namespace {

constexpr std::size_t header_bytes = 2;
constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;
constexpr char format = 1;
constexpr char key_id = 1;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype([](EVP_CIPHER_CTX* c) { EVP_CIPHER_CTX_free(c); })>;

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// Each part with its length, so that no two places give the same bytes.
std::string associated_data(const SealedPlace& place) {
  return fmt::format("{}:{}|{}:{}|{}:{}", place.table.size(), place.table, place.column.size(), place.column,
                     place.row.size(), place.row);
}

void require(int ok) {
  if (ok != 1) throw std::runtime_error("AES-256-GCM failed");
}

}  // namespace

Sealer::Sealer(std::string_view master_key, Random& random) : key_{}, random_(random) {
  if (master_key.size() != key_bytes) throw std::invalid_argument("the master key must be 32 bytes");
  std::copy(master_key.begin(), master_key.end(), key_.begin());
}

Sealer::~Sealer() { OPENSSL_cleanse(key_.data(), key_.size()); }

std::string Sealer::seal(std::string_view secret, const SealedPlace& place) const {
  const std::string nonce = random_.bytes(nonce_bytes);
  const std::string aad = associated_data(place);
  std::string cipher(secret.size(), '\0');
  std::string tag(tag_bytes, '\0');
  const Context context(EVP_CIPHER_CTX_new());
  int size = 0;
  require(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key_.data(), raw(nonce)));
  require(EVP_EncryptUpdate(context.get(), nullptr, &size, raw(aad), static_cast<int>(aad.size())));
  require(EVP_EncryptUpdate(context.get(), raw(cipher), &size, raw(secret), static_cast<int>(secret.size())));
  require(EVP_EncryptFinal_ex(context.get(), raw(cipher) + size, &size));
  require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, tag.data()));
  std::string out{format, key_id};
  return out + nonce + cipher + tag;
}

Result<std::string> Sealer::open(std::string_view sealed, const SealedPlace& place) const {
  const auto broken = [] {
    return fail(ErrorKind::internal, "base.seal_broken", "a stored secret cannot be opened with this master key");
  };
  if (sealed.size() < header_bytes + nonce_bytes + tag_bytes || sealed[0] != format || sealed[1] != key_id)
    return broken();
  const std::string_view nonce = sealed.substr(header_bytes, nonce_bytes);
  const std::string_view cipher =
      sealed.substr(header_bytes + nonce_bytes, sealed.size() - header_bytes - nonce_bytes - tag_bytes);
  std::string tag(sealed.substr(sealed.size() - tag_bytes));
  const std::string aad = associated_data(place);
  std::string secret(cipher.size(), '\0');
  const Context context(EVP_CIPHER_CTX_new());
  int size = 0;
  require(EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key_.data(), raw(nonce)));
  require(EVP_DecryptUpdate(context.get(), nullptr, &size, raw(aad), static_cast<int>(aad.size())));
  require(EVP_DecryptUpdate(context.get(), raw(secret), &size, raw(cipher), static_cast<int>(cipher.size())));
  require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data()));
  if (EVP_DecryptFinal_ex(context.get(), raw(secret) + size, &size) != 1) return broken();
  return secret;
}

}  // namespace miniops
