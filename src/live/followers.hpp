// The sockets that follow a mini program, and whom of them a change concerns. Private to the hub, under its mutex.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "identity/authenticator.hpp"
#include "live/lists.hpp"
#include "live/ring.hpp"
#include "net/websocket.hpp"

namespace miniops::live {

// What one socket sees of one mini program.
struct Follows {
  identity::AccountId account{};
  std::set<identity::Grant> grants{};
  Groups groups{};
  bool full = false;                 // wants each change that it sees
  std::set<std::int64_t> watched{};  // what it has open
  bool withheld = false;             // something was not told since it was told counts
  std::string told{};                // these counts

  bool may(identity::Permission permission, const std::string& group = {}) const {
    return grants.contains({permission}) || (!group.empty() && grants.contains({permission, group}));
  }
  bool sees(identity::Permission permission, const Audience& audience) const;
  bool sees(const NumberedChange& change) const {
    return change.permission() && sees(*change.permission(), change.audience());
  }
  // Of one that it sees: told as it is. Otherwise in counts.
  bool concerned(const NumberedChange& change) const;
  std::shared_ptr<const std::string> text(const NumberedChange& change) const {
    return may(identity::Permission::personal_data_read) ? change.clear() : change.masked();
  }
};

// One socket. All but `socket` and `alive` is guarded by the hub's mutex.
struct Peer {
  Peer(identity::Caller its_caller, net::WebSocket& its_socket, TimeMs now)
      : caller(std::move(its_caller)), socket(its_socket), heard_at(now), pinged_at(now), second_began_at(now) {}

  identity::Caller caller;
  net::WebSocket& socket;
  std::atomic<bool> alive{true};  // nothing more is posted otherwise
  bool said_hello = false;
  std::map<AppId, Follows> follows;
  TimeMs heard_at, pinged_at, second_began_at;
  int messages_this_second = 0;
};
using PeerPtr = std::shared_ptr<Peer>;

// Those of one mini program. A change of one conversation finds the few whom it concerns without asking all.
class Followers {
 public:
  using Set = std::unordered_set<PeerPtr>;

  // `follows` is the peer's own for this mini program, and as it is now while it is among them.
  void add(const PeerPtr& peer, const Follows& follows);
  void remove(const PeerPtr& peer, const Follows& follows);
  const Set& all() const { return all_; }
  // Whom a change about something may concern; each once.
  std::vector<PeerPtr> near(const NumberedChange& change) const;
  // Who may read its group.
  template <class Act>
  void in_group(const std::string& group, Act act) const {
    for (const PeerPtr& peer : wide_) act(peer);
    if (const auto found = by_group_.find(group); found != by_group_.end())
      for (const PeerPtr& peer : found->second) act(peer);
  }

  // Those that are to be told counts.
  void mark(const PeerPtr& peer) { stale_.insert(peer); }
  bool any_stale() const { return !stale_.empty(); }
  Set take_stale() { return std::exchange(stale_, {}); }

 private:
  Set all_, wide_, full_, stale_;
  std::unordered_map<std::string, Set> by_group_;
  std::map<identity::AccountId, Set> by_account_;
  std::unordered_map<std::int64_t, Set> by_watched_;
};

}  // namespace miniops::live
