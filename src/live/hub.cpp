#include "live/hub.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

#include "base/json.hpp"
#include "base/log.hpp"
#include "live/hub_messages.hpp"

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

const std::shared_ptr<const std::string>& ping_text() {
  static const auto text = std::make_shared<const std::string>(R"({"type":"ping"})");
  return text;
}

}  // namespace

Hub::Hub(sql::Database& database, const sql::ConfigVersion& version, identity::Authenticator& authenticator,
         const Clock& clock, HubOptions options)
    : database_(database), version_(version), authenticator_(authenticator), clock_(clock), options_(options) {}

Hub::~Hub() = default;

Follows Hub::follows_of(const Caller& caller, const AppId& appid) const {
  return {caller.account, caller.grants_in(appid), groups_of_ ? groups_of_(caller, appid) : std::nullopt};
}

// What the caller may see by now; what it has open and was told stays.
void Hub::renew(const PeerPtr& peer, const AppId& appid, Follows& follows) {
  Follows now = follows_of(peer->caller, appid);
  follows.grants = std::move(now.grants);
  if (now.groups == follows.groups) return;
  Followers& followers = followers_[appid];
  const bool among = followers.all().contains(peer);
  if (among) followers.remove(peer, follows);
  follows.groups = std::move(now.groups);
  if (among) followers.add(peer, follows);
  if (among && !follows.full) followers.mark(peer);
}

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
    for (const auto& [appid, follows] : peer->follows) followers_[appid].remove(peer, follows);
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
  } else if (*type == "watch") {
    watch(peer, *message);
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
  const json::value* watched = message.if_contains("watch");
  const json::value* full = message.if_contains("full");
  for (const auto& [appid, last] : appids->get_object()) {
    const bool from_now = !last.is_int64() || last.get_int64() < 0;
    Follows wanted;
    wanted.full = full && full->is_bool() && full->get_bool();
    const json::value* open = watched && watched->is_object() ? watched->get_object().if_contains(appid) : nullptr;
    if (open) wanted.watched = ids_in(*open, options_.watched_max).value_or(std::set<std::int64_t>());
    const auto from = from_now ? std::nullopt : std::optional(last.get_int64());
    co_await follow(peer, AppId(std::string(appid)), from, std::move(wanted));
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
Task<void> Hub::follow(const PeerPtr& peer, AppId appid, std::optional<std::int64_t> last, Follows wanted) {
  bool stranger = false;
  bool full = false;
  {
    const std::scoped_lock lock(mutex_);
    stranger = peer->caller.grants_in(appid).empty();
    full = !peer->follows.contains(appid) && peer->follows.size() >= options_.appids_max;
    // Said again for the same mini program: begin anew.
    if (const auto before = peer->follows.find(appid); before != peer->follows.end()) {
      followers_[appid].remove(peer, before->second);
      peer->follows.erase(before);
    }
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
        Follows follows = follows_of(peer->caller, appid);  // as of now
        follows.full = wanted.full;
        follows.watched = std::move(wanted.watched);
        follows.withheld = wanted.withheld;
        if (!announced) post(*peer, ready_text(appid, ring.last(), in_ring, in_ring ? ring.last() - *last : 0));
        if (in_ring) {
          for (const auto& change : ring.after(*last)) hand(*peer, follows, *change);
        }
        const Follows& kept = peer->follows[appid] = std::move(follows);
        if (peer->alive) followers_[appid].add(peer, kept);
        if (peer->alive && kept.withheld) followers_[appid].mark(peer);
        co_return;
      }
    }
    // Older than the ring: from the table, if it is there still and not too many others read it as well.
    const auto read_to = co_await read_past(peer, appid, *last, wanted);
    announced = announced || read_to.has_value();
    last = read_to;
    if (!last && announced) announced = false;  // a hole in the middle: a snapshot after all
    if (!peer->alive) co_return;
  }
}

// Hands out the table's changes after `last` until the ring has the rest; the last number handed out. nullopt: they
// are gone, so a snapshot is needed.
Task<std::optional<std::int64_t>> Hub::read_past(const PeerPtr& peer, AppId appid, std::int64_t last,
                                                 Follows& follows) {
  struct Turn {
    std::atomic<int>& count;
    explicit Turn(std::atomic<int>& its_count) : count(its_count) { ++count; }
    ~Turn() { --count; }
  } const turn(long_resumes_);
  if (long_resumes_ > options_.long_resumes_max) co_return std::nullopt;
  std::int64_t head = 0;
  {
    const std::scoped_lock lock(mutex_);
    Follows now = follows_of(peer->caller, appid);
    follows.account = now.account;
    follows.grants = std::move(now.grants);
    follows.groups = std::move(now.groups);
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
    for (const auto& change : *page) hand(*peer, follows, *change);
    last = page->back()->seq();
    while (peer->alive && peer->socket.queued_bytes() > resume_queue_max) {
      timer.expires_after(std::chrono::milliseconds(20));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    if (!peer->alive) co_return last;
  }
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
      // Who is in which group is known a moment after the version moved: so at each turn, it is no question to the
      // database.
      for (auto& [appid, follows] : peer->follows) renew(peer, appid, follows);
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
    renew(peer, appid, follows);
    if (follows.grants.empty()) {
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
