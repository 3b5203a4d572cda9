// A byte chooses the path, the first line is the query, the rest the body.
#include "targets/decoded.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace miniops;
  fuzz::Input in(data, size);
  const telemetry::DecodeLimits limits = fuzz::limits_of(in);
  const auto path = static_cast<telemetry::AegisPath>(in.choice(7));
  telemetry::Arrival arrival;
  arrival.received_at = fuzz::received;
  arrival.query = in.line();
  fuzz::check_decoder([&] { return telemetry::decode_aegis(path, in.rest(), arrival, limits); }, limits);
  return 0;
}
