// What a rule sees in one window of time.
#pragma once

#include <set>

#include "alerts/learning.hpp"

namespace miniops::alerts {

struct GroupView {
  Window now{};
  Verdict verdict{};
  std::optional<bool> held{};  // of a breach: no third of the rule's for_ms denies it
};
struct RuleView {
  Sight sight = Sight::normal;  // normal when one group at least can be judged
  std::map<std::string, GroupView, std::less<>> groups{};
};

// One caller at a time; keeps what it learnt of each rule. Collaborators must outlive it.
class Watcher {
 public:
  struct Collaborators {
    Signals& signals;
    HealthSource& health;
    QueryParser& queries;
    std::size_t groups = groups_max;
  };
  explicit Watcher(const Collaborators& with) : with_(with) {}

  // The window of the rule that ends at `to`. A question that fails is a sight of its own, no error.
  Task<RuleView> look(const Rule& rule, TimeMs to, const Begins& begins);
  // Drops what was learnt of other rules.
  void keep_only(const std::set<RuleId>& rules);

 private:
  Task<Result<Figures>> ask(const Rule& rule, const Plan& plan, TimeMs from, TimeMs to, TimeMs step);
  Task<Result<RuleView>> look_at_records(const Rule& rule, TimeMs to, const Begins& begins);
  Task<RuleView> look_at_health(const Rule& rule);

  const Collaborators with_;
  std::map<RuleId, Learning> learnt_;
};

}  // namespace miniops::alerts
