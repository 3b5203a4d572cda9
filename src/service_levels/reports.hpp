// What is asked about service levels, and what is answered. Values.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "service_levels/clock.hpp"

namespace miniops::service_levels {

// Whose clocks somebody may count: with desk.supervise the mini program's, or those of its groups where it is granted
// for these, and their own; without it their own.
struct Scope {
  std::optional<std::set<std::string>> groups{};  // nullopt: all
  AccountId own{};
};

// nullopt: whatever it is.
struct Among {
  std::optional<Kind> kind{};
  std::optional<std::string> group{};  // empty: those without a group
  std::optional<AccountId> agent{};
  Scope scope{};
};

struct BreachFilter {
  Among among{};
  std::optional<bool> open{};  // whether the clock still runs or is paused
  TimeMs from = 0, to = 0;     // of the breach: from <= it < to
};

// By what clocks are counted. day: when they started.
enum class TallyBy { kind, group, agent, day };

struct TallyQuestion {
  TallyBy by{};
  Among among{};
  std::int64_t from = 0, to = 0;  // days since 1970, both included
};
inline constexpr int tallies_max = 1000;

// Each clock counts once. What is kept is held ÷ (held + breached): an answer that was not given when the conversation
// closed, within its time, says nothing either way, nor does a clock that has time left.
struct Tally {
  std::string key{};  // word of a kind, a group, number of an agent, or a day since 1970
  std::int64_t held = 0, breached = 0, unanswered = 0, open = 0;
  std::optional<double> share() const {
    if (held + breached == 0) return std::nullopt;
    return static_cast<double>(held) / static_cast<double>(held + breached);
  }
};

inline constexpr std::array<std::string_view, 4> tally_by_words{"kind", "group", "agent", "day"};
inline std::span<const std::string_view> words_of(TallyBy) { return tally_by_words; }

}  // namespace miniops::service_levels
