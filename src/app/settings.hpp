// What the configuration says to each part of the program. Pure; called while the server is built.
#pragma once

#include "app/config.hpp"
#include "gateway/gateway.hpp"
#include "net/address_guard.hpp"
#include "net/server.hpp"
#include "notify/notify.hpp"
#include "official/official.hpp"
#include "telemetry/telemetry.hpp"

namespace miniops::app {

net::ServerOptions server_options(const Config& config, const Listen& listen);
gateway::GatewaySettings gateway_settings(const Config& config);
telemetry::TelemetrySettings telemetry_settings(const Config& config);
// `owner`: this node, as its leases name it.
official::OfficialSettings official_settings(const Config& config, std::string owner);
Result<notify::NotifySettings> notify_settings(const Config& config, std::string owner);
// Where what people enter as an address may lead. Fails when the configuration's ranges cannot be read.
Result<net::AddressGuard> allowed_addresses(const Config& config);

}  // namespace miniops::app
