#include "identity/access.hpp"

#include <gtest/gtest.h>

#include "identity/audit_log.hpp"
#include "identity/password.hpp"
#include "identity/throttle.hpp"

namespace miniops::identity {
namespace {

struct RoleCase {
  Role role;
  std::string allowed;  // the permissions, in the order of the enum
};

TEST(Roles, HaveTheirPermissions) {
  const RoleCase cases[] = {
      {Role::admin,
       "account.self miniprogram.read miniprogram.manage members.read members.manage audit.read gateway.read "
       "gateway.manage telemetry.read telemetry.manage issues.handle alerts.handle alerts.manage desk.read desk.reply "
       "desk.records_all desk.supervise desk.inspect desk.export desk.configure desk.publish personal_data.read "},
      {Role::operator_,
       "account.self miniprogram.read members.read gateway.read telemetry.read issues.handle alerts.handle "
       "alerts.manage desk.read desk.reply desk.records_all desk.supervise desk.inspect desk.export desk.configure "
       "desk.publish personal_data.read "},
      {Role::developer,
       "account.self miniprogram.read miniprogram.manage members.read gateway.read gateway.manage telemetry.read "
       "telemetry.manage issues.handle alerts.handle alerts.manage "},
      {Role::analyst, "account.self miniprogram.read telemetry.read "},
      {Role::agent, "account.self miniprogram.read desk.read desk.reply "},
  };
  for (const auto& [role, allowed] : cases) {
    std::string found;
    for (const Permission permission : all_permissions()) {
      if (role_has(role, permission)) found += std::string(to_string(permission)) + " ";
    }
    EXPECT_EQ(found, allowed) << to_string(role);
    EXPECT_EQ(parse_role(to_string(role)), role);
  }
}

TEST(Permissions, AreReadBack) {
  for (const Permission permission : all_permissions()) EXPECT_EQ(parse_permission(to_string(permission)), permission);
  EXPECT_EQ(parse_permission("desk.fly"), std::nullopt);
}

// Each role × permission × what an adjustment may say of it.
TEST(Adjustments, AreLaidOverTheRole) {
  enum class Effect { none, grant, deny, group, group_and_deny };
  for (const Role role : {Role::admin, Role::operator_, Role::developer, Role::analyst, Role::agent}) {
    for (const Permission permission : all_permissions()) {
      if (!adjustable(permission)) continue;
      for (const auto effect : {Effect::none, Effect::grant, Effect::deny, Effect::group, Effect::group_and_deny}) {
        Caller caller;
        caller.roles.emplace(AppId("wxa"), role);
        Adjustments& adjusted = caller.adjustments[AppId("wxa")];
        if (effect == Effect::grant) adjusted.grants.insert(Grant{permission});
        if (effect == Effect::group || effect == Effect::group_and_deny) adjusted.grants.insert({permission, "g1"});
        if (effect == Effect::deny || effect == Effect::group_and_deny) adjusted.denials.insert(permission);
        const bool denied = effect == Effect::deny || effect == Effect::group_and_deny;
        const bool whole = !denied && (effect == Effect::grant || role_has(role, permission));
        const bool in_group = whole || effect == Effect::group;

        const auto access = caller.access(AppId("wxa"), Permission::account_self).value();
        const std::string name = fmt::format("{} {} {}", to_string(role), to_string(permission), int(effect));
        EXPECT_EQ(access.may(permission), whole) << name;
        EXPECT_EQ(access.may(permission, "g1"), in_group) << name;
        EXPECT_EQ(access.may(permission, "g2"), whole) << name;
        const auto groups = access.groups_with(permission);
        EXPECT_EQ(groups.has_value(), !whole) << name;
        if (groups) EXPECT_EQ(groups->size(), in_group ? 1u : 0u) << name;
        EXPECT_EQ(caller.access(AppId("wxa"), permission).has_value(), whole) << name;
        EXPECT_EQ(caller.permissions_in(AppId("wxa")).contains(permission), whole) << name;
        EXPECT_EQ(caller.appids_with(permission)->size(), whole ? 1u : 0u) << name;
        EXPECT_TRUE(caller.permissions_in(AppId("wxb")).empty()) << name;
      }
    }
  }
}

TEST(Adjustments, DoNotTouchInstanceAdministratorsNorWidenAKey) {
  Caller caller;
  caller.roles.emplace(AppId("wxa"), Role::agent);
  caller.adjustments[AppId("wxa")] = {{{Permission::desk_export, ""}, {Permission::desk_supervise, "g1"}},
                                      {Permission::desk_reply}};
  caller.scopes = std::set{Permission::desk_read};
  const auto narrow = caller.access(AppId("wxa"), Permission::desk_read).value();
  EXPECT_FALSE(narrow.may(Permission::desk_export));
  EXPECT_FALSE(narrow.may(Permission::desk_supervise, "g1"));
  EXPECT_EQ(narrow.groups_with(Permission::desk_supervise), std::set<std::string>());
  caller.scopes.reset();
  caller.instance_admin = true;
  EXPECT_TRUE(caller.access(AppId("wxa"), Permission::desk_reply));
  EXPECT_EQ(caller.access(AppId("wxa"), Permission::desk_read)->groups_with(Permission::desk_supervise), std::nullopt);
}

TEST(Adjustments, OnlyTheDesksPermissionsAreForGroups) {
  std::string names;
  for (const Permission permission : all_permissions()) {
    if (by_group(permission)) names += std::string(to_string(permission)) + " ";
  }
  EXPECT_EQ(names,
            "desk.read desk.reply desk.records_all desk.supervise desk.inspect desk.export desk.configure desk.publish "
            "personal_data.read ");
}

Caller agent_of(const std::string& appid) {
  Caller caller;
  caller.account = AccountId(7);
  caller.roles.emplace(AppId(appid), Role::agent);
  return caller;
}

struct AccessCase {
  std::string name;
  Caller caller;
  std::string appid;
  Permission permission;
  std::string outcome;  // "" or the error's code
};

TEST(CallerAccess, IsOwnOnly) {
  Caller scoped = agent_of("wxa");
  scoped.scopes = std::set{Permission::desk_read};
  Caller bound = agent_of("wxa");
  bound.roles.emplace(AppId("wxb"), Role::admin);
  bound.only_appid = AppId("wxa");
  Caller root;
  root.instance_admin = true;
  const AccessCase cases[] = {
      {"a member with the permission", agent_of("wxa"), "wxa", Permission::desk_reply, ""},
      {"a member without it", agent_of("wxa"), "wxa", Permission::members_manage, "identity.forbidden"},
      {"a stranger", agent_of("wxa"), "wxb", Permission::desk_read, "identity.not_found"},
      {"no mini program", root, "", Permission::desk_read, "identity.not_found"},
      {"a scope that covers it", scoped, "wxa", Permission::desk_read, ""},
      {"a scope that does not", scoped, "wxa", Permission::desk_reply, "identity.forbidden"},
      {"a key of this mini program", bound, "wxa", Permission::desk_read, ""},
      {"a key of another", bound, "wxb", Permission::desk_read, "identity.not_found"},
      {"an instance administrator", root, "wxz", Permission::members_manage, ""},
  };
  for (const auto& one : cases) {
    const auto access = one.caller.access(AppId(one.appid), one.permission);
    EXPECT_EQ(access ? "" : access.error().code, one.outcome) << one.name;
    if (access) {
      EXPECT_TRUE(access->may(one.permission)) << one.name;
      EXPECT_EQ(access->appid(), AppId(one.appid));
    }
  }
  EXPECT_FALSE(agent_of("wxa").instance_access(Permission::instance_manage));
  EXPECT_TRUE(agent_of("wxa").instance_access(Permission::account_self));
  EXPECT_FALSE(bound.instance_access(Permission::account_self)) << "a bound key could make an unbound one";
  EXPECT_FALSE(scoped.instance_access(Permission::account_self));
  EXPECT_EQ(root.appids_with(Permission::desk_read), std::nullopt);
  EXPECT_EQ(agent_of("wxa").appids_with(Permission::desk_read), std::set{AppId("wxa")});
  EXPECT_EQ(bound.appids_with(Permission::members_read), std::set<AppId>());
  EXPECT_TRUE(Access::system(AppId("wxa"), "rule").sees_personal_data());
}

TEST(Throttle, DelaysGrowToTheirLimit) {
  const std::pair<std::int64_t, TimeMs> cases[] = {{1, 0},     {4, 0},      {5, 1000},   {6, 2000},
                                                   {9, 16000}, {11, 60000}, {500, 60000}};
  for (const auto& [failures, delay] : cases) EXPECT_EQ(delay_after(failures, username_rule), delay) << failures;
}

TEST(Passwords, WeakOnesAreRefused) {
  const std::pair<std::string, bool> cases[] = {
      {"short", false},          {"ninechars", false},           {"1234567890", false},
      {"Password123", false},    {"aaaaaaaaaaaa", false},        {"wang-wei-secret", false},
      {"correct-horse-7", true}, {"一二三四五六七八九十", true}, {"\xff\xfe-not-utf8-at", false}};
  for (const auto& [password, accepted] : cases) {
    EXPECT_EQ(!password_weakness(password, "wang-wei").has_value(), accepted) << password;
  }
}

TEST(Passwords, AreVerified) {
  const std::string hash = hash_password("correct-horse-7", "0123456789abcdef", {64, 1});
  EXPECT_TRUE(hash.starts_with("$argon2id$"));
  EXPECT_TRUE(verify_password(hash, "correct-horse-7"));
  EXPECT_FALSE(verify_password(hash, "correct-horse-8"));
  EXPECT_FALSE(verify_password("", "correct-horse-7"));
}

TEST(Csv, FormulasAreText) {
  const std::pair<std::string, std::string> cases[] = {
      {"plain", "\"plain\""}, {"=1+1", "\"'=1+1\""},      {"+86", "\"'+86\""},
      {"-1", "\"'-1\""},      {"@sum", "\"'@sum\""},      {"\tx", "\"'\tx\""},
      {"\rx", "\"'\rx\""},    {"a\"b,c", "\"a\"\"b,c\""}, {"", "\"\""}};
  for (const auto& [text, field] : cases) EXPECT_EQ(csv_field(text), field);
}

}  // namespace
}  // namespace miniops::identity
