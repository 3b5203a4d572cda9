// Claims: which process is sending what. A claim belongs to a process (`owner`); whoever lives holds a lease of its
// name. All of these run inside a closure.
#pragma once

#include <set>

#include "notify/delivery.hpp"

namespace miniops::notify {

// One message on its way: what it carries, in order.
struct Job {
  Channel channel;
  std::vector<Delivery> deliveries;
  std::vector<Notification> items;

  // The same in every attempt that carries the same.
  std::string message_id() const;
};

// The next message of a channel, claimed and its attempts begun. nullopt: it may not leave now, or what was due has
// failed: its channel is gone or disabled, or no consent is left. When the channel has one message left in its minute,
// that one carries all that wait, at most `digest_max`.
std::optional<Job> claim(sql::Transaction& tx, const DueChannel& due, const std::string& owner, int digest_max,
                         TimeMs now);

struct Recovery {
  std::string owner;
  bool alone = true;            // there can be no other process on this database
  std::set<ChannelId> in_hand;  // of this process
};
// Claims of dead processes become uncertain; claims of this one that it has not in hand, because the answer to their
// COMMIT was lost, are tried again. How many.
int recover(sql::Transaction& tx, const Recovery& recovery, TimeMs now, std::uint64_t random);

std::string worker_lease(std::string_view owner);

}  // namespace miniops::notify
