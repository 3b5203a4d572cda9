// How many messages a mini program may still send to one user, and until when (客服消息下发窗口). Pure; not
// thread-safe.
#pragma once

#include <algorithm>

#include "base/clock.hpp"

namespace miniops::sandbox {

struct WindowRules {
  int message_count = 5;
  TimeMs message_ms = 48 * hour_ms;
  int enter_count = 2;
  TimeMs enter_ms = minute_ms;
};

class SendWindow {
 public:
  // A trigger does not add up: the larger of the counts, the later of the deadlines.
  void open(int count, TimeMs life_ms, TimeMs now) {
    remaining_ = std::max(remaining(now), count);
    deadline_ = std::max(deadline_, now + life_ms);
  }
  void on_message(const WindowRules& rules, TimeMs now) { open(rules.message_count, rules.message_ms, now); }
  void on_enter(const WindowRules& rules, TimeMs now) { open(rules.enter_count, rules.enter_ms, now); }

  // 0, or WeChat's error: 45015 outside the window, 45047 the count is used up.
  int verdict(TimeMs now) const {
    if (now >= deadline_) return 45015;
    return remaining_ > 0 ? 0 : 45047;
  }
  void spend() { --remaining_; }

  int remaining(TimeMs now) const { return now < deadline_ ? remaining_ : 0; }
  TimeMs deadline() const { return deadline_; }

 private:
  int remaining_ = 0;
  TimeMs deadline_ = 0;
};

}  // namespace miniops::sandbox
