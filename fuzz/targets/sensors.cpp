// The first line is the query. The rest is the body, or what the body holds in base64, in gzip's form (stored, so that
// it stays the input's) or behind the AES plugin's envelope.
#include "telemetry/decode/sensors.hpp"

#include "base/encoding.hpp"
#include "targets/decoded.hpp"

namespace {

using namespace miniops;

std::string body_of(unsigned way, std::string_view rest) {
  switch (way) {
    case 0:
      return std::string(rest);
    case 1:
      return "data_list=" + url_encode(base64(rest));
    case 2:
      return "data_list=" + url_encode(base64("\x1f\x8b" + std::string(rest)));
    default:
      return "gzip=9&data=" + url_encode(R"({"flush_time":1795237780000,"payloads":[")" + base64(rest) + "\"]}");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input in(data, size);
  const telemetry::DecodeLimits limits = fuzz::limits_of(in);
  const unsigned way = in.choice(4);
  const std::string key = in.choice(2) == 0 ? std::string(16, 'k') : std::string();
  telemetry::Arrival arrival;
  arrival.received_at = fuzz::received;
  arrival.query = in.line();
  const std::string body = body_of(way, in.rest());
  fuzz::check_decoder([&] { return telemetry::decode_sensors(body, arrival, key, limits); }, limits);
  fuzz::require(telemetry::decode_sensors(body, arrival, key, limits).has_value());  // whatever it is
  return 0;
}
