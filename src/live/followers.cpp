#include "live/followers.hpp"

#include <algorithm>

namespace miniops::live {

namespace {

template <class Map, class Key>
void take_out(Map& map, const Key& key, const PeerPtr& peer) {
  const auto found = map.find(key);
  if (found == map.end()) return;
  found->second.erase(peer);
  if (found->second.empty()) map.erase(found);
}

}  // namespace

bool Follows::sees(identity::Permission permission, const Audience& audience) const {
  if (!may(permission, audience.group)) return false;
  return audience.group.empty() || !groups || audience.account == account || groups->contains(audience.group) ||
         std::ranges::find(audience.others, account) != audience.others.end();
}

bool Follows::concerned(const NumberedChange& change) const {
  const Audience& audience = change.audience();
  return audience.about == 0 || full || audience.account == account || watched.contains(audience.about) ||
         std::ranges::find(audience.others, account) != audience.others.end();
}

void Followers::add(const PeerPtr& peer, const Follows& follows) {
  all_.insert(peer);
  by_account_[follows.account].insert(peer);
  if (follows.full) full_.insert(peer);
  if (!follows.groups) wide_.insert(peer);
  if (follows.groups)
    for (const std::string& group : *follows.groups) by_group_[group].insert(peer);
  for (const std::int64_t id : follows.watched) by_watched_[id].insert(peer);
}

void Followers::remove(const PeerPtr& peer, const Follows& follows) {
  for (Set* set : {&all_, &wide_, &full_, &stale_}) set->erase(peer);
  take_out(by_account_, follows.account, peer);
  if (follows.groups)
    for (const std::string& group : *follows.groups) take_out(by_group_, group, peer);
  for (const std::int64_t id : follows.watched) take_out(by_watched_, id, peer);
}

std::vector<PeerPtr> Followers::near(const NumberedChange& change) const {
  const Audience& audience = change.audience();
  std::vector<PeerPtr> found(full_.begin(), full_.end());
  const auto take = [&](const auto& map, const auto& key) {
    if (const auto set = map.find(key); set != map.end())
      found.insert(found.end(), set->second.begin(), set->second.end());
  };
  if (!audience.account.empty()) take(by_account_, audience.account);
  for (const identity::AccountId other : audience.others) take(by_account_, other);
  take(by_watched_, audience.about);
  std::ranges::sort(found);
  const auto twice = std::ranges::unique(found);
  found.erase(twice.begin(), twice.end());
  return found;
}

}  // namespace miniops::live
