// How much may be sent to one host at a time, whichever subscriptions it is for. Safe from any thread; free() and
// begin() are called by one loop.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "base/clock.hpp"

namespace miniops::webhooks {

class Hosts {
 public:
  struct Limits {
    int together = 64;  // to all hosts
    int together_per_host = 8;
    int per_second = 50;  // sends begun to one host
  };
  explicit Hosts(Limits limits) : limits_(limits) {}

  // How many sends to it may begin now.
  int free(const std::string& host, TimeMs now);
  void begin(const std::string& host, TimeMs now);
  void end(const std::string& host);
  int under_way() const;

 private:
  struct Host {
    int under_way = 0;
    std::deque<TimeMs> begun{};  // within the last second
  };

  const Limits limits_;
  mutable std::mutex mutex_;
  int under_way_ = 0;
  std::map<std::string, Host> hosts_;
};

}  // namespace miniops::webhooks
