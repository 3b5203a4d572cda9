#include "notify/channels/webhook.hpp"

#include <fmt/chrono.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

#include "base/encoding.hpp"
#include "base/text.hpp"

namespace miniops::notify {

namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::string_view no_time = "0001-01-01T00:00:00Z";  // Alertmanager's, of an alert that still fires
constexpr TimeMs retry_after_max_ms = hour_ms;

std::string rfc3339(TimeMs at) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(at / second_ms)),
                     at % second_ms);
}

std::optional<boost::urls::url_view> parse(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view(url.data(), url.size()));
  return parsed ? std::optional(boost::urls::url_view(*parsed)) : std::nullopt;
}

json::object object_of(const std::map<std::string, std::string>& variables) {
  json::object object;
  for (const auto& [name, value] : variables) object[name] = value;
  return object;
}

json::object item_of(const Notification& item) {
  return {{"id", item.id.str()},
          {"appid", item.appid.str()},
          {"subject", item.subject},
          {"title", item.title},
          {"text", item.text},
          {"severity", to_string(item.severity)},
          {"resolved", item.resolved},
          {"link", item.link},
          {"at", rfc3339(item.at)},
          {"since", rfc3339(item.since != 0 ? item.since : item.at)},
          {"variables", object_of(item.variables)}};
}

json::object own_body(const Message& message) {
  json::array items;
  for (const Notification& item : message.items) items.push_back(item_of(item));
  const Notification& content = message.content;
  return {{"type", content.resolved ? "notification.resolved" : "notification.raised"},
          {"timestamp", rfc3339(content.at)},
          {"data", json::object{{"title", content.title}, {"items", std::move(items)}}}};
}

// The variables are labels of Alertmanager's; a name that is none there is left out.
bool is_label(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto part = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && letter(name.front()) && std::ranges::all_of(name, part);
}

json::object alert_of(const Notification& item) {
  const TimeMs since = item.since != 0 ? item.since : item.at;
  const std::string thing = item.subject.empty() ? item.title : item.subject;
  json::object labels{{"alertname", item.title}, {"severity", to_string(item.severity)}, {"appid", item.appid.str()}};
  for (const auto& [name, value] : item.variables)
    if (is_label(name)) labels[name] = value;
  return {{"status", item.resolved ? "resolved" : "firing"},
          {"labels", std::move(labels)},
          {"annotations", json::object{{"summary", item.title}, {"description", item.text}}},
          {"startsAt", rfc3339(since)},
          {"endsAt", item.resolved ? rfc3339(item.at) : std::string(no_time)},
          {"generatorURL", item.link},
          {"fingerprint", hex(sha256(item.appid.str() + " " + thing)).substr(0, 16)}};
}

json::object alertmanager_body(const Message& message, std::string_view channel_name) {
  json::array alerts;
  for (const Notification& item : message.items) alerts.push_back(alert_of(item));
  const Notification& content = message.content;
  const std::string thing = content.subject.empty() ? content.dedupe_key : content.subject;
  json::object common{{"appid", content.appid.str()}};
  return {{"version", "4"},
          {"groupKey", fmt::format("{{}}:{{subject=\"{}\"}}", one_line(thing))},
          {"truncatedAlerts", 0},
          {"receiver", channel_name},
          {"status", content.resolved ? "resolved" : "firing"},
          {"groupLabels", common},
          {"commonLabels", common},
          {"commonAnnotations", json::object{}},
          {"externalURL", content.link},
          {"alerts", std::move(alerts)}};
}

// Seconds; a date is not understood and counts as nothing.
TimeMs retry_after(const net::ClientResponse& response) {
  const auto header = response.headers.get("retry-after");
  std::int64_t seconds = 0;
  if (!header) return 0;
  const auto [end, problem] = std::from_chars(header->data(), header->data() + header->size(), seconds);
  if (problem != std::errc() || end != header->data() + header->size() || seconds < 0) return 0;
  return std::min(seconds, retry_after_max_ms / second_ms) * second_ms;
}

}  // namespace

Webhook read_webhook(JsonInput& in) {
  return {in.optional_choice("format", {"miniops", "alertmanager"}).value_or("miniops") == "alertmanager"};
}

json::object to_json(const Webhook& webhook) { return {{"format", webhook.alertmanager ? "alertmanager" : "miniops"}}; }

bool is_webhook_url(std::string_view url) {
  const auto parsed = parse(url);
  if (!parsed || parsed->has_userinfo() || parsed->encoded_host().empty() || parsed->has_fragment()) return false;
  return parsed->scheme_id() == boost::urls::scheme::https || parsed->scheme_id() == boost::urls::scheme::http;
}

std::string origin_of(std::string_view url) {
  const auto parsed = parse(url);
  return parsed ? std::string(parsed->encoded_origin()) : std::string();
}

std::optional<std::string> signing_key(std::string_view secret) {
  if (!secret.starts_with(secret_prefix)) return std::nullopt;
  auto key = unbase64(secret.substr(secret_prefix.size()));
  if (!key || key->size() < 24 || key->size() > 64) return std::nullopt;
  return key;
}

std::string webhook_signature(std::string_view key, std::string_view id, std::int64_t timestamp_s,
                              std::string_view body) {
  return "v1," + base64(hmac_sha256(key, fmt::format("{}.{}.{}", id, timestamp_s, body)));
}

net::ClientRequest webhook_request(const std::string& url, const std::string& secret, const Webhook& webhook,
                                   std::string_view channel_name, const Message& message, TimeMs now) {
  net::ClientRequest request;
  request.method = net::Method::post;
  request.url = url;
  request.body = json::serialize(webhook.alertmanager ? alertmanager_body(message, channel_name) : own_body(message));
  const std::int64_t timestamp = now / second_ms;
  request.headers.set("Content-Type", "application/json");
  request.headers.set("webhook-id", message.id);
  request.headers.set("webhook-timestamp", std::to_string(timestamp));
  request.headers.set("webhook-signature",
                      webhook_signature(signing_key(secret).value_or(""), message.id, timestamp, request.body));
  request.response_bytes_max = 64 << 10;
  return request;
}

Outcome webhook_outcome(const net::ClientResponse& response) {
  const int status = response.status;
  std::string detail = fmt::format("HTTP {}", status);
  if (status >= 200 && status < 300) return Outcome::sent(std::move(detail));
  if (status >= 300 && status < 400) return Outcome::failed("redirected", std::move(detail));
  if (status == 410) return Outcome::broken("gone", std::move(detail));
  if (status == 401 || status == 403) return Outcome::broken("wrong_credentials", std::move(detail));
  if (status == 408 || status == 429 || status >= 500)
    return Outcome::later(status == 429 ? "rate_limited" : "server_error", std::move(detail), retry_after(response));
  return Outcome::failed("refused", std::move(detail));
}

}  // namespace miniops::notify
