// A webhook: JSON, signed as Standard Webhooks 1.0 says (webhook-id, webhook-timestamp, webhook-signature); the body
// is ours or Alertmanager's. Pure.
#pragma once

#include "base/json.hpp"
#include "net/client.hpp"
#include "notify/channels/message.hpp"
#include "notify/channels/outcome.hpp"

namespace miniops::notify {

struct Webhook {
  bool alertmanager = false;
};
Webhook read_webhook(JsonInput& in);
json::object to_json(const Webhook& webhook);

// http or https, with a host, without user and password.
bool is_webhook_url(std::string_view url);
// Scheme and host, without the path and query that may be a secret.
std::string origin_of(std::string_view url);
// The raw key of "whsec_" + base64 of 24 to 64 bytes; nullopt: it is none.
std::optional<std::string> signing_key(std::string_view secret);
// "v1," + base64 of HMAC-SHA256 over "id.timestamp.body".
std::string webhook_signature(std::string_view key, std::string_view id, std::int64_t timestamp_s,
                              std::string_view body);

net::ClientRequest webhook_request(const std::string& url, const std::string& secret, const Webhook& webhook,
                                   std::string_view channel_name, const Message& message, TimeMs now);
Outcome webhook_outcome(const net::ClientResponse& response);

}  // namespace miniops::notify
