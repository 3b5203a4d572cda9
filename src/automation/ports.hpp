// What automation needs of the desk, which has the conversations and runs the rules. Called within a transaction, which
// may run again; safe from any thread.
#pragma once

#include "automation/dry_run.hpp"

namespace miniops::automation {

using identity::Access;

class Desk {
 public:
  virtual ~Desk() = default;
  // Whether what a step names is there: an agent, a group, a shared quick reply. automation.no_such_target
  virtual Result<void> check(sql::Transaction& tx, const AppId& appid, const Step& step) = 0;
  // The newest conversations that the caller may read, with the times at which this event happened to them.
  virtual std::vector<PastConversation> past(sql::Transaction& tx, const Access& access, const Rule& rule, int limit,
                                             TimeMs now) = 0;
};

}  // namespace miniops::automation
