// The desk's rows as reports ask for them (src/reports): what was recorded, and the desk at this moment.
#pragma once

#include "desk/config.hpp"
#include "desk/ports.hpp"
#include "reports/ports.hpp"
#include "satisfaction/surveys.hpp"
#include "teams/presence.hpp"
#include "teams/setup.hpp"

namespace miniops::desk {

// Safe from any thread.
class ReportSource final : public reports::Source {
 public:
  struct Collaborators {
    const Configs& configs;
    const teams::Setups& setups;
    const teams::PresenceLog& presence_log;
    Colleagues& colleagues;
    const satisfaction::Surveys& surveys;
  };
  explicit ReportSource(const Collaborators& with) : with_(with) {}

  std::optional<reports::ConversationRows> rows_of(sql::Transaction& tx, reports::ConversationId id) override;
  std::vector<reports::ConversationId> after(sql::Transaction& tx, reports::ConversationId id, int limit) override;
  reports::DeskNow now(sql::Transaction& tx, const AppId& appid) override;
  std::vector<reports::AgentTime> times(sql::Transaction& tx, const AppId& appid, TimeMs from, TimeMs to,
                                        TimeMs now) override;
  reports::Names names(sql::Transaction& tx, const AppId& appid) override;
  std::string time_zone(const AppId& appid) override;

 private:
  const Collaborators with_;
};

// A conversation was opened: those that were closed before on other threads of the person, in this mini program and not
// longer ago than first contact looks, are derived anew.
void note_kin(sql::Transaction& tx, IdSource& ids, const Conversation& opened);
// A thread is about to go: what was closed on it and on the person's others is derived anew.
void note_parting(sql::Transaction& tx, IdSource& ids, ThreadId thread);

}  // namespace miniops::desk
