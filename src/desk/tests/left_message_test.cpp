// Leaving a message: who is offered it, what is said, when it comes back, and that nothing else happens to it.
#include "desk/left_message.hpp"

#include "calendar/business_time.hpp"
#include "desk/tests/queue_fixture.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// ---- rules ----

TEST(LeftMessages, AnAnswerIsNothingElse) {
  for (const char* text : {"1", "１", " 1。", "一", "留言", "回复1"}) EXPECT_TRUE(accepts_offer(text)) << text;
  for (const char* text : {"", "1?", "11", "1个", "我想留言退款", "2"}) EXPECT_FALSE(accepts_offer(text)) << text;
  for (const char* text : {"0", "０", "取消", "取消留言！"}) EXPECT_TRUE(takes_back(text)) << text;
  for (const char* text : {"", "00", "取消订单", "订单号 0"}) EXPECT_FALSE(takes_back(text)) << text;
}

// 2026-09-21 is a Monday.
constexpr TimeMs monday = 1'789'920'000'000;  // 2026-09-21 00:00 in Shanghai
calendar::Calendar nine_to_six() {
  calendar::Calendar hours;
  for (std::size_t day = 0; day < 5; ++day) hours.days.at(day) = {{9 * 60, 18 * 60}};
  return hours;
}
constexpr TimeMs at(int day, int hour, int minute = 0) {
  return monday + day * day_ms + hour * hour_ms + minute * minute_ms;
}

TEST(LeftMessages, ComeBackInWorkingHoursBeforeTheWindowEnds) {
  struct Case {
    const char* name;
    TimeMs now;
    bool window;
    TimeMs returns_at, due_at;
  };
  const TimeMs answer = 4 * hour_ms;
  const std::vector<Case> cases{
      {"while somebody works", at(0, 10), true, at(0, 12), at(0, 14)},
      {"over night", at(0, 17), true, at(1, 10), at(1, 12)},
      {"at night", at(0, 23), true, at(1, 9), at(1, 13)},
      {"a weekend is longer than the window", at(4, 17, 30), true, at(4, 17, 45), at(6, 16, 30)},
      {"on Saturday noon the window ends before Monday", at(5, 8), true, at(7, 4), at(7, 7)},
      {"without a window", at(5, 8), false, at(7, 9), at(7, 13)},
  };
  for (const Case& one : cases) {
    const TimeMs ends = one.window ? one.now + 48 * hour_ms : 0;
    const LeaveTimes times = leave_times(nine_to_six(), one.now, answer, ends);
    EXPECT_EQ(time_text(nine_to_six(), times.returns_at), time_text(nine_to_six(), one.returns_at)) << one.name;
    EXPECT_EQ(time_text(nine_to_six(), times.due_at), time_text(nine_to_six(), one.due_at)) << one.name;
  }
  EXPECT_EQ(time_text(nine_to_six(), at(0, 9, 5)), "09-21 09:05");
}

// At any moment, with any of a few calendars.
TEST(LeftMessages, AlwaysComeBackInTime) {
  calendar::Calendar nights;
  for (auto& day : nights.days) day = {{22 * 60, 2 * 60}};
  calendar::Calendar closed = nine_to_six();
  for (auto& day : closed.days) day.clear();
  closed.days[0] = {{0, 1}};
  for (const calendar::Calendar& hours : {nine_to_six(), nights, closed, calendar::Calendar{}}) {
    for (int minute = 0; minute < 7 * 24 * 60; minute += 37) {
      const TimeMs now = monday + minute * minute_ms;
      const LeaveTimes times = leave_times(hours, now, 4 * hour_ms, now + 48 * hour_ms);
      EXPECT_GE(times.returns_at, now);
      EXPECT_LE(times.returns_at, now + 44 * hour_ms);
      EXPECT_GE(times.due_at, times.returns_at);
      EXPECT_LT(times.due_at, now + 48 * hour_ms);
      const bool some = calendar::business_between(hours, now, now + 44 * hour_ms) > 0;
      if (some)
        EXPECT_TRUE(calendar::open_at(hours, times.returns_at) || calendar::open_at(hours, times.returns_at - 1));
    }
  }
}

// ---- on the desk ----

class LeftMessageTest : public QueueTest {
 protected:
  void SetUp() override {
    QueueTest::SetUp();
    set({{"leave", true},
         {"offer_text", "回复1留言"},
         {"closed_text", "下班了，回复1留言"},
         {"ask_text", "请说"},
         {"left_text", "收到"}});
  }
  void close_group() {
    change_group([](teams::Group& group) { group.calendar.days[0] = {{0, 1}}; });
  }
  void pass(TimeMs ms) {
    clock_.advance(ms);
    while (must(sql::run(desk_->timer_step()))) {
    }
  }
  // Somebody who left a message; the last one is the conversation.
  Conversation leaves(const std::string& openid, const std::string& text) {
    says(openid, "在吗");
    says(openid, "1");
    says(openid, text);
    return conversation_of(openid);
  }
  LeftMessageView left(ConversationId id) { return must(sql::run(service().left_message(admin(), id))); }
  json::object shown(ConversationId id, bool personal_data = false) {
    const auto view = left(id);
    return left_message_json(view.left, view.message, view.returns_at, view.due_at, {personal_data, "zh"});
  }
  std::vector<std::string> timers(ConversationId id) {
    std::vector<std::string> kinds;
    for (const auto& row : query("SELECT kind FROM desk_timers WHERE conversation_id = $1 ORDER BY kind", {id}))
      kinds.push_back(row.text(0));
    return kinds;
  }
};

TEST_P(LeftMessageTest, OutOfHoursACustomerRepliesOneAndSaysWhatItIsAbout) {
  close_group();
  const Conversation conversation = leaves("o1", "发票开错了，请打 13800138000");
  EXPECT_THAT(told("o1"), ElementsAre("下班了，回复1留言", "请说", "收到"));
  EXPECT_EQ(conversation.stage, Stage::parked);
  EXPECT_EQ(conversation.state, State::waiting) << "nobody has it";
  EXPECT_TRUE(conversation.assignee.empty());
  EXPECT_NE(conversation.waiting_since, 0);
  EXPECT_GT(conversation.left_due_at, clock_.now());
  EXPECT_LT(conversation.left_due_at, clock_.now() + 48 * hour_ms);
  EXPECT_THAT(timers(conversation.id), ElementsAre("unpark", "window_closing"));
  EXPECT_THAT(event_kinds(conversation.id), ElementsAre("opened", "parked"));

  const json::object json = shown(conversation.id);
  EXPECT_EQ(json.at("reason"), "closed");
  EXPECT_EQ(json.at("subject"), "发票开错了，请打 138****8000");
  EXPECT_EQ(json.at("contact"), (json::value{{"text", "138****8000"}, {"position", 0}}));
  EXPECT_EQ(json.at("returns_at"), conversation.parked_until);
  EXPECT_THAT(query("SELECT state FROM desk_left_messages").at(0).text(0), "left");
  const auto number = sql::run(service().reveal(admin(), conversation.id, left(conversation.id).left.message, 0));
  EXPECT_EQ(must(number), "13800138000");
}

TEST_P(LeftMessageTest, ItComesBackToTheQueueWithItsWaitingTime) {
  close_group();
  const Conversation before = leaves("o1", "发票");
  online(1);
  assign_all();
  EXPECT_EQ(only().stage, Stage::parked) << "nobody is given it before";
  says("o1", "抬头是公司");
  EXPECT_EQ(only().stage, Stage::parked) << "more of it";
  EXPECT_THAT(told("o1"), SizeIs(3));
  pass(before.parked_until - clock_.now() - 1);
  EXPECT_EQ(only().stage, Stage::parked);
  pass(1);
  EXPECT_EQ(only().stage, Stage::queued);
  EXPECT_EQ(only().queue_since, before.waiting_since);
  EXPECT_EQ(only().left_due_at, before.left_due_at);
  EXPECT_TRUE(shown(only().id).at("returns_at").is_null());
  EXPECT_THAT(event_kinds(only().id), ElementsAre("opened", "parked", "returned"));
  assign_all();
  pass(hour_ms);
  EXPECT_THAT(told("o1"), SizeIs(3)) << "it is offered once";
}

TEST_P(LeftMessageTest, AnAgentMayAnswerAtOnceOrPutItBack) {
  close_group();
  const ConversationId answered = leaves("o1", "发票").id;
  must(sends(1, answered, "已重开"));
  EXPECT_EQ(conversation_of("o1").stage, Stage::assigned);
  EXPECT_EQ(conversation_of("o1").assignee, AccountId(1));
  EXPECT_THAT(timers(answered), testing::Not(testing::Contains("unpark")));
  const ConversationId back = leaves("o2", "退款").id;
  must(sql::run(service().unpark(access_of(1), back, std::nullopt)));
  EXPECT_EQ(conversation_of("o2").stage, Stage::queued);
}

TEST_P(LeftMessageTest, WhoWaitsTooLongIsOfferedItWithoutWriting) {
  says("o1", "在吗");
  EXPECT_THAT(told("o1"), IsEmpty());
  EXPECT_THAT(timers(only().id), ElementsAre("leave_offer", "window_closing"));
  pass(10 * minute_ms);
  EXPECT_THAT(told("o1"), ElementsAre("回复1留言"));
  EXPECT_THAT(timers(only().id), ElementsAre("window_closing"));
  says("o1", "1");
  says("o1", "发票");
  EXPECT_EQ(only().stage, Stage::parked);
  EXPECT_EQ(shown(only().id).at("reason"), "waiting");
}

TEST_P(LeftMessageTest, WhatMayNotBeSaidIsOfferedInAnswerToTheNextMessage) {
  replies(3);
  says("o1", "在吗");
  pass(10 * minute_ms);
  EXPECT_THAT(told("o1"), SizeIs(3)) << "two are for people";
  execute("UPDATE desk_rules SET enabled = 0");
  must(sql::run(desk_->settings().set_queue_settings(admin(), json::object{})));
  all_sent();
  says("o1", "在吗");
  EXPECT_EQ(told("o1").back(), "回复1留言");
  says("o1", "在吗");
  EXPECT_THAT(told("o1"), SizeIs(4)) << "once";
}

TEST_P(LeftMessageTest, AOneAnswersWhatWasSaidLast) {
  close_group();
  says("o1", "在吗");
  execute("UPDATE desk_left_messages SET offered_seq = 0");  // something was said since
  says("o1", "1");
  EXPECT_EQ(only().stage, Stage::queued);
  EXPECT_THAT(told("o1"), ElementsAre("下班了，回复1留言"));
}

TEST_P(LeftMessageTest, WhoeverTalkedWithAnAgentLeavesNoMessageByTheirNextWords) {
  close_group();
  says("o1", "在吗");
  says("o1", "1");
  online(1);
  must(sql::run(service().take(access_of(1), only().id, std::nullopt)));
  must(sends(1, only().id, "您好"));
  must(sql::run(service().release(access_of(1), only().id, std::nullopt)));
  says("o1", "还有一个问题");
  EXPECT_EQ(only().stage, Stage::queued);
  EXPECT_EQ(only().left_due_at, 0);
}

TEST_P(LeftMessageTest, APictureIsNoSubjectAndZeroTakesItBack) {
  close_group();
  says("o1", "在吗");
  says("o1", "１");
  push(entry("o1", {{"MsgType", "image"}, {"PicUrl", "https://example.cn/a.png"}, {"MediaId", "m1"}}));
  EXPECT_EQ(only().stage, Stage::queued);
  says("o1", "0");
  EXPECT_EQ(only().stage, Stage::queued);
  EXPECT_EQ(only().left_due_at, 0);
  says("o1", "还在吗");
  EXPECT_THAT(told("o1"), SizeIs(2));
  EXPECT_EQ(code_of(sql::run(service().left_message(admin(), only().id))), "desk.not_found");
}

TEST_P(LeftMessageTest, InBusyModeItIsOfferedAtOnceAndFirst) {
  replies(5);
  change_group([](teams::Group& group) { group.busy.set = routing::BusySwitch::on; });
  set({{"notices", true}, {"busy_text", "忙"}, {"position_text", "第 {position} 位"}});
  says("o1", "在吗");
  ASSERT_THAT(told("o1"), SizeIs(3));
  EXPECT_EQ(told("o1")[0], "忙\n第 1 位\n回复1留言") << "one message";
  online(1);
  says("o2", "在吗");
  assign_all();
  EXPECT_THAT(told("o1"), SizeIs(3));
}

TEST_P(LeftMessageTest, RulesDoNotAnswerWhatBelongsToTheOffer) {
  replies(1);
  close_group();
  says("o1", "在吗");
  EXPECT_THAT(told("o1"), ElementsAre("自动 1", "下班了，回复1留言"));
  says("o1", "1");
  all_sent();
  says("o1", "发票");
  EXPECT_THAT(told("o1"), ElementsAre("自动 1", "下班了，回复1留言", "请说", "收到"));
}

TEST_P(LeftMessageTest, WhoComesBackAfterItWasClosedWaitsAnew) {
  close_group();
  const ConversationId id = leaves("o1", "发票").id;
  must(sql::run(service().close(access_of(1), id, "", "resolved", std::nullopt)));
  all_sent();
  says("o1", "又错了");
  EXPECT_EQ(only().reopened, 1);
  EXPECT_EQ(only().left_due_at, 0);
  EXPECT_EQ(told("o1").back(), "下班了，回复1留言");
}

TEST_P(LeftMessageTest, NothingIsOfferedUntilItIsSwitchedOn) {
  set({{"leave", false}});
  close_group();
  says("o1", "在吗");
  pass(hour_ms);
  says("o1", "1");
  EXPECT_THAT(told("o1"), IsEmpty());
  EXPECT_EQ(only().stage, Stage::queued);
}

MINIOPS_ON_BOTH_ENGINES(LeftMessageTest);

}  // namespace
}  // namespace miniops::desk
