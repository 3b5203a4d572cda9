// The small rules: window, quotas, faults, media, rings.
#include <gtest/gtest.h>

#include "sandbox/faults.hpp"
#include "sandbox/media.hpp"
#include "sandbox/quotas.hpp"
#include "sandbox/ring.hpp"
#include "sandbox/send_window.hpp"

namespace miniops::sandbox {
namespace {

constexpr TimeMs start = 1763701200000;
const WindowRules rules;

TEST(SendWindow, IsClosedBeforeAnythingHappened) { EXPECT_EQ(SendWindow().verdict(start), 45015); }

TEST(SendWindow, FiveAfterAMessageThenTheCountIsUsedUp) {
  SendWindow window;
  window.on_message(rules, start);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(window.verdict(start + i), 0);
    window.spend();
  }
  EXPECT_EQ(window.verdict(start + 6), 45047);
  window.on_message(rules, start + 7);
  EXPECT_EQ(window.remaining(start + 7), 5);
  EXPECT_EQ(window.verdict(start + 7 + 48 * hour_ms), 45015);
}

TEST(SendWindow, TriggersDoNotAddUp) {
  struct Case {
    const char* name;
    int spent_first;
    int remaining;
  };
  for (const Case& c : {Case{"entering leaves the larger count", 1, 4}, Case{"entering lifts a smaller count", 4, 2},
                        Case{"entering lifts a count used up", 5, 2}}) {
    SendWindow window;
    window.on_message(rules, start);
    for (int i = 0; i < c.spent_first; ++i) window.spend();
    window.on_enter(rules, start + hour_ms);
    EXPECT_EQ(window.remaining(start + hour_ms), c.remaining) << c.name;
    EXPECT_EQ(window.deadline(), start + 48 * hour_ms) << c.name << ": the later deadline";
  }
}

TEST(SendWindow, EnteringOpensAMinuteForTwo) {
  SendWindow window;
  window.on_enter(rules, start);
  EXPECT_EQ(window.remaining(start), 2);
  EXPECT_EQ(window.verdict(start + minute_ms), 45015);
}

TEST(Quotas, DayAndMinuteEnd) {
  Quotas quotas;
  quotas.set_limit("x", {.daily = 3, .minute = 2});
  EXPECT_EQ(quotas.take("x", start), 0);
  EXPECT_EQ(quotas.take("x", start), 0);
  EXPECT_EQ(quotas.take("x", start), 45011);
  EXPECT_EQ(quotas.take("x", start + minute_ms), 0);
  EXPECT_EQ(quotas.take("x", start + 2 * minute_ms), 45009);
  EXPECT_EQ(quotas.take("y", start), 0);
  EXPECT_EQ(quotas.take("x", start + day_ms), 0);
}

TEST(Quotas, CanBeClearedTenTimesAMonth) {
  Quotas quotas;
  quotas.set_limit("x", {.daily = 1, .minute = 1});
  for (int i = 0; i < quota_clears_a_month; ++i) {
    EXPECT_EQ(quotas.take("x", start), 0);
    EXPECT_EQ(quotas.take("x", start), 45009);
    EXPECT_EQ(quotas.clear("", start), 0);
  }
  EXPECT_EQ(quotas.clear("", start), 48006);
}

TEST(Faults, StrikeTheNamedApiSoManyTimes) {
  SeededRandom random(1);
  FaultPlan plan;
  plan.add({.api = "message/custom/send", .errcode = -1, .times = 2});
  EXPECT_FALSE(plan.draw("media/get", random));
  EXPECT_EQ(plan.draw("message/custom/send", random)->errcode, -1);
  EXPECT_TRUE(plan.draw("message/custom/send", random));
  EXPECT_FALSE(plan.draw("message/custom/send", random));
  EXPECT_TRUE(plan.faults().empty());
}

TEST(Faults, ARateStrikesAboutSoOften) {
  SeededRandom random(1);
  FaultPlan plan;
  plan.add({.api = "*", .errcode = 45011, .times = Fault::unlimited, .rate = 0.3});
  int struck = 0;
  for (int i = 0; i < 10'000; ++i) struck += plan.draw("token", random) ? 1 : 0;
  EXPECT_NEAR(struck, 3000, 200);
}

TEST(Media, IsCheckedByTypeSizeAndFirstBytes) {
  const std::string png = "\x89PNG\r\n\x1a\n";
  struct Case {
    const char* name;
    std::string type, bytes;
    int errcode;
  };
  const Case cases[] = {
      {"a picture", "image", png, 0},
      {"a type that does not exist", "picture", png, 40004},
      {"no bytes", "image", "", 41005},
      {"no picture", "image", "hello", 40005},
      {"too large", "image", png + std::string(2 << 20, 'x'), 40006},
      {"a thumb too large", "thumb", png + std::string(64 << 10, 'x'), 40006},
      {"a voice", "voice", "#!AMR\n", 0},
      {"no video", "video", "hello hello hello", 40005},
  };
  for (const Case& c : cases) EXPECT_EQ(upload_verdict(c.type, c.bytes), c.errcode) << c.name;
}

TEST(Media, LivesThreeDays) {
  SeededRandom random(1);
  MediaShelf shelf;
  const std::string id = shelf.add({"image", "image/png", "a.png", "bytes", start}, random);
  ASSERT_NE(shelf.find(id, start + media_life_ms - 1), nullptr);
  EXPECT_EQ(shelf.find(id, start + media_life_ms), nullptr);
  EXPECT_EQ(shelf.find("other", start), nullptr);
}

TEST(Ring, KeepsTheNewestAndTheCount) {
  Ring<int> ring(3);
  for (int i = 1; i <= 5; ++i) ring.add(i * 10);
  EXPECT_EQ(ring.total(), 5U);
  EXPECT_EQ(ring.first(), 3U);
  EXPECT_EQ(ring.find(2), nullptr);
  EXPECT_EQ(*ring.find(5), 50);
  EXPECT_EQ(ring.find(6), nullptr);
}

}  // namespace
}  // namespace miniops::sandbox
