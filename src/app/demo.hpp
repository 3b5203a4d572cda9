// `miniops sandbox` and `miniops demo`.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.hpp"

namespace miniops::app {

struct SandboxOptions {
  std::string listen = "127.0.0.1:9080";
  std::uint64_t seed = 0;
  std::string clock_file{};  // of a test that moves the time
};
// Until SIGINT or SIGTERM.
Result<void> run_sandbox(const SandboxOptions& options);

struct DemoOptions {
  std::string data = "./data/demo";
  std::string listen = "127.0.0.1:8080";
  std::string sandbox_listen = "127.0.0.1:9080";
  double customers_per_minute = 6;
  double visits_per_minute = 20;  // of phones that report, in the busiest hour
  bool fresh = false;
};
Result<void> run_demo(const DemoOptions& options);

}  // namespace miniops::app
