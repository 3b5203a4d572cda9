// What /metrics says: figures that the parts keep anyway, in Prometheus' format.
#pragma once

#include <string>

#include "content_check/checks.hpp"
#include "gateway/gateway.hpp"
#include "net/server.hpp"
#include "storage/sql/database.hpp"
#include "telemetry/telemetry.hpp"

namespace miniops::app {

std::string metrics_text(const net::ServerCounts& server, const sql::Database::Health& storage,
                         const gateway::GatewayFigures& gateway, const telemetry::TelemetryFigures& telemetry,
                         const content_check::Figures& checks);

}  // namespace miniops::app
