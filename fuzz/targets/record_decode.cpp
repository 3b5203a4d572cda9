// What lies in a spool may be damaged: records are read off the front until one cannot be.
#include "targets/fuzz.hpp"
#include "telemetry/record.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace miniops;
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  while (true) {
    const std::string_view before = bytes;
    const auto record = telemetry::decode(bytes);
    if (!record) {
      fuzz::require(bytes.size() == before.size());
      return 0;
    }
    fuzz::require(bytes.size() < before.size());
    // Compared as bytes: a value that is not a number is not equal to itself.
    std::string first;
    std::string second;
    telemetry::encode(*record, first);
    std::string_view in = first;
    const auto again = telemetry::decode(in);
    fuzz::require(again && in.empty());
    telemetry::encode(*again, second);
    fuzz::require(first == second);
    telemetry::Record timed;
    telemetry::set_times(timed, record->client_time, record->time, 1795237780000);
  }
}
