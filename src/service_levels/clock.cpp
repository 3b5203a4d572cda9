#include "service_levels/clock.hpp"

#include "calendar/business_time.hpp"

namespace miniops::service_levels {

namespace {

constexpr std::array<Level, 3> levels{Level::half, Level::most, Level::breached};

// How much is used when a level is reached; 0: that level is switched off.
TimeMs reached_with(const ServiceClock& clock, Level level) {
  if (level == Level::breached) return clock.target_ms;
  const int percent = level == Level::half ? clock.half_percent : clock.most_percent;
  return percent == 0 ? 0 : std::max<TimeMs>(1, clock.target_ms * percent / 100);
}

// When so much is used, if it runs on; 0: never.
TimeMs moment_of(const ServiceClock& clock, const calendar::Calendar& calendar, TimeMs used_ms) {
  return calendar::add_business(calendar, clock.counted_until, used_ms - clock.used_ms).value_or(0);
}

// Counts what has passed until `at`, and notes when that was the target.
void count(ServiceClock& clock, const calendar::Calendar& calendar, TimeMs at) {
  if (!clock.runs() || at <= clock.counted_until) return;
  const TimeMs used = clock.used_ms + calendar::business_between(calendar, clock.counted_until, at);
  if (clock.breached_at == 0 && used >= clock.target_ms) {
    const TimeMs due_at = moment_of(clock, calendar, clock.target_ms);
    clock.breached_at = due_at != 0 ? due_at : at;  // none: it was closed for longer than a calendar looks ahead
  }
  clock.used_ms = used;
  clock.counted_until = at;
}

void schedule(ServiceClock& clock, const calendar::Calendar& calendar) {
  clock.due_at = clock.next_at = 0;
  if (!clock.runs()) return;
  clock.due_at = clock.breached_at != 0 ? clock.breached_at : moment_of(clock, calendar, clock.target_ms);
  for (const Level level : levels) {
    const TimeMs used_ms = reached_with(clock, level);
    if (level <= clock.told || used_ms == 0) continue;
    clock.next_at = moment_of(clock, calendar, used_ms);
    return;
  }
}

}  // namespace

void start(ServiceClock& clock, const calendar::Calendar& calendar) {
  clock.counted_until = clock.started_at;
  schedule(clock, calendar);
}

void pause(ServiceClock& clock, const calendar::Calendar& calendar, Pause why, TimeMs at) {
  if (!clock.open()) return;
  count(clock, calendar, at);
  clock.*why = true;
  schedule(clock, calendar);
}

void resume(ServiceClock& clock, const calendar::Calendar& calendar, Pause why, TimeMs at) {
  if (!clock.open() || !(clock.*why)) return;
  clock.*why = false;
  if (clock.runs()) clock.counted_until = std::max(clock.counted_until, at);
  schedule(clock, calendar);
}

void stop(ServiceClock& clock, const calendar::Calendar& calendar, End end, TimeMs at) {
  if (!clock.open()) return;
  count(clock, calendar, at);
  clock.stopped_at = std::max(at, clock.started_at);
  clock.end = end;
  schedule(clock, calendar);
}

void take_up(ServiceClock& clock, const calendar::Calendar& calendar, TimeMs at) {
  if (clock.open()) return;
  undo_stop(clock);
  clock.parked = clock.customer_turn = false;
  clock.counted_until = std::max(clock.counted_until, at);
  schedule(clock, calendar);
}

void undo_stop(ServiceClock& clock) {
  clock.stopped_at = 0;
  clock.end = End::none;
}

Level warn(ServiceClock& clock, const calendar::Calendar& calendar, TimeMs at) {
  if (clock.next_at == 0 || clock.next_at > at) return Level::none;
  count(clock, calendar, at);
  const Level reached = level(clock);
  const bool is_new = reached > clock.told;
  if (is_new) clock.told = reached;
  schedule(clock, calendar);
  return is_new ? reached : Level::none;
}

TimeMs remaining(const ServiceClock& clock, const calendar::Calendar& calendar, TimeMs at) {
  ServiceClock until = clock;
  count(until, calendar, at);
  return until.target_ms - until.used_ms;
}

Level level(const ServiceClock& clock) {
  Level reached = Level::none;
  for (const Level one : levels) {
    const TimeMs used_ms = reached_with(clock, one);
    if (used_ms != 0 && clock.used_ms >= used_ms) reached = one;
  }
  return reached;
}

Level level_shown(const ServiceClock& clock, TimeMs now) {
  if (clock.breached_at != 0 || (clock.due_at != 0 && clock.due_at <= now)) return Level::breached;
  return std::max(level(clock), clock.told);
}

}  // namespace miniops::service_levels
