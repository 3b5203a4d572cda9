// What rules did and why not, and how often they may: called by the desk inside the transaction of the event.
#pragma once

#include "automation/plan.hpp"
#include "storage/sql/database.hpp"

namespace miniops::automation {

using LogId = NumberId<struct AutomationLogIdTag>;

// repeated: it fired before, and the customer wrote nothing since. too_often: the mini program's rules fired too often
// this minute. paused: and this rule the most of them.
enum class Outcome { fired, not_matched, repeated, too_often, paused };
inline constexpr std::array<std::string_view, 5> outcome_words{"fired", "not_matched", "repeated", "too_often",
                                                               "paused"};
inline std::span<const std::string_view> words_of(Outcome) { return outcome_words; }

struct StepResult {
  StepKind kind{};
  bool effect = true;
  std::string refused{};  // the code; empty: it was done, if it had an effect
};

struct LogEntry {
  LogId id{};
  AppId appid{};
  TimeMs at = 0;
  RuleId rule{};
  std::string rule_name{};
  std::int64_t conversation = 0;
  EventKind event{};
  Outcome outcome{};
  std::vector<StepResult> steps{};   // of fired
  std::vector<Compared> compared{};  // of not_matched, the first 30
};

inline constexpr TimeMs log_kept_ms = 30 * day_ms;
inline constexpr std::int64_t firings_per_minute_max = 600;  // of a mini program

// Of all that did not fire the newest of a rule and conversation is kept, at most one a minute.
void note(sql::Transaction& tx, const LogEntry& entry);

enum class Admission { fires, repeated, too_often, pauses };
struct Paused {
  RuleId id{};
  std::string name{};
};
struct Admitted {
  Admission admission{};
  Paused paused{};  // with pauses: which one
};
// A rule that is about to fire. `turn`: the number of the customer's last message.
struct Firing {
  AppId appid{};
  RuleId rule{};
  std::int64_t conversation = 0;
  std::int64_t turn = 0;
};
// Counts it. A rule fires once for each message of the customer, so that nothing goes round, also not by way of the
// assignment. Too many in a minute: none fires until it is over, and the one that fired most is paused until a person
// changes it.
Admitted admit(sql::Transaction& tx, const Firing& firing, TimeMs now);

// At most `limit` rows of what has served; how many.
std::int64_t clean(sql::Transaction& tx, TimeMs now, int limit);

}  // namespace miniops::automation
