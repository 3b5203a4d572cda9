// One clock of a service level: how much time was used of what is promised, and what there is to tell. Pure: the time
// is passed in, and so is the calendar that the clock goes by. Times that are "none" are 0.
#pragma once

#include <array>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/words.hpp"
#include "calendar/calendar.hpp"
#include "identity/access.hpp"

namespace miniops::service_levels {

using ClockId = NumberId<struct ClockIdTag>;
using ConversationId = NumberId<struct ConversationIdTag>;  // the desk's, by its number
using identity::AccountId;

enum class Kind { first_answer, next_answer, resolution };
// How much of the target is used: less than the first warning, at least that, at least the second, all of it.
enum class Level { none, half, most, breached };
// How it ended. closed: with its conversation, which is the end of a resolution, and leaves an answer owing.
enum class End { none, answered, closed };

struct ServiceClock {
  ClockId id{};
  ConversationId conversation{};
  Kind kind{};
  std::int64_t ordinal = 1;  // 1, 2, … of its kind in the conversation; given when it is stored
  std::int64_t version = 0;  // raised with every stored change; 0: not stored yet
  AppId appid{};
  // Of the conversation when it started.
  std::string group{};
  std::int64_t priority = 0;
  // Who had the conversation when the target was passed, else who stopped the clock; none: nobody yet.
  AccountId agent{};

  // What it was started with, and keeps, whatever is changed later.
  std::string calendar_key{};  // of the calendar that it goes by (hours.hpp); empty: all time counts
  TimeMs target_ms = 0;
  int half_percent = 0, most_percent = 0;  // when to warn, in per cent of the target; 0: not
  std::int64_t day = 0;                    // on which it started, in days since 1970

  TimeMs started_at = 0;
  TimeMs counted_until = 0;  // until when `used_ms` says what has passed
  TimeMs used_ms = 0;
  bool parked = false, customer_turn = false;  // why it is paused
  TimeMs due_at = 0;                           // none while it is paused, or when that never comes
  TimeMs next_at = 0;                          // when warn() has something to tell
  Level told = Level::none;                    // the newest that was told
  TimeMs breached_at = 0;
  TimeMs stopped_at = 0;
  End end = End::none;

  bool open() const { return stopped_at == 0; }
  bool runs() const { return open() && !parked && !customer_turn; }
  bool operator==(const ServiceClock&) const = default;
};

// Why a clock stands still for a while.
using Pause = bool ServiceClock::*;
inline constexpr Pause pause_parked = &ServiceClock::parked;
inline constexpr Pause pause_customer = &ServiceClock::customer_turn;

// `clock` has everything that it keeps; it runs from started_at on.
void start(ServiceClock& clock, const calendar::Calendar& calendar);
// Times before what is counted already count as that: time does not run backwards.
void pause(ServiceClock& clock, const calendar::Calendar& calendar, Pause why, TimeMs at);
void resume(ServiceClock& clock, const calendar::Calendar& calendar, Pause why, TimeMs at);
void stop(ServiceClock& clock, const calendar::Calendar& calendar, End end, TimeMs at);
// It was stopped, and runs on from `at`: the time between does not count.
void take_up(ServiceClock& clock, const calendar::Calendar& calendar, TimeMs at);
// It was stopped too early: as if it had not been.
void undo_stop(ServiceClock& clock);
// The newest level that was not told yet, which is told now; none: nothing new. After a pause of the program that is
// one level, however many were passed.
Level warn(ServiceClock& clock, const calendar::Calendar& calendar, TimeMs at);

// How much is left at that moment; less than 0: so much too late.
TimeMs remaining(const ServiceClock& clock, const calendar::Calendar& calendar, TimeMs at);
// As far as it is counted.
Level level(const ServiceClock& clock);
// What is shown at that moment, without the calendar: what was told, unless it is due since.
Level level_shown(const ServiceClock& clock, TimeMs now);

inline constexpr std::array<std::string_view, 3> kind_words{"first_answer", "next_answer", "resolution"};
inline constexpr std::array<std::string_view, 4> level_words{"none", "half", "most", "breached"};
inline constexpr std::array<std::string_view, 3> end_words{"none", "answered", "closed"};
inline std::span<const std::string_view> words_of(Kind) { return kind_words; }
inline std::span<const std::string_view> words_of(Level) { return level_words; }
inline std::span<const std::string_view> words_of(End) { return end_words; }

}  // namespace miniops::service_levels
