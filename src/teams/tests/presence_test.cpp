// The history of presence.
#include "teams/tests/teams_fixture.hpp"

namespace miniops::teams {
namespace {

using calendar::china;
using calendar::date;
using testing::ElementsAre;

std::string text_of(const std::vector<DayTime>& times) {
  std::string out;
  for (const DayTime& one : times)
    out += fmt::format("{} {}{}{} {}m; ", (one.day - china(date(2026, 3, 2))) / day_ms, word(one.presence),
                       one.reason.empty() ? "" : " ", one.reason, one.ms / minute_ms);
  return out;
}

TEST(PresenceByDay, IsCutAtMidnightAndAtTheEnds) {
  const auto at = [](unsigned day, int hour, int minute = 0) { return china(date(2026, 3, day), hour, minute); };
  const auto stay = [](Presence presence, TimeMs from, TimeMs to, std::string reason = "") {
    return Stay{1, AccountId(1), presence, std::move(reason), from, to};
  };
  const Stay morning = stay(Presence::online, at(2, 9), at(2, 12));
  const Stay lunch = stay(Presence::away, at(2, 12), at(2, 13, 30), "lunch");
  const Stay night = stay(Presence::online, at(2, 22), at(4, 6));
  const Stay still = stay(Presence::online, at(2, 13, 30), 0);
  struct Case {
    std::vector<Stay> stays;
    TimeMs from, to, now;
    std::string expected;
  };
  const std::vector<Case> cases{
      {{}, at(1, 0), at(9, 0), at(9, 0), ""},
      {{lunch, morning}, at(1, 0), at(9, 0), at(9, 0), "0 online 180m; 0 away lunch 90m; "},
      {{morning, still}, at(1, 0), at(9, 0), at(2, 14), "0 online 210m; "},
      {{still}, at(1, 0), at(2, 13, 40), at(2, 14), "0 online 10m; "},
      {{night}, at(1, 0), at(9, 0), at(9, 0), "0 online 120m; 1 online 1440m; 2 online 360m; "},
      {{night}, at(3, 12), at(4, 1), at(9, 0), "1 online 720m; 2 online 60m; "},
      {{night}, at(5, 0), at(9, 0), at(9, 0), ""},
      {{morning}, at(2, 10), at(2, 10), at(9, 0), ""},
  };
  for (const Case& one : cases)
    EXPECT_EQ(text_of(by_day(one.stays, one.from, one.to, "Asia/Shanghai", one.now)), one.expected);
}

TEST(PresenceByDay, ADayMayHave23Or25Hours) {
  // Berlin's clocks go forward on 29 March 2026 and back on 25 October.
  for (const auto& [day, minutes] : {std::pair(date(2026, 3, 29), 23 * 60), std::pair(date(2026, 10, 25), 25 * 60)}) {
    const TimeMs from = calendar::utc(day) - day_ms, to = calendar::utc(day) + 3 * day_ms;
    const auto times = by_day({{1, AccountId(1), Presence::online, "", from, to}}, from, to, "Europe/Berlin", to);
    ASSERT_EQ(times.size(), 5U);
    EXPECT_EQ(times[1].ms / minute_ms, minutes);
    EXPECT_EQ(times[2].ms, day_ms);
  }
}

class PresenceTest : public TeamsTest {
 protected:
  void becomes(Presence presence, const std::string& reason = "", AccountId account = li, const AppId& appid = shop) {
    within([&](sql::Transaction& tx) { log_.changed(tx, appid, account, presence, reason, clock_.now()); });
  }
  std::vector<Stay> stays(TimeMs from = 0, TimeMs to = std::numeric_limits<TimeMs>::max()) {
    return must(sql::run(service_->stays(access(), {li, from, to}, std::nullopt, 100))).items;
  }
  std::string code(Presence presence, const std::string& reason, const AppId& appid = shop) {
    auto read = [&](sql::Transaction& tx) -> Result<void> { return log_.check(tx, appid, presence, reason); };
    return code_of(db().read_blocking(read));
  }

  static inline const AccountId li{1}, chen{2};
  PresenceLog log_{ids_};
};

TEST_P(PresenceTest, OneStayEndsWhereTheNextBegins) {
  const TimeMs start = clock_.now();
  becomes(Presence::online);
  clock_.advance(hour_ms);
  becomes(Presence::online);  // nothing new
  becomes(Presence::away, "lunch");
  clock_.advance(minute_ms);
  becomes(Presence::away, "training");
  becomes(Presence::online, "", chen);
  becomes(Presence::busy, "", li, bank);
  const auto all = stays();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].reason, "training");
  EXPECT_EQ(all[0].to, 0);
  EXPECT_EQ(all[1].reason, "lunch");
  EXPECT_EQ(all[1].from, start + hour_ms);
  EXPECT_EQ(all[1].to, all[0].from);
  EXPECT_EQ(all[2].presence, Presence::online);
  EXPECT_EQ(all[2].to, all[1].from);
  EXPECT_EQ(rows("teams_presence WHERE to_at = 0"), 3) << "li here and there, and chen";
}

TEST_P(PresenceTest, AClockThatIsSetBackMakesNoNegativeTimes) {
  const TimeMs start = clock_.now();
  becomes(Presence::online);
  clock_.set(start - hour_ms);
  becomes(Presence::offline);
  clock_.set(start + hour_ms);
  becomes(Presence::online);
  const auto all = stays();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[2].to, start);
  EXPECT_EQ(all[1].from, start);
  EXPECT_EQ(all[1].to, start + hour_ms);
}

TEST_P(PresenceTest, TheHistoryIsOfATimeAndPaged) {
  std::vector<TimeMs> began;
  for (int i = 0; i < 6; ++i) {
    began.push_back(clock_.now());
    becomes(i % 2 == 0 ? Presence::online : Presence::offline);
    clock_.advance(hour_ms);
  }
  const auto some = stays(began[2] + 1, began[4]);
  ASSERT_EQ(some.size(), 2U) << "one reaches in from before";
  EXPECT_EQ(some[0].from, began[3]);
  EXPECT_EQ(some[1].from, began[2]);
  EXPECT_EQ(stays(began[5] + 1).size(), 1U) << "who still stays";
  EXPECT_TRUE(stays(0, began[0]).empty());

  std::vector<TimeMs> got;
  store::Before before;
  int pages = 0;
  do {
    const auto page = must(sql::run(service_->stays(access(), {li, 0, std::numeric_limits<TimeMs>::max()}, before, 4)));
    for (const Stay& one : page.items) got.push_back(one.from);
    before = page.next;
    ++pages;
  } while (before);
  std::ranges::reverse(began);
  EXPECT_EQ(got, began);
  EXPECT_EQ(pages, 2);
}

TEST_P(PresenceTest, ReasonsAreThoseOfTheMiniProgram) {
  EXPECT_EQ(code(Presence::away, "lunch"), "ok");
  EXPECT_EQ(code(Presence::busy, "training"), "ok");
  EXPECT_EQ(code(Presence::away, ""), "ok");
  EXPECT_EQ(code(Presence::online, "lunch"), "teams.unknown_reason");
  EXPECT_EQ(code(Presence::away, "午餐"), "teams.unknown_reason");
  SettingsPatch patch{1};
  patch.reasons = std::vector<std::string>{"午餐"};
  must(sql::run(service_->change_settings(access(), patch)));
  EXPECT_EQ(code(Presence::away, "午餐"), "ok");
  EXPECT_EQ(code(Presence::away, "lunch"), "teams.unknown_reason");
  EXPECT_EQ(code(Presence::away, "lunch", bank), "ok");
  becomes(Presence::away, "lunch");
  EXPECT_EQ(stays().front().reason, "lunch") << "what was chosen before stays what it was";
}

TEST_P(PresenceTest, OnlineTimeOfAMonthIsAddedUp) {
  clock_.set(china(date(2026, 3, 2), 9));
  becomes(Presence::online);
  clock_.set(china(date(2026, 3, 2), 12));
  becomes(Presence::away, "lunch");
  clock_.set(china(date(2026, 3, 2), 13));
  becomes(Presence::online);
  clock_.set(china(date(2026, 3, 3), 1));
  becomes(Presence::offline);
  const auto times = [&](TimeMs from, TimeMs to) {
    auto read = [&](sql::Transaction& tx) -> Result<std::vector<DayTime>> {
      return log_.times(tx, shop, li, from, to, "Asia/Shanghai", clock_.now() + hour_ms);
    };
    return text_of(must(db().read_blocking(read)));
  };
  EXPECT_EQ(times(china(date(2026, 3, 2)), china(date(2026, 4, 1))),
            "0 online 840m; 0 away lunch 60m; 1 online 60m; 1 offline 60m; ");
  EXPECT_EQ(times(china(date(2026, 3, 2), 12, 30), china(date(2026, 3, 2), 14)), "0 online 60m; 0 away lunch 30m; ");
}

MINIOPS_ON_BOTH_ENGINES(PresenceTest);

}  // namespace
}  // namespace miniops::teams
