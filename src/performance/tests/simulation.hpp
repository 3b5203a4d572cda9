// A mini program and its users, simulated: launches, page views, requests and updates, with at most one cause of
// trouble whose size is drawn. The same traffic can be run with the cause removed, so that what an advice promises can
// be held against what really comes of it.
#pragma once

#include "base/random.hpp"
#include "performance/advice.hpp"

namespace miniops::performance {

enum class Cause {
  none,
  large_package,
  long_script,
  serial_requests,
  slow_connections,
  frequent_set_data,
  release_regression
};

// What phones report, all of it, and of whom a cause would be felt.
struct Traffic {
  Evidence evidence;  // the newest samples_max of each metric
  double startup_of_downloads = 0, startup = 0, lcp_of_home = 0, request = 0, updates_of_list = 0, render_of_newest = 0;
};

class Simulation {
 public:
  Simulation(std::uint64_t seed, Cause cause);
  // `removed`: what the advice says was done.
  Traffic run(bool removed) const;

 private:
  class Visit;
  // How the mini program is made. Nothing of it is known to the rules.
  struct Made {
    int pages = 0;
    double package_bytes = 0, latency_ms = 0, bytes_per_ms = 0;
    double script_ms = 0, shared_code = 0;
    int chain = 0;
    double contention = 0;               // how much slower requests are that run at once
    double connect_ms = 0, expired = 0;  // a connection that was there is gone
    double updates = 0, call_ms = 0, data_ms = 0;
    double regression = 0;
  };
  std::uint64_t seed_;
  Cause cause_;
  Made made_;
};

}  // namespace miniops::performance
