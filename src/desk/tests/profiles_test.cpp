// Threads and the profiles of their customers.
#include "desk/tests/desk_fixture.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ProfilesTest : public DeskTest {
 protected:
  Thread thread_of(const std::string& openid) {
    return must(sql::run(service().customer(admin(), OpenId(openid)))).thread;
  }
  template <class F>
  auto within(F act) -> std::invoke_result_t<F&, sql::Transaction&> {
    auto write = [&](sql::Transaction& tx) -> std::invoke_result_t<F&, sql::Transaction&> { return act(tx); };
    return db().write_blocking(write);
  }
  people::Profile profile_of(const std::string& openid) {
    const auto id = thread_of(openid).profile;
    return must(within([&](sql::Transaction& tx) -> Result<people::Profile> {
      const auto found = directory_.profile(tx, id);
      if (!found) return fail(Error{"test.none", "there is no profile", ErrorKind::not_found});
      return *found;
    }));
  }
  people::PersonView renamed(const std::string& openid, const std::string& nickname) {
    const people::Profile profile = profile_of(openid);
    people::ProfilePatch patch{profile.version};
    patch.nickname = nickname;
    const people::Reach everywhere(std::nullopt, std::nullopt, std::nullopt);
    return must(sql::run(people_->change(admin(), everywhere, profile.id.value(), patch)));
  }
  void block(const std::string& openid, TimeMs ends_at = 0) {
    const people::Reach everywhere(std::nullopt, std::nullopt, std::nullopt);
    must(sql::run(people_->block(admin(), everywhere, profile_of(openid).id.value(), "骚扰", ends_at)));
  }
  std::vector<std::string> texts(ConversationId id) {
    std::vector<std::string> all;
    for (const Message& message : messages(id)) all.push_back(content(message));
    return all;
  }
};

TEST_P(ProfilesTest, ACustomerHasAProfileFromTheFirstMessageOn) {
  says("o1", "在吗");
  const people::Profile profile = profile_of("o1");
  EXPECT_EQ(profile.openid, "o1");
  EXPECT_EQ(profile.appid, AppId("wxapp"));
  says("o1", "在吗？");
  EXPECT_EQ(profile_of("o1").id, profile.id);
}

TEST_P(ProfilesTest, WhatIsKnownBeforeTheFirstMessageIsShown) {
  must(within([&](sql::Transaction& tx) -> Result<void> {
    const auto known = directory_.identity_of(tx, AppId("wxapp"), wechat_channel, OpenId("o1"), clock_.now());
    return directory_.describe(tx, known.profile, {"林小满", "老客户", std::vector<std::string>{"VIP"}}, clock_.now());
  }));
  says("o1", "在吗");
  EXPECT_EQ(only().nickname, "林小满");
  EXPECT_EQ(conversations({}, "林小满").size(), 1U) << "the list finds it";
  EXPECT_EQ(thread_of("o1").note, "老客户");
  EXPECT_EQ(thread_of("o1").tags, R"(["VIP"])");
}

// A thread of the time before there were profiles.
TEST_P(ProfilesTest, WhatAgentsWroteBeforeBecomesTheProfiles) {
  says("o1", "在吗");
  must(within([](sql::Transaction& tx) -> Result<void> {
    tx.execute("UPDATE desk_threads SET profile = 0, nickname = '林小满', tags = '[\"VIP\"]'");
    tx.execute("DELETE FROM people_profiles");
    return {};
  }));
  says("o1", "还在吗");
  EXPECT_EQ(profile_of("o1").nickname, "林小满");
  EXPECT_THAT(profile_of("o1").tags, ElementsAre("VIP"));
}

TEST_P(ProfilesTest, ANameWrittenAtEitherPlaceIsTheSameEverywhere) {
  says("o1", "在吗");
  renamed("o1", "林小满");
  EXPECT_EQ(only().nickname, "林小满");
  EXPECT_EQ(conversations({}, "林小满").size(), 1U) << "the list finds it";
  CustomerPatch patch;
  patch.nickname = "林大满";
  patch.tags = std::vector<std::string>{"VIP"};
  EXPECT_EQ(must(sql::run(service().change_customer(access_of(1), OpenId("o1"), patch))).thread.nickname, "林大满");
  EXPECT_EQ(profile_of("o1").nickname, "林大满");
  EXPECT_THAT(profile_of("o1").tags, ElementsAre("VIP"));
  EXPECT_THAT(conversations({}, "林小满"), IsEmpty());
}

TEST_P(ProfilesTest, TheListLearnsOfANewNameAtOnce) {
  says("o1", "在吗");
  const std::int64_t before = only().version;
  renamed("o1", "林小满");
  EXPECT_GT(only().version, before) << "the browsers get the conversation anew";
  const std::int64_t after = only().version;
  renamed("o1", "林小满");
  EXPECT_EQ(only().version, after) << "nothing that lists show has changed";
}

TEST_P(ProfilesTest, WhoIsBlockedOpensNoConversationAndGetsNoReply) {
  says("o1", "在吗");
  must(sql::run(service().close(admin(), only().id, "spam", "resolved", std::nullopt)));
  block("o1");
  add_rule({{"name", "d"}, {"kind", "default"}, {"replies", {{{"msgtype", "text"}, {"text", {{"content", "稍等"}}}}}}});
  clock_.advance(day_ms);
  says("o1", "骚扰一");
  enters("o1", "pages/a");
  says("o1", "骚扰二");
  ASSERT_EQ(conversations().size(), 1U);
  EXPECT_EQ(only().state, State::closed);

  must(sql::run(people_->unblock(admin(), profile_of("o1").id.value())));
  says("o1", "对不起");
  ASSERT_EQ(conversations().size(), 2U);
  store::ConversationFilter waiting;
  waiting.state = State::waiting;
  EXPECT_THAT(texts(conversations(waiting).at(0).id),
              ElementsAre("骚扰一", "客户从 pages/a 进入了会话", "骚扰二", "对不起", "稍等"))
      << "nothing that was written is lost";
}

TEST_P(ProfilesTest, NothingThatSomebodyOnTheBlacklistWritesIsLost) {
  says("o1", "在吗");
  must(sql::run(service().close(admin(), only().id, "spam", "resolved", std::nullopt)));
  block("o1");
  clock_.advance(hour_ms);
  const int many = static_cast<int>(store::lobby_max) + 5;
  for (int i = 0; i < many; ++i) {
    says("o1", "第" + std::to_string(i) + "句");
    enters("o1", "page=" + std::to_string(i));
  }
  EXPECT_EQ(rows("desk_messages WHERE conversation_id = 0 AND direction = 'in'"), many);
  EXPECT_LE(rows("desk_messages WHERE conversation_id = 0 AND direction <> 'in'"), store::lobby_max);
  must(sql::run(people_->unblock(admin(), profile_of("o1").id.value())));
  says("o1", "对不起");
  EXPECT_EQ(rows("desk_messages WHERE direction = 'in'"), 1 + many + 1);
  EXPECT_EQ(rows("desk_messages WHERE conversation_id = 0"), 0);
}

TEST_P(ProfilesTest, ABlockEndsByItself) {
  says("o1", "在吗");
  must(sql::run(service().close(admin(), only().id, "spam", "resolved", std::nullopt)));
  clock_.advance(hour_ms);
  block("o1", clock_.now() + hour_ms);
  says("o1", "一");
  EXPECT_EQ(conversations().size(), 1U);
  clock_.advance(hour_ms);
  says("o1", "二");
  EXPECT_EQ(conversations().size(), 2U);
}

TEST_P(ProfilesTest, AnOpenConversationGoesOnWhenItsCustomerIsBlocked) {
  says("o1", "一");
  block("o1");
  says("o1", "二");
  EXPECT_THAT(texts(only().id), ElementsAre("一", "二"));
}

TEST_P(ProfilesTest, ASignedSessionFromSetsTheLevelAndAnUnsignedOneDoesNot) {
  const std::string key = must(sql::run(session_keys_->make(admin())));
  enters("o1", "level=9&page=pages%2Fa");
  EXPECT_EQ(profile_of("o1").level, 0);
  enters("o1", must(people::sign_session_from(key, {{"level", "3"}}, "o1", clock_.now())) + "&page=pages%2Fb");
  EXPECT_EQ(profile_of("o1").level, 3);
  EXPECT_EQ(thread_of("o1").source, "pages/b");
  enters("o2", must(people::sign_session_from(key, {{"level", "3"}}, "o1", clock_.now())));
  EXPECT_EQ(profile_of("o2").level, 0) << "signed for another customer";
  says("o1", "在吗");
  for (const Message& message : messages(only().id)) EXPECT_FALSE(message.body.contains("_sig")) << message.body;
}

TEST_P(ProfilesTest, WhoIsForgottenIsNameless) {
  says("o1", "在吗");
  renamed("o1", "林小满");
  const auto before = thread_of("o1").profile;
  must(within([&](sql::Transaction& tx) { return erasure_.forget(tx, AppId("wxapp"), OpenId("o1"), clock_.now()); }));
  EXPECT_EQ(only().nickname, "");
  EXPECT_THAT(conversations({}, "林小满"), IsEmpty());
  says("o1", "我回来了");
  EXPECT_NE(thread_of("o1").profile, before);
  EXPECT_EQ(profile_of("o1").nickname, "");
}

TEST_P(ProfilesTest, WhoIsNamedAgainAfterBeingForgottenIsShownSo) {
  says("o1", "在吗");
  must(within([&](sql::Transaction& tx) { return erasure_.forget(tx, AppId("wxapp"), OpenId("o1"), clock_.now()); }));
  must(within([&](sql::Transaction& tx) -> Result<void> {
    const auto known = directory_.identity_of(tx, AppId("wxapp"), wechat_channel, OpenId("o1"), clock_.now());
    return directory_.describe(tx, known.profile, {"林小满"}, clock_.now());
  }));
  says("o1", "还在吗");
  EXPECT_EQ(only().nickname, "林小满");
  EXPECT_EQ(conversations({}, "林小满").size(), 1U);
}

MINIOPS_ON_BOTH_ENGINES(ProfilesTest);

}  // namespace
}  // namespace miniops::desk
