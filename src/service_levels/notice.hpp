// What is to be told to people about a conversation: its agent, and the supervisor. A value; whoever gets one tells it
// in the same transaction (the desk: an event, a live change).
#pragma once

#include <optional>

#include "service_levels/clock.hpp"

namespace miniops::service_levels {

struct Notice {
  ConversationId conversation{};
  std::optional<Kind> kind{};  // nullopt: the reply window, which closes with the customer unanswered
  Level level{};
  TimeMs due_at = 0;  // none: never, as the calendar has no more working time
  std::string group{};
  AccountId agent{};  // who has the conversation; none: nobody
  bool operator==(const Notice&) const = default;
};

}  // namespace miniops::service_levels
