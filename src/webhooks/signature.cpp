#include "webhooks/signature.hpp"

#include "base/encoding.hpp"

namespace miniops::webhooks {

std::string signature_of(std::span<const std::string> secrets, std::string_view event, std::int64_t timestamp_s,
                         std::string_view body) {
  const std::string said = fmt::format("{}.{}", timestamp_s, body);
  std::string header = fmt::format("t={},id={}", timestamp_s, event);
  for (const std::string& secret : secrets) header += ",v1=" + hex(hmac_sha256(secret, said));
  return header;
}

}  // namespace miniops::webhooks
