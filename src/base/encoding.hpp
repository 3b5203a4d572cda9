// Hex, base64, URL encoding and hashes: bytes in, bytes out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace miniops {

std::string hex(std::string_view bytes);  // lower case
std::optional<std::string> unhex(std::string_view text);

std::string base64(std::string_view bytes);  // with padding
// Standard alphabet, with or without padding; trailing bits may be non-zero (WeChat's keys have them); no blanks.
std::optional<std::string> unbase64(std::string_view text);
std::string base64url(std::string_view bytes);  // without padding

std::string url_encode(std::string_view text);  // all but unreserved characters (RFC 3986)
std::optional<std::string> url_decode(std::string_view text, bool plus_is_space);

std::string sha1(std::string_view bytes);    // 20 raw bytes
std::string sha256(std::string_view bytes);  // 32 raw bytes
std::string hmac_sha256(std::string_view key, std::string_view bytes);

// In time that does not depend on where they differ (it does on the length).
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace miniops
