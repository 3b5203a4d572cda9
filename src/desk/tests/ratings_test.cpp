// Customers are asked whether they were content, and what they reply is in nobody's way.
#include "desk/ratings.hpp"

#include "desk/tests/desk_fixture.hpp"

namespace miniops::desk {
namespace {

using gateway::DeliveryState;
using satisfaction::Survey;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class RatingsTest : public DeskTest {
 protected:
  // ---- what happens ----
  // Agent 1 answered, and WeChat accepted it.
  ConversationId helped(const std::string& openid = "o1") {
    online(1);
    says(openid, "在吗");
    const ConversationId id = conversation_of(openid).id;
    must(sql::run(service().take(access_of(1), id, std::nullopt)));
    deliver(must(sends(1, id, "您好，已经办好了")).id, DeliveryState::sent, 1);
    return id;
  }
  void ends(ConversationId id) { must(sql::run(service().close(access_of(1), id, "", "resolved", std::nullopt))); }
  // Closed, and asked about.
  ConversationId asked(const std::string& openid = "o1") {
    const ConversationId id = helped(openid);
    ends(id);
    if (questions(id).size() != 1) throw std::runtime_error("nothing was asked");
    clock_.advance(second_ms);
    return id;
  }
  void pass(TimeMs ms) {
    clock_.advance(ms);
    while (must(sql::run(desk_->timer_step()))) {
    }
  }
  template <class F>
  auto within(F act) -> std::invoke_result_t<F&, sql::Transaction&> {
    auto write = [&](sql::Transaction& tx) -> std::invoke_result_t<F&, sql::Transaction&> { return act(tx); };
    return db().write_blocking(write);
  }
  void block(const std::string& openid) {
    const auto profile = must(sql::run(service().customer(admin(), OpenId(openid)))).thread.profile;
    const people::Reach everywhere(std::nullopt, std::nullopt, std::nullopt);
    must(sql::run(people_->block(admin(), everywhere, profile.value(), "骚扰", 0)));
  }
  void forget(const std::string& openid) {
    must(within(
        [&](sql::Transaction& tx) { return erasure_.forget(tx, AppId("wxapp"), OpenId(openid), clock_.now()); }));
  }

  // ---- what is there ----
  std::vector<Message> questions(ConversationId id) {
    std::vector<Message> found;
    for (Message& one : messages(id))
      if (one.cause == rating_cause && one.direction == Direction::out) found.push_back(std::move(one));
    return found;
  }
  std::vector<Survey> results() { return must(sql::run(scores().results(admin(), {}, std::nullopt, 100))).items; }
  // "closed 1, askable 1, asked 0, delivered 0, answered 0"
  std::string funnel() {
    const auto total = must(sql::run(scores().funnel(admin(), satisfaction::store::By::day, {}))).total;
    return fmt::format("closed {}, askable {}, asked {}, delivered {}, answered {}", total.closed, total.askable,
                       total.asked, total.delivered, total.answered);
  }
  Event last_event(ConversationId id) {
    return must(sql::run(service().events(admin(), id, std::nullopt, 1))).items.at(0).event;
  }
  std::int64_t rows_with(const std::string& table, const std::string& column, const std::string& part) {
    return query(fmt::format("SELECT COUNT(*) FROM {} WHERE {} LIKE '%{}%'", table, column, part))[0].integer(0);
  }
};

// ---- asking ----

TEST_P(RatingsTest, AConversationThatClosesIsAskedAboutOnce) {
  ask_customers();
  const ConversationId id = helped();
  ends(id);
  ASSERT_THAT(questions(id), SizeIs(1));
  const Message question = questions(id)[0];
  EXPECT_THAT(content(question), HasSubstr("1–5"));
  EXPECT_EQ(question.sender_kind, SenderKind::system);
  EXPECT_EQ(question.state, "queued");
  EXPECT_THAT(event_kinds(id), ElementsAre("opened", "taken", "closed", "survey_asked"));
  EXPECT_EQ(only().state, State::closed);
  EXPECT_THAT(only().last_message, HasSubstr("1–5"));
  EXPECT_EQ(must(sql::run(service().get(admin(), id))).budget->remaining, 3);
  EXPECT_EQ(funnel(), "closed 1, askable 1, asked 1, delivered 0, answered 0");

  says("o1", "还没好");
  EXPECT_EQ(only().reopened, 1);
  ends(id);
  EXPECT_THAT(questions(id), SizeIs(1));
}

TEST_P(RatingsTest, NobodyIsAskedUntilItIsSwitchedOn) {
  const ConversationId id = helped();
  ends(id);
  EXPECT_THAT(questions(id), IsEmpty());
  EXPECT_EQ(funnel(), "closed 1, askable 0, asked 0, delivered 0, answered 0");
}

TEST_P(RatingsTest, OnlyWhomAHumanAnsweredIsAsked) {
  ask_customers();
  add_rule({{"name", "greeting"},
            {"kind", "default"},
            {"replies", {{{"msgtype", "text"}, {"text", {{"content", "您好"}}}}}}});
  says("o1", "在吗");
  const ConversationId machine = conversation_of("o1").id;
  deliver(messages(machine).back().id, DeliveryState::sent, 1);
  ends(machine);
  EXPECT_THAT(questions(machine), IsEmpty());

  online(1);
  says("o2", "在吗");
  const ConversationId unheard = conversation_of("o2").id;
  deliver(must(sends(1, unheard, "您好")).id, DeliveryState::failed, 1, 45015, "window_closed");
  ends(unheard);
  EXPECT_THAT(questions(unheard), IsEmpty());
  EXPECT_EQ(funnel(), "closed 2, askable 0, asked 0, delivered 0, answered 0");
}

TEST_P(RatingsTest, WindowAndBudgetMustAllowIt) {
  ask_customers();
  const ConversationId spent = helped("o1");
  must(sends(1, spent, "第二条"));
  must(sends(1, spent, "第三条"));  // two are left, and those are the agent's
  ends(spent);
  EXPECT_THAT(questions(spent), IsEmpty());

  const ConversationId late = helped("o2");
  clock_.advance(48 * hour_ms);
  ends(late);
  EXPECT_THAT(questions(late), IsEmpty());
  EXPECT_EQ(query("SELECT COUNT(*) FROM gateway_outbox WHERE state = 'held'")[0].integer(0), 0)
      << "nothing is sent late";
  EXPECT_EQ(funnel(), "closed 2, askable 2, asked 0, delivered 0, answered 0");
}

TEST_P(RatingsTest, WhoIsOnTheBlacklistIsNeitherAskedNorHeard) {
  ask_customers();
  const ConversationId before = helped("o1");
  block("o1");
  ends(before);
  EXPECT_THAT(questions(before), IsEmpty());
  asked("o2");
  block("o2");
  says("o2", "1");
  EXPECT_THAT(results(), IsEmpty());
}

TEST_P(RatingsTest, ASilentCustomersConversationIsAskedAboutWhenItEnds) {
  ask_customers();
  const ConversationId id = helped();
  pass(30 * minute_ms);
  ASSERT_NE(only().warned_at, 0);
  pass(10 * minute_ms);
  EXPECT_EQ(only().state, State::closed);
  EXPECT_THAT(questions(id), SizeIs(1));
  EXPECT_THAT(event_kinds(id), ElementsAre("opened", "taken", "silence_warned", "closed", "survey_asked"));
  says("o1", "4");
  EXPECT_EQ(only().state, State::closed);
  EXPECT_THAT(results(), SizeIs(1));
}

TEST_P(RatingsTest, WhatIsSaidAtTheEndComesBeforeTheQuestionAndOutOfTheSameBudget) {
  ask_customers();
  Settings settings = must(sql::run(desk_->settings().settings(admin())));
  settings.silence_close_text = "会话已结束";
  must(sql::run(desk_->settings().set_settings(admin(), settings)));
  const ConversationId id = helped();
  pass(30 * minute_ms);
  pass(10 * minute_ms);
  EXPECT_EQ(content(messages(id).back()), "会话已结束");
  EXPECT_EQ(funnel(), "closed 1, askable 1, asked 0, delivered 0, answered 0");
}

TEST_P(RatingsTest, TheQuestionIsInTheCustomersLanguage) {
  ask_customers();
  enters("o1", "language=en_US&page=pages%2Fhome");
  EXPECT_THAT(content(questions(asked("o1"))[0]), HasSubstr("Please rate"));
  EXPECT_THAT(content(questions(asked("o2"))[0]), HasSubstr("感谢咨询"));
}

// ---- delivery ----

TEST_P(RatingsTest, WeChatsAnswerIsNoted) {
  ask_customers();
  deliver(questions(asked("o1"))[0].id, DeliveryState::sent, 1);
  EXPECT_EQ(funnel(), "closed 1, askable 1, asked 1, delivered 1, answered 0");

  const ConversationId refused = asked("o2");
  const MessageId question = questions(refused)[0].id;
  deliver(question, DeliveryState::failed, 1, 45047, "budget_spent");
  EXPECT_EQ(funnel(), "closed 2, askable 2, asked 1, delivered 1, answered 0");
  EXPECT_EQ(code_of(sql::run(service().resend(access_of(1), refused, question))), "desk.not_resendable");
  says("o2", "5");
  EXPECT_EQ(conversation_of("o2").reopened, 1) << "who was not asked answers nothing";
}

TEST_P(RatingsTest, ACardWithoutItsCoverIsNotAsked) {
  ask_customers({{"form", "card"}, {"card", {{"page", "pages/rate/rate"}, {"picture_id", "cover"}}}});
  const ConversationId id = helped();
  ends(id);
  EXPECT_THAT(questions(id), IsEmpty());
  EXPECT_EQ(last_event(id).kind, "reply_refused");
  EXPECT_EQ(last_event(id).to, "desk.unknown_picture");
  EXPECT_EQ(funnel(), "closed 1, askable 1, asked 0, delivered 0, answered 0");
}

TEST_P(RatingsTest, AChoiceOfAMenuIsNoScore) {
  ask_customers();
  add_rule({{"name", "menu"},
            {"kind", "greeting"},
            {"replies", {{{"msgtype", "text"}, {"text", {{"content", "回复1查订单，2退款"}}}}}}});
  const ConversationId id = asked();
  clock_.advance(20 * hour_ms);
  enters("o1", "");
  says("o1", "1");
  EXPECT_EQ(funnel(), "closed 1, askable 1, asked 1, delivered 0, answered 0");
  EXPECT_NE(conversation_of("o1").id, id);
}

TEST_P(RatingsTest, AnAnswerThatIsOnItsWayWasAHumans) {
  ask_customers();
  online(1);
  says("o1", "在吗");
  const ConversationId id = conversation_of("o1").id;
  must(sql::run(service().take(access_of(1), id, std::nullopt)));
  must(sends(1, id, "已经办好了，再见"));
  ends(id);
  EXPECT_EQ(funnel(), "closed 1, askable 1, asked 1, delivered 0, answered 0");
}

TEST_P(RatingsTest, ACommentInTheChatKeepsItsNumberSealed) {
  for (const bool anonymous : {false, true}) {
    ask_customers({{"anonymous", anonymous}, {"follow_up", {{"owner", "nobody"}}}});
    const std::string openid = anonymous ? "o2" : "o1";
    const ConversationId id = asked(openid);
    says(openid, "2");
    says(openid, "请打13812345678");
    const Survey survey = results().at(0);
    ASSERT_EQ(survey.conversation.value(), id.value());
    EXPECT_EQ(survey.comment, "请打138****5678");
    EXPECT_EQ(must(surveys_.whole_comment(survey)), "请打13812345678");
    EXPECT_EQ(rows_with("desk_messages", "body", "13812345678"), 0);
  }
}

// ---- the link ----

TEST_P(RatingsTest, TheLinkIsTheCustomersAlone) {
  ask_customers({{"form", "link"}});
  const ConversationId id = asked();
  EXPECT_THAT(content(questions(id)[0]), EndsWith("https://ops.example.cn/rate/…"));
  const std::string sent = query("SELECT message FROM gateway_outbox ORDER BY seq DESC LIMIT 1")[0].text(0);
  const std::string token = sent.substr(sent.find("/rate/") + 6, 24);
  ASSERT_THAT(token, Not(HasSubstr("…")));
  must(within([&](sql::Transaction& tx) { return surveys_.check(tx, token, clock_.now()); }));
  EXPECT_EQ(rows_with("desk_messages", "body", token), 0);
  EXPECT_EQ(rows_with("desk_conversations", "last_message", token), 0);
  EXPECT_EQ(rows_with("live_pending", "data", token), 0);
  must(within([&](sql::Transaction& tx) { return surveys_.rate(tx, token, 2, "13812345678打不通", clock_.now()); }));
  EXPECT_EQ(last_event(id).kind, "rated") << "as if it had been a reply";
  EXPECT_EQ(last_event(id).to, "2");
  const auto piece = must(sql::run(desk_->conversation_keeper().exported({AppId("wxapp"), OpenId("o1")}, "")));
  EXPECT_THAT(piece.lines, HasSubstr(R"("comment":"13812345678打不通")"))
      << "it is in no message, but the person's own";
}

TEST_P(RatingsTest, TheCardsPageHasTheTokenAndAgentsDoNotSeeIt) {
  execute(
      "INSERT INTO gateway_pictures (appid, blob, content_type, size, created_at) VALUES ('wxapp', 'cover', "
      "'image/png', 1, 1)");
  ask_customers({{"form", "card"}, {"card", {{"page", "pages/rate/rate"}, {"picture_id", "cover"}}}});
  const ConversationId id = asked();
  const Message question = questions(id)[0];
  EXPECT_EQ(question.msgtype, "miniprogrampage");
  EXPECT_EQ(body_of(question).at("pagepath").as_string(), "pages/rate/rate?token=…");
  EXPECT_EQ(body_of(question).at("picture_id").as_string(), "cover");
  EXPECT_EQ(rows_with("gateway_outbox", "message", "token=…"), 0) << "the customer's is whole";
}

// ---- replies ----

TEST_P(RatingsTest, AScoreReopensNothingAndNobodyNeedReadIt) {
  ask_customers();
  const ConversationId id = asked();
  add_rule(
      {{"name", "echo"}, {"kind", "default"}, {"replies", {{{"msgtype", "text"}, {"text", {{"content", "稍等"}}}}}}});
  const Conversation before = only();
  const std::size_t said = messages(id).size();
  says("o1", "５。");
  const Conversation after = only();
  EXPECT_EQ(after.state, State::closed);
  EXPECT_EQ(after.stage, before.stage);
  EXPECT_EQ(after.reopened, 0);
  EXPECT_EQ(after.unread, 0);
  EXPECT_EQ(after.waiting_since, 0);
  EXPECT_EQ(after.closed_at, before.closed_at);
  EXPECT_THAT(after.timers, IsEmpty());
  EXPECT_THAT(after.last_message, HasSubstr("５。"));
  ASSERT_THAT(messages(id), SizeIs(said + 1)) << "and no rule replies";
  EXPECT_EQ(messages(id).back().cause, rating_cause);
  EXPECT_EQ(last_event(id).kind, "rated");
  EXPECT_EQ(last_event(id).to, "5");
  EXPECT_EQ(last_event(id).actor.kind, SenderKind::customer);
  EXPECT_EQ(must(sql::run(service().get(admin(), id))).budget->expires_at, clock_.now() - 10 + 48 * hour_ms)
      << "the window opens as for any message";
  ASSERT_THAT(results(), SizeIs(1));
  EXPECT_EQ(results()[0].score, 5);
  EXPECT_EQ(results()[0].conversation.value(), id.value());
  EXPECT_EQ(results()[0].agent, AccountId(1));
}

TEST_P(RatingsTest, AReplyIsNotCountedWhenTheConversationGoesOn) {
  ask_customers();
  const ConversationId id = asked();
  says("o1", "5");
  clock_.advance(11 * minute_ms);
  says("o1", "另外，地址写错了");
  const Conversation again = only();
  EXPECT_EQ(again.reopened, 1);
  EXPECT_EQ(again.unread, 1);
  const TimeMs asked_at = again.waiting_since;
  EXPECT_EQ(must(within([&](sql::Transaction& tx) -> Result<TimeMs> { return store::asked_after_answers(tx, again); })),
            asked_at);
  must(
      sql::run(service().mark_read(access_of(1), id, again.last_seq - 2)));  // the question was seen, the score was not
  EXPECT_EQ(only().unread, 1);
}

TEST_P(RatingsTest, TheNextTextIsTheCommentAndAnotherNumberIsDropped) {
  ask_customers();
  const ConversationId id = asked();
  says("o1", "4");
  says("o1", "1");
  EXPECT_EQ(last_event(id).kind, "rated") << "once";
  says("o1", "态度很好");
  EXPECT_EQ(last_event(id).kind, "rating_comment");
  EXPECT_EQ(only().state, State::closed);
  EXPECT_EQ(only().unread, 0);
  ASSERT_THAT(results(), SizeIs(1));
  EXPECT_EQ(results()[0].score, 4);
  EXPECT_EQ(results()[0].comment, "态度很好");
  EXPECT_EQ(content(messages(id).back()), "态度很好");
}

TEST_P(RatingsTest, AfterTenMinutesACommentIsAMessage) {
  ask_customers();
  asked();
  says("o1", "4");
  clock_.advance(10 * minute_ms);
  says("o1", "态度很好");
  EXPECT_EQ(only().reopened, 1);
  EXPECT_EQ(results()[0].comment, "");
}

TEST_P(RatingsTest, AQuestionAfterTheScoreOpensAConversationOfItsOwn) {
  ask_customers();
  const ConversationId id = asked();
  says("o1", "5");
  says("o1", "什么时候发货");
  ASSERT_THAT(conversations(), SizeIs(2));
  const Conversation next = conversations({.state = State::waiting}).at(0);
  EXPECT_NE(next.id, id);
  EXPECT_EQ(next.number, 2);
  EXPECT_EQ(next.unread, 1);
  EXPECT_EQ(next.last_agent, AccountId(1));
  EXPECT_EQ(results()[0].comment, "");
}

TEST_P(RatingsTest, AScoreBelongsToTheConversationThatWasAskedAbout) {
  ask_customers();
  const ConversationId first = asked();
  clock_.advance(hour_ms);
  says("o1", "我的快递呢");
  const Conversation second = conversations({.state = State::waiting}).at(0);
  ASSERT_NE(second.id, first);
  says("o1", "1");
  EXPECT_THAT(results(), IsEmpty()) << "while one is open a number answers the agent";
  ends(second.id);
  says("o1", "3");
  ASSERT_THAT(results(), SizeIs(1));
  EXPECT_EQ(results()[0].conversation.value(), first.value());
  EXPECT_EQ(content(messages(first).back()), "3");
  EXPECT_THAT(conversations({.state = State::closed}), SizeIs(2));
}

TEST_P(RatingsTest, AnonymousScoresAreWrittenNowhereElse) {
  ask_customers({{"anonymous", true}, {"follow_up", {{"owner", "nobody"}}}});
  const ConversationId id = asked();
  says("o1", "非常不满意");
  EXPECT_EQ(last_event(id).kind, "rated");
  EXPECT_EQ(last_event(id).to, "");
  says("o1", "态度很差");
  EXPECT_EQ(content(messages(id).back()), "客户已评价");
  EXPECT_THAT(only().last_message, HasSubstr("客户已评价"));
  for (const std::string said : {"非常不满意", "态度很差"}) {
    EXPECT_EQ(query(fmt::format("SELECT COUNT(*) FROM desk_messages WHERE direction = 'in' AND (body LIKE '%{0}%' OR "
                                "original LIKE '%{0}%')",
                                said))[0]
                  .integer(0),
              0);
    EXPECT_EQ(rows_with("desk_conversations", "last_message", said), 0);
  }
  index_all();
  EXPECT_THAT(conversations({}, "态度很差"), IsEmpty());
  ASSERT_THAT(results(), SizeIs(1));
  EXPECT_EQ(results()[0].score, 1);
  EXPECT_EQ(results()[0].comment, "态度很差");
}

TEST_P(RatingsTest, WhatWasSaidWithAScoreIsKeptAsLongAsTheMessages) {
  ask_customers();
  const ConversationId id = asked("o1");
  says("o1", "2");
  says("o1", "等了太久，电话 13800138000");
  execute("UPDATE satisfaction_follow_ups SET note = '打过电话'");
  must(db().write_blocking([&](sql::Transaction& tx) -> Result<void> {
    desk_->records_archive().remove_messages(tx, records::ConversationId(id.value()), 100);
    return {};
  }));
  ASSERT_THAT(results(), SizeIs(1));
  EXPECT_EQ(results()[0].score, 2) << "a figure";
  EXPECT_EQ(results()[0].comment, "");
  EXPECT_EQ(query("SELECT COUNT(*) FROM satisfaction_follow_ups WHERE note = ''")[0].integer(0), 1);
}

TEST_P(RatingsTest, WhoIsForgottenLeavesAScoreWithoutAName) {
  ask_customers();
  asked("o1");
  says("o1", "2");
  says("o1", "等了太久");
  const ConversationId waiting = asked("o2");
  forget("o1");
  forget("o2");
  ASSERT_THAT(results(), SizeIs(1));
  EXPECT_EQ(results()[0].score, 2);
  EXPECT_EQ(results()[0].comment, "");
  EXPECT_TRUE(results()[0].profile.empty());
  EXPECT_EQ(query("SELECT COUNT(*) FROM satisfaction_follow_ups")[0].integer(0), 0);
  deliver(questions(waiting)[0].id, DeliveryState::sent, 1);
  says("o2", "5");
  EXPECT_THAT(results(), SizeIs(1));
  EXPECT_EQ(conversation_of("o2").reopened, 1);
}

MINIOPS_ON_BOTH_ENGINES(RatingsTest);

}  // namespace
}  // namespace miniops::desk
