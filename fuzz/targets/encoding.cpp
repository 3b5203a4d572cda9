#include "base/encoding.hpp"

#include "base/ids.hpp"
#include "targets/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace miniops;
  using miniops::fuzz::require;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  require(unbase64(base64(bytes)) == bytes);
  require(unhex(hex(bytes)) == bytes);
  require(url_decode(url_encode(bytes), true) == bytes && url_decode(url_encode(bytes), false) == bytes);
  if (const auto decoded = unbase64(bytes)) require(decoded->size() <= size && unbase64(base64(*decoded)) == decoded);
  if (const auto decoded = unhex(bytes)) require(decoded->size() == size / 2);
  if (const auto decoded = url_decode(bytes, true)) require(decoded->size() <= size);
  if (const auto id = parse_id(bytes)) require(*id > 0 && std::to_string(*id) == bytes);
  return 0;
}
