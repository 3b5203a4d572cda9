#include "app/program_clock.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "storage/testing/engines.hpp"

namespace miniops::app {
namespace {

class ProgramClockTest : public testing::Test {
 protected:
  void move_by(TimeMs ms) const {
    std::ofstream(file_, std::ios::binary).write(reinterpret_cast<const char*>(&ms), sizeof ms);
  }
  // How far it is from the real time, to the minute.
  static TimeMs minutes_off(const ProgramClock& clock) { return (clock.now() - SystemClock().now()) / minute_ms; }

  sql::TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "clock";
};

TEST_F(ProgramClockTest, IsTheRealTimeUnlessItIsToldOtherwise) {
  ProgramClock clock;
  ASSERT_TRUE(clock.follow(""));
  EXPECT_FALSE(clock.is_moved());
  EXPECT_EQ(minutes_off(clock), 0);
}

TEST_F(ProgramClockTest, IsMovedAtOnceAndIsWhereItWasAfterARestart) {
  move_by(0);
  ProgramClock clock;
  ASSERT_TRUE(clock.follow(file_));
  EXPECT_EQ(minutes_off(clock), 0);
  // In place, as the file is mapped.
  const TimeMs later = 3 * day_ms + 30 * second_ms;
  std::fstream(file_, std::ios::in | std::ios::out | std::ios::binary)
      .write(reinterpret_cast<const char*>(&later), sizeof later);
  EXPECT_EQ(minutes_off(clock), 3 * day_ms / minute_ms);
  ProgramClock restarted;
  ASSERT_TRUE(restarted.follow(file_));
  EXPECT_EQ(minutes_off(restarted), 3 * day_ms / minute_ms);
}

TEST_F(ProgramClockTest, RefusesWhatIsNoClock) {
  ProgramClock clock;
  EXPECT_EQ(clock.follow(file_).error().code, "app.config_invalid");
  std::ofstream(file_) << "12";
  EXPECT_EQ(clock.follow(file_).error().code, "app.config_invalid");
  EXPECT_FALSE(clock.is_moved());
}

}  // namespace
}  // namespace miniops::app
