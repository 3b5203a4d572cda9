#include "wechat/crypto.hpp"

#include <openssl/evp.h>

#include <array>
#include <cassert>
#include <memory>
#include <stdexcept>

#include "base/encoding.hpp"

namespace miniops::wechat {

namespace {

template <auto free_function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};

struct Sha1 {
  std::unique_ptr<EVP_MD, Free<EVP_MD_free>> algorithm{EVP_MD_fetch(nullptr, "SHA1", nullptr)};
  std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>> context{EVP_MD_CTX_new()};
};

struct Aes {
  std::unique_ptr<EVP_CIPHER, Free<EVP_CIPHER_free>> algorithm{EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr)};
  std::unique_ptr<EVP_CIPHER_CTX, Free<EVP_CIPHER_CTX_free>> context{EVP_CIPHER_CTX_new()};
};

void require(int outcome) {
  if (outcome != 1) throw std::runtime_error("OpenSSL refused an operation that cannot fail");
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::string sha1_hex(std::initializer_list<std::string_view> parts) {
  thread_local const Sha1 sha1;
  EVP_MD_CTX* context = sha1.context.get();
  require(EVP_DigestInit_ex2(context, sha1.algorithm.get(), nullptr));
  for (std::string_view part : parts) require(EVP_DigestUpdate(context, part.data(), part.size()));
  std::array<unsigned char, 20> out{};
  require(EVP_DigestFinal_ex(context, out.data(), nullptr));
  return hex({reinterpret_cast<const char*>(out.data()), out.size()});
}

void aes_256_cbc(Direction direction, std::string_view key, std::string& bytes) {
  assert(key.size() == 32 && bytes.size() % 16 == 0);
  thread_local const Aes aes;
  EVP_CIPHER_CTX* context = aes.context.get();
  require(EVP_CipherInit_ex2(context, aes.algorithm.get(), bytes_of(key), bytes_of(key),
                             direction == Direction::encrypt ? 1 : 0, nullptr));
  require(EVP_CIPHER_CTX_set_padding(context, 0));
  auto* data = reinterpret_cast<unsigned char*>(bytes.data());
  int done = 0;
  require(EVP_CipherUpdate(context, data, &done, data, static_cast<int>(bytes.size())));
  int rest = 0;
  require(EVP_CipherFinal_ex(context, data + done, &rest));
}

}  // namespace miniops::wechat
