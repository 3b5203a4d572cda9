#include "gateway/sources.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <optional>

namespace miniops::gateway {

namespace {

namespace ip = boost::asio::ip;

// ::ffff:1.2.3.4 is 1.2.3.4, as a dual-stack socket shows it.
std::optional<ip::address> address_of(std::string_view text) {
  boost::system::error_code problem;
  const ip::address address = ip::make_address(std::string(text), problem);
  if (problem) return std::nullopt;
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return ip::address(ip::make_address_v4(ip::v4_mapped, address.to_v6()));
  }
  return address;
}

template <class Network, class Address>
bool contains(const Network& network, const Address& address, unsigned short prefix) {
  return Network(address, prefix).canonical() == network.canonical();
}

bool block_contains(std::string_view block, const ip::address& address) {
  const auto slash = block.find('/');
  if (slash == std::string_view::npos) {
    const auto only = address_of(block);
    return only && *only == address;
  }
  boost::system::error_code problem;
  const std::string text(block);
  if (address.is_v4()) {
    const auto network = ip::make_network_v4(text, problem);
    return !problem && contains(network, address.to_v4(), static_cast<unsigned short>(network.prefix_length()));
  }
  const auto network = ip::make_network_v6(text, problem);
  return !problem && contains(network, address.to_v6(), static_cast<unsigned short>(network.prefix_length()));
}

}  // namespace

bool address_in(std::string_view address, const std::vector<std::string>& blocks) {
  const auto wanted = address_of(address);
  if (!wanted) return false;
  return std::any_of(blocks.begin(), blocks.end(),
                     [&](const std::string& block) { return block_contains(block, *wanted); });
}

}  // namespace miniops::gateway
