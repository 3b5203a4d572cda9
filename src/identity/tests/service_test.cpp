#include <sys/stat.h>

#include <fstream>

#include "identity/tests/fixture.hpp"
#include "identity/throttle.hpp"

namespace miniops::identity {
namespace {

class ServiceTest : public IdentityTest {
 protected:
  Result<Caller> authenticated(const std::string& token) {
    return sql::run(service_->authenticator().authenticate(by_cookie(request(net::Method::get, "/"), token)));
  }
  std::vector<std::string> audited() {
    std::vector<std::string> actions;
    for (const auto& row : sql::run(service_->read_audit({}, std::nullopt, 100)).value()) actions.push_back(row.action);
    return actions;
  }
};
MINIOPS_ON_BOTH_ENGINES(ServiceTest);

TEST_P(ServiceTest, SignsInAndOut) {
  const auto account = make_account("Wang");
  make_member("wang", "wxa", Role::agent);
  const auto token = sign_in("WANG");
  ASSERT_EQ(token.size(), 43u) << token;
  const auto caller = authenticated(token);
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->account, account.id);
  EXPECT_EQ(caller->roles.at(AppId("wxa")), Role::agent);
  EXPECT_EQ(query("SELECT count(*) FROM identity_sessions WHERE token_hash = $1", {token})[0].integer(0), 0)
      << "only the hash is stored";
  ASSERT_TRUE(sql::run(service_->sign_out(*caller)));
  EXPECT_EQ(authenticated(token).error().code, "identity.unauthenticated");
}

TEST_P(ServiceTest, UnknownWrongAndDisabledAnswerAlike) {
  const auto account = make_account("wang");
  make_account("root", true);
  EXPECT_EQ(sign_in("nobody"), "error:identity.wrong_credentials");
  EXPECT_EQ(sign_in("wang", "wrong-password"), "error:identity.wrong_credentials");
  AccountPatch patch;
  patch.disabled = true;
  ASSERT_TRUE(sql::run(service_->update_account(Access::system(AppId(), "test"), account.id, patch)));
  EXPECT_EQ(sign_in("wang"), "error:identity.wrong_credentials");
  for (const auto& row : query("SELECT username, changes FROM audit_entries WHERE action = 'session.sign_in_failed'")) {
    EXPECT_NE(row.text(0), "nobody") << "it may be a password in the wrong field";
  }
}

TEST_P(ServiceTest, FailuresSlowDownAndSuccessForgives) {
  make_account("wang");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(sign_in("wang", "wrong-password"), "error:identity.wrong_credentials");
  EXPECT_EQ(sign_in("wang"), "error:identity.too_many_attempts") << "even with the right password";
  clock_.advance(1001);
  EXPECT_EQ(sign_in("wang", "wrong-password"), "error:identity.wrong_credentials");
  clock_.advance(1001);
  EXPECT_EQ(sign_in("wang"), "error:identity.too_many_attempts") << "two seconds by now";
  clock_.advance(1001);
  EXPECT_EQ(sign_in("wang").size(), 43u);
  EXPECT_EQ(sign_in("wang", "wrong-password"), "error:identity.wrong_credentials") << "counted from one again";
}

TEST_P(ServiceTest, AnAddressThatGuessesAtManyNamesIsSlowed) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(sign_in("n" + std::to_string(i)), "error:identity.wrong_credentials");
  EXPECT_EQ(sign_in("n99"), "error:identity.too_many_attempts");
  EXPECT_EQ(sign_in("n99", "any-password", "10.0.0.2"), "error:identity.wrong_credentials") << "another address";
}

TEST_P(ServiceTest, WhoSignsInAtTheSameMomentIsNotInTheWay) {
  const TimeMs now = clock_.now();
  const auto counted = db().write_blocking([&](sql::Transaction& tx) -> Result<void> {
    EXPECT_EQ(count_attempt(tx, "wang", "10.0.0.1", now).blocked_for_ms, 0);
    // It looked at the clock before, and comes to the database after.
    EXPECT_EQ(count_attempt(tx, "li", "10.0.0.1", now - 1).blocked_for_ms, 0);
    return {};
  });
  EXPECT_TRUE(counted);
}

TEST_P(ServiceTest, SessionsEndByIdlenessAndAge) {
  make_account("wang");
  const auto token = sign_in("wang");
  clock_.advance(11 * hour_ms);
  EXPECT_TRUE(authenticated(token));
  clock_.advance(11 * hour_ms);
  EXPECT_TRUE(authenticated(token)) << "it was used meanwhile";
  clock_.advance(13 * hour_ms);
  EXPECT_FALSE(authenticated(token));
  const auto other = sign_in("wang");
  for (int i = 0; i < 100; ++i) {
    clock_.advance(8 * hour_ms);
    if (!authenticated(other)) break;
    ASSERT_LT(i, 90);
  }
  EXPECT_FALSE(authenticated(other)) << "30 days are the end of any session";
  clock_.advance(1);
  ASSERT_TRUE(sql::run(service_->prune_step()));
  EXPECT_EQ(query("SELECT count(*) FROM identity_sessions")[0].integer(0), 0);
}

TEST_P(ServiceTest, ANewPasswordEndsOtherSessions) {
  make_account("wang");
  const auto here = sign_in("wang");
  const auto there = sign_in("wang");
  const auto caller = authenticated(here).value();
  ASSERT_TRUE(authenticated(there));
  const auto change = [&](const std::string& old_one, const std::string& new_one) {
    const auto done = sql::run(service_->change_password(caller, old_one, new_one));
    return done ? "" : done.error().code;
  };
  EXPECT_EQ(change("wrong-password", "another-horse-8"), "identity.wrong_password");
  EXPECT_EQ(change(std::string(good_password), "short"), "identity.weak_password");
  EXPECT_EQ(change(std::string(good_password), std::string(good_password)), "identity.weak_password");
  EXPECT_EQ(change(std::string(good_password), "another-horse-8"), "");
  EXPECT_TRUE(authenticated(here));
  EXPECT_FALSE(authenticated(there));
  EXPECT_EQ(sign_in("wang", "another-horse-8").size(), 43u);
}

TEST_P(ServiceTest, WhatAnotherProcessRevokesActsWhenTheVersionMoves) {
  const auto account = make_account("wang");
  make_account("root", true);
  const auto token = sign_in("wang");
  ASSERT_TRUE(authenticated(token));
  sql::ConfigVersion other_version(db());
  Settings settings;
  settings.password_cost = {64, 1};
  Service other(db(), other_version, clock_, random_, ids_, workers_, settings);
  AccountPatch patch;
  patch.disabled = true;
  ASSERT_TRUE(sql::run(other.update_account(Access::system(AppId(), "admin"), account.id, patch)));
  sql::run(version_->refresh());  // what run() does every 100 ms
  EXPECT_FALSE(authenticated(token));
}

TEST_P(ServiceTest, OtherConfigurationChangesKeepWhatIsKnown) {
  make_account("wang");
  const auto token = sign_in("wang");
  ASSERT_TRUE(authenticated(token));
  // Behind the cache's back: seen only if it reads anew.
  execute("UPDATE identity_accounts SET display_name = 'changed'");
  execute("UPDATE config_version SET version = version + 1");
  sql::run(version_->refresh());
  EXPECT_EQ(authenticated(token)->display_name, "wang");
}

TEST_P(ServiceTest, TheLastAdministratorStays) {
  const auto root = make_account("root", true);
  const Access access = Access::system(AppId(), "test");
  AccountPatch disable;
  disable.disabled = true;
  EXPECT_EQ(sql::run(service_->update_account(access, root.id, disable)).error().code, "identity.last_administrator");
  make_account("second", true);
  EXPECT_TRUE(sql::run(service_->update_account(access, root.id, disable)));
}

TEST_P(ServiceTest, MembersAreAddedChangedAndRemoved) {
  const auto wang = make_account("wang");
  make_member("wang", "wxa", Role::agent);
  const Access access = Access::system(AppId("wxa"), "test");
  const auto refused = [&](NewMember wanted) { return sql::run(service_->add_member(access, wanted)).error().code; };
  EXPECT_EQ(refused({"wang", Role::admin}), "identity.already_member");
  EXPECT_EQ(refused({"nobody", Role::admin}), "identity.unknown_username");
  EXPECT_EQ(refused({"WANG", Role::admin, std::string(good_password)}), "identity.username_taken");
  NewMember fresh{"li", Role::developer, std::string(good_password)};
  ASSERT_TRUE(sql::run(service_->add_member(access, fresh)));
  EXPECT_EQ(sql::run(service_->list_members(access))->size(), 2u);
  EXPECT_EQ(sql::run(service_->set_role(access, wang.id, Role::analyst))->role, Role::analyst);
  ASSERT_TRUE(sql::run(service_->remove_member(access, wang.id)));
  EXPECT_EQ(sql::run(service_->remove_member(access, wang.id)).error().code, "identity.not_found");
  EXPECT_EQ(audited().front(), "member.remove");
}

TEST_P(ServiceTest, TheFirstAdministratorsPasswordIsInAFileUntilUsed) {
  const auto first = service_->ensure_first_administrator();
  ASSERT_TRUE(first && *first);
  struct stat info{};
  ASSERT_EQ(::stat((*first)->file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  std::string password;
  std::ifstream((*first)->file) >> password;
  EXPECT_EQ(password, (*first)->password);
  EXPECT_FALSE(*service_->ensure_first_administrator()) << "there is an account now";
  const auto token = sign_in("admin", password);
  EXPECT_FALSE(std::filesystem::exists((*first)->file));
  EXPECT_TRUE(authenticated(token)->must_change_password);
}

TEST_P(ServiceTest, TheAuditLogIsFiltered) {
  const auto wang = make_account("wang");
  clock_.advance(1000);
  make_member("wang", "wxa", Role::agent);
  clock_.advance(1000);
  sign_in("wang");
  const auto found = [&](AuditFilter filter) {
    std::string actions;
    for (const auto& row : sql::run(service_->read_audit(std::move(filter), std::nullopt, 10)).value()) {
      actions += row.action + " ";
    }
    return actions;
  };
  AuditFilter filter;
  EXPECT_EQ(found(filter), "session.sign_in member.add account.create ");
  filter.action = "member.";
  EXPECT_EQ(found(filter), "member.add ");
  filter = {};
  filter.appid = AppId("wxa");
  EXPECT_EQ(found(filter), "member.add ");
  filter = {};
  filter.account = wang.id;
  EXPECT_EQ(found(filter), "session.sign_in ");
  filter = {};
  filter.object = "account:" + wang.id.str();
  EXPECT_EQ(found(filter), "session.sign_in member.add account.create ");
  filter.from = clock_.now() - 1500;
  filter.to = clock_.now();
  EXPECT_EQ(found(filter), "member.add ");
  filter = {};
  filter.text = "AGENT";
  EXPECT_EQ(found(filter), "member.add ");
  filter.text = "100%";
  EXPECT_EQ(found(filter), "");
  const auto page = sql::run(service_->read_audit({}, std::nullopt, 2)).value();
  const auto rest = sql::run(service_->read_audit({}, std::pair(page[1].at, page[1].id), 2)).value();
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].action, "account.create");
}

}  // namespace
}  // namespace miniops::identity
