// What the desk shows of a customer's phone, from what phones report.
#pragma once

#include "desk/ports.hpp"
#include "telemetry/telemetry.hpp"

namespace miniops::app {

class CustomerTelemetry final : public desk::CustomerSignals {
 public:
  explicit CustomerTelemetry(telemetry::Telemetry& telemetry) : telemetry_(telemetry) {}
  Task<Result<std::vector<desk::Signal>>> of(identity::Access access, OpenId openid, desk::SignalsAsked asked,
                                             int limit) override;

 private:
  telemetry::Telemetry& telemetry_;
};

}  // namespace miniops::app
