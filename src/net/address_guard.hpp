// Which addresses may be called when people give them: the public internet, and not the network that this server stands
// in (loopback, private, link-local, a cloud's metadata service) unless its administrator allows it.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "net/address_blocks.hpp"

namespace miniops::net {

// Immutable after construction: safe from any thread.
class AddressGuard {
 public:
  AddressGuard();
  // `also`: addresses and CIDR blocks that may be called although they are not public. Fails with
  // net.invalid_address_block and names the entry.
  static Result<AddressGuard> parse(const std::vector<std::string>& also);
  bool allows(const boost::asio::ip::address& address) const;

 private:
  AddressBlocks global_, special_, also_;
};

}  // namespace miniops::net
