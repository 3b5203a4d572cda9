// CRC-32C (Castagnoli): what iSCSI, ext4 and RocksDB use, since processors compute it. Private to storage/spool. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace miniops::spool {

// Of `before` and then `bytes`: crc32c(b, crc32c(a)) is that of a + b.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);

// The same without the processor's help, for other processors and for the test that compares the two.
std::uint32_t crc32c_in_software(std::string_view bytes, std::uint32_t before = 0);

}  // namespace miniops::spool
