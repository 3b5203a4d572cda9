// Who sees which part of a person, and may act on it: every pair of roles in two mini programs, and a stranger's.
#include "people/tests/people_fixture.hpp"
#include "people/views.hpp"

namespace miniops::people {
namespace {

using identity::Permission;
using identity::Role;
using testing::HasSubstr;
using testing::Not;

// nullopt: no member.
constexpr std::array<std::optional<Role>, 6> roles{std::nullopt,    Role::admin,   Role::operator_,
                                                   Role::developer, Role::analyst, Role::agent};

bool reads(std::optional<Role> role) { return role && identity::role_has(*role, Permission::desk_read); }
bool writes(std::optional<Role> role) { return role && identity::role_has(*role, Permission::desk_reply); }

class VisibilityTest : public PeopleTest {
 protected:
  void SetUp() override {
    PeopleTest::SetUp();
    here = add(shop, "oShop");
    there = add(bank, "oBank");
    must(change(here, {0, "小红", {}, "电话 13811112222"}));
    must(change(there, {0, "张三", {}, "电话 13833334444"}));
    joined = must(link(here, there)).link.id;
  }
  static identity::Caller member(std::optional<Role> in_shop, std::optional<Role> in_bank) {
    Roles all;
    if (in_shop) all[shop] = *in_shop;
    if (in_bank) all[bank] = *in_bank;
    return caller(all);
  }
  std::string json_for(const identity::Caller& who, const AppId& appid = shop) {
    const Access mine = access(appid, who);
    const Reach reach(who);
    return json::serialize(to_json(must(sql::run(service_->person(mine, reach, here.value()))), mine, reach));
  }

  ProfileId here, there;
  LinkId joined;
};

TEST_P(VisibilityTest, OtherPartsAreForTheirMembers) {
  int with_both = 0;
  for (const auto in_shop : roles)
    for (const auto in_bank : roles) {
      if (!reads(in_shop)) continue;  // does not come so far: the guard refuses
      const auto who = member(in_shop, in_bank);
      const std::string text = json_for(who);
      EXPECT_THAT(text, HasSubstr("小红"));
      EXPECT_EQ(text.contains("张三"), reads(in_bank));
      EXPECT_EQ(text.contains("oBank"), reads(in_bank));
      EXPECT_FALSE(text.contains("13811112222"));  // one at a time, by revealing it
      EXPECT_FALSE(text.contains("13833334444"));
      EXPECT_TRUE(text.contains("138****2222"));
      EXPECT_EQ(text.contains("138****4444"), reads(in_bank));
      const auto links = must(sql::run(service_->links(access(shop, who), Reach(who), here.value())));
      EXPECT_EQ(links.size(), reads(in_bank) ? 1U : 0U);
      with_both += reads(in_bank) ? 1 : 0;
    }
  EXPECT_EQ(with_both, 9);
}

TEST_P(VisibilityTest, LinksAreChangedByThoseWhoMayInBoth) {
  for (const auto in_bank : roles) {
    const auto who = member(Role::admin, in_bank);
    const std::string expected = !reads(in_bank) ? "people.not_found" : writes(in_bank) ? "ok" : "people.needs_reply";
    const auto undone = code_of(sql::run(service_->undo_link(access(shop, who), Reach(who), here.value(), joined)));
    EXPECT_EQ(undone, expected);
    if (undone == "ok") joined = must(link(here, there)).link.id;
  }
  EXPECT_EQ(undo(here, joined), "ok");
  for (const auto in_bank : roles) {
    const auto who = member(Role::admin, in_bank);
    const auto made = sql::run(service_->link(access(shop, who), Reach(who), here.value(), there.value()));
    EXPECT_EQ(code_of(made), writes(in_bank) ? "ok" : "people.not_found");
    if (made) EXPECT_EQ(undo(here, made->link.id), "ok");
  }
}

TEST_P(VisibilityTest, ToSeeBothSidesIsNotEnough) {
  const std::set both{shop, bank};
  const Access mine = access(shop, everywhere);
  for (const auto& [changed, linked] : std::vector<std::pair<std::set<AppId>, std::string>>{
           {{shop}, "people.needs_reply"}, {{bank}, "ok"}, {{}, "people.needs_reply"}}) {
    const Reach reach(both, changed, both);
    EXPECT_EQ(code_of(sql::run(service_->undo_link(mine, reach, here.value(), joined))), "people.needs_reply");
    EXPECT_EQ(undo(here, joined), "ok");
    // The own side was checked when the access was given.
    const auto made = sql::run(service_->link(mine, reach, here.value(), there.value()));
    EXPECT_EQ(code_of(made), linked);
    joined = made ? made->link.id : must(link(here, there)).link.id;
  }
  EXPECT_EQ(undo(here, joined), "ok");
  learn(here, IdentityKind::phone, "13812345678");
  learn(there, IdentityKind::phone, "13812345678");
  const ProposalId id = proposals().front().proposal.id;
  for (const AppId& one : both) {
    const Reach reach(both, std::set{one}, both);
    EXPECT_EQ(code_of(sql::run(service_->decide(mine, reach, id, ProposalState::confirmed))), "people.needs_reply");
  }
  EXPECT_NE(person_of(here), person_of(there));
}

TEST_P(VisibilityTest, AKeyThatMayOnlyLookLinksNothing) {
  auto who = member(Role::admin, Role::admin);
  who.scopes = std::set{Permission::desk_read};
  const Access mine = access(shop, who);
  EXPECT_EQ(code_of(sql::run(service_->undo_link(mine, Reach(who), here.value(), joined))), "people.needs_reply");
  who.scopes.reset();
  who.only_appid = shop;
  EXPECT_THAT(json_for(who), Not(HasSubstr("张三")));
}

TEST_P(VisibilityTest, ProposalsAreForThoseWhoSeeBothSides) {
  EXPECT_EQ(undo(here, joined), "ok");
  learn(here, IdentityKind::phone, "13812345678");
  learn(there, IdentityKind::phone, "13812345678");
  const ProposalId id = proposals().front().proposal.id;
  for (const auto in_bank : roles) {
    const auto who = member(Role::agent, in_bank);
    const auto found = must(sql::run(service_->proposals(access(shop, who), Reach(who), ProposalId(), 10)));
    EXPECT_EQ(found.items.size(), reads(in_bank) ? 1U : 0U);
    if (!reads(in_bank))
      EXPECT_EQ(code_of(sql::run(service_->decide(access(shop, who), Reach(who), id, ProposalState::rejected))),
                "people.not_found");
  }
}

TEST_P(VisibilityTest, APersonWithoutAPartHereIsNotFound) {
  const auto who = caller({{cafe, Role::admin}, {shop, Role::admin}, {bank, Role::admin}});
  EXPECT_EQ(code_of(sql::run(service_->person(access(cafe, who), Reach(who), here.value()))), "people.not_found");
  // By the id of any of their profiles, but changed is what is here.
  ProfilePatch patch{stored(there).version};
  patch.nickname = "李四";
  must(sql::run(service_->change(access(bank, who), Reach(who), here.value(), patch)));
  EXPECT_EQ(stored(there).nickname, "李四");
  EXPECT_EQ(stored(here).nickname, "小红");
}

MINIOPS_ON_BOTH_ENGINES(VisibilityTest);

}  // namespace
}  // namespace miniops::people
