#include "live/hub.hpp"

#include <thread>

#include "live/tests/hub_fixture.hpp"

namespace miniops::live {
namespace {

MINIOPS_ON_BOTH_ENGINES(HubTest);

TEST_P(HubTest, ChangesComeInOrder) {
  changes(3);
  auto& socket = connect(agent_);
  const auto ready = socket.got("ready").at(0);
  EXPECT_EQ(ready.at("seq").as_int64(), 3);
  EXPECT_FALSE(ready.at("resumed").as_bool());
  changes(4);
  EXPECT_EQ(socket.numbers(), "4 5 6 7 ");
  const auto first = socket.got("change").at(0);
  EXPECT_EQ(first.at("topic").as_string(), "message");
  EXPECT_EQ(first.at("data").at("text").at("content").as_string(), "hello");
}

struct ResumeCase {
  std::string name, last, numbers;
  bool resumed;
};

TEST_P(HubTest, ResumesExactly) {
  changes(12);
  connect(agent_);  // its ring begins with the newest page: 3 … 12
  execute("DELETE FROM live_changes WHERE seq <= 1");
  const ResumeCase cases[] = {
      {"up to date", "12", "", true},
      {"from the ring", "9", "10 11 12 ", true},
      {"all of the ring", "2", "3 4 5 6 7 8 9 10 11 12 ", true},
      {"before the ring, still in the table", "1", "2 3 4 5 6 7 8 9 10 11 12 ", true},
      {"pruned", "0", "", false},
      {"from the future of an older backup", "99", "", false},
  };
  for (const auto& one : cases) {
    auto& socket = connect(agent_, one.last);
    EXPECT_EQ(socket.got("ready").at(0).at("resumed").as_bool(), one.resumed) << one.name;
    EXPECT_EQ(socket.got("ready").size(), 1u) << one.name;
    until([&] { return socket.numbers() == one.numbers; });
    EXPECT_EQ(socket.numbers(), one.numbers) << one.name;
    if (one.resumed) {
      EXPECT_EQ(socket.got("ready").at(0).at("missed").as_int64(), 12 - std::stoi(one.last)) << one.name;
    }
  }
}

TEST_P(HubTest, ALongAbsenceIsReadFromTheTable) {
  connect(agent_);
  changes(95);  // the ring keeps 20
  auto& socket = connect(agent_, "5");
  EXPECT_TRUE(socket.got("ready").at(0).at("resumed").as_bool());
  std::string expected;
  for (int i = 6; i <= 95; ++i) expected += std::to_string(i) + " ";
  until([&] { return socket.got("change").size() == 90; });
  EXPECT_EQ(socket.numbers(), expected);
}

TEST_P(HubTest, TooManyLongAbsencesAtOnceTakeSnapshots) {
  make_hub({.ring_changes_max = 20, .page_rows = 10, .long_resumes_max = 0});
  changes(95);
  EXPECT_FALSE(connect(agent_, "5").got("ready").at(0).at("resumed").as_bool());
}

TEST_P(HubTest, AHoleInTheLogMakesASnapshot) {
  changes(2);
  auto& socket = connect(agent_);
  for (int i = 0; i < 5; ++i) change();
  while (sql::run(sequencer_->step()).value()) {
  }
  execute("DELETE FROM live_changes WHERE seq <= 5");  // this node slept longer than the log is kept
  number_and_deliver();
  ASSERT_EQ(socket.got("ready").size(), 2u);
  EXPECT_EQ(socket.got("ready").at(1).at("seq").as_int64(), 5);
  EXPECT_EQ(socket.numbers(), "6 7 ");
}

TEST_P(HubTest, SilentAndSlowOnesAreDropped) {
  auto& silent = connect(agent_);
  auto& slow = connect(agent_);
  slow.be_slow();
  changes(10);
  EXPECT_EQ(slow.numbers(), "1 2 ");
  EXPECT_EQ(silent.numbers(), "1 2 3 4 5 6 7 8 9 10 ");
  EXPECT_EQ(hub_->counts().dropped_slow, 1);
  clock_.advance(21 * second_ms);
  watch();
  EXPECT_EQ(silent.got("ping").size(), 1u);
  clock_.advance(60 * second_ms);
  watch();
  EXPECT_EQ(silent.closed(), 4408);
}

TEST_P(HubTest, AFloodIsRefused) {
  auto& socket = connect(agent_);
  for (int i = 0; i < 60; ++i) socket.say(R"({"type":"pong"})");
  until([&] { return socket.closed() == 1008; });
}

// Changes are made, numbered and handed out while sockets come and go: none misses one or gets one twice.
TEST_P(HubTest, NoGapUnderConcurrency) {
  make_hub({.ring_changes_max = 50, .page_rows = 10});
  constexpr int total = 400;
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int i = 0; i < total; ++i) change();
    done = true;
  });
  std::thread deliverer([&] {
    const auto finished = [&] { return query("SELECT seq FROM live_heads")[0].integer(0) >= total; };
    while (!done) number_and_deliver();
    while (!finished()) number_and_deliver();
    number_and_deliver();
  });
  for (int i = 0; i < 40; ++i) {
    connect(i % 2 == 0 ? agent_ : operator_, i % 3 == 0 ? "0" : "null");
    turn();
  }
  writer.join();
  deliverer.join();
  const auto complete = [](const auto& socket) {
    const auto changes_got = socket->got("change");
    const auto ready = socket->got("ready");
    return (!changes_got.empty() && changes_got.back().at("seq").as_int64() == total) ||
           (!ready.empty() && ready[0].at("seq").as_int64() == total && !ready[0].at("resumed").as_bool());
  };
  for (auto& socket : sockets_) {
    until([&] { return complete(socket); });
    const auto ready = socket->got("ready");
    ASSERT_EQ(ready.size(), 1u);
    std::int64_t expected = ready[0].at("resumed").as_bool() ? 1 : ready[0].at("seq").as_int64() + 1;
    for (const auto& one : socket->got("change")) {
      ASSERT_EQ(one.at("seq").as_int64(), expected);
      ++expected;
    }
    EXPECT_EQ(expected, total + 1);
  }
}

}  // namespace
}  // namespace miniops::live
