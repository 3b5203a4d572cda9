// How bad an issue is: a rule that says its reasons. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "issues/failure.hpp"

namespace miniops::issues {

// What is known of an issue besides its figures; kept with it.
struct Nature {
  Kind kind = Kind::js;
  telemetry::Level level = telemetry::Level::error;
  bool handled = false;  // the mini program's code caught it
  bool refused = false;  // a person or a permission said no
  bool key_job = false;  // login, payment, or nothing to be seen at all
};
Nature nature_of(const Failure& failure, telemetry::Level level);

// Of the last 24 hours.
struct Reach {
  double users = 0;
  double session_share = 0;
};

struct SeverityReason {
  std::string code;  // for the console's own words
  std::string text;
};
struct Judgement {
  Severity severity = Severity::p3;
  std::vector<SeverityReason> reasons{};
};
// From the share of sessions: 5 % is P0, 1 % is P1, 0.1 % is P2, less is P3; of fewer than 20, 5 or 2 users no worse
// than P1, P2, P3. One worse when a key job fails, one better when the failure was caught or refused or is a warning.
Judgement judge_severity(const Nature& nature, const Reach& reach);
json::array to_json(const std::vector<SeverityReason>& reasons);

}  // namespace miniops::issues
