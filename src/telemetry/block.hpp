// What one request becomes in the spool: whose it is, what was lost on its way, its records. Versioned; a program reads
// all older versions.
#pragma once

#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "telemetry/decode/decode.hpp"

namespace miniops::telemetry {

struct Block {
  AppId appid;
  std::string protocol;  // "miniops" "sentry" "sensors": the client of the losses
  TimeMs received_at = 0;
  Decoded decoded;
};

std::string encode(const Block& block);
// nullopt: no block of a version that this program knows, or damaged.
std::optional<Block> decode_block(std::string_view bytes);

}  // namespace miniops::telemetry
