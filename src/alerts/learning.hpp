// What was learnt of a rule: its plan, and the history that its windows are held against. Renewed every quarter of an
// hour. Private to the module.
#pragma once

#include "alerts/figures.hpp"
#include "alerts/statistics/reference.hpp"

namespace miniops::alerts {

// When the open alerts of a rule began, by group: what came after is no part of what is usual.
using Begins = std::map<std::string, TimeMs, std::less<>>;

// One rule's. Not thread-safe.
class Learning {
 public:
  struct Sources {
    Signals& signals;
    QueryParser& queries;
    std::size_t groups = groups_max;
  };
  // Asks what is not known yet for windows that end at `to`. After an error it is asked again.
  Task<Result<void>> refresh(const Rule& rule, TimeMs to, const Begins& begins, const Sources& sources);
  const Plan& plan() const { return plan_; }
  // `began`: of the group's open alert.
  const std::vector<Reference>& references(const Rule& rule, std::string_view group, std::optional<TimeMs> began);
  std::vector<std::string> groups() const;

 private:
  struct Group {
    History history{};
    std::optional<TimeMs> until{};  // of `references`
    std::vector<Reference> references{};
  };
  Task<Result<double>> slow_above(const Rule& rule, TimeMs to, const Sources& sources);
  Task<Result<void>> learn_weeks(const Rule& rule, const Sources& sources);
  Task<Result<void>> learn_recent(const Rule& rule, const Begins& begins, const Sources& sources);
  Task<Result<void>> follow_hours(const Rule& rule, Span recent, const Sources& sources);

  TimeMs rule_updated_at_ = 0;
  TimeMs slot_ = -1;
  TimeMs slow_day_ = -1;  // for which slow_above_ was learnt
  double slow_above_ = 0;
  Plan plan_;
  std::map<std::string, Group, std::less<>> groups_;
};

}  // namespace miniops::alerts
