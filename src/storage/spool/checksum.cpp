#include "storage/spool/checksum.hpp"

#include <cstring>

namespace miniops::spool {

namespace {

constexpr std::uint32_t polynomial = 0x82f63b78;  // 0x1edc6f41, bits reversed

// tables[k][byte]: what the byte adds when k more bytes follow it ("slicing by 8").
constexpr auto tables = [] {
  std::array<std::array<std::uint32_t, 256>, 8> out{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1) ^ ((rest & 1) != 0 ? polynomial : 0);
    out[0][byte] = rest;
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::size_t byte = 0; byte < 256; ++byte)
      out[k][byte] = (out[k - 1][byte] >> 8) ^ out[0][out[k - 1][byte] & 0xff];
  return out;
}();

std::uint32_t in_software(std::string_view bytes, std::uint32_t crc) {
  const auto at = [](std::string_view from, std::size_t i) { return static_cast<unsigned char>(from[i]); };
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      const auto byte = at(bytes, i) ^ (i < 4 ? (crc >> (8 * i)) & 0xff : 0U);
      next ^= tables[7 - i][byte];
    }
    crc = next;
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) crc = (crc >> 8) ^ tables[0][(crc ^ at(bytes, i)) & 0xff];
  return crc;
}

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) std::uint32_t in_hardware(std::string_view bytes, std::uint32_t crc) {
  std::uint64_t wide = crc;
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    wide = __builtin_ia32_crc32di(wide, word);
  }
  crc = static_cast<std::uint32_t>(wide);
  for (const char byte : bytes) crc = __builtin_ia32_crc32qi(crc, static_cast<unsigned char>(byte));
  return crc;
}

std::uint32_t compute(std::string_view bytes, std::uint32_t crc) {
  static const bool helped = __builtin_cpu_supports("sse4.2") != 0;
  return helped ? in_hardware(bytes, crc) : in_software(bytes, crc);
}

#else

std::uint32_t compute(std::string_view bytes, std::uint32_t crc) { return in_software(bytes, crc); }

#endif

}  // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before) { return ~compute(bytes, ~before); }

std::uint32_t crc32c_in_software(std::string_view bytes, std::uint32_t before) { return ~in_software(bytes, ~before); }

}  // namespace miniops::spool
