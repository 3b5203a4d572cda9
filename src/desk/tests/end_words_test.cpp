// A customer who writes nothing but one of the words that the settings name ends the conversation.
#include "desk/tests/desk_fixture.hpp"

namespace miniops::desk {
namespace {

using gateway::DeliveryState;
using testing::ElementsAre;

class EndWordsTest : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    configure([](Settings& settings) { settings.end_words = {"结束", "Bye"}; });
    online(1);
    says("o1", "在吗");
    assign_all();
  }
  void answered() { deliver(must(sends(1, only().id, "您好，办好了")).id, DeliveryState::sent, 1); }
};

struct Said {
  std::string text;
  bool ends;
};

TEST_P(EndWordsTest, OnlyTheWordAlone) {
  answered();
  for (const auto& [text, ends] : std::vector<Said>{{"结束了吗", false},
                                                    {"活动什么时候结束", false},
                                                    {"Bye-bye", false},
                                                    {"结束", true},
                                                    {" 结束。 ", true},
                                                    {"ｂｙｅ！", true}}) {
    says("o1", text);
    EXPECT_EQ(only().state == State::closed, ends) << text;
    if (ends) says("o1", "还有一件事");  // reopens it
  }
}

TEST_P(EndWordsTest, NothingIsLeftToReadOrToAnswer) {
  answered();
  clock_.advance(minute_ms);
  says("o1", "结束");
  EXPECT_EQ(only().state, State::closed);
  EXPECT_EQ(only().closed_by, "customer");
  EXPECT_EQ(only().unread, 0);
  EXPECT_EQ(only().waiting_since, 0);
  EXPECT_EQ(messages(only().id).back().cause, end_cause);
  EXPECT_THAT(event_kinds(only().id), ElementsAre("opened", "assigned", "closed"));
  says("o1", "还有一件事");
  EXPECT_EQ(only().reopened, 1);
  EXPECT_EQ(only().unread, 1);
}

TEST_P(EndWordsTest, WhoWasAnsweredIsAskedHowItWas) {
  ask_customers();
  answered();
  says("o1", "结束");
  EXPECT_EQ(messages(only().id).back().cause, rating_cause);
  EXPECT_THAT(event_kinds(only().id), ElementsAre("opened", "assigned", "closed", "survey_asked"));
}

// Whose last question was not answered: that is for supervisors to see, and nothing is asked.
TEST_P(EndWordsTest, WhoGivesUpWaitingWasNotAnswered) {
  ask_customers();
  says("o1", "结束");
  EXPECT_EQ(only().state, State::closed);
  EXPECT_THAT(event_kinds(only().id), ElementsAre("opened", "assigned", "closed"));
}

TEST_P(EndWordsTest, WithoutAConversationItIsAMessage) {
  says("o2", "结束");
  EXPECT_EQ(conversation_of("o2").state, State::waiting);  // it opens one, as any other
  EXPECT_EQ(conversation_of("o2").unread, 1);
}

TEST_P(EndWordsTest, WhoWaitsInAQueueLeavesIt) {
  must(sql::run(desk_->agents().set_own(access_of(1), Presence::busy, "", std::nullopt)));
  says("o2", "在吗");
  EXPECT_EQ(conversation_of("o2").stage, Stage::queued);
  says("o2", "结束");
  EXPECT_EQ(conversation_of("o2").state, State::closed);
  EXPECT_EQ(query("SELECT COUNT(*) FROM desk_conversations WHERE stage = 'queued' AND state <> 'closed'")[0].integer(0),
            0);
}

MINIOPS_ON_BOTH_ENGINES(EndWordsTest);

}  // namespace
}  // namespace miniops::desk
