// What agents' browsers follow: GET /api/v1/live, a WebSocket that carries the changes of mini programs by number
// (api/openapi.yaml, /api/v1/live). Changes are read once per node from live_changes, kept for a while in a ring per
// mini program, and handed to each socket filtered by permission; text is masked at most once per change, whoever many
// see it.
//
// A change about a conversation goes to the sockets that it concerns: of whom it is with or who is named in it, and
// those that have it open ("watch"). The others that may see it are told, at most once a second, how many there are in
// each list now; with the number up to which they have been told everything (docs/adr/0037-others-are-told-counts.md).
//
// A client that comes back says its last number and gets what it missed, or is told to take a snapshot. Numbers that
// its permissions hide, or that do not concern it, are left out; otherwise there is no gap and no repetition.
#pragma once

#include <atomic>
#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "identity/authenticator.hpp"
#include "live/followers.hpp"
#include "live/lists.hpp"
#include "live/ring.hpp"
#include "net/http.hpp"
#include "net/websocket.hpp"
#include "storage/sql/config_version.hpp"
#include "storage/sql/database.hpp"

namespace miniops::live {

struct HubOptions {
  std::size_t ring_changes_max = 5'000;  // per mini program
  std::size_t ring_bytes_max = 8 << 20;  // per mini program
  int page_rows = 500;                   // of live_changes in one read
  int long_resumes_max = 16;             // sockets that read what the ring has no more, at the same time
  std::size_t appids_max = 200;          // per socket
  int messages_per_second_max = 50;      // from one client; more is 1008
  std::size_t watched_max = 100;         // conversations that a socket has open, per mini program
};

struct HubCounts {
  std::int64_t sockets = 0, delivered = 0, dropped_slow = 0, revoked = 0;
};

// Safe from any thread. Everything that the constructor takes outlives the hub.
class Hub {
 public:
  using MessageHandler = std::function<void(const identity::Caller&, const boost::json::object&)>;
  using PresenceHandler = std::function<void(const identity::Caller&, bool connected)>;
  using Groups = live::Groups;
  using GroupsOf = std::function<Groups(const identity::Caller&, const AppId&)>;

  Hub(sql::Database& database, const sql::ConfigVersion& version, identity::Authenticator& authenticator,
      const Clock& clock, HubOptions options = {});
  ~Hub();

  // Both set before the first socket; called on an io thread, must not block. Messages are what clients send besides
  // hello, ping and pong ({"type":"typing",…}). Presence: when a socket has said hello, and when it is gone.
  void set_client_message_handler(MessageHandler handler) { on_message_ = std::move(handler); }
  void set_presence_handler(PresenceHandler handler) { on_presence_ = std::move(handler); }
  // Likewise before the first socket; asked when a socket begins to follow and at each turn of watch_step(), under the
  // hub's mutex: must be quick and not call back. Without it everybody sees all groups' changes.
  void set_groups(GroupsOf groups_of) { groups_of_ = std::move(groups_of); }

  // Likewise; asked by lists_step() of the mini programs of which there is something to tell. Without it no numbers are
  // told, only that there is something else.
  void set_lists(ListsOf lists_of) { lists_of_ = std::move(lists_of); }

  // One socket from hello to its end.
  Task<void> serve(identity::Caller caller, net::WebSocket& socket);

  // To all who follow `appid` and would see a change with this permission and audience; not in the log.
  void broadcast(const AppId& appid, identity::Permission permission, const boost::json::object& message,
                 const Audience& audience = {});
  // The accounts that have a socket open which follows `appid`.
  std::vector<identity::AccountId> connected(const AppId& appid) const;

  // Reads at most one page of new changes and hands them out; true: there may be more.
  Task<Result<bool>> step();
  // Tells each socket whose lists are not as they were how many there are in each. Called once a second.
  Task<void> lists_step();
  // Pings, ends sockets that are silent, and checks sessions anew when config_version moved or a minute is over.
  Task<void> watch_step();
  void close_all(std::uint16_t code, const std::string& reason);

  HubCounts counts() const;

 private:
  void renew(const PeerPtr& peer, const AppId& appid, Follows& follows);
  Follows follows_of(const identity::Caller& caller, const AppId& appid) const;
  Task<void> take_message(const PeerPtr& peer, const std::string& text);
  Task<void> hello(const PeerPtr& peer, const boost::json::object& message);
  void watch(const PeerPtr& peer, const boost::json::object& message);
  Task<void> follow(const PeerPtr& peer, AppId appid, std::optional<std::int64_t> last, Follows wanted);
  Task<Result<void>> load_ring(AppId appid);
  Task<std::optional<std::int64_t>> read_past(const PeerPtr& peer, AppId appid, std::int64_t last, Follows& follows);
  Task<Result<std::vector<ChangePtr>>> read_page(AppId appid, std::int64_t after);
  void deliver(const AppId& appid, const std::vector<ChangePtr>& changes);
  void hand(Peer& peer, Follows& follows, const NumberedChange& change);
  void tell_lists(const AppId& appid, const Lists* lists);
  void post(Peer& peer, std::shared_ptr<const std::string> message);
  void recheck(const PeerPtr& peer, const Result<identity::Caller>& now);
  void remove(const PeerPtr& peer);

  sql::Database& database_;
  const sql::ConfigVersion& version_;
  identity::Authenticator& authenticator_;
  const Clock& clock_;
  const HubOptions options_;
  MessageHandler on_message_;
  PresenceHandler on_presence_;
  GroupsOf groups_of_;
  ListsOf lists_of_;

  const std::shared_ptr<bool> exists_ = std::make_shared<bool>(true);

  mutable std::mutex mutex_;  // of all that follows
  std::unordered_map<AppId, Ring> rings_;
  std::unordered_map<AppId, Followers> followers_;
  std::unordered_set<PeerPtr> peers_;
  std::atomic<std::int64_t> delivered_{0}, dropped_slow_{0}, revoked_{0};
  std::atomic<int> long_resumes_{0};
  std::int64_t checked_version_ = -1;  // of watch_step alone
  TimeMs checked_at_ = 0;
};

}  // namespace miniops::live
