#include "net/address_guard.hpp"

namespace miniops::net {

namespace {

AddressBlocks known(const std::vector<std::string>& entries) { return AddressBlocks::parse(entries).value(); }

}  // namespace

// IANA's special-purpose registries: what is not to be reached from anywhere is not to be reached from here. Outside
// 2000::/3 IPv6 has nothing that is public; 2001::/23 and 2002::/16 carry other addresses inside them.
AddressGuard::AddressGuard()
    : global_(known({"0.0.0.0/0", "2000::/3"})),
      special_(known({"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                      "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
                      "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "2001::/23", "2001:db8::/32", "2002::/16"})) {
}

Result<AddressGuard> AddressGuard::parse(const std::vector<std::string>& also) {
  auto blocks = AddressBlocks::parse(also);
  if (!blocks) {
    return fail(ErrorKind::invalid, "net.invalid_address_block", "not an address or CIDR block: " + blocks.error());
  }
  AddressGuard guard;
  guard.also_ = std::move(*blocks);
  return guard;
}

bool AddressGuard::allows(const boost::asio::ip::address& address) const {
  if (also_.contains(address)) return true;
  return global_.contains(address) && !special_.contains(address);
}

}  // namespace miniops::net
