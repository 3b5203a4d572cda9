#include "app/settings.hpp"

#include <filesystem>

namespace miniops::app {

net::ServerOptions server_options(const Config& config, const Listen& listen) {
  net::ServerOptions options;
  options.host = listen.host;
  options.port = listen.port;
  options.tls_certificate = config.text("server.tls_certificate");
  options.tls_key = config.text("server.tls_key");
  options.trusted_proxies = config.list("server.trusted_proxies");
  options.allowed_origins = config.list("server.allowed_origins");
  options.limits.connections_max = static_cast<std::size_t>(config.integer("server.connections_max"));
  return options;
}

gateway::GatewaySettings gateway_settings(const Config& config) {
  gateway::GatewaySettings settings;
  settings.api_base = config.text("wechat.api_base");
  settings.public_url = config.text("server.public_url");
  settings.http_timeout_ms = config.integer("wechat.api_timeout_ms");
  settings.window.message_count = static_cast<int>(config.integer("wechat.window.message_count"));
  settings.window.message_ms = config.integer("wechat.window.message_minutes") * minute_ms;
  settings.window.enter_count = static_cast<int>(config.integer("wechat.window.enter_count"));
  settings.window.enter_ms = config.integer("wechat.window.enter_seconds") * second_ms;
  settings.calls_per_second = static_cast<int>(config.integer("gateway.sends_per_second"));
  settings.refuse_with_status = static_cast<int>(config.integer("gateway.refuse_with_status"));
  return settings;
}

telemetry::TelemetrySettings telemetry_settings(const Config& config) {
  telemetry::TelemetrySettings settings;
  settings.folder = std::filesystem::path(config.text("data")) / "telemetry";
  settings.public_url = config.text("server.public_url");
  settings.spool_bytes_max = config.integer("telemetry.spool_mb") << 20;
  settings.memory_mb = config.integer("telemetry.memory_mb");
  return settings;
}

official::OfficialSettings official_settings(const Config& config, std::string owner) {
  official::OfficialSettings settings;
  settings.enabled = config.boolean("official.enabled");
  settings.keep.days = config.integer("official.keep_days");
  settings.keep.log_days = config.integer("official.keep_log_days");
  settings.owner = std::move(owner);
  return settings;
}

// Where what people enter as an address may lead.
Result<net::AddressGuard> allowed_addresses(const Config& config) {
  return net::AddressGuard::parse(config.list("notify.private_addresses_allowed"));
}

Result<notify::NotifySettings> notify_settings(const Config& config, std::string owner) {
  auto guard = allowed_addresses(config);
  if (!guard) return std::unexpected(guard.error());
  notify::NotifySettings settings;
  settings.sender.wecom_base = config.text("notify.wecom_base");
  settings.sender.tencent_sms_base = config.text("notify.tencent_sms_base");
  settings.sender.guard = std::move(*guard);
  settings.owner = std::move(owner);
  return settings;
}

}  // namespace miniops::app
