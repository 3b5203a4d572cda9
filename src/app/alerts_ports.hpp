// What alerts asks of the others, plugged in here.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>

#include "alerts/alerts.hpp"
#include "gateway/gateway.hpp"
#include "issues/listener.hpp"
#include "logs/logs.hpp"
#include "notify/notify.hpp"
#include "telemetry/telemetry.hpp"

namespace miniops::app {

// The server's own figures, and the mini program's part of them.
class ServerHealth final : public alerts::HealthSource {
 public:
  ServerHealth(gateway::Gateway& gateway, telemetry::Telemetry& telemetry, sql::Database& database, const Clock& clock,
               std::filesystem::path data)
      : gateway_(gateway), telemetry_(telemetry), database_(database), clock_(clock), data_(std::move(data)) {}
  Task<Result<std::vector<alerts::HealthFigure>>> figures(AppId appid) override;

 private:
  gateway::Gateway& gateway_;
  telemetry::Telemetry& telemetry_;
  sql::Database& database_;
  const Clock& clock_;
  const std::filesystem::path data_;
  std::mutex mutex_;
  std::map<AppId, std::pair<TimeMs, std::vector<alerts::HealthFigure>>> known_;
};

// The query language of logs, and what people have saved in it.
class LogQueries final : public alerts::QueryParser {
 public:
  explicit LogQueries(logs::Logs& logs) : logs_(logs) {}
  Result<events::Matching> parse(std::string_view text) const override;
  Task<Result<std::string>> saved(AppId appid, std::int64_t id) override;

 private:
  logs::Logs& logs_;
};

class IssueAlerts final : public issues::Listener {
 public:
  void tell(alerts::Alerts& alerts) { alerts_ = &alerts; }  // before the first error is loaded
  void on_issue(sql::Transaction& tx, const issues::IssueEvent& event) override;

 private:
  alerts::Alerts* alerts_ = nullptr;
};

}  // namespace miniops::app
