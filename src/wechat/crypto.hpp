// OpenSSL, as the push path needs it: SHA-1 over parts, AES-256-CBC without padding. Internal to wechat/.
//
// A push needs one digest and one decryption of a few hundred bytes; fetching the algorithms and allocating contexts
// anew costs more than the work itself. Both are therefore kept per thread (thread_local: OpenSSL's contexts may not
// be shared, and nothing is carried from one call to the next but the allocation).
#pragma once

#include <openssl/types.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace miniops::wechat {

// Lower-case hex of the SHA-1 of the parts, one behind the other.
std::string sha1_hex(std::initializer_list<std::string_view> parts);

enum class Direction { encrypt, decrypt };
// In place; the size of `bytes` is a multiple of 16, `key` has 32 bytes and its first 16 are the IV (WeChat's way).
void aes_256_cbc(Direction direction, std::string_view key, std::string& bytes);

}  // namespace miniops::wechat
