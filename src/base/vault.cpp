#include "base/vault.hpp"

#include <fmt/format.h>

#include "base/encoding.hpp"

namespace miniops {

std::string Vault::search_key(std::string_view kind, std::string_view value) const {
  return hex(hmac_sha256(hmac_key_, fmt::format("{}:{}", kind, value)));
}

}  // namespace miniops
