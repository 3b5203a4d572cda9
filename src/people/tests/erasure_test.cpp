// What WeChat's events and a person's own wish take away.
#include <fmt/format.h>

#include "people/entries.hpp"
#include "people/tests/people_fixture.hpp"

namespace miniops::people {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using enum IdentityKind;

TEST(RevokeInfo, IsAListOfCodes) {
  EXPECT_THAT(revoke_codes("6,8"), ElementsAre(6, 8));
  EXPECT_THAT(revoke_codes(" 8 , 2;20"), ElementsAre(2, 8, 20));
  EXPECT_THAT(revoke_codes("x,99999999999999999999,8,"), ElementsAre(8));
  EXPECT_THAT(revoke_codes(""), IsEmpty());
  EXPECT_THAT(revoke_codes("0,-"), IsEmpty());
}

class ErasureTest : public PeopleTest {
 protected:
  void SetUp() override {
    PeopleTest::SetUp();
    Attribute address{{"address", "地址"}, AttributeId(), shop};
    address.revoke_code = 2;
    Attribute size{{"size", "尺码"}, AttributeId(), shop};
    for (const Attribute& one : {address, size}) must(sql::run(service_->add_attribute(access(shop, everywhere), one)));
    here = add(shop, "oShop");
    ProfilePatch patch{0, "小红", "https://wx.qlogo.cn/1", "常客", 4, std::vector<std::string>{"vip"}};
    patch.attributes = {{"address", "杭州"}, {"size", "M"}};
    must(change(here, patch));
    there = add(bank, "oBank");
    for (const ProfileId id : {here, there}) learn(id, unionid, "u1");
    learn(here, phone, "13812345678");
    learn(here, phone, "+85291234567");
    learn(add(cafe, "oCafe"), phone, "13812345678");
    must(sql::run(service_->block(access(shop, everywhere), Reach(everywhere), here.value(), "骚扰", 0)));
  }
  bool clear(const std::set<int>& codes, const AppId& appid = shop) {
    return within([&](sql::Transaction& tx) {
      return must(erasure_.clear_named(tx, appid, OpenId("oShop"), codes, clock_.now()));
    });
  }
  Held held(const Named& named) {
    return within([&](sql::Transaction& tx) { return erasure_.held(tx, named); });
  }
  json::object exported(const Named& named) {
    auto read = [&](sql::Transaction& tx) { return erasure_.exported(tx, named); };
    return must(db().read_blocking(read));
  }

  ProfileId here, there;
};

TEST_P(ErasureTest, WhatIsRevokedIsClearedAndNothingElse) {
  EXPECT_EQ(proposals().size(), 1U);
  EXPECT_FALSE(clear({1, 3, 99}));
  EXPECT_FALSE(clear({6}, bank));  // another mini program's openid
  EXPECT_EQ(stored(here).nickname, "小红");
  const auto version = stored(here).version;
  EXPECT_TRUE(clear(revoke_codes("8")));
  EXPECT_EQ(stored(here).version, version + 1);
  EXPECT_EQ(proposals().size(), 0U);
  auto view = seen(here).profiles.front();
  ASSERT_EQ(view.identities.size(), 1U);
  EXPECT_EQ(view.identities.front().kind, unionid);
  EXPECT_FALSE(clear({8}));

  EXPECT_TRUE(clear({2}));
  EXPECT_EQ(json::serialize(seen(here).profiles.front().attributes), R"({"size":"M"})");
  EXPECT_TRUE(clear({19}));
  EXPECT_EQ(stored(here).nickname, "");
  EXPECT_NE(stored(here).avatar_url, "");
  EXPECT_TRUE(clear({20}));
  EXPECT_EQ(stored(here).avatar_url, "");
  EXPECT_EQ(stored(here).note, "常客");
  EXPECT_THAT(stored(here).tags, ElementsAre("vip"));
}

TEST_P(ErasureTest, AModifiedProfileLosesNicknameAndPicture) {
  EXPECT_TRUE(clear(modified_codes()));
  EXPECT_EQ(stored(here).nickname, "");
  EXPECT_EQ(stored(here).avatar_url, "");
  EXPECT_EQ(seen(here).profiles.front().identities.size(), 3U);
}

TEST_P(ErasureTest, EverythingIsSaidExportedAndDeleted) {
  const Named named{shop, openid, "oShop"};
  EXPECT_EQ(held(named), (Held{1, 3, 2, 1, 1, 1}));
  const std::string text = json::serialize(exported(named));
  for (const char* part : {"oShop", "小红", "常客", "vip", "杭州", "13812345678", "+85291234567", "u1", "骚扰"})
    EXPECT_THAT(text, HasSubstr(part));
  EXPECT_THAT(text, testing::Not(HasSubstr("oBank")));

  const auto forget = [&] {
    return within([&](sql::Transaction& tx) { return must(erasure_.forget(tx, shop, OpenId("oShop"), clock_.now())); });
  };
  EXPECT_EQ(forget(), 1);
  EXPECT_EQ(forget(), 0);
  EXPECT_EQ(held(named), Held{});
  EXPECT_EQ(json::serialize(exported(named)), "{}");
  for (const char* table : {"people_tags", "people_values", "people_links", "people_proposals", "people_blocks"})
    EXPECT_EQ(rows(table), 0) << table;
  EXPECT_EQ(rows("people_identities"), 2);  // the bank's unionid, the cafe's phone
  EXPECT_EQ(person_of(there).value(), there.value());
  const auto again = within(
      [&](sql::Transaction& tx) { return directory_.identity_of(tx, shop, wechat_channel, OpenId("oShop"), 0); });
  EXPECT_TRUE(again.made);
}

TEST_P(ErasureTest, APersonIsNamedByAnyOfTheirIds) {
  EXPECT_EQ(held({shop, unionid, "u1"}).profiles, 1);
  EXPECT_EQ(held({shop, phone, "+86 138 1234 5678"}).profiles, 1);
  EXPECT_EQ(held({shop, phone, "no number"}).profiles, 0);
  EXPECT_EQ(held({shop, unionid, "u2"}).profiles, 0);
  EXPECT_EQ(
      within([&](sql::Transaction& tx) { return must(erasure_.forget(tx, Named{bank, unionid, "u1"}, clock_.now())); }),
      1);
  EXPECT_EQ(held({shop, openid, "oShop"}), (Held{1, 3, 2, 0, 1, 1}));
  EXPECT_EQ(rows("people_profiles"), 2);
}

TEST_P(ErasureTest, OfEntriesThePageAloneStays) {
  within([&](sql::Transaction& tx) {
    for (const char* source : {"pages/order?uid=u77", "pages/order?uid=u77", "pages/order", "首页", "nick=小红", ""})
      count_entry(tx, shop, here, source, 0);
    count_entry(tx, bank, there, "pages/order?uid=u78", 0);
  });
  EXPECT_EQ(
      within([&](sql::Transaction& tx) { return must(erasure_.forget(tx, shop, OpenId("oShop"), clock_.now())); }), 1);
  std::vector<std::string> left;
  for (const sql::Row& row : query("SELECT source, entries FROM people_entries"))
    left.push_back(fmt::format("{} {}", row.text(0), row.integer(1)));
  EXPECT_THAT(left, UnorderedElementsAre(" 2", "pages/order 3", "首页 1", "pages/order?uid=u78 1"));
}

MINIOPS_ON_BOTH_ENGINES(ErasureTest);

}  // namespace
}  // namespace miniops::people
