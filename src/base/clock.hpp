// Time comes from outside, everywhere, so that whole parts run under a simulated clock.
#pragma once

#include <atomic>
#include <cstdint>

namespace miniops {

// Epoch milliseconds, UTC. Durations are milliseconds too and end in _ms.
using TimeMs = std::int64_t;

inline constexpr TimeMs second_ms = 1000;
inline constexpr TimeMs minute_ms = 60 * second_ms;
inline constexpr TimeMs hour_ms = 60 * minute_ms;
inline constexpr TimeMs day_ms = 24 * hour_ms;

// Safe from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimeMs now() const = 0;
};

class SystemClock final : public Clock {
 public:
  TimeMs now() const override;
};

// Stands still until it is moved. For tests, and for the sandbox's clock.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimeMs start = 1763701200000) : now_(start) {}
  TimeMs now() const override { return now_.load(); }
  void advance(TimeMs by_ms) { now_ += by_ms; }
  void set(TimeMs now) { now_ = now; }

 private:
  std::atomic<TimeMs> now_;
};

}  // namespace miniops
