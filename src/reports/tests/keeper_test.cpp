// Facts follow what is recorded, and a rebuild gives the same.
#include "reports/keeper.hpp"

#include <gtest/gtest.h>

#include <random>

#include "reports/tests/reports_fixture.hpp"

namespace miniops::reports {
namespace {

class KeeperTest : public ReportsTest {
 protected:
  static std::int64_t count(const Figures& figures, Metric metric) {
    return figures[static_cast<std::size_t>(metric)].count;
  }
  void rebuild_from_nothing() {
    execute("DELETE FROM reports_conversations");
    execute("DELETE FROM reports_days");
    execute("DELETE FROM reports_pending");
    must(sql::run(service_->rebuild(Access::system(AppId(), "test"))));
    rebuild_all();
  }
};

TEST_P(KeeperTest, FactsFollowWhatIsRecorded) {
  History history(1);
  record(history.rows());
  derive_all();
  EXPECT_EQ(count(totals(), Metric::conversations), 1);
  EXPECT_EQ(count(totals(), Metric::wait), 0);
  history.at(60).assigned(7);
  history.at(90).answers(7);
  record(history.rows());
  EXPECT_EQ(count(totals(), Metric::wait), 0) << "not yet";
  derive_all();
  EXPECT_EQ(count(totals(), Metric::wait), 1);
  EXPECT_EQ(rows("reports_pending"), 0);
  EXPECT_EQ(count(totals({.from = ten_o_clock + 1, .to = ten_o_clock + day_ms}), Metric::conversations), 0);
}

TEST_P(KeeperTest, TheReturnOfACustomerChangesTheConversationBefore) {
  History first = example(1);
  record(first.rows());
  derive_all();
  clock_.set(ten_o_clock + 4 * day_ms);
  EXPECT_EQ(totals()[static_cast<std::size_t>(Metric::first_contact)].hits, 1);
  History second(2, ten_o_clock + day_ms);
  second.rows().previous = ConversationId(1);
  desk_.rows[ConversationId(1)].next_opened_at = ten_o_clock + day_ms;
  record(second.rows());
  derive_all();
  EXPECT_EQ(totals()[static_cast<std::size_t>(Metric::first_contact)].hits, 0);
  desk_.rows[ConversationId(1)].next_opened_at = 0;
  forget(ConversationId(2));
  derive_all();
  EXPECT_EQ(totals()[static_cast<std::size_t>(Metric::first_contact)].hits, 1);
  EXPECT_EQ(rows("reports_conversations"), 1);
}

// The newest is worked off first, as when another node with a slower clock noted the others.
TEST_P(KeeperTest, AWholeChainMayBeNew) {
  for (std::int64_t i = 1; i <= 3; ++i) {
    History one = example(i);
    one.rows().previous = ConversationId(i - 1);
    desk_.rows[ConversationId(i)] = one.rows();
  }
  note(ConversationId(3));
  derive_all();
  EXPECT_EQ(rows("reports_conversations"), 3);
}

TEST_P(KeeperTest, PackedDaysAnswerAsLooseOnesDo) {
  for (std::int64_t i = 1; i <= 40; ++i) {
    History history(i, ten_o_clock + i * 6 * hour_ms);
    history.at(static_cast<double>(i)).assigned(7);
    record(history.rows());
  }
  derive_all();
  const Figures loose = totals();
  EXPECT_FALSE(must(sql::run(keeper_->pack_step()))) << "they have just changed";
  pack_all();
  EXPECT_EQ(query("SELECT COUNT(*) FROM reports_days WHERE packed <> generation")[0].integer(0), 0);
  const Figures packed = totals();
  for (std::size_t i = 0; i < metrics; ++i) {
    EXPECT_EQ(packed[i].count, loose[i].count);
    EXPECT_EQ(packed[i].median, loose[i].median);
    EXPECT_EQ(packed[i].sum, loose[i].sum);
  }
  // What is packed is really read.
  execute("DELETE FROM reports_conversations WHERE id > 1");
  EXPECT_EQ(count(totals(), Metric::conversations), count(loose, Metric::conversations));
  // A change makes its day loose again.
  History first(1, ten_o_clock + 6 * hour_ms);
  first.at(5).assigned(8);
  record(first.rows());
  derive_all();
  EXPECT_EQ(query("SELECT COUNT(*) FROM reports_days WHERE packed <> generation")[0].integer(0), 1);
}

TEST_P(KeeperTest, ADayThatChangedMeanwhileIsNotPacked) {
  History history(1);
  record(history.rows());
  derive_all();
  const store::Day seen{shop, ten_o_clock / day_ms, 1};
  history.at(60).assigned(7);
  record(history.rows());
  derive_all();
  auto write = [&](sql::Transaction& tx) -> Result<void> {
    store::pack(tx, seen, "old");
    return {};
  };
  must(db().write_blocking(write));
  EXPECT_EQ(count(totals(), Metric::wait), 1);
  EXPECT_EQ(query("SELECT COUNT(*) FROM reports_days WHERE packed <> generation")[0].integer(0), 1);
}

TEST_P(KeeperTest, WhatDoesNotChangeWritesNothing) {
  History history = example();
  record(history.rows());
  derive_all();
  const std::int64_t generation = query("SELECT generation FROM reports_days")[0].integer(0);
  note(ConversationId(1));
  note(ConversationId(1));
  derive_all();
  rebuild_all();
  EXPECT_EQ(query("SELECT generation FROM reports_days")[0].integer(0), generation);
}

TEST_P(KeeperTest, TheFirstStartDerivesWhatWasThereBefore) {
  for (std::int64_t i = 1; i <= 75; ++i) desk_.rows[ConversationId(i)] = example(i).rows();
  EXPECT_EQ(count(totals(), Metric::conversations), 0);
  rebuild_all();
  EXPECT_EQ(count(totals(), Metric::conversations), 75);
  EXPECT_FALSE(must(sql::run(keeper_->rebuild_step()))) << "once is enough";
  execute("UPDATE reports_rebuild SET version = 0");
  EXPECT_TRUE(must(sql::run(keeper_->rebuild_step()))) << "other definitions";
}

TEST_P(KeeperTest, ARebuildForgetsWhoIsNotThereAnyMore) {
  for (std::int64_t i = 1; i <= 300; ++i) desk_.rows[ConversationId(i)] = example(i).rows();
  rebuild_all();
  std::erase_if(desk_.rows, [](const auto& entry) { return entry.first.value() % 100 != 7; });
  must(sql::run(service_->rebuild(Access::system(AppId(), "test"))));
  rebuild_all();
  EXPECT_EQ(count(totals(), Metric::conversations), 3);
  desk_.rows.clear();
  must(sql::run(service_->rebuild(Access::system(AppId(), "test"))));
  rebuild_all();
  EXPECT_EQ(rows("reports_conversations"), 0);
}

// ---- random histories ----

class Life {
 public:
  Life(FakeDesk& desk, std::uint64_t seed) : desk_(desk), random_(seed) {}

  std::int64_t up_to(std::int64_t most) { return std::uniform_int_distribution<std::int64_t>(1, most)(random_); }

  // Something happens to somebody. The conversation that it happened to; of two when a new one follows another.
  ConversationId step() {
    if (histories_.empty() || up_to(8) == 1) return open();
    auto at = histories_.begin();
    std::advance(at, up_to(static_cast<std::int64_t>(histories_.size())) - 1);
    if (up_to(60) == 1) return vanish(at->first);
    act(at->second.later(up_to(400'000)));
    desk_.rows[at->first] = at->second.rows();
    return at->first;
  }
  // Those that changed without anything happening in them.
  std::vector<ConversationId> take_orphans() { return std::exchange(orphans_, {}); }

 private:
  ConversationId open() {
    const ConversationId id(++last_);
    History history(id.value(), ten_o_clock + up_to(5 * day_ms));
    if (up_to(3) == 1 && !histories_.empty()) {
      auto& before = histories_.begin()->second.rows();
      if (before.next_opened_at == 0) {
        before.next_opened_at = history.rows().opened_at;
        history.rows().previous = before.id;
        desk_.rows[before.id] = before;
      }
    }
    desk_.rows[id] = history.rows();
    histories_.emplace(id, std::move(history));
    return id;
  }
  ConversationId vanish(ConversationId id) {
    const ConversationId before = desk_.rows[id].previous;
    if (const auto known = histories_.find(before); known != histories_.end()) {
      known->second.rows().next_opened_at = 0;
      desk_.rows[before] = known->second.rows();
    }
    for (auto& [other, history] : histories_) {
      if (history.rows().previous != id) continue;
      history.rows().previous = {};  // whoever is forgotten is forgotten whole; this only makes it harder
      desk_.rows[other] = history.rows();
      orphans_.push_back(other);
    }
    histories_.erase(id);
    desk_.rows.erase(id);
    return id;
  }
  void act(History& history) {
    switch (up_to(12)) {
      case 1:
        history.says();
        break;
      case 2:
        history.answers(up_to(5), up_to(20'000) - 5'000);
        break;
      case 3:
        history.greets();
        break;
      case 4:
      case 5:
        history.assigned(up_to(5));
        break;
      case 6:
        history.transferred(up_to(5), up_to(5));
        break;
      case 7:
        history.to_group(up_to(5), up_to(3));
        break;
      case 8:
        history.returned(up_to(5));
        break;
      case 9:
        history.parked();
        break;
      case 10:
        history.closed(up_to(2) == 1 ? "resolved" : "");
        break;
      case 11:
        history.comes_back();
        break;
      default:
        history.surveyed(static_cast<int>(up_to(6)) - 1);
    }
  }

  FakeDesk& desk_;
  std::mt19937_64 random_;
  std::map<ConversationId, History> histories_;
  std::vector<ConversationId> orphans_;
  std::int64_t last_ = 0;
};

TEST_P(KeeperTest, ARebuildGivesTheSameAfterAnyHistory) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Life life(desk_, seed);
    for (int i = 0; i < 300; ++i) {
      note(life.step());
      for (const ConversationId orphan : life.take_orphans()) note(orphan);
      if (life.up_to(10) == 1) derive_all();
      if (life.up_to(40) == 1) pack_all();
    }
    derive_all();
    const auto followed = stored();
    const Figures figures = totals();
    ASSERT_GT(followed.size(), 10U);
    rebuild_from_nothing();
    EXPECT_EQ(stored(), followed) << "seed " << seed;
    const Figures again = totals();
    for (std::size_t i = 0; i < metrics; ++i) EXPECT_EQ(again[i].sum, figures[i].sum) << "seed " << seed;
    desk_.rows.clear();
    rebuild_from_nothing();
  }
}

MINIOPS_ON_BOTH_ENGINES(KeeperTest);

}  // namespace
}  // namespace miniops::reports
