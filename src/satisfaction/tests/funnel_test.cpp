// The figures are what the surveys say, whichever way they came about.
#include "satisfaction/tests/satisfaction_fixture.hpp"

namespace miniops::satisfaction {
namespace {

class FunnelTest : public SatisfactionTest {
 protected:
  std::vector<store::Bucket> count(store::By by, const store::ResultFilter& filter = {}, int limit = 100) {
    return within([&](sql::Transaction& tx) { return store::count_by(tx, shop, by, filter, limit); });
  }

  // Counted once more, from nothing but the rows.
  std::map<std::string, store::Funnel> recount(const std::string& column) {
    std::map<std::string, store::Funnel> out;
    for (const sql::Row& row : query("SELECT CAST(" + column + " AS TEXT), state, score FROM satisfaction_surveys")) {
      store::Funnel& funnel = out[row.text(0)];
      const State state = parse_word<State>(row.text(1)).value();
      ++funnel.closed;
      if (state >= State::askable) ++funnel.askable;
      if (state >= State::asked) ++funnel.asked;
      if (state >= State::delivered) ++funnel.delivered;
      if (state >= State::answered) ++funnel.answered;
      if (row.integer(2) > 0) ++funnel.scores[static_cast<std::size_t>(row.integer(2) - 1)];
    }
    return out;
  }

  // A hundred conversations that went as chance would have it.
  void many() {
    for (std::int64_t id = 1; id <= 100; ++id) {
      ClosedConversation facts = conversation(id, id);
      facts.day = 20251120 + static_cast<std::int64_t>(random_.below(3));
      facts.agent = AccountId(static_cast<std::int64_t>(random_.below(3)));
      facts.group = GroupId(static_cast<std::int64_t>(random_.below(2)));
      facts.human_answered = random_.below(5) != 0;
      facts.remaining = random_.below(5) == 0 ? 0 : 10;
      set(switched_on(random_.below(2) == 0 ? Form::text : Form::link));
      if (!close(facts)) continue;
      if (random_.below(6) == 0) refuse(id);
      if (random_.below(4) != 0) accept(id);
      if (random_.below(2) == 0) hear(std::to_string(1 + random_.below(5)), id);
    }
  }
};

TEST_P(FunnelTest, EqualsWhatTheRowsSay) {
  many();
  const std::vector<std::pair<store::By, std::string>> all{{store::By::day, "day"},
                                                           {store::By::agent, "agent"},
                                                           {store::By::group, "group_id"},
                                                           {store::By::question, "form"}};
  for (const auto& [by, column] : all) {
    std::map<std::string, store::Funnel> counted;
    for (const store::Bucket& bucket : count(by)) counted[bucket.key] = bucket.funnel;
    EXPECT_EQ(counted, recount(column)) << column;
    EXPECT_GT(counted.size(), 1U) << column;
  }
}

TEST_P(FunnelTest, CountsEachStepOnce) {
  set(switched_on());
  ClosedConversation nobody = conversation(1, 1);
  nobody.human_answered = false;
  close(nobody);
  ClosedConversation late = conversation(2, 2);
  late.window_ends_at = 0;
  close(late);
  close(3, 3);
  close(4, 4);
  accept(4);
  close(5, 5);
  hear("4", 5);
  const auto days = count(store::By::day);
  ASSERT_EQ(days.size(), 1U);
  EXPECT_EQ(days[0].key, "20251121");
  EXPECT_EQ(days[0].funnel, (store::Funnel{5, 4, 3, 2, 1, {0, 0, 0, 1, 0}}));
}

TEST_P(FunnelTest, ShowsWhatTheFilterLetsThrough) {
  many();
  store::ResultFilter filter;
  filter.from = filter.to = 20251121;
  filter.agent = AccountId(1);
  filter.group = GroupId(1);
  const auto found = count(store::By::day, filter);
  ASSERT_EQ(found.size(), 1U);
  const std::string where = "satisfaction_surveys WHERE day = 20251121 AND agent = 1 AND group_id = 1";
  EXPECT_EQ(found[0].funnel.closed, rows(where));
  EXPECT_EQ(found[0].funnel.answered, rows(where + " AND state = 'answered'"));
  EXPECT_EQ(count(store::By::day, {}, 2).size(), 2U);
  EXPECT_TRUE(within([&](sql::Transaction& tx) {
                return store::count_by(tx, AppId("wxbank"), store::By::day, {}, 100);
              }).empty());
}

TEST_P(FunnelTest, ErasingAPersonChangesNoFigure) {
  many();
  const auto before = count(store::By::agent);
  within([&](sql::Transaction& tx) {
    for (std::int64_t id = 1; id <= 100; ++id) store::forget(tx, ProfileId(id));
  });
  const auto after = count(store::By::agent);
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) EXPECT_EQ(after[i].funnel, before[i].funnel);
}

MINIOPS_ON_BOTH_ENGINES(FunnelTest);

}  // namespace
}  // namespace miniops::satisfaction
