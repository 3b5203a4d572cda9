// A step of an issue's history, noted in the transaction that takes it. Private to the module.
#pragma once

#include <string>
#include <vector>

#include "issues/store.hpp"

namespace miniops::issues {

// Everything about a step that is drawn before its closure.
struct Step {
  Access access;
  TimeMs now = 0;
  std::string what;                 // in the history
  std::string audited_as{};         // in the audit log
  std::vector<std::int64_t> ids{};  // two for each issue: of the activity, of the audit entry
};
// For so many issues.
Step step_of(const Access& access, TimeMs now, IdSource& ids, std::size_t issues, std::string what,
             std::string audited_as);

// The step of one of them, in the history and in the audit log.
void note(sql::Transaction& tx, const Step& step, std::size_t number, std::int64_t issue, json::object before,
          json::object after);

}  // namespace miniops::issues
