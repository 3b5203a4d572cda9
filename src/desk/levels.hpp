// Tells the service levels (src/service_levels) what happens to conversations. As with timers, whoever changes a
// conversation does not: Recorder asks before each save what is different from what was read.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "desk/conversation.hpp"
#include "service_levels/conversation_clocks.hpp"
#include "teams/setup.hpp"

namespace miniops::desk {

// Safe from any thread.
class Levels {
 public:
  Levels(IdSource& ids, const teams::Setups& setups) : ids_(ids), setups_(setups) {}

  // Starts, pauses and stops clocks by what changed since the conversation was read, and sets when they have something
  // to tell. Before it is stored. Fails with service_levels.changed, which the conversation's own version prevents.
  Result<void> follow(sql::Transaction& tx, Conversation& conversation, TimeMs now) const;
  // WeChat accepted a person's message: the only thing that ends waiting for an answer. Sets when there is something to
  // tell; whoever calls it saves the conversation.
  Result<void> answered(sql::Transaction& tx, Conversation& conversation, const service_levels::Answer& answer) const;
  // What is to be told now.
  Result<std::vector<service_levels::Notice>> fire(sql::Transaction& tx, Conversation& conversation, TimeMs now) const;
  // That the reply window closes with the customer unanswered.
  service_levels::Notice window_closing(const Conversation& conversation, TimeMs closes_at) const;

 private:
  service_levels::About about(const Conversation& conversation) const;
  service_levels::SharedHours hours_of(const AppId& appid, routing::GroupId group) const;

  // The hours of the groups that were asked for, as long as the setup is the same.
  struct Known {
    std::shared_ptr<const teams::Setup> setup{};
    std::map<routing::GroupId, service_levels::SharedHours> hours{};
  };
  IdSource& ids_;
  const teams::Setups& setups_;
  mutable std::mutex mutex_;
  mutable std::map<AppId, Known> known_;
};

}  // namespace miniops::desk
