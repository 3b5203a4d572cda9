#include "desk/ports.hpp"
#include "identity/accounts.hpp"

namespace miniops::desk {

namespace {

class IdentityColleagues final : public Colleagues {
 public:
  std::optional<Colleague> find(sql::Transaction& tx, const AppId& appid, AccountId account) override {
    const auto member = identity::find_member(tx, appid, account);
    if (!member || member->disabled || !identity::role_has(member->role, identity::Permission::desk_reply)) {
      return std::nullopt;
    }
    return Colleague{account, member->display_name};
  }

  std::vector<Colleague> members(sql::Transaction& tx, const AppId& appid) override {
    std::vector<Colleague> colleagues;
    for (const identity::Member& member : identity::members_of(tx, appid)) {
      if (member.disabled || !identity::role_has(member.role, identity::Permission::desk_reply)) continue;
      colleagues.push_back({member.account, member.display_name});
    }
    return colleagues;
  }

  std::string name_of(sql::Transaction& tx, AccountId account) override {
    return identity::display_name_of(tx, account);
  }
};

}  // namespace

std::unique_ptr<Colleagues> make_colleagues() { return std::make_unique<IdentityColleagues>(); }

}  // namespace miniops::desk
