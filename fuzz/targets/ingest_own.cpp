#include "targets/decoded.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace miniops;
  fuzz::Input in(data, size);
  const telemetry::DecodeLimits limits = fuzz::limits_of(in);
  telemetry::Arrival arrival;
  arrival.received_at = fuzz::received;
  const auto decode = [&] { return telemetry::decode_own(in.rest(), arrival, limits); };
  fuzz::check_decoder(decode, limits);
  if (const auto decoded = decode()) {
    fuzz::require(decoded->batch && decoded->batch->number >= 1 && decoded->batch->install.size() >= 8);
    for (const auto& record : decoded->records) fuzz::require(!record.user.device_id.empty());
  }
  return 0;
}
