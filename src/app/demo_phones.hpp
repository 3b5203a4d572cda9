// The demo's phones: they visit the example shop all day, and report as our SDK does, over HTTP.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace miniops::app {

class DemoPhones {
 public:
  struct Settings {
    std::string batch_url;          // with the project key
    double visits_per_minute = 20;  // in the busiest hour
    TimeMs history_ms = 0;          // visits of so long before are sent first
    double history_visits_per_hour = 60;
  };
  DemoPhones(Settings settings, const Clock& clock, Random& random);
  ~DemoPhones();
  void stop();
  // This customer has just been in the shop: reported soon. From any thread.
  void came_from_shop(const std::string& openid);

 private:
  void run();
  void history(TimeMs now);
  bool visit(TimeMs at, TimeMs now, std::string openid = "");
  void report_customers();
  void pause(TimeMs ms);

  const Settings settings_;
  const Clock& clock_;
  Random& random_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::vector<std::string> customers_;
  std::thread thread_;
};

}  // namespace miniops::app
