// Pulls what is due, call by call. Each call is counted and committed before it is made; its rows and where the run
// goes on are committed together, so that whatever dies when, no line is missing and none is there twice. Of several
// nodes one works, by a lease; a node that lost it meanwhile finds the row changed and stores nothing.
#pragma once

#include <functional>
#include <set>

#include "official/schedule.hpp"
#include "official/store.hpp"

namespace miniops::official {

class Puller {
 public:
  struct Collaborators {
    sql::Database& database;
    Platform& platform;
    const Clock& clock;
    std::string owner;  // this process, in leases
    Keep keep{};
  };
  explicit Puller(Collaborators with) : with_(std::move(with)) {}

  // New mini programs get their sources. Cheap when there are none.
  Task<Result<void>> welcome(AppId appid);
  // One call for each source of these mini programs that is due. True: more may be done at once.
  Task<Result<bool>> step(std::set<AppId> programs);
  // Once an hour; deletes what is too old.
  Task<Result<void>> prune();

 private:
  struct Claimed {
    SourceState state;
    wechat::ApiCall call;
  };
  Task<Result<bool>> advance(AppId appid, Source source);
  Task<Result<std::optional<Claimed>>> claim(AppId appid, Source source);
  Task<Result<bool>> settle(AppId appid, SourceState state, Platform::Answer answer);

  const Collaborators with_;
  std::set<AppId> welcomed_;
  TimeMs pruned_at_ = 0;
};

}  // namespace miniops::official
