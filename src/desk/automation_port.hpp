// What automation asks of the desk: whether what rules name is there, and what happened to past conversations.
#pragma once

#include "automation/ports.hpp"
#include "desk/ports.hpp"
#include "desk/recorder.hpp"

namespace miniops::desk {

// Safe from any thread: it holds nothing that changes.
class AutomationPort final : public automation::Desk {
 public:
  AutomationPort(const Common& common, Colleagues& colleagues) : common_(common), colleagues_(colleagues) {}

  Result<void> check(sql::Transaction& tx, const AppId& appid, const automation::Step& step) override;
  std::vector<automation::PastConversation> past(sql::Transaction& tx, const identity::Access& access,
                                                 const automation::Rule& rule, int limit, TimeMs now) override;

 private:
  const Common& common_;
  Colleagues& colleagues_;
};

}  // namespace miniops::desk
