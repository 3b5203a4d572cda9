// Desk code asks the channel what it can do: the same things on the mini program's, and on a page without window,
// budget and menus.
#include "desk/tests/desk_fixture.hpp"
#include "desk/wechat_channel.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ChannelTest : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    wechat_.emplace(outbox_, typing_);
  }
  ConversationId asks_on_page(const std::string& openid = "p1") {
    writes_on_page(openid, "在吗");
    return conversation_of(openid).id;
  }
  ConversationId asks_in_wechat(const std::string& openid = "o1") {
    says(openid, "在吗");
    return conversation_of(openid).id;
  }
  void pass(TimeMs ms) {
    clock_.advance(ms);
    while (must(sql::run(desk_->timer_step()))) {
    }
  }
  std::vector<std::string> timers(ConversationId id) {
    std::vector<std::string> kinds;
    for (const auto& row : query("SELECT kind FROM desk_timers WHERE conversation_id = $1 ORDER BY kind", {id}))
      kinds.push_back(row.text(0));
    return kinds;
  }
  std::vector<Message> answers(ConversationId id) {
    auto all = messages(id);
    std::erase_if(all, [](const Message& one) { return one.direction != Direction::out; });
    return all;
  }
  json::object shown(ConversationId id) {
    const auto view = must(sql::run(service().get(admin(), id)));
    return to_json(view.conversation, view.budget, view.marks, {.personal_data = true, .language = "zh"});
  }
  Event last_event(ConversationId id) {
    return must(sql::run(service().events(admin(), id, std::nullopt, 1))).items.at(0).event;
  }
  void add_picture(const std::string& name, std::int64_t size) {
    execute(
        "INSERT INTO gateway_pictures (appid, blob, content_type, size, created_at) VALUES ('wxapp', $1, 'image/png', "
        "$2, 1)",
        {name, size});
  }
  Result<Message> sends_json(ConversationId id, const json::object& message) {
    return sql::run(service().send(access_of(1), id, {must(parse_to_send(message, false)), std::nullopt}));
  }

  std::optional<WechatChannel> wechat_;
};

// ---- what every channel promises ----

TEST_P(ChannelTest, WhoHasAWindowHasABudgetAndWhoHasNoneHasNone) {
  for (const Channel* channel : std::initializer_list<const Channel*>{&*wechat_, &page_}) {
    auto read = [&](sql::Transaction& tx) -> Result<bool> {
      return channel->budget(tx, AppId("wxapp"), OpenId("o1"), clock_.now()).has_value();
    };
    EXPECT_EQ(must(db().read_blocking(read)), channel->capabilities().window.has_value()) << channel->name();
  }
}

TEST_P(ChannelTest, TheMiniProgramsIsAsWeChatHasIt) {
  const Capabilities& can = wechat_->capabilities();
  ASSERT_TRUE(can.window);
  EXPECT_EQ(can.window->length, 48 * hour_ms);
  EXPECT_EQ(can.window->messages, 5);
  EXPECT_TRUE(can.typing);
  EXPECT_FALSE(can.menus);
  EXPECT_THAT(can.sends, ElementsAre("text", "image", "link", "miniprogrampage"));
  EXPECT_EQ(can.reply_path, ReplyPath::queued);
  for (const std::string_view kind : {"menu", "voice", ""}) EXPECT_FALSE(can.can_send(kind)) << kind;
}

TEST_P(ChannelTest, AChannelThatNobodyRegisteredIsAMistake) {
  EXPECT_EQ(&Channels({&page_}).of("page"), &page_);
  EXPECT_THROW(Channels({&page_}).of(wechat_channel), std::out_of_range);
}

// ---- who it is ----

TEST_P(ChannelTest, TheSameIdInTwoChannelsIsTwoThreads) {
  says("same", "在小程序里");
  writes_on_page("same", "在网页上");
  const auto both = conversations();
  ASSERT_THAT(both, SizeIs(2));
  EXPECT_NE(both[0].thread_id, both[1].thread_id);
  EXPECT_NE(both[0].channel, both[1].channel);
  writes_on_page("same", "还在");
  EXPECT_THAT(conversations(), SizeIs(2)) << "the page's goes on";
}

// ---- window and budget ----

TEST_P(ChannelTest, WithoutAWindowNoTimerWarnsOfItsEnd) {
  EXPECT_THAT(timers(asks_in_wechat()), ElementsAre("window_closing"));
  EXPECT_THAT(timers(asks_on_page()), IsEmpty());
}

TEST_P(ChannelTest, WithoutAWindowASilentAgentIsNeverTooLateToLoseTheCustomer) {
  Settings settings = must(sql::run(desk_->settings().settings(admin())));
  settings.agent_return_minutes = 3 * 24 * 60;  // by then WeChat allows no answer
  must(sql::run(desk_->settings().set_settings(admin(), settings)));
  online(1);
  const ConversationId page = asks_on_page();
  const ConversationId wechat = asks_in_wechat();
  assign_all();
  EXPECT_THAT(timers(page), ElementsAre("agent_remind", "agent_return"));
  EXPECT_THAT(timers(wechat), ElementsAre("agent_remind", "window_closing"));
}

TEST_P(ChannelTest, WithoutABudgetViewsSayNullAndManyAnswersGoOut) {
  const ConversationId id = asks_on_page();
  EXPECT_TRUE(shown(id).at("budget").is_null());
  EXPECT_TRUE(shown(asks_in_wechat()).at("budget").is_object());
  for (int i = 0; i < 12; ++i) EXPECT_EQ(must(sends(1, id, fmt::format("第 {} 条", i))).state, "queued");
  EXPECT_THAT(page_.handed, SizeIs(12));
  EXPECT_TRUE(shown(id).at("budget").is_null());
  EXPECT_THAT(query("SELECT 1 FROM gateway_outbox"), SizeIs(0));
  EXPECT_GT(page_.wakes, 0);
}

TEST_P(ChannelTest, WithoutAWindowAnAnswerDaysLaterGoesOut) {
  const ConversationId page = asks_on_page();
  const ConversationId wechat = asks_in_wechat();
  clock_.advance(5 * day_ms);
  EXPECT_EQ(must(sends(1, page, "让您久等了")).state, "queued");
  const Message held = must(sends(1, wechat, "让您久等了"));
  EXPECT_EQ(held.state, "held");
  EXPECT_EQ(held.reason, "window_closed");
}

TEST_P(ChannelTest, WithoutABudgetANoticeGoesOutWhereItIsRefusedOtherwise) {
  const ConversationId page = asks_on_page();
  const ConversationId wechat = asks_in_wechat();
  for (const ConversationId id : {page, wechat})
    for (int i = 0; i < 5; ++i) must(sends(1, id, "请稍等"));
  pass(31 * minute_ms);
  EXPECT_THAT(answers(page), SizeIs(6));
  EXPECT_EQ(answers(page).back().cause, "silence");
  EXPECT_EQ(page_.handed.size(), 6U);
  EXPECT_THAT(answers(wechat), SizeIs(5));
  EXPECT_EQ(last_event(wechat).kind, "reply_refused");
  EXPECT_EQ(last_event(wechat).to, "gateway.budget_spent");
}

// ---- kinds and limits ----

TEST_P(ChannelTest, WhatTheChannelDoesNotCarryIsRefused) {
  const ConversationId id = asks_on_page();
  const json::object link{{"msgtype", "link"},
                          {"link",
                           {{"title", "说明"},
                            {"description", "退款"},
                            {"url", "https://example.cn/a"},
                            {"thumb_url", "https://example.cn/a.png"}}}};
  EXPECT_EQ(code_of(sends_json(id, link)), "desk.channel_cannot_send");
  EXPECT_EQ(code_of(sends_json(asks_in_wechat(), link)), "ok");
  add_picture("small", 100);
  add_picture("large", 101);
  const auto image = [](const char* name) {
    return json::object{{"msgtype", "image"}, {"image", {{"picture_id", name}}}};
  };
  EXPECT_EQ(code_of(sends_json(id, image("small"))), "ok");
  EXPECT_EQ(code_of(sends_json(id, image("large"))), "desk.channel_cannot_send");
  EXPECT_EQ(code_of(sends_json(id, image("none"))), "desk.unknown_picture");
  EXPECT_EQ(code_of(sends_json(conversation_of("o1").id, image("large"))), "ok");
  EXPECT_THAT(page_.handed, SizeIs(1));
}

TEST_P(ChannelTest, ARulesReplyThatTheChannelDoesNotCarryIsNoted) {
  add_picture("cover", 9);
  const json::object card{{"title", "订单"}, {"pagepath", "pages/order"}, {"picture_id", "cover"}};
  add_rule({{"name", "订单"},
            {"kind", "default"},
            {"replies", json::array{json::object{{"msgtype", "miniprogrampage"}, {"miniprogrampage", card}}}}});
  must(sql::run(desk_->config_step()));
  const ConversationId id = asks_on_page();
  EXPECT_THAT(answers(id), IsEmpty());
  EXPECT_EQ(last_event(id).kind, "reply_refused");
  EXPECT_EQ(last_event(id).to, "desk.channel_cannot_send");
  EXPECT_THAT(answers(asks_in_wechat()), SizeIs(1));
}

TEST_P(ChannelTest, TypingIsShownWhereItCanBe) {
  const ConversationId page = asks_on_page();
  must(sql::run(service().typing(access_of(1), page, true)));
  EXPECT_THAT(typing_.calls, IsEmpty());
  EXPECT_EQ(broadcaster_.messages.size(), 1U) << "colleagues see it";
  must(sql::run(service().typing(access_of(1), asks_in_wechat(), true)));
  EXPECT_THAT(typing_.calls, ElementsAre(testing::Pair("o1", true)));
}

// ---- the reply path ----

TEST_P(ChannelTest, WhatALivePageDidNotTakeIsNotSentAgain) {
  const ConversationId id = asks_on_page();
  const MessageId answer = must(sends(1, id, "您好")).id;
  deliver(answer, gateway::DeliveryState::failed, 1);
  EXPECT_EQ(code_of(sql::run(service().resend(access_of(1), id, answer))), "desk.not_resendable");
  EXPECT_THAT(must(sql::run(service().attempts(access_of(1), id, answer))), SizeIs(1)) << "as the channel tells them";
}

// ---- the question at the end ----

TEST_P(ChannelTest, WithoutCardsTheQuestionIsALinkHoweverLateItIs) {
  add_picture("cover", 9);
  ask_customers({{"form", "card"}, {"card", {{"page", "pages/rate/rate"}, {"picture_id", "cover"}}}});
  const auto close = [&](ConversationId id) {
    must(sql::run(service().close(access_of(1), id, "", "resolved", std::nullopt)));
  };
  const auto helped = [&](ConversationId id) {
    deliver(must(sends(1, id, "办好了")).id, gateway::DeliveryState::sent, 1);
    return id;
  };
  const ConversationId wechat = helped(asks_in_wechat());
  close(wechat);
  EXPECT_EQ(answers(wechat).back().msgtype, "miniprogrampage");
  const ConversationId page = helped(asks_on_page());
  clock_.advance(5 * day_ms);
  close(page);
  EXPECT_EQ(answers(page).back().msgtype, "text");
  EXPECT_EQ(answers(page).back().cause, rating_cause);
  EXPECT_THAT(content(answers(page).back()), HasSubstr("https://ops.example.cn/rate/"));
  EXPECT_THAT(event_kinds(page), testing::Contains("survey_asked"));
}

MINIOPS_ON_BOTH_ENGINES(ChannelTest);

}  // namespace
}  // namespace miniops::desk
