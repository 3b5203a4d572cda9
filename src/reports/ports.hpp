// What reports ask of the desk, whose rows the figures come from, and named here so that they can be tested alone. app/
// plugs it in.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>

#include "reports/rows.hpp"
#include "storage/sql/database.hpp"

namespace miniops::reports {

// The desk at this moment.
struct GroupNow {
  GroupId group{};
  std::int64_t waiting = 0;
  TimeMs waiting_since = 0;  // whoever waits longest; none: nobody waits
  std::int64_t open = 0;     // conversations that are not closed, those who wait included
};
struct DeskNow {
  std::vector<GroupNow> groups{};
  std::int64_t online = 0, busy = 0, away = 0;  // agents
};

// How long an agent was there.
struct AgentTime {
  AccountId agent{};
  TimeMs online_ms = 0, busy_ms = 0, away_ms = 0;
};

struct Names {
  std::map<AccountId, std::string> agents{};
  std::map<GroupId, std::string> groups{};
  std::map<ReasonId, std::string> reasons{};  // with the one above it
};

struct Program {
  AppId appid{};
  std::string name{};
};

// Safe from any thread; what takes a transaction is called inside closures and reads only.
class Source {
 public:
  virtual ~Source() = default;
  // nullopt: there is no such conversation.
  virtual std::optional<ConversationRows> rows_of(sql::Transaction& tx, ConversationId id) = 0;
  // Conversations of all mini programs by their ids, after this one.
  virtual std::vector<ConversationId> after(sql::Transaction& tx, ConversationId id, int limit) = 0;
  virtual DeskNow now(sql::Transaction& tx, const AppId& appid) = 0;
  // Of every agent who was there in that time, at most 31 days.
  virtual std::vector<AgentTime> times(sql::Transaction& tx, const AppId& appid, TimeMs from, TimeMs to,
                                       TimeMs now) = 0;
  virtual Names names(sql::Transaction& tx, const AppId& appid) = 0;
  virtual std::string time_zone(const AppId& appid) = 0;
};

}  // namespace miniops::reports
