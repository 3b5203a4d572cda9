// /healthz, /readyz and /metrics: what an operator's tools ask.
#pragma once

#include <functional>
#include <string>

#include "base/task.hpp"
#include "net/router.hpp"

namespace miniops::app {

struct Readiness {
  bool ready = true;
  std::string why{};  // for a person
};

// `metrics` gives the text of /metrics in Prometheus' format.
void mount_operations(net::Router& router, std::function<Task<Readiness>()> readiness,
                      std::function<Task<std::string>()> metrics);

}  // namespace miniops::app
