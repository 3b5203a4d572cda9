// A subscription 订阅: which events of a mini program go to which address, and how they are signed. Values and rules;
// the secrets are sealed but while something is signed.
#pragma once

#include <optional>
#include <vector>

#include "base/seal.hpp"
#include "net/address_guard.hpp"
#include "webhooks/event.hpp"

namespace miniops::webhooks {

inline constexpr std::size_t subscriptions_max = 20;

struct Subscription {
  SubscriptionId id{};
  AppId appid{};
  std::int64_t version = 1;  // raised with every change by a person, and when it is switched off
  std::string address{};     // https://… or http://…
  std::string host{};        // of the address
  std::string description{};
  Kinds kinds{};
  bool enabled = true;
  std::string secret{}, previous{};  // sealed; previous: empty when there was none
  TimeMs previous_until = 0;         // until then both sign
  std::string created_by{};
  TimeMs created_at = 0, updated_at = 0;
};

// How it went lately. Times that are "none" are 0.
struct Health {
  TimeMs last_success_at = 0, last_failure_at = 0;
  TimeMs failing_since = 0;        // no send has succeeded since
  std::string reason{}, detail{};  // of the last failure
  std::string off_reason{};        // why the machinery switched it off: "failing", "gone"; empty: it did not
  TimeMs off_at = 0;
};

// An address that people give.
struct Address {
  std::string host{};    // a name or an IP address, in lower case, without brackets
  std::string origin{};  // scheme, host and port: without the path and query, which may be a secret
};
// nullopt: no http(s) address, or one with user, password or fragment.
std::optional<Address> parse_address(std::string_view text);
// False: an IP address that the guard forbids. A name is looked up when something is sent, and may be refused then.
bool may_be_called(const Address& address, const net::AddressGuard& guard);

// The place that the sealed secrets of a subscription are bound to.
std::string seal_secret(const Sealer& sealer, SubscriptionId id, std::string_view secret);
// The secrets that sign at `now`, the newest first. base.seal_broken
Result<std::vector<std::string>> open_secrets(const Sealer& sealer, const Subscription& subscription, TimeMs now);

}  // namespace miniops::webhooks
