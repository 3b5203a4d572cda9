// The values of this module: accounts, members of mini programs, API keys; and what other modules may read of them
// inside their own transactions.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "identity/access.hpp"
#include "storage/sql/database.hpp"

namespace miniops::identity {

struct Account {
  AccountId id;
  std::string username, display_name, language;
  bool instance_admin = false, must_change_password = false, disabled = false;
  TimeMs created_at = 0;
  std::optional<TimeMs> last_sign_in_at{};
};

struct AccountWithRoles {
  Account account;
  std::map<AppId, Role> roles{};
  std::map<AppId, Adjustments> adjustments{};  // of those memberships that have any
};

struct NewAccount {
  std::string username, password, display_name;  // display_name empty: the user name
  bool instance_admin = false, must_change_password = false;
};

struct AccountPatch {
  std::optional<bool> disabled{}, instance_admin{};
  std::optional<std::string> display_name{}, password{};
};

struct Member {
  AccountId account;
  std::string username, display_name;
  Role role = Role::agent;
  bool disabled = false;
  TimeMs created_at = 0;
  std::int64_t adjusted = 0;  // how many permissions do not go by the role
};

// What a member may do, and why.
struct MemberPermissions {
  Member member;
  bool instance_admin = false;  // then everything, whatever role and adjustments say
  Adjustments adjustments{};
};

// Each list that is given replaces the one there is.
struct AdjustmentsPatch {
  std::optional<std::set<Permission>> grants{};  // in the whole mini program
  std::optional<std::set<Permission>> denials{};
  std::optional<std::set<Grant>> group_grants{};
};

struct NewMember {
  std::string username;
  Role role = Role::agent;
  std::optional<std::string> password{}, display_name{};  // with a password: a new account
};

struct ApiKey {
  std::int64_t id = 0;
  std::string name, start;  // start: the first characters, so that people can tell keys apart
  std::optional<std::set<Permission>> scopes{};
  std::optional<AppId> appid{};
  TimeMs created_at = 0;
  std::optional<TimeMs> expires_at{}, last_used_at{};
};

struct NewApiKey {
  std::string name;
  std::optional<std::set<Permission>> scopes{};
  std::optional<AppId> appid{};
  std::optional<TimeMs> expires_at{};
};

// For other modules, inside their transactions: the members of a mini program, disabled accounts included.
std::vector<Member> members_of(sql::Transaction& tx, const AppId& appid);
std::optional<Member> find_member(sql::Transaction& tx, const AppId& appid, AccountId account);
// Those that can sign in and have `permission` by role and adjustments: in the whole mini program, or in `group`. That
// an instance administrator may do everything makes nobody a member with it.
std::vector<Member> members_with(sql::Transaction& tx, const AppId& appid, Permission permission,
                                 const std::string& group = "");
std::optional<Member> find_member_with(sql::Transaction& tx, const AppId& appid, Permission permission,
                                       AccountId account, const std::string& group = "");
// An instance administrator who is not disabled.
bool runs_the_instance(sql::Transaction& tx, AccountId account);
// "" when there is no such account. Instance administrators need not be members.
std::string display_name_of(sql::Transaction& tx, AccountId account);

}  // namespace miniops::identity
