#include "net/address_blocks.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <charconv>

namespace miniops::net {

namespace {

namespace ip = boost::asio::ip;

ip::address_v6::bytes_type bytes_of(const ip::address& address) {
  if (address.is_v4()) return ip::make_address_v6(ip::v4_mapped, address.to_v4()).to_bytes();
  return address.to_v6().to_bytes();
}

bool equal_bits(const ip::address_v6::bytes_type& a, const ip::address_v6::bytes_type& b, int bits) {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(a.begin(), a.begin() + bits / 8, b.begin())) return false;
  const int rest = bits % 8;
  return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

}  // namespace

std::expected<AddressBlocks, std::string> AddressBlocks::parse(const std::vector<std::string>& entries) {
  AddressBlocks blocks;
  for (const std::string& entry : entries) {
    const auto bad = [&] { return std::unexpected<std::string>(entry); };
    const std::string_view whole = entry;
    const auto slash = whole.find('/');
    boost::system::error_code error;
    const ip::address address = ip::make_address(whole.substr(0, slash), error);
    if (error) return bad();
    const int bits_max = address.is_v4() ? 32 : 128;
    int bits = bits_max;
    if (slash != std::string_view::npos) {
      const char* const end = whole.data() + whole.size();
      const auto [stop, problem] = std::from_chars(whole.data() + slash + 1, end, bits);
      if (problem != std::errc() || stop != end || bits < 0 || bits > bits_max) return bad();
    }
    blocks.blocks_.push_back({bytes_of(address), address.is_v4() ? bits + 96 : bits});
  }
  return blocks;
}

bool AddressBlocks::contains(const ip::address& address) const {
  if (blocks_.empty()) return false;
  const auto bytes = bytes_of(address);
  return std::ranges::any_of(blocks_, [&](const Block& block) { return equal_bits(bytes, block.prefix, block.bits); });
}

}  // namespace miniops::net
