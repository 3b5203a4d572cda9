// The encrypted part of a push: AES-256-CBC, IV = the key's first 16 bytes, over
//   16 random bytes ‖ length of the message, 4 bytes big-endian ‖ message ‖ appid ‖ padding
// where the padding fills up to a multiple of 32 bytes (not 16), each byte its count, 1 … 32.
#include <algorithm>
#include <cassert>

#include "base/encoding.hpp"
#include "wechat/crypto.hpp"
#include "wechat/push.hpp"

namespace miniops::wechat {

namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t random_bytes = 16;
constexpr std::size_t head_bytes = random_bytes + 4;
constexpr std::size_t block_bytes = 32;
// The limit of a push's body, with the growth of base64: more cannot be an answer to anything.
constexpr std::size_t cipher_bytes_max = 1 << 20;

std::unexpected<Error> bad_ciphertext(std::string message) {
  return fail(ErrorKind::invalid, "wechat.bad_ciphertext", std::move(message));
}

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// The count of padding bytes, or 0 if they are not what they must be.
std::size_t padding_of(std::string_view plain) {
  const auto count = static_cast<std::size_t>(static_cast<unsigned char>(plain.back()));
  if (count < 1 || count > block_bytes || count > plain.size()) return 0;
  const std::string_view padding = plain.substr(plain.size() - count);
  return std::ranges::all_of(padding, [&](char c) { return c == plain.back(); }) ? count : 0;
}

std::size_t read_length(std::string_view four) {
  std::size_t length = 0;
  for (char c : four) length = (length << 8) | static_cast<unsigned char>(c);
  return length;
}

}  // namespace

Result<std::string> decode_aes_key(std::string_view encoding_aes_key) {
  // 43 characters carry 258 bits: the last two are not used, and WeChat gives out keys in which they are not zero.
  if (encoding_aes_key.size() == 43 && std::ranges::all_of(encoding_aes_key, is_alphanumeric)) {
    if (auto key = unbase64(encoding_aes_key); key && key->size() == key_bytes) return *std::move(key);
  }
  return fail(ErrorKind::invalid, "wechat.bad_aes_key",
              "An EncodingAESKey has exactly 43 characters, letters and digits only.");
}

std::string encrypt(std::string_view aes_key, std::string_view message, std::string_view appid,
                    std::string_view random16) {
  assert(aes_key.size() == key_bytes && random16.size() == random_bytes);
  const std::size_t bare = head_bytes + message.size() + appid.size();
  const std::size_t padding = block_bytes - bare % block_bytes;
  std::string bytes;
  bytes.reserve(bare + padding);
  bytes.append(random16);
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>((message.size() >> shift) & 255));
  bytes.append(message).append(appid).append(padding, static_cast<char>(padding));
  aes_256_cbc(Direction::encrypt, aes_key, bytes);
  return base64(bytes);
}

Result<std::string> decrypt(std::string_view aes_key, std::string_view encrypt_base64, std::string_view appid) {
  assert(aes_key.size() == key_bytes);
  if (encrypt_base64.size() > cipher_bytes_max) return bad_ciphertext("The ciphertext is too long.");
  auto bytes = unbase64(encrypt_base64);
  if (!bytes) return bad_ciphertext("The ciphertext is not base64.");
  if (bytes->empty() || bytes->size() % 16 != 0) return bad_ciphertext("The ciphertext is not whole AES blocks.");
  aes_256_cbc(Direction::decrypt, aes_key, *bytes);
  const std::size_t padding = padding_of(*bytes);
  if (padding == 0) return bad_ciphertext("The padding is wrong: another EncodingAESKey, or damaged.");
  const std::string_view plain = std::string_view(*bytes).substr(0, bytes->size() - padding);
  if (plain.size() < head_bytes) return bad_ciphertext("The decrypted text is too short.");
  const std::size_t length = read_length(plain.substr(random_bytes, 4));
  if (length > plain.size() - head_bytes) return bad_ciphertext("The message's length is out of bounds.");
  if (!equal_constant_time(plain.substr(head_bytes + length), appid))
    return fail(ErrorKind::invalid, "wechat.wrong_appid", "The message was encrypted for another AppID.");
  bytes->resize(head_bytes + length);
  bytes->erase(0, head_bytes);
  return *std::move(bytes);
}

}  // namespace miniops::wechat
