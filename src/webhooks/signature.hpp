// What proves to a receiver that a body came from here, and when. docs/webhooks.md says how it is checked.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace miniops::webhooks {

inline constexpr std::string_view signature_header = "MiniOps-Signature";
inline constexpr std::string_view id_header = "MiniOps-Event-Id";
inline constexpr std::string_view kind_header = "MiniOps-Event-Kind";

// "t=<seconds>,id=<event>,v1=<hex>": v1 is HMAC-SHA256 over "<seconds>.<body>" under the secret as it was shown; one v1
// for each secret that holds.
std::string signature_of(std::span<const std::string> secrets, std::string_view event, std::int64_t timestamp_s,
                         std::string_view body);

}  // namespace miniops::webhooks
