// What teams ask of the queues: a group was deleted, the points of waiting time were changed.
#pragma once

#include "desk/recorder.hpp"
#include "teams/ports.hpp"

namespace miniops::desk {

// Safe from any thread.
class Queues final : public teams::QueueMover {
 public:
  explicit Queues(const Common& common) : common_(common) {}

  Result<void> move_queue(sql::Transaction& tx, const AppId& appid, teams::GroupId from, teams::GroupId to,
                          TimeMs now) override;
  Result<void> reorder(sql::Transaction& tx, const AppId& appid, std::int64_t points_per_minute, TimeMs now) override;

 private:
  const Common& common_;
};

}  // namespace miniops::desk
