#include "storage/events/askers.hpp"

#include <gtest/gtest.h>

#include "storage/testing/engines.hpp"

namespace miniops::events {
namespace {

class AskersTest : public testing::Test {
 protected:
  sql::TemporaryFolder folder_;
  std::shared_ptr<const DuckApi> api_ = *load_duckdb(duckdb_places());
  DuckDatabase database_{api_, {.temporary = folder_.path()}};
};

// Would take hours.
sql::Rows endless(DuckConnection& connection) {
  return connection.query("SELECT sum(a.range * b.range % 7) FROM range(10000000) a, range(10000000) b");
}
sql::Rows quick(DuckConnection& connection) { return connection.query("SELECT 42"); }

TEST_F(AskersTest, AQuestionThatTakesTooLongIsStoppedAndTheNextIsAnswered) {
  Askers askers(database_, 1, 20);
  const auto stopped = askers.ask(endless);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, "storage.question_too_slow");
  // On the same connection. It may be hit by the end of its own time, never by the other's.
  const auto next = askers.ask(quick);
  if (next) {
    EXPECT_EQ(next->front().integer(0), 42);
  } else {
    EXPECT_EQ(next.error().code, "storage.question_too_slow");
  }
}

TEST_F(AskersTest, AWrongStatementHarmsNobody) {
  Askers askers(database_, 1, 60'000);
  const auto wrong = askers.ask([](DuckConnection& connection) { return connection.query("SELECT nothing"); });
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, "storage.question_refused");
  EXPECT_EQ(askers.ask(quick)->front().integer(0), 42);
}

TEST_F(AskersTest, ManyShareAFewConnections) {
  Askers askers(database_, 2, 60'000);
  std::atomic<int> answered{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 20; ++n) answered += askers.ask(quick)->front().integer(0) == 42 ? 1 : 0;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(answered, 160);
}

TEST_F(AskersTest, AQuestionWhoseTableIsGoneIsAskedAgain) {
  Askers askers(database_, 1, 60'000);
  int asked = 0;
  const auto answered = askers.ask([&](DuckConnection& connection) {
    return ++asked == 1 ? connection.query("SELECT 1 FROM dropped") : quick(connection);
  });
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->front().integer(0), 42);
  asked = 0;
  const auto never = askers.ask([&](DuckConnection& connection) {
    ++asked;
    return connection.query("SELECT 1 FROM never_there");
  });
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().code, "storage.question_refused");
  EXPECT_GT(asked, 1);
}

TEST_F(AskersTest, WorkIsDoneAloneWhileQuestionsWait) {
  Askers askers(database_, 2, 60'000);
  std::atomic<int> under_way{0};
  std::atomic<int> met{0};
  std::atomic<bool> over{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      while (!over) {
        const auto answer = askers.ask([&](DuckConnection& connection) {
          ++under_way;
          auto rows = quick(connection);
          --under_way;
          return rows;
        });
        EXPECT_TRUE(answer);
      }
    });
  for (int i = 0; i < 50; ++i)
    askers.alone([&] {
      DuckConnection connection(database_);
      met += under_way;
      quick(connection);
      met += under_way;
    });
  over = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(met, 0);
}

TEST(DuckLibrary, SaysWhatIsMissing) {
  const std::vector<std::filesystem::path> nowhere{"/nowhere/libduckdb.so"};
  const auto loaded = load_duckdb(nowhere);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, "storage.event_library_missing");
}

}  // namespace
}  // namespace miniops::events
