// The event as it is, and in base64: random bytes seldom are.
#include "base/encoding.hpp"
#include "targets/decoded.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace miniops;
  fuzz::Input in(data, size);
  const telemetry::DecodeLimits limits = fuzz::limits_of(in);
  telemetry::Arrival arrival;
  arrival.received_at = fuzz::received;
  const std::string body = in.choice(2) == 0 ? std::string(in.rest()) : base64(in.rest());
  fuzz::check_decoder([&] { return telemetry::decode_sentry_store(body, arrival, limits); }, limits);
  return 0;
}
