#include "desk/list_counts.hpp"

#include <set>

#include "live/change_log.hpp"

namespace miniops::desk {

ListCounts::Open& ListCounts::Open::operator+=(const Open& more) {
  waiting += more.waiting;
  active += more.active;
  return *this;
}

std::shared_ptr<const ListCounts> ListCounts::read(sql::Transaction& tx, const AppId& appid) {
  auto counts = std::make_shared<ListCounts>();
  for (const sql::Row& row : tx.query(
           "SELECT group_id, assignee_id, state, offer_to, mentioned, COUNT(*) FROM desk_conversations WHERE appid "
           "= $1 AND state <> 'closed' GROUP BY group_id, assignee_id, state, offer_to, mentioned",
           {appid})) {
    const std::string group = row.id<routing::GroupId>(0).str();
    const auto assignee = row.id<AccountId>(1);
    Open open;
    (row.text(2) == to_string(State::waiting) ? open.waiting : open.active) = row.integer(5);
    counts->all_ += open;
    counts->of_group_[group] += open;
    std::set<AccountId> named{row.id<AccountId>(3)};
    for (const AccountId account : live::accounts_in(row.text(4))) named.insert(account);
    named.erase(assignee);
    named.erase(AccountId());
    for (const AccountId account : named) counts->of_account_[account].push_back({group, false, open});
    if (!assignee.empty()) counts->of_account_[assignee].push_back({group, true, open});
  }
  return counts;
}

boost::json::object ListCounts::of(AccountId account, const live::Groups& groups) const {
  Open open = groups ? Open{} : all_;
  if (groups)
    for (const std::string& group : *groups)
      if (const auto found = of_group_.find(group); found != of_group_.end()) open += found->second;
  std::int64_t mine = 0;
  if (const auto found = of_account_.find(account); found != of_account_.end()) {
    for (const Own& own : found->second) {
      if (own.has) mine += own.open.active;
      if (groups && !groups->contains(own.group)) open += own.open;
    }
  }
  return {{"mine", mine}, {"waiting", open.waiting}, {"active", open.active}};
}

}  // namespace miniops::desk
