// A set of addresses and CIDR blocks, v4 and v6.
//
// Immutable after construction: safe from any thread.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <expected>
#include <string>
#include <vector>

namespace miniops::net {

class AddressBlocks {
 public:
  // Fails with the entry that is no address or block.
  static std::expected<AddressBlocks, std::string> parse(const std::vector<std::string>& entries);

  bool empty() const { return blocks_.empty(); }
  bool contains(const boost::asio::ip::address& address) const;  // a v4-mapped address counts as v4

 private:
  struct Block {
    boost::asio::ip::address_v6::bytes_type prefix;  // v4 as v4-mapped
    int bits;
  };
  std::vector<Block> blocks_;
};

}  // namespace miniops::net
