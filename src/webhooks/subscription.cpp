#include "webhooks/subscription.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace miniops::webhooks {

namespace {

// One place for both, so that a secret can become the previous one as it is.
SealedPlace place_of(const std::string& row) { return {"webhooks_subscriptions", "secret", row}; }

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view(text.data(), text.size()));
  if (!parsed) return std::nullopt;
  const boost::urls::url_view& url = *parsed;
  const bool web = url.scheme_id() == boost::urls::scheme::https || url.scheme_id() == boost::urls::scheme::http;
  if (!web || url.has_userinfo() || url.has_fragment() || url.encoded_host().empty()) return std::nullopt;
  if (url.has_port() && url.port_number() == 0) return std::nullopt;
  Address address{lower(std::string(url.encoded_host_address())), std::string(url.encoded_origin())};
  if (address.host.contains('%')) return std::nullopt;
  return address;
}

bool may_be_called(const Address& address, const net::AddressGuard& guard) {
  boost::system::error_code is_name;
  const auto literal = boost::asio::ip::make_address(address.host, is_name);
  return is_name || guard.allows(literal);
}

std::string seal_secret(const Sealer& sealer, SubscriptionId id, std::string_view secret) {
  return sealer.seal(secret, place_of(id.str()));
}

Result<std::vector<std::string>> open_secrets(const Sealer& sealer, const Subscription& subscription, TimeMs now) {
  const std::string row = subscription.id.str();
  std::vector<std::string> secrets;
  for (const std::string* sealed : {&subscription.secret, &subscription.previous}) {
    if (sealed == &subscription.previous && (sealed->empty() || now >= subscription.previous_until)) break;
    auto opened = sealer.open(*sealed, place_of(row));
    if (!opened) return std::unexpected(opened.error());
    secrets.push_back(std::move(*opened));
  }
  return secrets;
}

}  // namespace miniops::webhooks
