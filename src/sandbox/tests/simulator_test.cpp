// Simulated customers under a clock that the test moves.
#include "sandbox/simulator.hpp"

#include <gtest/gtest.h>

#include "sandbox/stories.hpp"

namespace miniops::sandbox {
namespace {

constexpr const char* appid = "wx0000000000000001";

class SimulatorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    AppConfig config;
    config.appid = appid;
    config.mode = wechat::Mode::plain;  // and no push address: what is said stays here
    ASSERT_TRUE(sandbox.put_app(config));
  }
  // Steps through so much time.
  void pass(Simulator& simulator, TimeMs duration) {
    for (TimeMs at = 0; at < duration; at += 500) {
      clock.advance(500);
      simulator.step();
    }
  }
  std::vector<Bubble> all_bubbles() {
    return sandbox.world().locked([](World::Apps& apps) {
      std::vector<Bubble> all;
      for (const auto& [openid, user] : apps.at(appid).users) {
        all.insert(all.end(), user.bubbles.items().begin(), user.bubbles.items().end());
      }
      return all;
    });
  }

  net::IoThreads io{1};
  ManualClock clock;
  SeededRandom random{42};
  std::unique_ptr<net::HttpClient> client = net::make_http_client();
  Sandbox sandbox{io, *client, random, {.clock = &clock}};
};

TEST_F(SimulatorTest, NobodyComesAtRateZero) {
  Simulator simulator(io, sandbox, random, {appid, 0});
  pass(simulator, hour_ms);
  EXPECT_EQ(simulator.present(), 0U);
  EXPECT_TRUE(all_bubbles().empty());
}

TEST_F(SimulatorTest, AboutSoManyComeAndFallSilentUnanswered) {
  Simulator simulator(io, sandbox, random, {appid, 6});
  pass(simulator, hour_ms);
  const auto bubbles = all_bubbles();
  const auto entered = std::ranges::count(bubbles, std::string("user_enter_tempsession"), &Bubble::msgtype);
  EXPECT_NEAR(static_cast<double>(entered), 360, 90);
  EXPECT_GT(std::ranges::count(bubbles, std::string("image"), &Bubble::msgtype), 10);
  EXPECT_GT(std::ranges::count(bubbles, std::string("miniprogrampage"), &Bubble::msgtype), 10);
  simulator.set_rate(0);
  pass(simulator, hour_ms);
  EXPECT_EQ(simulator.present(), 0U);
}

TEST_F(SimulatorTest, AnAnswerIsAnswered) {
  Simulator simulator(io, sandbox, random, {appid, 60});
  pass(simulator, 2 * minute_ms);
  simulator.set_rate(0);
  sandbox.world().locked([&](World::Apps& apps) {
    for (auto& [openid, user] : apps.at(appid).users) {
      user.bubbles.add({.seq = user.bubbles.total() + 1, .direction = Direction::out, .msgtype = "text"});
    }
    return 0;
  });
  pass(simulator, minute_ms);
  int went_on = 0;
  sandbox.world().locked([&](World::Apps& apps) {
    for (auto& [openid, user] : apps.at(appid).users) {
      const auto& shown = user.bubbles.items();
      const auto answer = std::ranges::find(shown, Direction::out, &Bubble::direction);
      went_on += std::find_if(answer, shown.end(), [](const Bubble& b) { return b.direction == Direction::in; }) !=
                 shown.end();
    }
    return 0;
  });
  EXPECT_GT(went_on, 50);
}

TEST(Stories, EveryLineMakesAMessage) {
  SeededRandom random(1);
  for (const Story& story : stories()) {
    for (const auto lines : {story.opening, story.follow_ups}) {
      for (const std::string_view line : lines) {
        const Saying saying = saying_of(line, random);
        EXPECT_FALSE(saying.msgtype.empty());
        if (saying.msgtype != "text") continue;
        const std::string text(saying.content.at("content").as_string());
        EXPECT_FALSE(text.empty());
        EXPECT_EQ(text.find_first_of("{}|"), std::string::npos) << text;
      }
    }
  }
}

}  // namespace
}  // namespace miniops::sandbox
