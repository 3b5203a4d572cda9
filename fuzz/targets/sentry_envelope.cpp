#include "targets/decoded.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace miniops;
  fuzz::Input in(data, size);
  const telemetry::DecodeLimits limits = fuzz::limits_of(in);
  telemetry::Arrival arrival;
  arrival.received_at = fuzz::received;
  fuzz::check_decoder([&] { return telemetry::decode_sentry_envelope(in.rest(), arrival, limits); }, limits);
  // The same bytes as a query and as a header, too.
  if (const auto key = telemetry::sentry_key(in.rest(), in.rest(), in.rest()))
    fuzz::require(!key->empty() && key->size() <= 64 && valid_utf8(*key));
  return 0;
}
