// The history of presence 在线状态: who was there when, and why not. The desk keeps presence itself and tells each
// change, in its own transaction.
#pragma once

#include "storage/sql/database.hpp"
#include "teams/team.hpp"

namespace miniops::teams {

// A time spent in one presence for one reason.
struct Stay {
  std::int64_t id = 0;
  AccountId account{};
  Presence presence = Presence::offline;
  std::string reason{};
  TimeMs from = 0, to = 0;  // to 0: still
};

struct DayTime {
  TimeMs day = 0;  // its first moment
  Presence presence = Presence::offline;
  std::string reason{};
  TimeMs ms = 0;
};

// What of the stays lies in from … to, added up by day of that time zone, presence and reason, in this order. Who still
// stays counts until `now`. Pure.
std::vector<DayTime> by_day(const std::vector<Stay>& stays, TimeMs from, TimeMs to, std::string_view time_zone,
                            TimeMs now);

// Stateless but for the source of ids; safe from any thread.
class PresenceLog {
 public:
  explicit PresenceLog(IdSource& ids) : ids_(ids) {}

  // Whether an agent may give it: one of the mini program's, or none; who is online needs none. teams.unknown_reason
  Result<void> check(sql::Transaction& tx, const AppId& appid, Presence presence, std::string_view reason) const;
  // From now on. Nothing when it is so already. Does not check(): what is restored may have been removed meanwhile.
  void changed(sql::Transaction& tx, const AppId& appid, AccountId account, Presence presence, std::string_view reason,
               TimeMs now) const;
  // For reports: at most 31 days.
  std::vector<DayTime> times(sql::Transaction& tx, const AppId& appid, AccountId account, TimeMs from, TimeMs to,
                             std::string_view time_zone, TimeMs now) const;

 private:
  IdSource& ids_;
};

}  // namespace miniops::teams
