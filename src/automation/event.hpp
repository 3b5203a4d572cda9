// Events of a conversation that automation rules begin with. Values, without I/O.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/words.hpp"

namespace miniops::automation {

using RuleId = NumberId<struct AutomationRuleIdTag>;

// waiting: the customer has waited unanswered for so many minutes. customer_silent: was answered, and wrote nothing.
enum class EventKind {
  opened,
  reopened,
  message_received,
  assigned,
  transferred,
  parked,
  closed,
  service_level_warned,
  service_level_breached,
  waiting,
  customer_silent,
  scored
};
inline constexpr std::size_t event_kinds = 12;
inline constexpr std::array<std::string_view, event_kinds> event_words{"opened",
                                                                       "reopened",
                                                                       "message_received",
                                                                       "assigned",
                                                                       "transferred",
                                                                       "parked",
                                                                       "closed",
                                                                       "service_level_warned",
                                                                       "service_level_breached",
                                                                       "waiting",
                                                                       "customer_silent",
                                                                       "scored"};
inline std::span<const std::string_view> words_of(EventKind) { return event_words; }

inline bool is_timed(EventKind kind) { return kind == EventKind::waiting || kind == EventKind::customer_silent; }

// One that happened. due: of one that is timed, the rules whose time it is.
struct Occasion {
  EventKind kind{};
  int score = 0;
  std::vector<RuleId> due{};
};

// What a rule waits for. since: when the rule was made so; what was due before is not made up for.
struct Wait {
  RuleId rule{};
  EventKind kind{};
  TimeMs after = 0;
  TimeMs since = 0;
};

}  // namespace miniops::automation
