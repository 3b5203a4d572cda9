// How many requests one address may make to the public pages. Safe from any thread.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"

namespace miniops::satisfaction {

class Visitors {
 public:
  // Customers behind one operator's address share it: room for some dozens of ratings a minute.
  static constexpr int per_minute = 120;
  static constexpr std::size_t addresses_max = 10'000;

  // Whether there is room for one more request of this minute.
  bool admit(const std::string& address, TimeMs now);

 private:
  std::mutex mutex_;
  TimeMs minute_ = 0;
  std::unordered_map<std::string, int> counts_;  // of this minute
};

}  // namespace miniops::satisfaction
