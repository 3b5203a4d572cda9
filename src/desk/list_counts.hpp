// How many open conversations there are, for everybody at once: what browsers are told of those that do not concern
// them. One question a second for a mini program, however many agents it has.
#pragma once

#include <map>
#include <unordered_map>
#include <vector>

#include "desk/conversation.hpp"
#include "live/lists.hpp"
#include "storage/sql/database.hpp"

namespace miniops::desk {

// {"mine", "waiting", "active"}, as Service::counts says them (store::count_conversations).
class ListCounts final : public live::Lists {
 public:
  static std::shared_ptr<const ListCounts> read(sql::Transaction& tx, const AppId& appid);
  boost::json::object of(AccountId account, const live::Groups& groups) const override;

 private:
  struct Open {
    std::int64_t waiting = 0, active = 0;
    Open& operator+=(const Open& more);
  };
  // Of one account: what it has, or what it was named in or is offered.
  struct Own {
    std::string group{};
    bool has = false;
    Open open{};
  };
  Open all_;
  std::unordered_map<std::string, Open> of_group_;
  std::map<AccountId, std::vector<Own>> of_account_;
};

}  // namespace miniops::desk
