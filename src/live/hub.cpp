#include "live/hub.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

#include "base/json.hpp"
#include "base/log.hpp"

namespace miniops::live {

using identity::Caller;
using identity::Permission;

namespace {

constexpr TimeMs ping_every_ms = 20 * second_ms;
constexpr TimeMs silence_max_ms = 65 * second_ms;  // three pings without a word
constexpr TimeMs hello_within_ms = 30 * second_ms;
constexpr TimeMs sessions_checked_every_ms = minute_ms;
// A long resume waits while so much is unsent, rather than have the socket closed for being slow.
constexpr std::size_t resume_queue_max = 1 << 20;

namespace close_code {
constexpr std::uint16_t policy = 1008, unauthenticated = 4401, forbidden = 4403, silent = 4408;
}  // namespace close_code

std::shared_ptr<const std::string> text_of(const json::object& message) {
  return std::make_shared<const std::string>(json::serialize(message));
}

const std::shared_ptr<const std::string>& ping_text() {
  static const auto text = std::make_shared<const std::string>(R"({"type":"ping"})");
  return text;
}

// The number is what the client has after the changes that were missed; they follow.
std::shared_ptr<const std::string> ready_text(const AppId& appid, std::int64_t seq, bool resumed, std::int64_t missed) {
  return text_of({{"type", "ready"}, {"appid", appid.str()}, {"seq", seq}, {"resumed", resumed}, {"missed", missed}});
}

ChangePtr change_of(const AppId& appid, const sql::Row& row) {
  return std::make_shared<const NumberedChange>(appid, row.integer(0), row.text(1),
                                                identity::parse_permission(row.text(2)), row.text(3));
}

}  // namespace

// All but `socket` and `alive` is guarded by the hub's mutex.
struct Hub::Peer {
  struct Follows {
    std::set<Permission> permissions;
    bool sees(const NumberedChange& change) const {
      return change.permission() && permissions.contains(*change.permission());
    }
    std::shared_ptr<const std::string> text(const NumberedChange& change) const {
      return permissions.contains(Permission::personal_data_read) ? change.clear() : change.masked();
    }
  };

  Peer(Caller its_caller, net::WebSocket& its_socket, TimeMs now)
      : caller(std::move(its_caller)), socket(its_socket), heard_at(now), pinged_at(now), second_began_at(now) {}

  Caller caller;
  net::WebSocket& socket;
  std::atomic<bool> alive{true};  // nothing more is posted otherwise
  bool said_hello = false;
  std::map<AppId, Follows> follows;
  TimeMs heard_at, pinged_at, second_began_at;
  int messages_this_second = 0;
};

Hub::Hub(sql::Database& database, const sql::ConfigVersion& version, identity::Authenticator& authenticator,
         const Clock& clock, HubOptions options)
    : database_(database), version_(version), authenticator_(authenticator), clock_(clock), options_(options) {}

Hub::~Hub() = default;

Task<void> Hub::serve(Caller caller, net::WebSocket& socket) {
  const auto peer = std::make_shared<Peer>(std::move(caller), socket, clock_.now());
  {
    const std::scoped_lock lock(mutex_);
    peers_.insert(peer);
  }
  // However it ends: the socket is gone when this coroutine is. A coroutine that is destroyed with its io_context,
  // after the hub, leaves nothing.
  struct Leaves {
    Hub& hub;
    const PeerPtr& peer;
    std::weak_ptr<bool> exists;
    ~Leaves() {
      if (!exists.expired()) hub.remove(peer);
    }
  } const leaves{*this, peer, exists_};
  // What was revoked between the upgrade and this moment, watch_step() has not seen this socket for.
  std::vector<Caller> self{peer->caller};
  const auto renewed = co_await authenticator_.renew(std::move(self));
  if (renewed) recheck(peer, renewed->front());
  while (peer->alive) {
    const auto text = co_await socket.receive();
    if (!text) break;
    co_await take_message(peer, *text);
  }
}

void Hub::remove(const PeerPtr& peer) {
  Caller caller;
  bool was_present = false;
  {
    const std::scoped_lock lock(mutex_);
    peer->alive = false;
    for (const auto& [appid, follows] : peer->follows) followers_[appid].erase(peer);
    was_present = peer->said_hello;
    caller = peer->caller;
    peers_.erase(peer);
  }
  if (was_present && on_presence_) on_presence_(caller, false);
}

void Hub::post(Peer& peer, std::shared_ptr<const std::string> message) {
  if (!peer.alive) return;
  if (peer.socket.post(std::move(message))) {
    ++delivered_;
  } else {
    peer.alive = false;  // too slow, or gone: the net closes it
    ++dropped_slow_;
  }
}

Task<void> Hub::take_message(const PeerPtr& peer, const std::string& text) {
  const TimeMs now = clock_.now();
  Caller caller;
  {
    const std::scoped_lock lock(mutex_);
    peer->heard_at = now;
    if (now - peer->second_began_at >= second_ms) {
      peer->second_began_at = now;
      peer->messages_this_second = 0;
    }
    if (++peer->messages_this_second > options_.messages_per_second_max) {
      peer->alive = false;
      peer->socket.close(close_code::policy, "too many messages");
      co_return;
    }
    caller = peer->caller;
  }
  const auto parsed = parse_json(text, {.depth_max = 8, .bytes_max = 64 * 1024});
  const json::object* message = parsed ? parsed->if_object() : nullptr;
  const json::value* type = message ? message->if_contains("type") : nullptr;
  if (!type || !type->is_string()) {
    post(*peer, text_of({{"type", "error"}, {"code", "live.malformed"}, {"message", "a JSON object with a type"}}));
    co_return;
  }
  if (*type == "hello") {
    co_await hello(peer, *message);
  } else if (*type == "ping") {
    post(*peer, text_of({{"type", "pong"}}));
  } else if (*type != "pong" && on_message_) {
    on_message_(caller, *message);
  }
}

// May be said again, with further mini programs.
Task<void> Hub::hello(const PeerPtr& peer, const json::object& message) {
  const json::value* appids = message.if_contains("appids");
  if (!appids || !appids->is_object() || appids->get_object().size() > options_.appids_max) {
    post(*peer, text_of({{"type", "error"}, {"code", "live.malformed"}, {"message", "hello needs appids"}}));
    co_return;
  }
  for (const auto& [appid, last] : appids->get_object()) {
    const bool from_now = !last.is_int64() || last.get_int64() < 0;
    co_await follow(peer, AppId(std::string(appid)), from_now ? std::nullopt : std::optional(last.get_int64()));
  }
  bool first = false;
  Caller caller;
  {
    const std::scoped_lock lock(mutex_);
    first = !std::exchange(peer->said_hello, true);
    caller = peer->caller;
  }
  if (first && on_presence_) on_presence_(caller, true);
}

// From the answer `ready` on, every change is either handed to the socket here or, once it is among the followers, by
// deliver(): both under the mutex, so that none is missed and none comes twice.
Task<void> Hub::follow(const PeerPtr& peer, AppId appid, std::optional<std::int64_t> last) {
  bool stranger = false;
  bool full = false;
  {
    const std::scoped_lock lock(mutex_);
    stranger = peer->caller.permissions_in(appid).empty();
    full = !peer->follows.contains(appid) && peer->follows.size() >= options_.appids_max;
    // Said again for the same mini program: begin anew.
    if (peer->follows.erase(appid) > 0) followers_[appid].erase(peer);
  }
  if (stranger || full) {
    const char* code = full ? "live.too_many" : "identity.not_found";
    post(*peer, text_of({{"type", "error"}, {"appid", appid.str()}, {"code", code}}));
    co_return;
  }
  const auto loaded = co_await load_ring(appid);
  if (!loaded) {
    post(*peer, text_of({{"type", "error"}, {"appid", appid.str()}, {"code", loaded.error().code}}));
    co_return;
  }
  bool announced = false;
  for (;;) {
    {
      const std::scoped_lock lock(mutex_);
      Ring& ring = rings_.at(appid);
      const bool in_ring = last && *last >= ring.reaches_back_to() && *last <= ring.last();
      const bool must_read = last && *last < ring.reaches_back_to();
      if (in_ring || !must_read) {
        Peer::Follows follows{peer->caller.permissions_in(appid)};  // as of now
        if (!announced) post(*peer, ready_text(appid, ring.last(), in_ring, in_ring ? ring.last() - *last : 0));
        if (in_ring) {
          for (const auto& change : ring.after(*last)) {
            if (follows.sees(*change)) post(*peer, follows.text(*change));
          }
        }
        peer->follows[appid] = std::move(follows);
        if (peer->alive) followers_[appid].insert(peer);
        co_return;
      }
    }
    // Older than the ring: from the table, if it is there still and not too many others read it as well.
    const auto read_to = co_await read_past(peer, appid, *last);
    announced = announced || read_to.has_value();
    last = read_to;
    if (!last && announced) announced = false;  // a hole in the middle: a snapshot after all
    if (!peer->alive) co_return;
  }
}

// Hands out the table's changes after `last` until the ring has the rest; the last number handed out. nullopt: they
// are gone, so a snapshot is needed.
Task<std::optional<std::int64_t>> Hub::read_past(const PeerPtr& peer, AppId appid, std::int64_t last) {
  struct Turn {
    std::atomic<int>& count;
    explicit Turn(std::atomic<int>& its_count) : count(its_count) { ++count; }
    ~Turn() { --count; }
  } const turn(long_resumes_);
  if (long_resumes_ > options_.long_resumes_max) co_return std::nullopt;
  Peer::Follows follows;
  std::int64_t head = 0;
  {
    const std::scoped_lock lock(mutex_);
    follows.permissions = peer->caller.permissions_in(appid);
    head = rings_.at(appid).last();
  }
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  bool first = true;
  for (;;) {
    {
      const std::scoped_lock lock(mutex_);
      if (!first && last >= rings_.at(appid).reaches_back_to()) co_return last;
    }
    const auto page = co_await read_page(appid, last);
    if (!page || page->empty() || page->front()->seq() != last + 1) co_return std::nullopt;
    if (first) post(*peer, ready_text(appid, head, true, head - last));
    first = false;
    for (const auto& change : *page) {
      if (follows.sees(*change)) post(*peer, follows.text(*change));
    }
    last = page->back()->seq();
    while (peer->alive && peer->socket.queued_bytes() > resume_queue_max) {
      timer.expires_after(std::chrono::milliseconds(20));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    if (!peer->alive) co_return last;
  }
}

Task<Result<std::vector<ChangePtr>>> Hub::read_page(AppId appid, std::int64_t after) {
  auto read = [appid, after, limit = options_.page_rows](sql::Transaction& tx) -> Result<std::vector<ChangePtr>> {
    std::vector<ChangePtr> changes;
    const auto rows = tx.query(
        "SELECT seq, topic, permission, data FROM live_changes WHERE appid = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        {appid, after, limit});
    for (const auto& row : rows) changes.push_back(change_of(appid, row));
    return changes;
  };
  co_return co_await database_.read(std::move(read));
}

// The newest page of a mini program that nobody on this node followed before.
Task<Result<void>> Hub::load_ring(AppId appid) {
  {
    const std::scoped_lock lock(mutex_);
    if (rings_.contains(appid)) co_return Result<void>();
  }
  Ring empty(0, options_.ring_changes_max, options_.ring_bytes_max);
  auto read = [appid, empty, limit = options_.page_rows](sql::Transaction& tx) -> Result<Ring> {
    Ring ring = empty;
    const auto head = tx.query_one("SELECT seq FROM live_heads WHERE appid = $1", {appid});
    if (!head) return ring;
    const std::int64_t after = std::max<std::int64_t>(0, head->integer(0) - limit);
    const auto rows =
        tx.query("SELECT seq, topic, permission, data FROM live_changes WHERE appid = $1 AND seq > $2 ORDER BY seq",
                 {appid, after});
    ring.reset(rows.empty() ? head->integer(0) : rows.front().integer(0) - 1);
    for (const auto& row : rows) ring.push(change_of(appid, row));
    return ring;
  };
  auto ring = co_await database_.read(std::move(read));
  if (!ring) co_return std::unexpected(std::move(ring.error()));
  const std::scoped_lock lock(mutex_);
  rings_.try_emplace(appid, std::move(*ring));  // another socket may have been first
  co_return Result<void>();
}

Task<Result<bool>> Hub::step() {
  std::vector<std::pair<AppId, std::int64_t>> at;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [appid, ring] : rings_) at.emplace_back(appid, ring.last());
  }
  if (at.empty()) co_return false;
  // Which mini programs have news is one small read; what is new, a page for each of a few.
  auto look = [](sql::Transaction& tx) -> Result<std::map<AppId, std::int64_t>> {
    std::map<AppId, std::int64_t> heads;
    for (const auto& row : tx.query("SELECT appid, seq FROM live_heads")) {
      heads.emplace(row.id<AppId>(0), row.integer(1));
    }
    return heads;
  };
  const auto heads = co_await database_.read(std::move(look));
  if (!heads) co_return std::unexpected(heads.error());
  bool more = false;
  for (const auto& [appid, last] : at) {
    const auto head = heads->find(appid);
    if (head == heads->end() || head->second <= last) continue;
    const auto page = co_await read_page(appid, last);
    if (!page) co_return std::unexpected(page.error());
    if (page->empty()) continue;
    deliver(appid, *page);
    more = more || page->back()->seq() < head->second;
  }
  co_return more;
}

void Hub::deliver(const AppId& appid, const std::vector<ChangePtr>& changes) {
  const std::scoped_lock lock(mutex_);
  Ring& ring = rings_.at(appid);
  auto& followers = followers_[appid];
  if (changes.front()->seq() != ring.last() + 1) {
    // This node was away for longer than the log is kept.
    ring.reset(changes.front()->seq() - 1);
    for (const auto& peer : followers) post(*peer, ready_text(appid, ring.last(), false, 0));
  }
  for (const auto& change : changes) ring.push(change);
  for (const auto& peer : followers) {
    const auto& follows = peer->follows.at(appid);
    for (const auto& change : changes) {
      if (!peer->alive) break;
      if (follows.sees(*change)) post(*peer, follows.text(*change));
    }
  }
}

void Hub::broadcast(const AppId& appid, Permission permission, const json::object& message) {
  const auto clear = text_of(message);
  const auto masked = std::make_shared<const std::string>(mask_message(*clear));
  const std::scoped_lock lock(mutex_);
  const auto followers = followers_.find(appid);
  if (followers == followers_.end()) return;
  for (const auto& peer : followers->second) {
    const auto& permissions = peer->follows.at(appid).permissions;
    if (!permissions.contains(permission)) continue;
    post(*peer, permissions.contains(Permission::personal_data_read) ? clear : masked);
  }
}

std::vector<identity::AccountId> Hub::connected(const AppId& appid) const {
  std::set<identity::AccountId> accounts;
  const std::scoped_lock lock(mutex_);
  if (const auto followers = followers_.find(appid); followers != followers_.end()) {
    for (const auto& peer : followers->second) accounts.insert(peer->caller.account);
  }
  return {accounts.begin(), accounts.end()};
}

Task<void> Hub::watch_step() {
  const TimeMs now = clock_.now();
  std::vector<PeerPtr> peers;
  {
    const std::scoped_lock lock(mutex_);
    peers.assign(peers_.begin(), peers_.end());
    for (const auto& peer : peers) {
      const bool no_hello = !peer->said_hello && now - peer->heard_at > hello_within_ms;
      if (no_hello || now - peer->heard_at > silence_max_ms) {
        peer->alive = false;
        peer->socket.close(close_code::silent, "nothing was heard");
      } else if (now - peer->pinged_at >= ping_every_ms) {
        peer->pinged_at = now;
        post(*peer, ping_text());
      }
    }
  }
  const std::int64_t version = version_.current();
  if (version == checked_version_ && now - checked_at_ < sessions_checked_every_ms) co_return;
  std::vector<Caller> callers;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& peer : peers) callers.push_back(peer->caller);
  }
  if (!callers.empty()) {
    const auto renewed = co_await authenticator_.renew(std::move(callers));
    if (!renewed) {
      log::warn("live.sessions_not_checked", {{"code", renewed.error().code}});
      co_return;  // and again at the next turn
    }
    for (std::size_t i = 0; i < peers.size(); ++i) recheck(peers[i], (*renewed)[i]);
  }
  checked_version_ = version;
  checked_at_ = now;
}

void Hub::recheck(const PeerPtr& peer, const Result<Caller>& now) {
  const std::scoped_lock lock(mutex_);
  if (!peer->alive) return;
  if (!now || now->must_change_password) {
    ++revoked_;
    peer->alive = false;
    peer->socket.close(close_code::unauthenticated, "the session has ended");
    return;
  }
  peer->caller = *now;
  for (auto& [appid, follows] : peer->follows) {
    follows.permissions = now->permissions_in(appid);
    if (follows.permissions.empty()) {
      ++revoked_;
      peer->alive = false;
      peer->socket.close(close_code::forbidden, "the membership has ended");
      return;
    }
  }
}

void Hub::close_all(std::uint16_t code, const std::string& reason) {
  const std::scoped_lock lock(mutex_);
  for (const auto& peer : peers_) {
    peer->alive = false;
    peer->socket.close(code, reason);
  }
}

HubCounts Hub::counts() const {
  const std::scoped_lock lock(mutex_);
  return {static_cast<std::int64_t>(peers_.size()), delivered_, dropped_slow_, revoked_};
}

}  // namespace miniops::live
