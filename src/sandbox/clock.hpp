// The sandbox's own time: the real one plus what tests have moved it by, so that tokens expire, windows close and
// quotas begin anew in an instant.
#pragma once

#include <atomic>

#include "base/clock.hpp"

namespace miniops::sandbox {

// Safe from any thread.
class MovableClock final : public Clock {
 public:
  explicit MovableClock(const Clock& base) : base_(base) {}
  TimeMs now() const override { return base_.now() + offset_.load(); }
  TimeMs offset() const { return offset_.load(); }
  void advance(TimeMs by_ms) { offset_ += by_ms; }

 private:
  const Clock& base_;
  std::atomic<TimeMs> offset_{0};
};

}  // namespace miniops::sandbox
