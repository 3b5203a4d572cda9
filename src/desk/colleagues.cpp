#include "desk/ports.hpp"
#include "identity/accounts.hpp"

namespace miniops::desk {

namespace {

using identity::Permission;

class IdentityColleagues final : public Colleagues {
 public:
  std::optional<Colleague> find(sql::Transaction& tx, const AppId& appid, AccountId account) override {
    const auto member = identity::find_member_with(tx, appid, Permission::desk_reply, account);
    return member ? std::optional(Colleague{account, member->display_name}) : std::nullopt;
  }

  bool may_answer(sql::Transaction& tx, const AppId& appid, AccountId account) override {
    return identity::find_member_with(tx, appid, Permission::desk_reply, account).has_value() ||
           identity::runs_the_instance(tx, account);
  }

  std::vector<Colleague> members(sql::Transaction& tx, const AppId& appid) override {
    std::vector<Colleague> colleagues;
    for (const auto& member : identity::members_with(tx, appid, Permission::desk_reply)) {
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
