#include "net/proxies.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>

#include "base/text.hpp"

namespace miniops::net {

namespace {

namespace ip = boost::asio::ip;

// One entry of X-Forwarded-For: an address, by some proxies with a port or in brackets.
std::optional<ip::address> forwarded_address(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('[')) {
    text = text.substr(1, text.find(']') == std::string_view::npos ? 0 : text.find(']') - 1);
  } else if (std::ranges::count(text, ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  if (text.empty() || text.size() > 45) return std::nullopt;
  boost::system::error_code error;
  const ip::address address = ip::make_address(text, error);
  if (error) return std::nullopt;
  if (address.is_v6() && address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  return address;
}

// The elements of a comma-separated header, over all its lines, in order.
std::vector<std::string_view> elements_of(const Headers& headers, std::string_view wanted) {
  std::vector<std::string_view> elements;
  for (const auto& [name, value] : headers) {
    const bool same =
        std::ranges::equal(name, wanted, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
    if (!same) continue;
    std::string_view rest = value;
    for (;;) {
      const auto comma = rest.find(',');
      elements.push_back(trimmed(rest.substr(0, comma)));
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return elements;
}

}  // namespace

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& entries) {
  auto blocks = AddressBlocks::parse(entries);
  if (!blocks) {
    return fail(ErrorKind::invalid, "net.invalid_proxy", "not an address or CIDR block: " + blocks.error());
  }
  TrustedProxies proxies;
  proxies.blocks_ = std::move(*blocks);
  return proxies;
}

std::optional<std::string> TrustedProxies::client_of(const Headers& headers) const {
  std::optional<std::string> client;
  const auto elements = elements_of(headers, "x-forwarded-for");
  for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
    const auto address = forwarded_address(*element);
    if (!address) break;  // whatever stands further left was written by someone we do not know
    client = address->to_string();
    if (!trusts(*address)) break;
  }
  return client;
}

bool TrustedProxies::forwarded_secure(const Headers& headers) {
  const auto elements = elements_of(headers, "x-forwarded-proto");
  return !elements.empty() && (elements.back() == "https" || elements.back() == "wss");
}

}  // namespace miniops::net
