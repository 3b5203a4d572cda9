// Routing 分配: which queue a conversation goes to, and who gets whom. Pure functions of facts, rules, agents and the
// time; the transaction that assigns, the simulator and the replay of past weeks call the same ones. Any thread.
#pragma once

#include <limits>
#include <memory>
#include <span>

#include "routing/explanation.hpp"
#include "routing/facts.hpp"
#include "routing/queue.hpp"

namespace miniops::routing {

// The rules of a mini program in their order, compiled. Immutable; copies share; safe from any thread.
class RuleSet {
 public:
  // groups: all that there are. Rules that go elsewhere are passed over, steps of overflow lose those groups.
  RuleSet(std::vector<Rule> rules, std::vector<GroupId> groups, GroupId default_group);

  const std::vector<Rule>& rules() const;
  // After which times in the queue other rules may hold than before, in order.
  std::span<const TimeMs> waits() const;

  struct Compiled;
  const Compiled& compiled() const { return *compiled_; }

 private:
  std::shared_ptr<const Compiled> compiled_;
};

// ---- which queue ----

struct Placement {
  RuleId rule{};              // none: no rule matched, the default group
  Target target{};            // group, skills, strategy, overflow
  std::int64_t priority = 0;  // the conversation's own and the rule's, 0 … 1000
};

// The first rule that matches, or the default group.
Placement route(const Facts& facts, const RuleSet& rules, TimeMs now, Explanation* explanation = nullptr);

// Each rule by itself, whichever come before it, and what was compared: for whoever has rules of another kind with the
// same conditions.
std::vector<Considered> consider(const Facts& facts, const RuleSet& rules, TimeMs now);

// ---- who gets whom ----

inline constexpr TimeMs returning_ms = 7 * day_ms;

struct Assignment {
  std::size_t waiting = 0;  // index of the conversation
  std::size_t agent = 0;    // index of the snapshot's agent
  Why why{};
  int overflow = 0;  // how many steps of overflow were needed
};

// Everybody who waits, in any order, and who gets whom now, the first in the queue first, at most so many. Nobody
// beyond a limit; whom no agent can take does not stop those behind. Those behind change nothing for those before: of
// the queue's first part it says what it says of the whole queue, as far as that part goes. A step of overflow is used
// only when nobody fits without it; within a step the last agent comes before the strategy.
std::vector<Assignment> match(std::span<const Waiting> waiting, const Snapshot& snapshot, TimeMs now,
                              std::size_t at_most = std::numeric_limits<std::size_t>::max());

// What match() says of this one if nobody else waited, and why not the others.
AgentsExplanation explain(const Waiting& waiting, const Snapshot& snapshot, TimeMs now);

}  // namespace miniops::routing
