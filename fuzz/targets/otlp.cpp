#include "targets/decoded.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace miniops;
  fuzz::Input in(data, size);
  const telemetry::DecodeLimits limits = fuzz::limits_of(in);
  telemetry::Arrival arrival;
  arrival.received_at = fuzz::received;
  fuzz::check_decoder([&] { return telemetry::decode_otlp_logs(in.rest(), arrival, limits); }, limits);
  return 0;
}
