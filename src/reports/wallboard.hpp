// What hangs on the wall of the service team. Pure.
#pragma once

#include "reports/ports.hpp"
#include "reports/question.hpp"

namespace miniops::reports {

// From the facts of whatever moved lately.
struct ServiceNow {
  std::int64_t opened_today = 0;
  std::int64_t answered_today = 0;  // customers' turns
  // What ended in the last hour: `missed` of waits are those that were given up.
  Figure first_answer{}, response{}, wait{};
};

class ServiceCounter {
 public:
  // scope: whose. today: its first moment.
  ServiceCounter(Scope scope, AccountId caller, TimeMs today, TimeMs now);
  void take(std::string_view bytes);
  ServiceNow finish();
  // Since when something must have happened to a conversation to matter here.
  TimeMs since() const { return std::min(today_, hour_ago_); }

 private:
  void add(const Facts& facts);

  Filter filter_;
  const TimeMs today_, hour_ago_, now_;
  ServiceNow service_;
  Tally first_answer_, response_, wait_;
};

struct Wallboard {
  TimeMs at = 0;
  DeskNow desk{};
  ServiceNow service{};
  Names names{};
};

}  // namespace miniops::reports
