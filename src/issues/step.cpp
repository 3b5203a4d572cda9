#include "issues/step.hpp"

#include "identity/audit.hpp"

namespace miniops::issues {

Step step_of(const Access& access, TimeMs now, IdSource& ids, std::size_t issues, std::string what,
             std::string audited_as) {
  Step step{access, now, std::move(what), std::move(audited_as)};
  for (std::size_t i = 0; i < 2 * issues; ++i) step.ids.push_back(ids.next());
  return step;
}

void note(sql::Transaction& tx, const Step& step, std::size_t number, std::int64_t issue, json::object before,
          json::object after) {
  Activity activity{step.ids[2 * number], issue, step.now, step.what, step.access.account(), step.access.username()};
  activity.before = before;
  activity.after = after;
  store::add_activity(tx, step.access.appid(), activity);
  identity::AuditEntry entry{step.ids[2 * number + 1], step.now, step.audited_as, "issue:" + std::to_string(issue)};
  entry.changes = {{step.what, {{"from", std::move(before)}, {"to", std::move(after)}}}};
  identity::audit(tx, step.access, entry);
}

}  // namespace miniops::issues
