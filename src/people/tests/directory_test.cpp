// What other modules ask in their own transactions.
#include "people/tests/people_fixture.hpp"

namespace miniops::people {
namespace {

using enum IdentityKind;
using testing::ElementsAre;

class DirectoryTest : public PeopleTest {};

TEST_P(DirectoryTest, APersonIsMadeOnceInEachChannelAndMiniProgram) {
  const auto of = [&](const AppId& appid, std::string_view channel, const std::string& openid) {
    return within(
        [&](sql::Transaction& tx) { return directory_.identity_of(tx, appid, channel, OpenId(openid), clock_.now()); });
  };
  const Known first = of(shop, wechat_channel, "o1");
  EXPECT_TRUE(first.made);
  EXPECT_EQ(first.person.value(), first.profile.value());
  const Known again = of(shop, wechat_channel, "o1");
  EXPECT_FALSE(again.made);
  EXPECT_EQ(again.profile, first.profile);
  EXPECT_NE(of(shop, wechat_channel, "o2").profile, first.profile);
  EXPECT_NE(of(shop, "test", "o1").profile, first.profile);
  EXPECT_NE(of(bank, wechat_channel, "o1").profile, first.profile);
  EXPECT_EQ(rows("people_profiles"), 4);
  EXPECT_EQ(stored(first.profile).first_seen_at, clock_.now());
}

TEST_P(DirectoryTest, EqualUnionidsAreOnePersonAtOnce) {
  const ProfileId a = add(shop, "a");
  const ProfileId b = add(bank, "b");
  const ProfileId c = add(cafe, "c");
  EXPECT_EQ(learn(b, unionid, "u"), "ok");
  EXPECT_EQ(learn(a, unionid, "u"), "ok");
  EXPECT_EQ(learn(c, unionid, "other"), "ok");
  EXPECT_EQ(person_of(b).value(), a.value());
  EXPECT_EQ(person_of(c).value(), c.value());
  const auto found =
      within([&](sql::Transaction& tx) { return directory_.identity_of(tx, bank, wechat_channel, OpenId("b"), 0); });
  EXPECT_EQ(found.profile, b);  // what others keep stays
  EXPECT_EQ(found.person.value(), a.value());
}

TEST_P(DirectoryTest, AProfileHasOneUnionidAndTwentyIds) {
  const ProfileId a = add(shop, "a");
  EXPECT_EQ(learn(a, unionid, "u"), "ok");
  EXPECT_EQ(learn(a, unionid, "u"), "people.identity_exists");
  EXPECT_EQ(learn(a, unionid, "v"), "people.other_unionid");
  EXPECT_EQ(learn(a, openid, "o"), "people.invalid_identity");
  EXPECT_EQ(learn(a, phone, "110"), "people.invalid_identity");
  EXPECT_EQ(learn(ProfileId(1), login_id, "x"), "people.not_found");
  EXPECT_EQ(learn(a, phone, "13812345678"), "ok");
  EXPECT_EQ(learn(a, phone, "+86 138 1234 5678"), "people.identity_exists");
  for (int i = 2; i < 20; ++i) EXPECT_EQ(learn(a, login_id, fmt::format("l{}", i)), "ok");
  EXPECT_EQ(learn(a, login_id, "one more"), "people.too_many_identities");
}

TEST_P(DirectoryTest, EqualPhonesAndLoginIdsOnlyPropose) {
  const ProfileId a = add(shop, "a");
  const ProfileId b = add(bank, "b");
  const ProfileId c = add(shop, "c");
  learn(a, phone, "13812345678");
  learn(b, phone, "+86 13812345678");
  learn(a, login_id, "u1");
  learn(c, login_id, "u1");
  learn(a, outside_id, "crm-1");
  learn(b, outside_id, "crm-1");
  EXPECT_NE(person_of(a), person_of(b));
  const auto open = proposals();
  ASSERT_EQ(open.size(), 2U);
  EXPECT_EQ(open[0].proposal.because, login_id);
  EXPECT_EQ(open[1].proposal.because, phone);
  EXPECT_EQ(open[1].a.id, a);
  EXPECT_EQ(open[1].b.id, b);
  // Both say the same of a and b: asked once.
  learn(b, login_id, "u1");
  EXPECT_EQ(proposals(bank).size(), 2U);  // with a, and with c
}

TEST_P(DirectoryTest, WhatManyShareSaysNothing) {
  std::vector<ProfileId> all;
  for (int i = 0; i < 21; ++i) {
    all.push_back(add(shop, fmt::format("o{}", i)));
    if (i < 20) learn(all.back(), phone, "13800000000");
  }
  const auto before = rows("people_proposals");
  EXPECT_EQ(before, 19 * 20 / 2);
  learn(all.back(), phone, "13800000000");
  EXPECT_EQ(rows("people_proposals"), before);
}

TEST_P(DirectoryTest, ARejectedPairIsNotProposedAgain) {
  const ProfileId a = add(shop, "a");
  const ProfileId b = add(shop, "b");
  learn(a, phone, "13812345678");
  learn(b, phone, "13812345678");
  const auto open = proposals();
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(decide(open[0].proposal.id, ProposalState::rejected), "ok");
  EXPECT_EQ(decide(open[0].proposal.id, ProposalState::confirmed), "people.decided");
  EXPECT_NE(person_of(a), person_of(b));
  learn(a, login_id, "u1");
  learn(b, login_id, "u1");
  EXPECT_EQ(proposals().size(), 0U);
}

TEST_P(DirectoryTest, AConfirmedPairIsLinkedAndCanBeParted) {
  const ProfileId a = add(shop, "a");
  const ProfileId b = add(bank, "b");
  learn(a, phone, "13812345678");
  learn(b, phone, "13812345678");
  EXPECT_EQ(decide(proposals()[0].proposal.id, ProposalState::confirmed, cafe), "people.not_found");
  EXPECT_EQ(decide(proposals()[0].proposal.id, ProposalState::confirmed, bank), "ok");
  EXPECT_EQ(person_of(a), person_of(b));
  EXPECT_EQ(proposals().size(), 0U);
  const auto links = must(sql::run(service_->links(access(shop, everywhere), Reach(everywhere), a.value())));
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links[0].link.source, LinkSource::proposal);
  EXPECT_EQ(links[0].link.linked_by, "wang");
  EXPECT_EQ(undo(a, links[0].link.id), "ok");
  EXPECT_NE(person_of(a), person_of(b));
  learn(a, login_id, "u1");
  learn(b, login_id, "u1");
  EXPECT_EQ(proposals().size(), 0U);  // it was decided
}

TEST_P(DirectoryTest, WhoeverWasPartedIsNotFollowedAgain) {
  const ProfileId a = add(shop, "a");
  const ProfileId b = add(bank, "b");
  learn(a, unionid, "u");
  learn(b, unionid, "u");
  const auto links = must(sql::run(service_->links(access(shop, everywhere), Reach(everywhere), a.value())));
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links[0].link.source, LinkSource::unionid);
  EXPECT_EQ(undo(a, links[0].link.id), "ok");
  EXPECT_NE(person_of(a), person_of(b));
  const ProfileView view = seen(b, bank).profiles.front();
  const IdentityId id = view.identities.front().id;
  EXPECT_EQ(code_of(sql::run(service_->remove_identity(access(bank, everywhere), b.value(), id))),
            "people.unionid_by_hand");
  must(sql::run(service_->remove_identity(access(bank, script), b.value(), id)));
  EXPECT_EQ(learn(b, unionid, "u"), "ok");
  EXPECT_NE(person_of(a), person_of(b));
}

TEST_P(DirectoryTest, SignedParametersAreTrustedAsFarAsTheyFit) {
  const ProfileId a = add(shop, "a");
  const auto trust = [&](const Parameters& parameters) {
    within([&](sql::Transaction& tx) { directory_.trust(tx, a, parameters, clock_.now()); });
  };
  trust({{"level", "3"}, {"login_id", "u77"}, {"outside_id", "crm-1"}, {"unionid", "u"}, {"page", "x"}});
  const auto view = seen(a).profiles.front();
  EXPECT_EQ(view.profile.level, 3);
  EXPECT_EQ(view.profile.level_source, Source::session_from);
  ASSERT_EQ(view.identities.size(), 3U);
  for (const Identity& one : view.identities) EXPECT_EQ(one.source, Source::session_from);
  const auto version = stored(a).version;
  trust({{"level", "3"}, {"login_id", "u77"}});
  EXPECT_EQ(stored(a).version, version);
  for (const char* wrong : {"10", "-1", "x", ""}) trust({{"level", wrong}});
  EXPECT_EQ(stored(a).level, 3);
  trust({{"login_id", std::string(200, 'x')}});
  EXPECT_EQ(seen(a).profiles.front().identities.size(), 3U);
}

TEST_P(DirectoryTest, ALevelIsAsWhoeverSetItLastSaid) {
  const ProfileId a = add(shop, "a");
  const auto set = [&](ProfileId id, int level) {
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      return directory_.set_level(tx, id, level, Source::agent, clock_.now());
    };
    return code_of(db().write_blocking(write));
  };
  EXPECT_EQ(set(a, 5), "ok");
  EXPECT_EQ(stored(a).level, 5);
  EXPECT_EQ(stored(a).level_source, Source::agent);
  within([&](sql::Transaction& tx) { directory_.trust(tx, a, {{"level", "3"}}, clock_.now()); });
  EXPECT_EQ(stored(a).level, 3);
  EXPECT_EQ(set(ProfileId(1), 5), "people.not_found");
}

TEST_P(DirectoryTest, LastSeenMovesForwardInSteps) {
  const ProfileId a = add(shop, "a");
  const TimeMs start = clock_.now();
  const auto seen_at = [&](std::string_view source, TimeMs at) {
    within([&](sql::Transaction& tx) { directory_.seen(tx, a, source, at); });
    return stored(a);
  };
  EXPECT_EQ(seen_at("", start + minute_ms).last_seen_at, start);
  EXPECT_EQ(seen_at("pages/order", start + minute_ms).source, "pages/order");
  EXPECT_EQ(seen_at("", start + hour_ms).last_seen_at, start + hour_ms);
  EXPECT_EQ(seen_at("pages/other", start).last_seen_at, start + hour_ms);
  EXPECT_EQ(stored(a).source, "pages/order");
  EXPECT_EQ(stored(a).version, 1);
}

TEST_P(DirectoryTest, ABlockHoldsForThePersonUntilItEnds) {
  const ProfileId a = add(shop, "a");
  const ProfileId same = add(shop, "a2");
  const ProfileId there = add(bank, "a");
  const auto blocked = [&](ProfileId id) {
    return within([&](sql::Transaction& tx) { return directory_.blocked(tx, id, clock_.now()); });
  };
  const auto joined = must(link(a, same));
  must(link(a, there));
  const auto block = [&](TimeMs ends_at) {
    must(sql::run(service_->block(access(shop, everywhere), Reach(everywhere), a.value(), "辱骂", ends_at)));
  };
  block(clock_.now() + hour_ms);
  EXPECT_TRUE(blocked(a));
  EXPECT_TRUE(blocked(same));
  EXPECT_FALSE(blocked(there));  // another mini program's blacklist
  clock_.advance(hour_ms);
  EXPECT_FALSE(blocked(a));
  block(0);
  clock_.advance(1000 * day_ms);
  EXPECT_TRUE(blocked(same));
  EXPECT_EQ(undo(a, joined.link.id), "ok");
  EXPECT_FALSE(blocked(same));
  EXPECT_TRUE(blocked(a));
  EXPECT_TRUE(within([&](sql::Transaction& tx) { return directory_.facts(tx, a, clock_.now()); })->blocked);
  must(sql::run(service_->unblock(access(shop, everywhere), a.value())));
  EXPECT_FALSE(blocked(a));
  EXPECT_EQ(code_of(sql::run(service_->unblock(access(shop, everywhere), a.value()))), "people.not_found");
  EXPECT_FALSE(within([&](sql::Transaction& tx) { return directory_.facts(tx, ProfileId(1), 0); }));
}

TEST_P(DirectoryTest, ARemovedIdTakesItsOpenProposalsAlong) {
  const ProfileId a = add(shop, "a");
  const ProfileId b = add(shop, "b");
  for (const ProfileId id : {a, b})
    for (const char* value : {"u1", "u2", "u3"}) {
      learn(id, login_id, value);
      learn(id, outside_id, value);
    }
  const auto remove = [&](IdentityKind kind) {
    const auto all = seen(a).profiles.front().identities;
    const auto one = std::ranges::find(all, kind, &Identity::kind);
    must(sql::run(service_->remove_identity(access(shop, everywhere), a.value(), one->id)));
    return proposals().size();
  };
  EXPECT_EQ(remove(login_id), 1U);  // they share another
  EXPECT_EQ(remove(login_id), 1U);
  EXPECT_EQ(remove(login_id), 0U);
  EXPECT_EQ(remove(outside_id), 0U);
}

MINIOPS_ON_BOTH_ENGINES(DirectoryTest);

}  // namespace
}  // namespace miniops::people
