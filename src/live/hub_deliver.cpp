// What the hub reads of the log, and whom it tells: the second half of hub.hpp.
#include <algorithm>
#include <boost/json.hpp>

#include "base/json.hpp"
#include "base/log.hpp"
#include "live/hub.hpp"
#include "live/hub_messages.hpp"

namespace miniops::live {

using identity::Permission;

namespace {

ChangePtr change_of(const AppId& appid, const sql::Row& row) {
  return std::make_shared<const NumberedChange>(
      appid, row.integer(0), row.text(1), identity::parse_permission(row.text(2)),
      Audience{row.text(4), row.id<identity::AccountId>(5), accounts_in(row.text(6)), row.integer(7)}, row.text(3));
}

}  // namespace

Task<Result<std::vector<ChangePtr>>> Hub::read_page(AppId appid, std::int64_t after) {
  auto read = [appid, after, limit = options_.page_rows](sql::Transaction& tx) -> Result<std::vector<ChangePtr>> {
    std::vector<ChangePtr> changes;
    const auto rows = tx.query(
        "SELECT seq, topic, permission, data, group_id, account_id, others, about FROM live_changes WHERE appid = $1 "
        "AND seq > $2 ORDER BY seq LIMIT $3",
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
    const auto rows = tx.query(
        "SELECT seq, topic, permission, data, group_id, account_id, others, about FROM live_changes WHERE appid = $1 "
        "AND seq > $2 ORDER BY seq",
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

void Hub::hand(Peer& peer, Follows& follows, const NumberedChange& change) {
  if (!follows.sees(change)) return;
  if (follows.concerned(change)) return post(peer, follows.text(change));
  follows.withheld = true;
}

void Hub::deliver(const AppId& appid, const std::vector<ChangePtr>& changes) {
  const std::scoped_lock lock(mutex_);
  Ring& ring = rings_.at(appid);
  Followers& followers = followers_[appid];
  if (changes.front()->seq() != ring.last() + 1) {
    // This node was away for longer than the log is kept.
    ring.reset(changes.front()->seq() - 1);
    for (const auto& peer : followers.all()) post(*peer, ready_text(appid, ring.last(), false, 0));
  }
  std::map<std::string, std::vector<const NumberedChange*>> of_groups;
  for (const auto& change : changes) {
    ring.push(change);
    if (change->audience().about == 0) {
      for (const auto& peer : followers.all()) hand(*peer, peer->follows.at(appid), *change);
      continue;
    }
    of_groups[change->audience().group].push_back(change.get());
    for (const auto& peer : followers.near(*change)) {
      Follows& follows = peer->follows.at(appid);
      hand(*peer, follows, *change);
      if (!follows.full) followers.mark(peer);  // how many are theirs may be another number now
    }
  }
  // Once for all changes of a group: a change that nobody has open costs no more for a group of hundreds.
  for (const auto& [group, its_changes] : of_groups) {
    followers.in_group(group, [&](const PeerPtr& peer) {
      Follows& follows = peer->follows.at(appid);
      if (follows.full || follows.withheld) return;
      follows.withheld = std::ranges::any_of(its_changes, [&](const NumberedChange* change) {
        return follows.sees(*change) && !follows.concerned(*change);
      });
      if (follows.withheld) followers.mark(peer);
    });
  }
}

// What a socket has open from now on. Says which of it may have changed unseen after the number that the client has:
// what it has read of those may be old.
void Hub::watch(const PeerPtr& peer, const json::object& message) {
  const json::value* appid = message.if_contains("appid");
  const json::value* since = message.if_contains("since");
  const json::value* list = message.if_contains("ids");
  auto ids = list ? ids_in(*list, options_.watched_max) : std::nullopt;
  const std::scoped_lock lock(mutex_);
  const auto found =
      appid && appid->is_string() ? peer->follows.find(AppId(std::string(appid->get_string()))) : peer->follows.end();
  if (!ids || found == peer->follows.end())
    return post(*peer, text_of({{"type", "error"}, {"code", "live.malformed"}, {"message", "watch needs appid, ids"}}));
  auto& [followed, follows] = *found;
  const Ring& ring = rings_.at(followed);
  const std::int64_t seen = since && since->is_int64() ? since->get_int64() : -1;
  json::array open, missed;
  for (const std::int64_t id : *ids) {
    open.emplace_back(std::to_string(id));
    if (!follows.watched.contains(id) && ring.may_tell_of(id, seen)) missed.emplace_back(std::to_string(id));
  }
  Followers& followers = followers_[followed];
  if (followers.all().contains(peer)) {
    followers.remove(peer, follows);
    follows.watched = std::move(*ids);
    followers.add(peer, follows);
    if (follows.withheld) followers.mark(peer);
  }
  post(*peer, text_of({{"type", "watching"}, {"appid", followed.str()}, {"ids", open}, {"missed", missed}}));
}

Task<void> Hub::lists_step() {
  std::vector<AppId> stale;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [appid, followers] : followers_)
      if (followers.any_stale()) stale.push_back(appid);
  }
  for (const AppId& appid : stale) {
    std::shared_ptr<const Lists> lists;
    if (lists_of_) {
      auto read = co_await lists_of_(appid);
      if (!read) {
        log::warn("live.lists_not_read", {{"code", read.error().code}});
        continue;  // and again at the next turn
      }
      lists = std::move(*read);
    }
    tell_lists(appid, lists.get());
  }
}

void Hub::tell_lists(const AppId& appid, const Lists* lists) {
  const std::scoped_lock lock(mutex_);
  const std::int64_t seq = rings_.at(appid).last();
  for (const auto& peer : followers_[appid].take_stale()) {
    Follows& follows = peer->follows.at(appid);
    const json::object counts = lists ? lists->of(follows.account, follows.groups) : json::object();
    std::string text = json::serialize(counts);
    if (!std::exchange(follows.withheld, false) && text == follows.told) continue;
    follows.told = std::move(text);
    post(*peer, text_of({{"type", "counts"}, {"appid", appid.str()}, {"seq", seq}, {"counts", counts}}));
  }
}

void Hub::broadcast(const AppId& appid, Permission permission, const json::object& message, const Audience& audience) {
  const auto clear = text_of(message);
  const auto masked = std::make_shared<const std::string>(mask_message(*clear));
  const std::scoped_lock lock(mutex_);
  const auto followers = followers_.find(appid);
  if (followers == followers_.end()) return;
  for (const auto& peer : followers->second.all()) {
    const Follows& follows = peer->follows.at(appid);
    if (!follows.sees(permission, audience)) continue;
    post(*peer, follows.may(Permission::personal_data_read) ? clear : masked);
  }
}

std::vector<identity::AccountId> Hub::connected(const AppId& appid) const {
  std::set<identity::AccountId> accounts;
  const std::scoped_lock lock(mutex_);
  if (const auto followers = followers_.find(appid); followers != followers_.end()) {
    for (const auto& peer : followers->second.all()) accounts.insert(peer->caller.account);
  }
  return {accounts.begin(), accounts.end()};
}

}  // namespace miniops::live
