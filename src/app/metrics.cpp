#include "app/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace miniops::app {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// Numbers of one family, told apart by one label.
struct Family {
  std::string_view name, help, label;
  std::vector<std::pair<std::string_view, double>> values;
};

MetricFamily to_prometheus(const Family& family, MetricType type) {
  MetricFamily out;
  out.name = std::string(family.name);
  out.help = std::string(family.help);
  out.type = type;
  for (const auto& [label, value] : family.values) {
    ClientMetric metric;
    if (!family.label.empty()) metric.label.push_back({std::string(family.label), std::string(label)});
    if (type == MetricType::Counter) {
      metric.counter.value = value;
    } else {
      metric.gauge.value = value;
    }
    out.metric.push_back(std::move(metric));
  }
  return out;
}

double number(auto value) { return static_cast<double>(value); }

using Verdicts = std::array<std::uint64_t, content_check::verdict_words.size()>;
Family checks_of(std::string_view name, std::string_view help, const Verdicts& counts) {
  Family family{name, help, "verdict", {}};
  for (std::size_t i = 0; i < counts.size(); ++i)
    family.values.emplace_back(content_check::verdict_words[i], number(counts[i]));
  return family;
}

}  // namespace

std::string metrics_text(const net::ServerCounts& server, const sql::Database::Health& storage,
                         const gateway::GatewayFigures& gateway, const telemetry::TelemetryFigures& telemetry,
                         const content_check::Figures& checks) {
  const std::vector<Family> counters = {
      {"miniops_http_requests_total", "Requests answered.", "", {{"", number(server.requests)}}},
      {"miniops_http_connections_total", "Connections accepted.", "", {{"", number(server.connections)}}},
      {"miniops_http_refused_total",
       "Requests refused before a handler ran.",
       "reason",
       {{"header_too_large", number(server.refused_header)},
        {"body_too_large", number(server.refused_body)},
        {"timeout", number(server.timeouts)},
        {"not_found", number(server.not_found)},
        {"method_not_allowed", number(server.method_not_allowed)}}},
      {"miniops_http_handler_exceptions_total", "Handlers that failed.", "", {{"", number(server.handler_exceptions)}}},
      {"miniops_http_slow_handlers_total",
       "Handlers that held an io thread over 10 ms.",
       "",
       {{"", number(server.slow_handlers)}}},
      {"miniops_pushes_total",
       "Message pushes by outcome.",
       "outcome",
       {{"accepted", number(gateway.pushes_accepted)},
        {"duplicate", number(gateway.pushes_duplicate)},
        {"refused", number(gateway.pushes_refused)},
        {"dropped", number(gateway.pushes_dropped)}}},
      {"miniops_ingest_requests_total", "Requests of phones.", "", {{"", number(telemetry.requests)}}},
      {"miniops_ingest_records_total",
       "Records by what became of them.",
       "outcome",
       {{"spooled", number(telemetry.records)},
        {"loaded", number(telemetry.loaded)},
        {"duplicate", number(telemetry.duplicates)}}},
      {"miniops_ingest_refused_total", "Requests of phones that were refused.", "", {{"", number(telemetry.refused)}}},
      {"miniops_sql_commits_total", "Committed transactions or batches.", "", {{"", number(storage.commits)}}},
      checks_of("miniops_content_checks_wechat_total", "Texts that WeChat was asked about.", checks.wechat),
      checks_of("miniops_content_checks_webhook_total", "Texts that other programs were asked about.", checks.webhook),
      {"miniops_sql_retries_total", "Closures run again.", "", {{"", number(storage.retries)}}},
  };
  const std::vector<Family> gauges = {
      {"miniops_http_open_connections", "Connections open now.", "", {{"", number(server.open_connections)}}},
      {"miniops_websockets_open", "Live WebSockets open now.", "", {{"", number(server.websockets_open)}}},
      {"miniops_push_ack_seconds",
       "Time from receipt to acknowledgement.",
       "quantile",
       {{"0.5", gateway.ack_p50_ms / 1000}, {"0.99", gateway.ack_p99_ms / 1000}}},
      {"miniops_journal_lag_entries",
       "Entries that consumers have not read yet, added up.",
       "",
       {{"", number(gateway.journal_lag)}}},
      {"miniops_outbox_open_messages", "Messages queued, sending or held.", "", {{"", number(gateway.outbox_open)}}},
      {"miniops_dead_letters", "Entries set aside.", "", {{"", number(gateway.dead_letters)}}},
      {"miniops_spool_waiting_bytes",
       "In the spool, not in the event store.",
       "",
       {{"", number(telemetry.waiting_bytes)}}},
      {"miniops_sql_queued_writes", "Closures that wait for the writer.", "", {{"", number(storage.queued_writes)}}},
      {"miniops_sql_writable", "1 while the store takes writes.", "", {{"", storage.writable ? 1.0 : 0.0}}},
  };
  std::vector<MetricFamily> families;
  for (const Family& family : counters) families.push_back(to_prometheus(family, MetricType::Counter));
  for (const Family& family : gauges) families.push_back(to_prometheus(family, MetricType::Gauge));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace miniops::app
