// What customers who wait are told: when, what, and that two messages are left for people.
#include "desk/queue_help_store.hpp"
#include "desk/tests/queue_fixture.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

// ---- rules ----

TEST(QueueSettings, ExpectedWaits) {
  const auto minutes = [](std::initializer_list<int> list) {
    std::vector<TimeMs> waits;
    for (const int one : list) waits.push_back(one * minute_ms);
    return waits;
  };
  struct Case {
    const char* name;
    std::vector<TimeMs> waits;
    TimeMs waited;
    std::string wanted;  // "": none
  };
  const std::vector<Case> cases{
      {"too few", minutes({1, 2, 3, 4}), 0, ""},
      {"a range", minutes({8, 2, 4, 6, 10}), 0, "4–8"},
      {"all alike", minutes({5, 5, 5, 5, 5}), 0, "5"},
      {"less than a minute is one", std::vector<TimeMs>(5, 3000), 0, "1"},
      {"who has waited has less before them", minutes({8, 8, 8, 8, 8}), 3 * minute_ms, "5"},
      {"longer than nearly all", minutes({8, 8, 8, 8, 20, 30}), 10 * minute_ms, ""},
  };
  for (const Case& one : cases) {
    const auto range = expected_wait(one.waits, one.waited);
    EXPECT_EQ(range ? range->text() : "", one.wanted) << one.name;
  }
}

TEST(QueueSettings, ATextHasOnlyItsVariables) {
  const auto parsed = [](const char* key, const char* text) {
    return parse_queue_settings(json::object{{key, text}}, {}).has_value();
  };
  EXPECT_TRUE(parsed("wait_text", "{position}/{wait} {"));
  EXPECT_FALSE(parsed("position_text", "{wait}"));
  EXPECT_FALSE(parsed("busy_text", "{position}"));
  EXPECT_FALSE(parsed("busy_text", std::string(201, 'x').c_str()));
  EXPECT_FALSE(parse_queue_settings(json::object{{"else", 1}}, {}));
  const auto ours = with_our_texts({});
  EXPECT_EQ(parse_queue_settings(to_json(ours), {}).value().wait_text, "") << "ours stays ours";
  EXPECT_EQ(filled("{a}{b}{a}", {{"a", "{b}"}, {"b", "x"}}), "xxx");
}

// ---- on the desk ----

class QueueHelpTest : public QueueTest {
 protected:
  void SetUp() override {
    QueueTest::SetUp();
    set({{"notices", true}, {"position_text", "第 {position} 位"}, {"wait_text", "第 {position} 位，{wait} 分钟"}});
  }
};

TEST_P(QueueHelpTest, WhoWritesIsToldTheirPlaceAndOnlyWhatIsNew) {
  says("o1", "在吗");
  says("o2", "在吗");
  EXPECT_THAT(told("o1"), ElementsAre("第 1 位"));
  EXPECT_THAT(told("o2"), ElementsAre("第 2 位"));
  says("o2", "有人吗");
  EXPECT_THAT(told("o2"), SizeIs(1));
  must(sql::run(service().close(access_of(1), conversation_of("o1").id, "", "resolved", std::nullopt)));
  EXPECT_THAT(told("o2"), SizeIs(1)) << "only in answer to a message";
  says("o2", "快点");
  EXPECT_THAT(told("o2"), ElementsAre("第 2 位", "第 1 位"));
  const Message notice = messages(conversation_of("o2").id).back();
  EXPECT_EQ(notice.cause, "queue");
  EXPECT_EQ(notice.sender_kind, SenderKind::system);
  EXPECT_NE(conversation_of("o2").waiting_since, 0) << "it is no answer";
}

TEST_P(QueueHelpTest, NobodyIsToldUntilItIsSwitchedOn) {
  set({{"notices", false}});
  says("o1", "在吗");
  EXPECT_THAT(told("o1"), IsEmpty());
  EXPECT_THAT(query("SELECT 1 FROM desk_queue_notices"), IsEmpty());
}

TEST_P(QueueHelpTest, WhoIsTakenAtOnceOrOnlyEnteredOrIsBlockedHearsNothing) {
  online(1);
  says("o1", "在吗");
  EXPECT_THAT(told("o1"), IsEmpty());
  assign_all();
  says("o1", "你好");
  EXPECT_THAT(told("o1"), IsEmpty());
  enters("o2", "pages/index");
  EXPECT_THAT(query("SELECT 1 FROM desk_queue_notices"), IsEmpty());
  EXPECT_THAT(query("SELECT 1 FROM gateway_outbox"), IsEmpty());
}

TEST_P(QueueHelpTest, OutsideOfTheGroupsHoursAPlaceMeansNothing) {
  change_group([](teams::Group& group) { group.calendar.days[0] = {{0, 1}}; });
  says("o1", "在吗");
  EXPECT_THAT(told("o1"), IsEmpty());
}

TEST_P(QueueHelpTest, ARuleThatSaysAllThereIsLeavesNothingForANotice) {
  replies(3);
  says("o1", "在吗");
  EXPECT_THAT(told("o1"), SizeIs(3));
  EXPECT_EQ(remaining("o1"), 2);
  EXPECT_THAT(event_kinds(only().id), ElementsAre("opened")) << "nothing was refused";
  writes_on_page("p1", "在吗");
  EXPECT_THAT(told("p1"), SizeIs(4)) << "a channel without a budget";
}

TEST_P(QueueHelpTest, InBusyModeTheNoticeComesFirst) {
  replies(5);
  change_group([](teams::Group& group) { group.busy.set = routing::BusySwitch::on; });
  says("o1", "在吗");
  const auto texts = told("o1");
  ASSERT_THAT(texts, SizeIs(3));
  EXPECT_THAT(texts[0], StartsWith(with_our_texts({}).busy_text));
  EXPECT_THAT(texts[0], HasSubstr("第 1 位"));
  EXPECT_EQ(texts[1], "自动 1");
}

TEST_P(QueueHelpTest, BusyByItselfFromSoManyWaiting) {
  change_group([](teams::Group& group) { group.busy = {routing::BusySwitch::automatic, 2, 150}; });
  says("o1", "在吗");
  says("o2", "在吗");
  says("o3", "在吗");
  EXPECT_THAT(told("o1"), ElementsAre("第 1 位"));
  EXPECT_THAT(told("o3"), ElementsAre(StartsWith(with_our_texts({}).busy_text)));
}

TEST_P(QueueHelpTest, TheWaitToExpectComesFromTheLastHour) {
  for (int i = 1; i <= 5; ++i) {
    const std::string openid = fmt::format("w{}", i);
    says(openid, "在吗");
    clock_.advance(4 * minute_ms + 40 * second_ms);
    must(sql::run(service().take(access_of(1), conversation_of(openid).id, std::nullopt)));
  }
  says("o1", "在吗");
  EXPECT_THAT(told("o1"), ElementsAre("第 1 位，5 分钟"));
  says("o1", "还在吗");
  EXPECT_THAT(told("o1"), SizeIs(1));
  clock_.advance(hour_ms);
  says("o1", "还在吗");
  EXPECT_THAT(told("o1"), ElementsAre("第 1 位，5 分钟", "第 1 位")) << "the range is gone";
  must(sql::run(desk_->clean_step()));
  EXPECT_THAT(query("SELECT 1 FROM desk_queue_waits"), IsEmpty());
}

TEST_P(QueueHelpTest, NoNightIsPartOfAWait) {
  change_group([](teams::Group& group) { group.calendar.days.fill({{9 * 60, 18 * 60}}); });
  clock_.set(1772704680000);  // a Thursday, 17:58
  for (const std::string openid : {"w1", "w2", "w3", "w4", "w5"}) says(openid, "在吗");
  clock_.set(1772758980000);  // 09:03 on Friday
  for (const std::string openid : {"w1", "w2", "w3", "w4", "w5"})
    must(sql::run(service().take(access_of(1), conversation_of(openid).id, std::nullopt)));
  says("o1", "在吗");
  EXPECT_THAT(told("o1").back(), "第 1 位，5 分钟");
}

TEST_P(QueueHelpTest, AutomaticMessagesOfAllKindsTogetherLeaveTwo) {
  ask_customers();
  replies(1);
  says("o1", "在吗");
  EXPECT_THAT(told("o1"), SizeIs(2));
  online(1);
  deliver(must(sends(1, only().id, "您好")).id, gateway::DeliveryState::sent, 1);
  EXPECT_EQ(remaining("o1"), 2);
  clock_.advance(31 * minute_ms);
  while (must(sql::run(desk_->timer_step()))) {
  }
  EXPECT_THAT(event_kinds(only().id), testing::Contains("reply_refused"));
  must(sql::run(service().close(access_of(1), only().id, "", "resolved", std::nullopt)));
  EXPECT_EQ(remaining("o1"), 2);
  EXPECT_THAT(told("o1"), SizeIs(3));
}

MINIOPS_ON_BOTH_ENGINES(QueueHelpTest);

}  // namespace
}  // namespace miniops::desk
