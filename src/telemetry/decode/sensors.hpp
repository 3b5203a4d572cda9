// The parts of the Sensors Data decoder. Internal to decode/.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "telemetry/decode/collector.hpp"

namespace miniops::telemetry {

// The text in `sealed`: 16 bytes of IV, then AES-CBC with PKCS #7 padding. `key` has 16, 24 or 32 bytes. nullopt when
// the key is wrong or the bytes are damaged, which cannot be told apart.
std::optional<std::string> open_sensors_payload(std::string_view sealed, std::string_view key);

// The string hash of Java over a text's bytes, as `crc` has it.
std::int32_t java_hash(std::string_view text);

// One event, or the loss of it. `flush_time`: of the request, for events that carry none of their own; 0: none.
void read_sensors_event(const Element& element, TimeMs flush_time, Collector& out);

}  // namespace miniops::telemetry
