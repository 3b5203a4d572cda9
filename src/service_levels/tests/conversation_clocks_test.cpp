// What happens to a conversation, and what its clocks make of it.
#include "service_levels/conversation_clocks.hpp"

#include "service_levels/tests/service_levels_fixture.hpp"

namespace miniops::service_levels {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ConversationClocksTest : public ServiceLevelsTest {
 protected:
  // "first_answer answered 4" (in how many minutes) "| next_answer due 15" (at minute 15) "| resolution paused 4"
  std::string story() {
    std::string text;
    for (const ServiceClock& clock : stored()) {
      text += fmt::format("{}{} ", text.empty() ? "" : " | ", word(clock.kind));
      if (clock.runs()) {
        text += fmt::format("due {}", (clock.due_at - minute_0) / minute_ms);
      } else {
        text += fmt::format("{} {}", clock.open() ? "paused" : word(clock.end), clock.used_ms / minute_ms);
      }
      if (clock.breached_at != 0) text += fmt::format(" breached {}", (clock.breached_at - minute_0) / minute_ms);
    }
    return text;
  }
};

struct Step {
  int minute;
  std::string what;
  int written = 0, again = 0;  // of an answer, in minutes; 0: not
};
struct Story {
  const char* name;
  std::vector<Step> steps;
  std::string end;
};

// The first answer within 30 minutes, the next within 10, resolution within 60.
const std::vector<Story> stories{
    {"an answer counts when it is accepted",
     {{0, "opens"}, {4, "answered", 1}},
     "first_answer answered 4 | resolution paused 4"},
    {"what never is accepted stops nothing", {{0, "opens"}}, "first_answer due 30 | resolution due 60"},
    {"while the first answer is owing it speaks for all messages",
     {{0, "opens"}, {2, "asked"}, {3, "asked"}, {5, "answered", 4}},
     "first_answer answered 5 | resolution paused 5"},
    {"a turn of the customer is one clock, from its first message",
     {{0, "opens"}, {2, "answered", 2}, {5, "asked"}, {6, "asked"}, {8, "answered", 7}, {20, "asked"}},
     "first_answer answered 2 | next_answer answered 3 | next_answer due 30 | resolution due 75"},
    {"asked between writing and accepting",
     {{0, "opens"}, {3, "asked"}, {5, "answered", 2, 3}},
     "first_answer answered 5 | next_answer due 13 | resolution due 60"},
    {"what was written before the question does not answer it",
     {{0, "opens"}, {2, "answered", 2}, {5, "asked"}, {6, "answered", 4, 5}},
     "first_answer answered 2 | next_answer due 15 | resolution due 63"},
    {"a second answer changes nothing",
     {{0, "opens"}, {2, "answered", 2}, {3, "answered", 3}},
     "first_answer answered 2 | resolution paused 2"},
    {"too late", {{0, "opens"}, {31, "answered", 31}}, "first_answer answered 31 breached 30 | resolution paused 31"},
    {"an assistant owes no answer", {{0, "assistant"}, {0, "opened"}, {0, "asked"}, {8, "asked"}}, "resolution due 60"},
    {"people do, from when they have it",
     {{0, "assistant"}, {0, "opened"}, {0, "asked"}, {8, "people"}, {8, "queued"}, {8, "asked"}},
     "first_answer due 38 | resolution due 60"},
    {"back to the queue it keeps its place", {{0, "opens"}, {9, "queued"}}, "first_answer due 30 | resolution due 60"},
    {"back to the queue, and answered already",
     {{0, "opens"}, {2, "answered", 2}, {9, "queued"}},
     "first_answer answered 2 | resolution paused 2"},
    {"parked: only the resolution waits",
     {{0, "opens"}, {10, "parked"}, {30, "unparked"}},
     "first_answer due 30 | resolution due 80"},
    {"parked, and back to the queue",
     {{0, "opens"}, {10, "parked"}, {30, "queued"}},
     "first_answer due 30 | resolution due 80"},
    {"parked on the customer's turn",
     {{0, "opens"}, {2, "answered", 2}, {10, "parked"}, {30, "unparked"}, {40, "asked"}},
     "first_answer answered 2 | next_answer due 50 | resolution due 98"},
    {"closed, and the answer is owing for ever",
     {{0, "opens"}, {4, "closed"}},
     "first_answer closed 4 | resolution closed 4"},
    {"answered and closed at once",
     {{0, "opens"}, {2, "answered", 2}, {5, "asked"}, {6, "closed"}, {7, "answered", 5}},
     "first_answer answered 2 | next_answer answered 2 | resolution closed 3"},
    {"closed before it was written",
     {{0, "opens"}, {4, "closed"}, {7, "answered", 6}},
     "first_answer closed 4 | resolution closed 4"},
    {"reopened: the time between does not count",
     {{0, "opens"}, {4, "closed"}, {24, "reopened"}, {24, "queued"}, {24, "asked"}},
     "first_answer due 50 | resolution due 80"},
    {"reopened after an answer",
     {{0, "opens"}, {2, "answered", 2}, {4, "closed"}, {24, "reopened"}, {24, "queued"}, {24, "asked"}},
     "first_answer answered 2 | next_answer due 34 | resolution due 82"},
    {"from before there were targets: what starts later has a clock",
     {{3, "asked"}, {5, "answered", 5}, {6, "parked"}, {7, "unparked"}, {8, "closed"}, {9, "reopened"}},
     "next_answer answered 2"},
};

TEST_P(ConversationClocksTest, Stories) {
  set_targets({promise(30, 10, 60)});
  const auto play = [](ConversationClocks& clocks, const Step& step) {
    const TimeMs now = at(step.minute);
    if (step.what == "opened" || step.what == "opens") clocks.opened(now);
    if (step.what == "queued" || step.what == "opens") clocks.queued(now);
    if (step.what == "asked" || step.what == "opens") clocks.asked(now);
    if (step.what == "answered")
      clocks.answered({at(step.written), now, step.again == 0 ? 0 : at(step.again), AccountId(1)});
    if (step.what == "parked") clocks.parked(now);
    if (step.what == "unparked") clocks.unparked(now);
    if (step.what == "closed") clocks.closed(now);
    if (step.what == "reopened") clocks.reopened(now);
  };
  for (const Story& one : stories) {
    about_.conversation = ConversationId(about_.conversation.value() + 1);
    about_.with_people = true;
    for (const Step& step : one.steps) {
      if (step.what == "assistant" || step.what == "people") about_.with_people = step.what == "people";
      happens([&](ConversationClocks& clocks) { play(clocks, step); });
    }
    EXPECT_EQ(story(), one.end) << one.name;
  }
}

TEST_P(ConversationClocksTest, WithoutATargetThereIsNoClock) {
  opens(at(0));
  EXPECT_EQ(story(), "");
  set_targets({promise(0, 10, 0)});
  opens(at(1));
  EXPECT_EQ(story(), "next_answer due 11") << "only that of the next answer holds for the first one, too";
}

TEST_P(ConversationClocksTest, AChangedTargetIsForClocksStartedLater) {
  set_targets({promise(30, 10, 60)});
  opens(at(0));
  set_targets({promise(5, 5, 5)}, {20, 40});
  answers(at(6));
  happens([](ConversationClocks& clocks) { clocks.asked(at(8)); });
  EXPECT_EQ(story(), "first_answer answered 6 | next_answer due 13 | resolution due 62");
  EXPECT_EQ(stored(Kind::resolution).half_percent, 50);
  EXPECT_EQ(stored(Kind::next_answer).half_percent, 20);
}

TEST_P(ConversationClocksTest, AnotherGroupKeepsTheClocksThatRun) {
  Target other = promise(3, 3, 3);
  other.group = "vip";
  set_targets({promise(30, 10, 60), other});
  opens(at(0));
  about_.group = "vip";
  happens([](ConversationClocks& clocks) { clocks.queued(at(2)); });
  EXPECT_EQ(story(), "first_answer due 30 | resolution due 60");
  answers(at(4));
  happens([](ConversationClocks& clocks) { clocks.asked(at(5)); });
  EXPECT_EQ(stored(Kind::first_answer).group, "");
  EXPECT_EQ(stored(Kind::next_answer).group, "vip");
  EXPECT_EQ(stored(Kind::next_answer).due_at, at(8));
}

TEST_P(ConversationClocksTest, AClockKeepsItsCalendarOverARestart) {
  set_targets({promise(0, 0, 300, true)});
  about_.hours = make_hours(calendar::calendar(calendar::shop_days));  // 09:00 – 12:00, 13:30 – 18:00
  happens([](ConversationClocks& clocks) { clocks.opened(at(0)); });
  EXPECT_EQ(story(), "resolution due 390") << "15:30";
  EXPECT_EQ(stored(Kind::resolution).day, 20719);
  service_.reset();
  reopen();
  about_.hours = make_hours(calendar::calendar("{}"));
  happens([](ConversationClocks& clocks) { clocks.parked(at(60)); });
  happens([](ConversationClocks& clocks) { clocks.unparked(at(120)); });
  EXPECT_EQ(story(), "resolution due 450") << "16:30, by the calendar of then";
  happens([](ConversationClocks& clocks) { clocks.closed(at(300)); });
  EXPECT_EQ(story(), "resolution closed 150");
  EXPECT_EQ(rows("service_levels_calendars"), 1);
}

// ---- what is told ----

TEST_P(ConversationClocksTest, FiresEachLevelOnceAndSaysWhenTheNextIs) {
  set_targets({promise(30, 10, 0)});
  about_.group = "";
  TimeMs next = happens([](ConversationClocks& clocks) {
    clocks.queued(at(0));
    clocks.asked(at(0));
  });
  EXPECT_EQ(next, at(15));
  EXPECT_THAT(fire(at(14)), IsEmpty());
  EXPECT_THAT(fire(at(15)), ElementsAre(Notice{about_.conversation, Kind::first_answer, Level::half, at(30)}));
  EXPECT_THAT(fire(at(15)), IsEmpty());
  about_.agent = AccountId(3);
  next = happens([](ConversationClocks& clocks) {
    EXPECT_THAT(clocks.fire(at(24)),
                ElementsAre(Notice{ConversationId(7), Kind::first_answer, Level::most, at(30), "", AccountId(3)}));
  });
  EXPECT_EQ(next, at(30));
  EXPECT_EQ(fire(at(30)).at(0).level, Level::breached);
  EXPECT_EQ(happens([](ConversationClocks& clocks) { clocks.fire(at(500)); }), 0) << "there is no more to say";
  answers(at(501), AccountId(4));
  EXPECT_EQ(stored(Kind::first_answer).agent, AccountId(3)) << "who had it when it was too late";
}

TEST_P(ConversationClocksTest, AfterADowntimeTheNewestLevelIsToldOnce) {
  set_targets({promise(30, 10, 60)});
  opens(at(0));
  reopen();
  const auto notices = fire(at(50));
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_EQ(notices[0].kind, Kind::resolution);
  EXPECT_EQ(notices[0].level, Level::most);
  EXPECT_EQ(notices[1].kind, Kind::first_answer);
  EXPECT_EQ(notices[1].level, Level::breached);
  EXPECT_EQ(stored(Kind::first_answer).breached_at, at(30)) << "not when it was noticed";
  reopen();
  EXPECT_THAT(fire(at(50)), IsEmpty());
}

TEST_P(ConversationClocksTest, WhoKeptATargetHasItsClock) {
  set_targets({promise(30, 10, 0)});
  opens(at(0));
  EXPECT_EQ(stored(Kind::first_answer).agent, AccountId());
  answers(at(2), AccountId(4));
  EXPECT_EQ(stored(Kind::first_answer).agent, AccountId(4));
}

TEST_P(ConversationClocksTest, TwoThatLoadedTheSameCannotBothSave) {
  set_targets({promise(30, 10, 60)});
  opens(at(0));
  auto write = [&](sql::Transaction& tx) -> Result<TimeMs> {
    ConversationClocks one(tx, ids_, about_), other(tx, ids_, about_);
    EXPECT_EQ(one.fire(at(15)).size(), 1U);
    EXPECT_EQ(other.fire(at(15)).size(), 1U);
    EXPECT_TRUE(one.save());
    return other.save();
  };
  const auto both = db().write_blocking(write);
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().code, "service_levels.changed");
  EXPECT_EQ(fire(at(15)).size(), 1U) << "nothing of it was stored";
}

TEST_P(ConversationClocksTest, AWindowThatClosesIsANotice) {
  about_.group = "vip";
  about_.agent = AccountId(3);
  EXPECT_EQ(window_closing(about_, at(120)),
            (Notice{about_.conversation, std::nullopt, Level::most, at(120), "vip", AccountId(3)}));
}

// ---- what is shown ----

TEST_P(ConversationClocksTest, MarksOfManyConversations) {
  set_targets({promise(30, 10, 20)});
  std::vector<ConversationId> all;
  for (int i = 0; i < 130; ++i) {
    all.emplace_back(1000 + i);
    about_.conversation = all.back();
    if (i % 2 == 0) opens(at(0));
  }
  const auto shown = [&](std::span<const ConversationId> ids, int minute) {
    auto read = [&](sql::Transaction& tx) -> Result<std::map<ConversationId, std::vector<Mark>>> {
      return marks(tx, ids, at(minute));
    };
    return must(db().read_blocking(read));
  };
  EXPECT_EQ(shown(all, 1).size(), 65U);
  EXPECT_EQ(shown(std::span(all).first(7), 1).size(), 4U);
  EXPECT_THAT(shown({}, 1), IsEmpty());
  const auto one = shown(std::span(all).first(1), 25).at(all[0]);
  EXPECT_THAT(one, ElementsAre(Mark{Kind::resolution, Level::breached, false, at(20)},
                               Mark{Kind::first_answer, Level::none, false, at(30)}))
      << "what is too late before anybody looked at it is shown so";
  about_.conversation = all[0];
  happens([](ConversationClocks& clocks) { clocks.parked(at(26)); });
  EXPECT_THAT(shown(std::span(all).first(1), 26).at(all[0]),
              ElementsAre(Mark{Kind::first_answer, Level::none, false, at(30)},
                          Mark{Kind::resolution, Level::breached, true, 0, -6 * minute_ms}));
}

MINIOPS_ON_BOTH_ENGINES(ConversationClocksTest);

}  // namespace
}  // namespace miniops::service_levels
