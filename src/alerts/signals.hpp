// What a rule asks about records: figures in windows of time. A port, so that the same rules run on telemetry, on the
// past that was fetched at once (preview.cpp), and on simulated traffic (eval/alerts.cpp).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "alerts/rule.hpp"
#include "base/task.hpp"
#include "telemetry/service.hpp"

namespace miniops::alerts {

// Which records.
struct Selection {
  telemetry::Kind kind{};
  std::vector<telemetry::Filter> filters{};
  events::Matching matching{};
};

struct Question {
  AppId appid;
  std::shared_ptr<const Selection> records;
  Statistic statistic{};
  TimeMs from = 0, to = 0;  // of receipt
  TimeMs step = 0;          // windows [from, from + step), …: a whole number of them
  std::optional<events::Field> by{};
  std::size_t groups = groups_max;  // those with the most records
};

// A figure of one window and group. Windows without records are absent.
struct Sample {
  TimeMs at = 0;
  std::string group{};
  double value = 0;
  double count = 0;  // weighted records
};

class Signals {
 public:
  virtual ~Signals() = default;
  // Records that came late are left out. In order of time within each group.
  virtual Task<Result<std::vector<Sample>>> ask(Question question) = 0;
};

// Over telemetry. `awake`: whether anything was loaded since the start; before that nothing is asked, so that an idle
// server leaves its event store closed. `behind`: that records wait too long to be judged.
class TelemetrySignals final : public Signals {
 public:
  struct Loading {
    bool awake = true;
    bool behind = false;
  };
  TelemetrySignals(telemetry::Service& service, std::function<Loading()> loading)
      : service_(service), loading_(std::move(loading)) {}
  // Fails with alerts.telemetry_behind, and what telemetry fails with.
  Task<Result<std::vector<Sample>>> ask(Question question) override;

 private:
  telemetry::Service& service_;
  const std::function<Loading()> loading_;
};

}  // namespace miniops::alerts
