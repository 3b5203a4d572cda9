// Which audit entries about reading were written lately, so that who turns pages leaves one and not a hundred. In
// memory: after a restart, on another node, or when it is full, an entry is written again; none is left out.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "base/clock.hpp"

namespace miniops::desk {

// Safe from any thread.
class ReadingLog {
 public:
  static constexpr TimeMs again_after_ms = 15 * minute_ms;
  static constexpr std::size_t entries_max = 20'000;

  bool is_noted(const std::string& what, TimeMs now) const;
  // Once the entry is stored.
  void note(const std::string& what, TimeMs now);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, TimeMs> noted_;
  std::deque<std::pair<std::string, TimeMs>> order_;
};

}  // namespace miniops::desk
