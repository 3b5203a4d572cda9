// Before one checker: only so many questions at a time, and none for a while after several that it did not answer, so
// that a checker that is down costs agents no second with each message. Safe from any thread.
#pragma once

#include <mutex>

#include "base/clock.hpp"

namespace miniops::content_check {

class Turnstile {
 public:
  struct Limits {
    int at_once = 32;
    int failures = 5;  // in a row
    TimeMs rest_ms = 30 * second_ms;
  };
  enum class Entry { in, busy, resting };
  explicit Turnstile(Limits limits) : limits_(limits) {}

  // `in` is followed by one leave(). After the rest one question is let in; its answer ends the rest, or begins
  // another.
  Entry enter(TimeMs now) {
    const std::scoped_lock lock(mutex_);
    if (failures_ >= limits_.failures && now < rests_until_) return Entry::resting;
    if (inside_ >= limits_.at_once) return Entry::busy;
    if (failures_ >= limits_.failures) rests_until_ = now + limits_.rest_ms;
    ++inside_;
    return Entry::in;
  }
  // True: a rest begins by it.
  bool leave(bool answered, TimeMs now) {
    const std::scoped_lock lock(mutex_);
    --inside_;
    failures_ = answered ? 0 : failures_ + 1;
    if (failures_ < limits_.failures) return false;
    rests_until_ = now + limits_.rest_ms;
    return failures_ == limits_.failures;
  }

 private:
  const Limits limits_;
  std::mutex mutex_;
  int inside_ = 0, failures_ = 0;
  TimeMs rests_until_ = 0;
};

}  // namespace miniops::content_check
