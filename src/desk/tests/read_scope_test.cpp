// Agents read their own and their groups' conversations, and live changes are for those who may read them.
#include "desk/read_scope.hpp"

#include "desk/tests/desk_fixture.hpp"
#include "service_levels/service.hpp"
#include "teams/store.hpp"

namespace miniops::desk {
namespace {

using identity::Permission;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Agent 1 is in no group, 2 handles refunds.
class ReadScopeTest : public DeskTest {
 protected:
  static constexpr routing::GroupId refunds{7};

  void SetUp() override {
    DeskTest::SetUp();
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      teams::Group group{refunds};
      group.name = "退款组";
      teams::store::put_group(tx, AppId("wxapp"), group);
      auto agent = teams::store::agent(tx, AppId("wxapp"), AccountId(2));
      agent.groups.push_back({refunds});
      teams::store::put_agent(tx, AppId("wxapp"), AccountId(2), agent);
      sql::raise_config_version(tx);
      return {};
    };
    must(db().write_blocking(write));
    must(sql::run(setups_->load(true)));
  }
  static identity::Caller caller(std::int64_t account, const std::set<identity::Grant>& grants = {}) {
    identity::Caller caller;
    caller.account = AccountId(account);
    caller.roles[AppId("wxapp")] = identity::Role::agent;
    caller.adjustments[AppId("wxapp")].grants = grants;
    return caller;
  }
  static Access with(std::int64_t account, const std::set<identity::Grant>& grants) {
    return caller(account, grants).access(AppId("wxapp"), Permission::desk_read).value();
  }
  // In the queue of refunds.
  ConversationId of_refunds(const std::string& openid = "o1", const std::string& text = "我要退款") {
    says(openid, text);
    const ConversationId id = conversation_of(openid).id;
    must(sql::run(service().transfer_to_group(admin(), id, refunds, "", std::nullopt)));
    return id;
  }
  std::string reads(const Access& access, ConversationId id) { return code_of(sql::run(service().get(access, id))); }
  // "account action object changes", the oldest first.
  std::vector<std::string> audited() {
    std::vector<std::string> all;
    for (const sql::Row& row :
         query("SELECT account_id, action, object, changes FROM audit_entries WHERE action LIKE 'desk.conversation.%' "
               "ORDER BY at, id"))
      all.push_back(fmt::format("{} {} {} {}", row.integer(0), row.text(1), row.text(2), row.text(3)));
    execute("DELETE FROM audit_entries");
    return all;
  }
  // "topic group account", in their order.
  std::vector<std::string> told() {
    std::vector<std::string> all;
    for (const sql::Row& row : query("SELECT topic, group_id, account_id FROM live_pending ORDER BY id"))
      all.push_back(fmt::format("{} {} {}", row.text(0), row.text(1), row.integer(2)));
    execute("DELETE FROM live_pending");
    return all;
  }
};

TEST_P(ReadScopeTest, WhoReadsWhat) {
  const ConversationId refund = of_refunds();
  says("o2", "在吗");
  const ConversationId other = conversation_of("o2").id;
  const std::string refused = "desk.other_group";
  const identity::Grant of_group{Permission::desk_inspect, refunds.str()};
  const std::vector<std::tuple<std::string, Access, std::string, std::string>> cases{
      {"in no group: the default one's", access_of(1), refused, "ok"},
      {"in the group", access_of(2), "ok", refused},
      {"an administrator", admin(), "ok", "ok"},
      {"who supervises", with(3, {{Permission::desk_supervise}}), "ok", "ok"},
      {"who inspects", with(3, {{Permission::desk_inspect}}), "ok", "ok"},
      {"all records", with(3, {{Permission::desk_records_all}}), "ok", "ok"},
      {"who inspects that group, besides her own", with(3, {of_group}), "ok", "ok"},
      {"who inspects another", with(2, {{Permission::desk_inspect, "99"}}), "ok", refused},
  };
  for (const auto& [who, access, of_refund, of_other] : cases) {
    EXPECT_EQ(reads(access, refund), of_refund) << who;
    EXPECT_EQ(reads(access, other), of_other) << who;
  }
}

TEST_P(ReadScopeTest, WhoHasItReadsItWhateverItsGroup) {
  const ConversationId id = of_refunds();
  online(1);
  ASSERT_EQ(reads(access_of(1), id), "desk.other_group");
  must(sql::run(service().transfer(admin(), id, AccountId(1), "", std::nullopt)));
  EXPECT_EQ(reads(access_of(1), id), "ok");
  EXPECT_EQ(reads(access_of(2), id), "ok");
}

TEST_P(ReadScopeTest, EveryCallThatNamesAConversationAsks) {
  const ConversationId id = of_refunds();
  const Access me = access_of(1);
  Service& desk = service();
  const std::vector<std::pair<std::string, std::string>> calls{
      {"messages", code_of(sql::run(desk.messages(me, id, false, 0, 10)))},
      {"thread", code_of(sql::run(desk.messages(me, id, true, 0, 10)))},
      {"events", code_of(sql::run(desk.events(me, id, std::nullopt, 10)))},
      {"send", code_of(sends(1, id, "您好"))},
      {"take", code_of(sql::run(desk.take(me, id, std::nullopt)))},
      {"close", code_of(sql::run(desk.close(me, id, "", "resolved", std::nullopt)))},
      {"transfer", code_of(sql::run(desk.transfer(me, id, AccountId(2), "", std::nullopt)))},
      {"read", code_of(sql::run(desk.mark_read(me, id, 1)))},
      {"typing", code_of(sql::run(desk.typing(me, id, true)))},
  };
  for (const auto& [call, code] : calls) EXPECT_EQ(code, "desk.other_group") << call;
  EXPECT_THAT(typing_.calls, IsEmpty());
}

TEST_P(ReadScopeTest, ItsClocksAreForThoseWhoReadIt) {
  const ConversationId id = of_refunds();
  service_levels::Service levels(
      {db(), clock_, ids_, [&](sql::Transaction& tx, const Access& access, service_levels::ConversationId asked) {
         return desk_->may_see_conversation(tx, access, ConversationId(asked.value()));
       }});
  const auto clocks = [&](std::int64_t account, std::int64_t of) {
    return code_of(sql::run(levels.clocks(access_of(account), service_levels::ConversationId(of), std::nullopt, 10)));
  };
  EXPECT_EQ(clocks(1, id.value()), "desk.other_group");
  EXPECT_EQ(clocks(2, id.value()), "ok");
  EXPECT_EQ(clocks(1, 5), "ok") << "there is none";
}

TEST_P(ReadScopeTest, WhoTypesIsToldToThoseWhoReadIt) {
  const ConversationId id = of_refunds();
  must(sql::run(service().typing(admin(), id, true)));
  ASSERT_FALSE(broadcaster_.audiences.empty());
  EXPECT_EQ(broadcaster_.messages.back().at("type"), "typing");
  EXPECT_EQ(broadcaster_.audiences.back().group, refunds.str());
  EXPECT_EQ(broadcaster_.audiences.back().about, id.value());
}

TEST_P(ReadScopeTest, ListsCountsAndSearchLeaveItOut) {
  of_refunds("o1", "退款什么时候到");
  says("o2", "退款流程");
  index_all();
  EXPECT_THAT(conversations({}, "", access_of(1)), SizeIs(1));
  EXPECT_THAT(conversations({}, "", access_of(2)), SizeIs(1));
  EXPECT_THAT(conversations({}, "", admin()), SizeIs(2));
  EXPECT_THAT(conversations({}, "退款", access_of(1)), SizeIs(1));
  EXPECT_EQ(must(sql::run(service().counts(access_of(1)))).waiting, 1);
  EXPECT_EQ(must(sql::run(service().counts(admin()))).waiting, 2);
  EXPECT_THAT(must(sql::run(service().search(access_of(2), "退款", MessageId(), 10))).page.items, SizeIs(1));
}

TEST_P(ReadScopeTest, OfEarlierConversationsOnlyWhatOneMayReadComesWithTheThread) {
  const ConversationId refund = of_refunds("o1", "退款的卡号");
  must(sql::run(service().close(admin(), refund, "", "resolved", std::nullopt)));
  clock_.advance(day_ms);
  says("o1", "另一个问题");
  ASSERT_THAT(conversations({.state = State::closed}), SizeIs(1));
  const ConversationId now = conversations({.waiting_longest = true}).at(0).id;
  auto thread = [&](const Access& access) {
    std::vector<std::string> said;
    for (const Message& one : must(sql::run(service().messages(access, now, true, 0, 100))).items)
      if (one.direction == Direction::in) said.push_back(content(one));
    return said;
  };
  EXPECT_THAT(thread(admin()), ElementsAre("另一个问题", "退款的卡号"));
  EXPECT_THAT(thread(access_of(1)), ElementsAre("另一个问题"));
}

TEST_P(ReadScopeTest, ChangesAreForItsReadersAndWhoLosesItIsTold) {
  says("o1", "我要退款");
  const ConversationId id = only().id;
  for (const std::string& one : told()) EXPECT_TRUE(one.ends_with(" 1 0")) << one << ": the default group's";
  must(sql::run(service().transfer_to_group(admin(), id, refunds, "", std::nullopt)));
  EXPECT_THAT(told(), ElementsAre("conversation_left 1 0", "conversation 7 0"));
  must(sql::run(service().mark_read(admin(), id, 1)));
  EXPECT_THAT(told(), ElementsAre("conversation 7 0")) << "nobody lost it";
  online(2);
  told();
  must(sql::run(service().take(access_of(2), id, std::nullopt)));
  EXPECT_THAT(told(), ElementsAre("conversation_left 7 0", "conversation 7 2"));
}

TEST_P(ReadScopeTest, WhatIsReadByAGrantAloneIsAudited) {
  const ConversationId refund = of_refunds("o1", "我的电话是 13812345678");
  const identity::Grant all{Permission::desk_records_all}, of_group{Permission::desk_inspect, refunds.str()};
  const auto read = [&](const Access& access) { must(sql::run(service().messages(access, refund, false, 0, 10))); };
  read(access_of(2));
  EXPECT_THAT(audited(), IsEmpty()) << "of the reader's own group";
  read(with(3, {all}));
  read(with(3, {all}));
  must(sql::run(service().events(with(3, {all}), refund, std::nullopt, 10)));
  const std::string entry = "3 desk.conversation.read conversation:" + refund.str() + " {}";
  EXPECT_THAT(audited(), ElementsAre(entry)) << "one, however many pages";
  clock_.advance(identity::ReadingLog::again_after_ms);
  read(with(3, {all}));
  EXPECT_THAT(audited(), ElementsAre(entry)) << "and again after a quarter of an hour";
  read(with(1, {of_group}));
  EXPECT_THAT(audited(), ElementsAre("1" + entry.substr(1))) << "by a grant for the group";
  online(3);
  must(sql::run(service().transfer(admin(), refund, AccountId(3), "", std::nullopt)));
  clock_.advance(identity::ReadingLog::again_after_ms);
  audited();
  read(with(3, {all}));
  EXPECT_THAT(audited(), IsEmpty()) << "it is theirs now";
}

TEST_P(ReadScopeTest, EarlierConversationsOfOthersThatComeWithTheThreadAreAuditedToo) {
  const ConversationId earlier = of_refunds("o1", "退款的卡号");
  must(sql::run(service().close(admin(), earlier, "", "resolved", std::nullopt)));
  clock_.advance(day_ms);
  says("o1", "另一个问题");
  const ConversationId now = conversations({.waiting_longest = true}).at(0).id;
  audited();
  must(sql::run(service().messages(with(1, {{Permission::desk_records_all}}), now, true, 0, 100)));
  EXPECT_THAT(audited(), ElementsAre("1 desk.conversation.read conversation:" + earlier.str() + " {}"));
}

TEST_P(ReadScopeTest, SearchingBeyondOnesGroupsIsAuditedAndSaysNoNumber) {
  of_refunds("o1", "我的电话是 13812345678");
  index_all();
  const Access wide = with(3, {{Permission::desk_records_all}});
  must(sql::run(service().search(access_of(2), "13812345678", MessageId(), 10)));
  EXPECT_THAT(audited(), IsEmpty());
  must(sql::run(service().search(wide, "13812345678", MessageId(), 10)));
  must(sql::run(service().search(wide, "13812345678", MessageId(), 10)));
  must(sql::run(service().list(wide, {}, "退款", std::nullopt, 10)));
  must(sql::run(service().list(wide, {}, "", std::nullopt, 10)));
  const std::string of_number = R"(3 desk.conversation.search desk {"text":{"to":"138****5678"}})";
  EXPECT_THAT(audited(), ElementsAre(of_number, R"(3 desk.conversation.search desk {"text":{"to":"退款"}})"));
  must(sql::run(service().search(wide, "13800005678", MessageId(), 10)));
  EXPECT_THAT(audited(), ElementsAre(of_number)) << "another number that is masked alike";
}

TEST_P(ReadScopeTest, ASearchIsAuditedWhateverPageIsAskedFor) {
  of_refunds("o1", "我要退款");
  index_all();
  const Access wide = with(3, {{Permission::desk_records_all}});
  must(sql::run(service().search(wide, "退款", MessageId(1), 10)));
  must(sql::run(service().list(wide, {}, "发票", After(std::pair<std::int64_t, std::int64_t>(1, 1)), 10)));
  EXPECT_THAT(audited(), ElementsAre(R"(3 desk.conversation.search desk {"text":{"to":"退款"}})",
                                     R"(3 desk.conversation.search desk {"text":{"to":"发票"}})"));
}

TEST_P(ReadScopeTest, ACustomerIsShownToWhoReadsOneOfTheirConversations) {
  of_refunds("o1");
  says("o2", "在吗");
  const auto shown = [&](const Access& access) {
    std::string all;
    for (const auto& row : must(sql::run(people_->list(access, std::nullopt, 10))).items)
      all += row.profile.openid + " ";
    return all;
  };
  EXPECT_EQ(shown(admin()), "o2 o1 ");
  EXPECT_EQ(shown(access_of(1)), "o2 ");
  EXPECT_EQ(shown(access_of(2)), "o1 ");
  EXPECT_EQ(shown(with(3, {{Permission::desk_records_all}})), "o2 o1 ");
  EXPECT_EQ(shown(with(3, {{Permission::desk_inspect, refunds.str()}})), "o2 o1 ");

  const people::Reach reach{std::nullopt, std::nullopt, std::nullopt};
  const auto o1 = must(sql::run(people_->search(admin(), people::IdentityKind::openid, "o1"))).at(0).profile.id.value();
  const std::vector<std::pair<std::string, std::function<std::string(const Access&)>>> calls{
      {"person", [&](const Access& as) { return code_of(sql::run(people_->person(as, reach, o1))); }},
      {"links", [&](const Access& as) { return code_of(sql::run(people_->links(as, reach, o1))); }},
      {"block", [&](const Access& as) { return code_of(sql::run(people_->block(as, reach, o1, "骚扰", 0))); }},
      {"unblock", [&](const Access& as) { return code_of(sql::run(people_->unblock(as, o1))); }},
      {"customer", [&](const Access& as) { return code_of(sql::run(service().customer(as, OpenId("o1")))); }},
      {"change", [&](const Access& as) { return code_of(sql::run(service().change_customer(as, OpenId("o1"), {}))); }},
      {"signals", [&](const Access& as) { return code_of(sql::run(service().may_see_customer(as, OpenId("o1")))); }}};
  for (const auto& [what, call] : calls) {
    EXPECT_THAT(call(access_of(1)), testing::AnyOf("people.not_found", "desk.other_group")) << what;
    EXPECT_EQ(call(access_of(2)), "ok") << what;
  }
  EXPECT_THAT(must(sql::run(people_->search(access_of(1), people::IdentityKind::openid, "o1"))), IsEmpty());
  must(sql::run(people_->block(admin(), reach, o1, "骚扰", 0)));
  EXPECT_THAT(must(sql::run(people_->blacklist(access_of(1), 0, 10))).items, IsEmpty());
  EXPECT_THAT(must(sql::run(people_->blacklist(access_of(2), 0, 10))).items, SizeIs(1));
}

TEST_P(ReadScopeTest, APictureIsShownToWhoReadsItsConversation) {
  const ConversationId id = of_refunds("o1");
  push(entry("o1", {{"MsgType", "image"}, {"MediaId", "PIC"}, {"PicUrl", "http://mmbiz.qpic.cn/x"}}));
  push(entry("o1", {{"MsgType", "voice"}, {"MediaId", "VOICE"}, {"Format", "amr"}}));
  const auto seen = [&](const Access& access, const std::string& media) {
    auto read = [&](sql::Transaction& tx) { return desk_->media_readers().may_see_media(tx, access, media); };
    return code_of(db().read_blocking(read));
  };
  for (const char* media : {"PIC", "VOICE"}) {
    EXPECT_EQ(seen(access_of(1), media), "desk.other_group") << media;
    EXPECT_EQ(seen(access_of(2), media), "ok") << media;
    EXPECT_EQ(seen(admin(), media), "ok") << media;
  }
  EXPECT_EQ(seen(access_of(2), "NONE"), "desk.other_group");
  online(1);
  must(sql::run(service().transfer(admin(), id, AccountId(1), "", std::nullopt)));
  EXPECT_EQ(seen(access_of(1), "PIC"), "ok") << "it is theirs now";
  auto read = [&](sql::Transaction& tx) -> Result<live::Audience> {
    return desk_->media_readers().audience_of_media(tx, AppId("wxapp"), "PIC");
  };
  const live::Audience told = must(db().read_blocking(read));
  EXPECT_EQ(told.about, id.value());
  EXPECT_EQ(told.account, AccountId(1));
  EXPECT_EQ(told.group, std::to_string(refunds.value()));
}

TEST_P(ReadScopeTest, SatisfactionIsShownOfTheConversationsThatOneReads) {
  ask_customers();
  const auto rated = [&](const std::string& openid, std::int64_t account, ConversationId id) {
    online(account);
    must(sql::run(service().take(access_of(account), id, std::nullopt)));
    deliver(must(sends(account, id, "您好")).id, gateway::DeliveryState::sent, 1);
    must(sql::run(service().close(access_of(account), id, "", "resolved", std::nullopt)));
    says(openid, "2");
  };
  rated("o1", 2, of_refunds("o1"));
  says("o2", "在吗");
  rated("o2", 1, conversation_of("o2").id);
  const auto shown = [&](const Access& access) {
    const auto results = must(sql::run(scores().results(access, {}, std::nullopt, 10))).items.size();
    const auto closed = must(sql::run(scores().funnel(access, satisfaction::store::By::group, {}))).total.closed;
    const auto follow_ups = must(sql::run(scores().follow_ups(access, {}, {}, 10))).items.size();
    return fmt::format("{} {} {}", results, closed, follow_ups);
  };
  EXPECT_EQ(shown(admin()), "2 2 2");
  EXPECT_EQ(shown(access_of(1)), "1 1 1");
  EXPECT_EQ(shown(access_of(2)), "1 1 1");
  EXPECT_EQ(shown(access_of(3)), "1 1 1") << "in no group: the default one's";
  const auto other = must(sql::run(scores().follow_ups(admin(), {}, {}, 10))).items;
  for (const auto& one : other) {
    const std::int64_t stranger = one.survey.agent == AccountId(2) ? 3 : 2;
    EXPECT_EQ(code_of(sql::run(scores().change_follow_up(access_of(stranger), one.follow_up.id, {1}))),
              "satisfaction.not_found");
  }
}

TEST_P(ReadScopeTest, WhatSupervisorsAreToldIsOfTheirGroup) {
  const ConversationId id = of_refunds();
  told();
  clock_.advance(46 * hour_ms);
  while (must(sql::run(desk_->timer_step()))) {
  }
  EXPECT_THAT(told(), ElementsAre("service_level 7 0", "conversation 7 0"));
  EXPECT_NE(must(sql::run(service().get(admin(), id))).conversation.raised_at, 0) << "its window closes";
}

TEST_P(ReadScopeTest, CountsForAllAtOnceAreThoseThatEachWouldGet) {
  const ConversationId refund = of_refunds("o1");
  of_refunds("o2");
  says("o3", "在吗");
  says("o4", "在吗");
  online(1);
  online(2);
  online(3);
  must(sql::run(service().transfer(admin(), refund, AccountId(1), "", std::nullopt)));  // of a group that is not hers
  must(sql::run(service().take(access_of(1), conversation_of("o3").id, std::nullopt)));
  ToSend note = must(parse_to_send({{"msgtype", "note"}, {"note", {{"content", "看一下"}}}}, true));
  note.named = {{AccountId(2), ""}};
  must(sql::run(service().send(access_of(1), conversation_of("o3").id, {note})));
  const auto lists = must(sql::run(desk_->lists(AppId("wxapp"))));
  const std::vector<Access> all{access_of(1), access_of(2), access_of(3), admin(),
                                with(3, {{Permission::desk_inspect, refunds.str()}})};
  for (const Access& access : all) {
    const auto alone = must(sql::run(service().counts(access)));
    const auto together = lists->of(access.account(), desk_->groups_read(access));
    EXPECT_EQ(json::serialize(together),
              fmt::format(R"({{"mine":{},"waiting":{},"active":{}}})", alone.mine, alone.waiting, alone.active))
        << access.username();
  }
  EXPECT_EQ(json::serialize(lists->of(AccountId(2), desk_->groups_read(access_of(2)))),
            R"({"mine":0,"waiting":1,"active":2})")
      << "its group's two, and the one that it is named in";
}

TEST_P(ReadScopeTest, ChangesAreAboutTheirConversation) {
  const ConversationId id = of_refunds();
  for (const sql::Row& row : query("SELECT topic, about FROM live_pending"))
    EXPECT_EQ(row.integer(1), id.value()) << row.text(0);
}

TEST_P(ReadScopeTest, TheHubIsToldWhoseGroupsSomebodyReads) {
  const AppId app("wxapp");
  EXPECT_EQ(desk_->groups_read(caller(1), app), std::set<std::string>{"1"});
  EXPECT_EQ(desk_->groups_read(caller(2), app), std::set<std::string>{"7"});
  EXPECT_EQ(desk_->groups_read(caller(2, {{Permission::desk_supervise}}), app), std::nullopt);
  EXPECT_EQ(desk_->groups_read(caller(2), AppId("wxother")), std::set<std::string>()) << "a stranger";
}

MINIOPS_ON_BOTH_ENGINES(ReadScopeTest);

}  // namespace
}  // namespace miniops::desk
