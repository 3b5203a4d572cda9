#include "identity/tests/fixture.hpp"

namespace miniops::identity {
namespace {

using enum Permission;

// In wxa: boss (admin), lead (operator), amy and ben (agents). root is an instance administrator and no member.
class PermissionsTest : public IdentityTest {
 protected:
  void SetUp() override {
    IdentityTest::SetUp();
    make_account("root", true);
    for (const auto& [name, role] : {std::pair{"boss", Role::admin}, std::pair{"lead", Role::operator_},
                                     std::pair{"amy", Role::agent}, std::pair{"ben", Role::agent}}) {
      ids_of_[name] = make_account(name).id;
      make_member(name, "wxa", role);
      tokens_[name] = sign_in(name);
    }
    tokens_["root"] = sign_in("root");
  }

  Caller caller(const std::string& name) {
    auto made = by_cookie(request(net::Method::get, "/"), tokens_.at(name));
    return sql::run(service_->authenticator().authenticate(made)).value();
  }
  Caller key_caller(const std::string& key) {
    return sql::run(service_->authenticator().authenticate(by_key(request(net::Method::get, "/"), key))).value();
  }
  static Access access_of(const Caller& caller) { return caller.access(AppId("wxa"), miniprogram_read).value(); }
  static Access system() { return Access::system(AppId("wxa"), "test"); }

  std::string adjust(const Access& access, const std::string& name, const AdjustmentsPatch& patch) {
    const auto done = sql::run(service_->adjust(access, ids_of_.at(name), patch));
    return done ? "" : done.error().code;
  }
  void reset(const std::string& name) {
    const AdjustmentsPatch nothing{std::set<Permission>{}, std::set<Permission>{}, std::set<Grant>{}};
    ASSERT_EQ(adjust(system(), name, nothing), "");
  }
  Adjustments adjustments_of(const std::string& name) {
    return sql::run(service_->permissions_of(system(), ids_of_.at(name)))->adjustments;
  }
  void disable(const std::string& name, bool disabled) {
    AccountPatch patch;
    patch.disabled = disabled;
    ASSERT_TRUE(sql::run(service_->update_account(Access::system(AppId(), "test"), ids_of_.at(name), patch)));
  }
  // Who has it, in the order of their names; each of them is found singly, and nobody else.
  std::string with(Permission permission, const std::string& group = "") {
    auto read = [&](sql::Transaction& tx) -> Result<std::string> {
      std::set<std::string> names;
      for (const auto& member : members_with(tx, AppId("wxa"), permission, group)) names.insert(member.username);
      std::string all;
      for (const auto& [name, id] : ids_of_) {
        const bool single = find_member_with(tx, AppId("wxa"), permission, id, group).has_value();
        EXPECT_EQ(single, names.contains(name)) << name;
        if (single) all += name + " ";
      }
      return all;
    };
    return db().read_blocking(read).value();
  }
  std::string url(const std::string& name) {
    return "/api/v1/miniprograms/wxa/members/" + ids_of_.at(name).str() + "/permissions";
  }

  std::map<std::string, AccountId> ids_of_;
  std::map<std::string, std::string> tokens_;
};
MINIOPS_ON_BOTH_ENGINES(PermissionsTest);

AdjustmentsPatch granting(std::set<Permission> permissions) { return {std::move(permissions), {}, {}}; }
AdjustmentsPatch denying(std::set<Permission> permissions) { return {{}, std::move(permissions), {}}; }
AdjustmentsPatch for_groups(std::set<Grant> grants) { return {{}, {}, std::move(grants)}; }

TEST_P(PermissionsTest, NobodyGivesOrTakesWhatTheyLack) {
  ASSERT_EQ(adjust(system(), "ben", for_groups({{desk_supervise, "g1"}})), "");
  struct Case {
    std::string who, whom;
    AdjustmentsPatch patch;
    std::string outcome;
  };
  const Case cases[] = {
      {"boss", "amy", granting({desk_supervise, members_manage}), ""},
      {"lead", "amy", granting({desk_supervise}), ""},
      {"lead", "amy", granting({desk_supervise, members_manage}), "identity.beyond_own"},
      {"lead", "amy", denying({desk_reply}), ""},
      {"lead", "boss", denying({miniprogram_manage}), "identity.beyond_own"},
      {"lead", "amy", for_groups({{desk_inspect, "g1"}, {personal_data_read, "g2"}}), ""},
      {"ben", "amy", for_groups({{desk_supervise, "g1"}}), ""},
      {"ben", "amy", for_groups({{desk_supervise, "g2"}}), "identity.beyond_own"},
      {"ben", "amy", granting({desk_supervise}), "identity.beyond_own"},
      {"root", "boss", denying({audit_read}), ""},
      {"lead", "lead", granting({desk_export}), "identity.own_permissions"},
      {"boss", "boss", denying({desk_export}), "identity.own_permissions"},
      {"root", "amy", granting({instance_manage}), "request.invalid"},
      {"root", "amy", denying({account_self}), "request.invalid"},
      {"root", "amy", for_groups({{members_read, "g1"}}), "request.invalid"},
      {"root", "amy", {std::set{desk_export}, std::set{desk_export}, {}}, "request.invalid"},
      {"root", "amy", {std::set{desk_export}, {}, std::set<Grant>{{desk_export, "g1"}}}, "request.invalid"},
      {"root", "amy", {{}, std::set{desk_read}, std::set<Grant>{{desk_read, "g1"}}}, "request.invalid"},
  };
  for (const auto& one : cases) {
    const Adjustments before = adjustments_of(one.whom);
    EXPECT_EQ(adjust(access_of(caller(one.who)), one.whom, one.patch), one.outcome) << one.who << " " << one.whom;
    const bool changed = adjustments_of(one.whom) != before;
    EXPECT_EQ(changed, one.outcome.empty()) << one.who << " " << one.whom;
    reset(one.whom);
  }
  std::set<Grant> many;
  for (int i = 0; i <= 200; ++i) many.insert({desk_read, "g" + std::to_string(i)});
  EXPECT_EQ(adjust(system(), "amy", for_groups(many)), "request.invalid");
  ids_of_["nobody"] = AccountId(1);
  EXPECT_EQ(adjust(system(), "nobody", granting({desk_export})), "identity.not_found");
}

TEST_P(PermissionsTest, UndoingIsGivingAndTakingToo) {
  ASSERT_EQ(adjust(system(), "amy", granting({audit_read})), "");
  EXPECT_EQ(adjust(access_of(caller("lead")), "amy", granting({})), "identity.beyond_own");
  ASSERT_EQ(adjust(system(), "boss", denying({audit_read})), "");
  EXPECT_EQ(adjust(access_of(caller("lead")), "boss", denying({})), "identity.beyond_own");
  EXPECT_EQ(adjust(access_of(caller("lead")), "amy", granting({audit_read, desk_export})), "") << "the rest stays";
}

TEST_P(PermissionsTest, ARoleIsGivenAndTakenByThoseWhoHaveAllOfIt) {
  ASSERT_EQ(adjust(system(), "lead", granting({members_manage})), "");
  const Access lead = access_of(caller("lead"));
  const auto added = [&](const std::string& name, Role role) {
    const NewMember wanted{name, role, std::string(good_password)};
    const auto done = sql::run(service_->add_member(lead, wanted));
    return done ? "" : done.error().code;
  };
  const auto changed = [&](const std::string& name, Role role) {
    const auto done = sql::run(service_->set_role(lead, ids_of_.at(name), role));
    return done ? "" : done.error().code;
  };
  const auto removed = [&](const std::string& name) {
    const auto done = sql::run(service_->remove_member(lead, ids_of_.at(name)));
    return done ? "" : done.error().code;
  };
  EXPECT_EQ(added("cat", Role::admin), "identity.beyond_own");
  EXPECT_EQ(added("cat", Role::developer), "identity.beyond_own");
  EXPECT_EQ(added("cat", Role::operator_), "");
  EXPECT_EQ(changed("amy", Role::admin), "identity.beyond_own");
  EXPECT_EQ(changed("amy", Role::operator_), "");
  EXPECT_EQ(changed("boss", Role::agent), "identity.beyond_own") << "would take what lead does not have";
  EXPECT_EQ(removed("boss"), "identity.beyond_own");
  ASSERT_EQ(adjust(system(), "ben", granting({audit_read})), "");
  EXPECT_EQ(removed("ben"), "identity.beyond_own") << "of an agent with more than an agent's";
  EXPECT_EQ(changed("ben", Role::analyst), "") << "which ben keeps";
  EXPECT_EQ(removed("amy"), "");
  const NewMember admin{"amy", Role::admin};
  EXPECT_TRUE(sql::run(service_->add_member(access_of(caller("root")), admin)));
}

TEST_P(PermissionsTest, TheLastAdminGoesOnManagingMembers) {
  const Access root = access_of(caller("root"));
  ASSERT_EQ(adjust(root, "lead", granting({members_manage})), "");
  EXPECT_EQ(adjust(root, "boss", denying({members_manage})), "identity.last_manager") << "lead is no admin";
  EXPECT_EQ(adjust(root, "boss", denying({audit_read})), "");
  ASSERT_TRUE(sql::run(service_->set_role(root, ids_of_.at("amy"), Role::admin)));
  disable("amy", true);
  EXPECT_EQ(adjust(root, "boss", denying({members_manage})), "identity.last_manager") << "amy cannot sign in";
  disable("amy", false);
  EXPECT_EQ(adjust(root, "boss", denying({members_manage})), "");
  EXPECT_EQ(adjust(root, "amy", denying({members_manage})), "identity.last_manager");
  const AdjustmentsPatch instead{std::set<Permission>{}, std::set{members_manage}};
  EXPECT_EQ(adjust(root, "lead", instead), "") << "no admin";
}

TEST_P(PermissionsTest, SessionsAndKeysFollowAtOnce) {
  Account amy;
  amy.id = ids_of_.at("amy");
  const auto whole = make_key(amy);
  const auto narrow = make_key(amy, {"narrow", std::set{desk_read, miniprogram_read}});
  EXPECT_FALSE(access_of(caller("amy")).may(desk_supervise));
  const AdjustmentsPatch patch{std::set{desk_supervise}, std::set{desk_reply}, std::set<Grant>{{desk_export, "g1"}}};
  ASSERT_EQ(adjust(system(), "amy", patch), "");
  for (const auto& now : {access_of(caller("amy")), access_of(key_caller(whole))}) {
    EXPECT_TRUE(now.may(desk_supervise));
    EXPECT_FALSE(now.may(desk_reply));
    EXPECT_EQ(now.groups_with(desk_export), std::set<std::string>{"g1"});
  }
  const Access limited = access_of(key_caller(narrow));
  EXPECT_TRUE(limited.may(desk_read));
  EXPECT_FALSE(limited.may(desk_supervise));
  EXPECT_EQ(limited.groups_with(desk_export), std::set<std::string>());
  reset("amy");
  EXPECT_FALSE(access_of(caller("amy")).may(desk_supervise)) << "the session goes on, with less";
}

TEST_P(PermissionsTest, AKeyGivesNoMoreThanItsScopes) {
  Account boss;
  boss.id = ids_of_.at("boss");
  const std::set scopes{miniprogram_read, members_manage, desk_read};
  const Access narrow = access_of(key_caller(make_key(boss, {"narrow", scopes})));
  EXPECT_EQ(adjust(narrow, "amy", granting({desk_supervise})), "identity.beyond_own");
  EXPECT_EQ(adjust(narrow, "amy", denying({desk_read})), "");
  const NewMember fresh{"cat", Role::admin, std::string(good_password)};
  EXPECT_EQ(sql::run(service_->add_member(narrow, fresh)).error().code, "identity.beyond_own");
}

TEST_P(PermissionsTest, MembersWithAPermissionAreFound) {
  EXPECT_EQ(with(desk_reply), "amy ben boss lead ");
  EXPECT_EQ(with(desk_supervise), "boss lead ");
  EXPECT_EQ(with(members_manage), "boss ") << "root is no member";
  ASSERT_EQ(adjust(system(), "amy", granting({desk_supervise})), "");
  ASSERT_EQ(adjust(system(), "ben", for_groups({{desk_supervise, "g1"}})), "");
  ASSERT_EQ(adjust(system(), "lead", denying({desk_supervise, desk_reply})), "");
  EXPECT_EQ(with(desk_supervise), "amy boss ");
  EXPECT_EQ(with(desk_supervise, "g1"), "amy ben boss ");
  EXPECT_EQ(with(desk_supervise, "g2"), "amy boss ");
  EXPECT_EQ(with(desk_reply), "amy ben boss ");
  disable("amy", true);
  EXPECT_EQ(with(desk_supervise), "boss ");
  make_member("lead", "wxb", Role::operator_);
  auto elsewhere = [&](sql::Transaction& tx) -> Result<bool> {
    return find_member_with(tx, AppId("wxb"), desk_reply, ids_of_.at("lead")).has_value();
  };
  EXPECT_TRUE(db().read_blocking(elsewhere).value()) << "adjusted in wxa only";
}

TEST_P(PermissionsTest, WhoComesBackBeginsWithTheRole) {
  ASSERT_EQ(adjust(system(), "amy", granting({desk_supervise})), "");
  ASSERT_TRUE(sql::run(service_->set_role(system(), ids_of_.at("amy"), Role::analyst)));
  EXPECT_EQ(adjustments_of("amy").grants.size(), 1u) << "they outlive a change of role";
  ASSERT_TRUE(sql::run(service_->remove_member(system(), ids_of_.at("amy"))));
  make_member("amy", "wxa", Role::agent);
  EXPECT_EQ(adjustments_of("amy"), Adjustments{});
}

TEST_P(PermissionsTest, WhatThisProgramDoesNotKnowGrantsNothing) {
  execute(
      "INSERT INTO identity_adjustments (appid, account_id, permission, group_id, effect) "
      "VALUES ('wxa', $1, 'desk.fly', '', 'grant')",
      {ids_of_.at("amy")});
  EXPECT_EQ(adjustments_of("amy"), Adjustments{});
}

TEST_P(PermissionsTest, TheAuditLogSaysFromWhatToWhat) {
  const AdjustmentsPatch first{std::set{desk_supervise}, std::set{desk_reply}, std::set<Grant>{{desk_export, "g1"}}};
  ASSERT_EQ(adjust(access_of(caller("boss")), "amy", first), "");
  ASSERT_EQ(adjust(access_of(caller("boss")), "amy", first), "") << "the same again";
  const AdjustmentsPatch second{std::set<Permission>{}, std::set{desk_supervise}, std::set<Grant>{{desk_export, "g2"}}};
  ASSERT_EQ(adjust(access_of(caller("boss")), "amy", second), "");
  AuditFilter filter;
  filter.action = "member.permissions";
  const auto rows = sql::run(service_->read_audit(filter, std::nullopt, 10)).value();
  ASSERT_EQ(rows.size(), 2u) << "nothing changed, nothing written";
  EXPECT_EQ(rows[1].username, "boss");
  EXPECT_EQ(rows[1].object, "account:" + ids_of_.at("amy").str());
  EXPECT_EQ(boost::json::parse(rows[1].changes), boost::json::parse(R"({"username": "amy",
      "desk.supervise": {"from": "role", "to": "grant"}, "desk.reply": {"from": "role", "to": "deny"},
      "desk.export": {"from": "role", "to": "groups: g1"}})"));
  EXPECT_EQ(boost::json::parse(rows[0].changes), boost::json::parse(R"({"username": "amy",
      "desk.supervise": {"from": "grant", "to": "deny"}, "desk.reply": {"from": "deny", "to": "role"},
      "desk.export": {"from": "groups: g1", "to": "groups: g2"}})"));
}

TEST_P(PermissionsTest, AreReadAndChangedByTheirRoutes) {
  using enum net::Method;
  const auto changed = [&](const std::string& who, const std::string& whom, const std::string& body) {
    return send(by_cookie(request(patch, url(whom), body), tokens_.at(who)));
  };
  const auto read = [&](const std::string& who) { return send(by_cookie(request(get, url("amy")), tokens_.at(who))); };
  const auto answer = changed("boss", "amy", R"({"grants": ["desk.supervise"], "denials": ["desk.reply"]})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto expected = boost::json::parse(R"({"role": "agent", "instance_admin": false,
      "base": ["account.self", "miniprogram.read", "desk.read", "desk.reply"], "grants": ["desk.supervise"],
      "denials": ["desk.reply"], "group_grants": [],
      "effective": ["account.self", "miniprogram.read", "desk.read", "desk.supervise"]})");
  auto got = boost::json::parse(answer.body);
  EXPECT_EQ(got.as_object().at("account_id").as_string(), ids_of_.at("amy").str());
  got.as_object().erase("account_id");
  EXPECT_EQ(got, expected);

  const auto more = changed("boss", "amy", R"({"group_grants": [{"permission": "desk.export", "group_id": "g1"}],
      "denials": null})");
  EXPECT_EQ(boost::json::parse(more.body).at("denials").as_array().size(), 1u) << "what is not given stays";
  EXPECT_EQ(boost::json::parse(read("lead").body).at("group_grants").at(0).at("group_id").as_string(), "g1");
  EXPECT_EQ(code(read("amy")), "403 identity.forbidden");

  EXPECT_EQ(code(changed("lead", "amy", R"({"grants": []})")), "403 identity.forbidden");
  EXPECT_EQ(code(changed("boss", "boss", R"({"denials": []})")), "403 identity.own_permissions");
  EXPECT_EQ(code(changed("boss", "amy", R"({"grants": ["desk.fly"]})")), "400 request.invalid");
  EXPECT_EQ(code(changed("boss", "amy", R"({"grants": "desk.export"})")), "400 request.invalid");
  EXPECT_EQ(code(changed("boss", "amy", R"({"group_grants": [{"permission": "desk.fly", "group_id": "g"}]})")),
            "400 request.invalid");
  EXPECT_EQ(code(changed("boss", "amy", R"({"group_grants": [{"permission": "desk.export", "group_id": ""}]})")),
            "400 request.invalid");
  EXPECT_EQ(code(changed("boss", "amy", R"({"denial": []})")), "400 request.invalid");
  EXPECT_EQ(code(changed("root", "boss", R"({"denials": ["members.manage"]})")), "409 identity.last_manager");
  ids_of_["nobody"] = AccountId(1);
  EXPECT_EQ(code(changed("boss", "nobody", R"({"denials": []})")), "404 identity.not_found");

  const auto session = send(by_cookie(request(get, "/api/v1/session"), tokens_.at("amy")));
  EXPECT_EQ(boost::json::parse(session.body).at("permissions"),
            boost::json::parse(R"({"wxa": ["account.self", "miniprogram.read", "desk.read", "desk.supervise"]})"));
  const auto answered = send(by_cookie(request(get, "/api/v1/miniprograms/wxa/members"), tokens_.at("boss")));
  const auto members = boost::json::parse(answered.body);
  for (const auto& member : members.at("items").as_array()) {
    EXPECT_EQ(member.at("adjusted").as_int64(), member.at("username").as_string() == "amy" ? 3 : 0);
  }
}

}  // namespace
}  // namespace miniops::identity
