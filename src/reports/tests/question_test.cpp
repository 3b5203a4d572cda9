// Questions over many conversations: days of the time zone, filters, breakdowns, and the conversations behind a number.
#include <gtest/gtest.h>

#include "reports/codec.hpp"
#include "reports/listing.hpp"
#include "reports/tests/history.hpp"
#include "reports/wallboard.hpp"

namespace miniops::reports {
namespace {

constexpr TimeMs midnight = ten_o_clock - 10 * hour_ms;  // of 2026-03-14, a Saturday, in Shanghai
constexpr TimeMs now = ten_o_clock + 30 * day_ms;

std::string bytes_of(std::vector<History> histories) {
  std::string bytes;
  for (History& one : histories) append(bytes, facts_of(one.rows()));
  return bytes;
}
Filter whole() { return {.from = midnight - 10 * day_ms, .to = midnight + 10 * day_ms, .time_zone = "Asia/Shanghai"}; }

Answer ask(const std::string& bytes, Filter filter, Interval interval = Interval::none, By by = By::none) {
  Counter counter(std::move(filter), interval, by, now);
  counter.take(bytes);
  return counter.finish().value();
}
std::int64_t count(const Figures& figures, Metric metric) { return figures[static_cast<std::size_t>(metric)].count; }

// As the example, but opened at another time.
History other(std::int64_t id, TimeMs opened_at, std::int64_t agent, std::int64_t group = 1) {
  History history(id, opened_at);
  if (group != 1) history.routed(group);
  history.at(30).assigned(agent);
  history.at(40).answers(agent, 0);
  history.at(100).closed();
  return history;
}

TEST(LocalTimeTest, HoursDaysWeeksAndMonths) {
  struct Case {
    std::string zone;
    TimeMs at;
    Interval interval;
    TimeMs begin, end;
  };
  constexpr TimeMs spring = 1774746000000;  // 2026-03-29 01:00 UTC: summer time begins in Berlin
  const std::vector<Case> cases{
      {"Asia/Shanghai", ten_o_clock + 1, Interval::none, 0, 0},
      {"Asia/Shanghai", ten_o_clock + 1, Interval::hour, ten_o_clock, ten_o_clock + hour_ms},
      {"Asia/Shanghai", ten_o_clock, Interval::day, midnight, midnight + day_ms},
      {"Asia/Shanghai", midnight - 1, Interval::day, midnight - day_ms, midnight},
      {"Asia/Shanghai", ten_o_clock, Interval::week, midnight - 5 * day_ms, midnight + 2 * day_ms},
      {"Asia/Shanghai", ten_o_clock, Interval::month, midnight - 13 * day_ms, midnight + 18 * day_ms},
      {"Europe/Berlin", spring, Interval::day, spring - 2 * hour_ms, spring + 21 * hour_ms},
      {"Asia/Kathmandu", ten_o_clock, Interval::hour, ten_o_clock - 45 * minute_ms, ten_o_clock + 15 * minute_ms},
  };
  for (const Case& each : cases) {
    LocalTime time(each.zone);
    EXPECT_EQ(time.begin(each.interval, each.at), each.begin) << each.zone << each.at;
    EXPECT_EQ(time.end(each.interval, each.at), each.end) << each.zone << each.at;
  }
  LocalTime time("Asia/Shanghai");
  EXPECT_EQ(time.text(ten_o_clock + 5 * minute_ms), "2026-03-14 10:05");
  EXPECT_EQ(time.hour(midnight), 0);
  EXPECT_EQ(time.hour(midnight - 1), 23);
}

TEST(QuestionTest, AConversationBelongsToTheDayOnWhichItWasOpened) {
  const std::string bytes = bytes_of({other(1, midnight - 1, 7), other(2, midnight, 7), other(3, ten_o_clock, 8)});
  const Answer days = ask(bytes, whole(), Interval::day);
  ASSERT_EQ(days.rows.size(), 2U);
  EXPECT_EQ(days.rows[0].from, midnight - day_ms);
  EXPECT_EQ(days.rows[0].to, midnight);
  EXPECT_EQ(count(days.rows[0].figures, Metric::conversations), 1);
  EXPECT_EQ(count(days.rows[0].figures, Metric::response), 1) << "answered after midnight";
  EXPECT_EQ(count(days.rows[1].figures, Metric::conversations), 2);
  EXPECT_EQ(count(days.totals, Metric::conversations), 3);
  Filter day = whole();
  day.from = midnight;
  day.to = midnight + day_ms;
  EXPECT_EQ(count(ask(bytes, day).totals, Metric::conversations), 2);
  EXPECT_TRUE(ask(bytes, day).rows.empty());
}

TEST(QuestionTest, ByAgentTimesAreWhoseTheyWere) {
  const std::string bytes = bytes_of({example(1), other(2, ten_o_clock, 7)});
  const Answer agents = ask(bytes, whole(), Interval::none, By::agent);
  ASSERT_EQ(agents.rows.size(), 2U);
  const Figures& seven = agents.rows[0].figures;
  EXPECT_EQ(agents.rows[0].number, 7);
  EXPECT_EQ(count(seven, Metric::conversations), 1) << "the last to have it counts the conversation";
  EXPECT_EQ(count(seven, Metric::first_answer), 2);
  EXPECT_EQ(seven[static_cast<std::size_t>(Metric::handling)].sum, (180 + 70) * second_ms);
  EXPECT_EQ(agents.rows[1].figures[static_cast<std::size_t>(Metric::response)].missed, 1);
  Filter mine = whole();
  mine.agent = AccountId(7);
  EXPECT_EQ(count(ask(bytes, mine).totals, Metric::response), 2);
}

// Who waits in a queue, or gave up there, is with nobody.
TEST(QuestionTest, WhatIsNobodysIsAskedForLikeAnAgents) {
  History given_up(3, ten_o_clock), waiting(4, ten_o_clock);
  given_up.at(60).closed("");
  const std::string bytes = bytes_of({example(1), other(2, ten_o_clock, 7), given_up, waiting});
  const Answer agents = ask(bytes, whole(), Interval::none, By::agent);
  ASSERT_EQ(agents.rows.size(), 3U);
  ASSERT_EQ(agents.rows[0].number, 0);
  Filter nobodys = whole();
  nobodys.agent = AccountId();
  const Figures totals = ask(bytes, nobodys).totals;
  EXPECT_EQ(count(totals, Metric::conversations), 2);
  EXPECT_EQ(totals[static_cast<std::size_t>(Metric::wait)].missed, 1);
  for (std::size_t i = 0; i < metrics; ++i) {
    const Figure& row = agents.rows[0].figures[i];
    EXPECT_EQ(row.count, totals[i].count) << i;
    EXPECT_EQ(row.missed, totals[i].missed) << i;
    EXPECT_EQ(row.open, totals[i].open) << i;
    Lister lister({.filter = nobodys, .metric = static_cast<Metric>(i)}, now);
    lister.take(bytes);
    const Lister::Found found = lister.finish();
    std::int64_t samples = 0;
    for (const Listed& one : found.items) samples += std::ssize(one.samples);
    EXPECT_EQ(samples, row.count + row.missed + row.open) << i;
  }
}

TEST(QuestionTest, ByGroupHourAndSource) {
  History page = other(3, ten_o_clock + hour_ms, 8);
  page.from("pages/a");
  const std::string bytes = bytes_of({other(1, ten_o_clock, 7), other(2, ten_o_clock + 5, 7, 4), page});
  const Answer groups = ask(bytes, whole(), Interval::none, By::group);
  ASSERT_EQ(groups.rows.size(), 2U);
  EXPECT_EQ(groups.rows[1].number, 4);
  EXPECT_EQ(count(groups.rows[1].figures, Metric::wait), 1);
  const Answer hours = ask(bytes, whole(), Interval::none, By::hour);
  ASSERT_EQ(hours.rows.size(), 2U);
  EXPECT_EQ(hours.rows[0].number, 10);
  EXPECT_EQ(count(hours.rows[0].figures, Metric::conversations), 2);
  const Answer sources = ask(bytes, whole(), Interval::none, By::source);
  ASSERT_EQ(sources.rows.size(), 2U);
  EXPECT_EQ(sources.rows[0].text, "");
  EXPECT_EQ(sources.rows[1].text, "pages/a");
  Filter of_page = whole();
  of_page.source = "pages/a";
  EXPECT_EQ(count(ask(bytes, of_page).totals, Metric::conversations), 1);
  Filter at_eleven = whole();
  at_eleven.hour = 11;
  EXPECT_EQ(count(ask(bytes, at_eleven).totals, Metric::conversations), 1);
}

// A conversation is in the row of each of its tags, and once in the totals.
TEST(QuestionTest, ByReasonAndTag) {
  History both = other(1, ten_o_clock, 7), one = other(2, ten_o_clock, 7), none = other(3, ten_o_clock, 7);
  both.about(11, {"退款", "催办"});
  one.about(12, {"退款"});
  const std::string bytes = bytes_of({both, one, none});
  const Answer reasons = ask(bytes, whole(), Interval::none, By::reason);
  ASSERT_EQ(reasons.rows.size(), 3U);
  EXPECT_EQ(reasons.rows[0].number, 0);
  EXPECT_EQ(reasons.rows[1].number, 11);
  const Answer tags = ask(bytes, whole(), Interval::none, By::tag);
  ASSERT_EQ(tags.rows.size(), 3U);
  EXPECT_EQ(tags.rows[0].text, "退款");
  EXPECT_EQ(count(tags.rows[0].figures, Metric::conversations), 2);
  EXPECT_EQ(count(tags.totals, Metric::conversations), 3);
  EXPECT_EQ(count(tags.totals, Metric::response), count(reasons.totals, Metric::response));
  Filter asked = whole();
  asked.tag = "催办";
  EXPECT_EQ(count(ask(bytes, asked).totals, Metric::conversations), 1);
  asked.tag = "";
  EXPECT_EQ(count(ask(bytes, asked).totals, Metric::conversations), 1);
  asked.tag.reset();
  asked.reason = ReasonId(12);
  EXPECT_EQ(count(ask(bytes, asked).totals, Metric::conversations), 1);
  asked.reason = ReasonId();
  EXPECT_EQ(count(ask(bytes, asked).totals, Metric::conversations), 1);
}

// Beyond what is told apart, and still once in the totals.
TEST(QuestionTest, RareTagsAreOneRow) {
  std::vector<History> histories;
  for (std::int64_t i = 0; i < 300; ++i) {
    histories.push_back(other(i + 1, ten_o_clock, 7));
    histories.back().about(0, {"a" + std::to_string(i), "b" + std::to_string(i)});
  }
  const Answer answer = ask(bytes_of(std::move(histories)), whole(), Interval::none, By::tag);
  ASSERT_EQ(answer.rows.size(), texts_max + 1);
  EXPECT_TRUE(answer.rows.back().others);
  EXPECT_EQ(count(answer.rows.back().figures, Metric::conversations), 600 - 200);
  EXPECT_EQ(count(answer.totals, Metric::conversations), 300);
}

TEST(QuestionTest, RareSourcesAreOneRow) {
  std::vector<History> histories;
  for (std::int64_t i = 0; i < 300; ++i) {
    histories.push_back(other(i + 1, ten_o_clock, 7));
    histories.back().from(i < 20 ? "common" : "page" + std::to_string(i));
  }
  const Answer answer = ask(bytes_of(std::move(histories)), whole(), Interval::none, By::source);
  ASSERT_EQ(answer.rows.size(), texts_max + 1);
  EXPECT_EQ(answer.rows.front().text, "common");
  EXPECT_EQ(count(answer.rows.front().figures, Metric::conversations), 20);
  EXPECT_TRUE(answer.rows.back().others);
  EXPECT_EQ(count(answer.rows.back().figures, Metric::conversations), 280 - 199);
  EXPECT_EQ(count(answer.totals, Metric::conversations), 300);
}

TEST(QuestionTest, TooManyRowsAreRefused) {
  std::vector<History> histories;
  for (std::int64_t i = 0; i < 60; ++i) histories.push_back(other(i + 1, midnight - 9 * day_ms + i * 2 * hour_ms, 7));
  std::string bytes;
  for (History& one : histories) {
    for (int agent = 1; agent <= 90; ++agent) one.event("transferred", std::to_string(agent), std::to_string(agent));
    append(bytes, facts_of(one.rows()));
  }
  Counter counter(whole(), Interval::hour, By::agent, now);
  counter.take(bytes);
  EXPECT_EQ(counter.finish(), std::nullopt);
}

TEST(QuestionTest, ScopesHideWhatIsNotOnes) {
  History scored = other(1, ten_o_clock, 7, 4);
  scored.surveyed(5);
  const std::string bytes = bytes_of({scored, other(2, ten_o_clock, 8, 5)});
  Filter own = whole();
  own.scope.own = true;
  own.agent = AccountId(7);
  EXPECT_EQ(count(ask(bytes, own).totals, Metric::satisfaction), 0);
  EXPECT_EQ(count(ask(bytes, own).totals, Metric::handling), 1);
  Filter group = whole();
  group.scope.groups = {GroupId(5)};
  EXPECT_EQ(count(ask(bytes, group).totals, Metric::conversations), 1);
  EXPECT_EQ(count(ask(bytes, group, Interval::none, By::agent).rows.at(0).figures, Metric::handling), 1);
}

// ---- the conversations behind a number ----

TEST(ListingTest, PagesAddUpToTheFigure) {
  std::vector<History> histories;
  for (std::int64_t i = 1; i <= 250; ++i) {
    histories.push_back(example(i));
    histories.back().at(90 + static_cast<double>(i)).says();
  }
  const std::string bytes = bytes_of(std::move(histories));
  const Figures totals = ask(bytes, whole()).totals;
  for (const Order order : {Order::newest, Order::largest}) {
    ListingAsked asked{.filter = whole(), .metric = Metric::response, .order = order, .limit = 7};
    std::int64_t samples = 0;
    std::set<ConversationId> ids;
    for (;;) {
      Lister lister(asked, now);
      lister.take(bytes);
      const Lister::Found found = lister.finish();
      for (const Listed& one : found.items) {
        EXPECT_TRUE(ids.insert(one.id).second);
        samples += static_cast<std::int64_t>(one.samples.size());
      }
      if (!found.more) break;
      asked.after = {found.items.back().key, found.items.back().id.value()};
    }
    EXPECT_EQ(ids.size(), 250U);
    const Figure& response = totals[static_cast<std::size_t>(Metric::response)];
    EXPECT_EQ(samples, response.count + response.missed + response.open);
  }
}

TEST(ListingTest, UnansweredTurnsAreListed) {
  const std::string bytes = bytes_of({example(1), other(2, ten_o_clock, 7)});
  Lister lister({.filter = whole(), .metric = Metric::response, .part = Part::missed}, now);
  lister.take(bytes);
  const Lister::Found found = lister.finish();
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_EQ(found.items[0].id, ConversationId(1));
  ASSERT_EQ(found.items[0].samples.size(), 1U);
  EXPECT_EQ(found.items[0].samples[0].at, ten_o_clock + 360 * second_ms);
}

TEST(ListingTest, TheSlowestFirst) {
  const std::string bytes = bytes_of({other(1, ten_o_clock, 7), example(2)});
  Lister lister({.filter = whole(), .metric = Metric::wait, .order = Order::largest}, now);
  lister.take(bytes);
  const Lister::Found found = lister.finish();
  ASSERT_EQ(found.items.size(), 2U);
  EXPECT_EQ(found.items[0].id, ConversationId(2));
  EXPECT_EQ(found.items[0].key, 60 * second_ms);
}

TEST(ListingTest, HitsAndTheOthers) {
  History open_end = example(2);
  open_end.rows().events.back().to = "unresolved";
  const std::string bytes = bytes_of({example(1), open_end});
  for (const auto& [part, id] : {std::pair(Part::hits, 1), std::pair(Part::others, 2)}) {
    Lister lister({.filter = whole(), .metric = Metric::resolution, .part = part}, now);
    lister.take(bytes);
    const Lister::Found found = lister.finish();
    ASSERT_EQ(found.items.size(), 1U);
    EXPECT_EQ(found.items[0].id, ConversationId(id));
  }
}

// ---- the wallboard ----

TEST(WallboardTest, TodayAndTheLastHour) {
  const TimeMs at = ten_o_clock + 30 * minute_ms;
  History given_up(4, ten_o_clock);
  given_up.at(60).closed("");
  const std::string bytes = bytes_of({example(1), other(2, midnight - 1, 7), other(3, midnight + 1, 8), given_up});
  ServiceCounter everybody({}, AccountId(), midnight, at);
  everybody.take(bytes);
  const ServiceNow all = everybody.finish();
  EXPECT_EQ(all.opened_today, 3);
  EXPECT_EQ(all.answered_today, 4) << "two of the example, one opened yesterday, one at night";
  EXPECT_EQ(all.response.count, 2);
  EXPECT_EQ(all.first_answer.median, 91 * second_ms);
  EXPECT_EQ(all.wait.count, 1);
  EXPECT_EQ(all.wait.missed, 1);
  ServiceCounter own({.own = true}, AccountId(8), midnight, at);
  own.take(bytes);
  EXPECT_EQ(own.finish().answered_today, 2);
}

}  // namespace
}  // namespace miniops::reports
