// Whose X-Forwarded-For and X-Forwarded-Proto are believed.
//
// Internal to net. Immutable after construction: safe from any thread.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "net/address_blocks.hpp"
#include "net/http.hpp"

namespace miniops::net {

class TrustedProxies {
 public:
  TrustedProxies() = default;
  // Addresses and CIDR blocks, v4 and v6. Fails with net.invalid_proxy and names the entry.
  static Result<TrustedProxies> parse(const std::vector<std::string>& entries);

  bool empty() const { return blocks_.empty(); }
  bool trusts(const boost::asio::ip::address& address) const { return blocks_.contains(address); }

  // Of a request whose peer is trusted: the rightmost address in X-Forwarded-For that is not a proxy of ours, or
  // nullopt when the header names none.
  std::optional<std::string> client_of(const Headers& headers) const;
  // The protocol that the nearest proxy saw was https.
  static bool forwarded_secure(const Headers& headers);

 private:
  AddressBlocks blocks_;
};

}  // namespace miniops::net
