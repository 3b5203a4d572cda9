#include "sandbox/tokens.hpp"

#include <gtest/gtest.h>

namespace miniops::sandbox::tokens_test {
namespace {

constexpr TimeMs start = 1763701200000;

class Tokens : public ::testing::Test {
 protected:
  SeededRandom random{1};
  TokenBook book;
};

TEST_F(Tokens, PlainTokenOverlapsFiveMinutesWithTheOneBefore) {
  const std::string first = book.issue(start, random).token;
  const std::string second = book.issue(start + 1000, random).token;
  EXPECT_NE(first, second);
  EXPECT_GE(first.size(), 136U);
  EXPECT_EQ(book.check(first, start + 1000 + token_overlap_ms - 1), TokenState::valid);
  EXPECT_EQ(book.check(first, start + 1000 + token_overlap_ms), TokenState::superseded);
  EXPECT_EQ(book.check(second, start + token_overlap_ms + 2000), TokenState::valid);
}

TEST_F(Tokens, ThirdPlainTokenEndsTheFirstAtOnce) {
  const std::string first = book.issue(start, random).token;
  const std::string second = book.issue(start + 1, random).token;
  book.issue(start + 2, random);
  EXPECT_EQ(book.check(first, start + 2), TokenState::superseded);
  EXPECT_EQ(book.check(second, start + 2), TokenState::valid);
}

TEST_F(Tokens, TheTwoStoresAreIndependent) {
  const std::string plain = book.issue(start, random).token;
  const std::string stable = book.stable(start, false, random).token;
  book.stable(start + minute_ms, true, random);
  EXPECT_EQ(book.check(plain, start + 2 * minute_ms), TokenState::valid);
  EXPECT_EQ(book.check(stable, start + 2 * minute_ms), TokenState::superseded);
}

TEST_F(Tokens, StableTokenStaysTheSameUntilItsLastFiveMinutes) {
  const IssuedToken first = book.stable(start, false, random);
  const IssuedToken again = book.stable(start + hour_ms, false, random);
  EXPECT_EQ(first.token, again.token);
  EXPECT_EQ(again.expires_in_s, 3600);
  const TimeMs late = start + 2 * hour_ms - 4 * minute_ms;
  const IssuedToken renewed = book.stable(late, false, random);
  EXPECT_NE(renewed.token, first.token);
  EXPECT_EQ(book.check(first.token, late), TokenState::valid);
  EXPECT_EQ(book.check(first.token, start + 2 * hour_ms), TokenState::expired);
  EXPECT_EQ(book.stable(late + 1, false, random).token, renewed.token);
}

TEST_F(Tokens, ForcingWithinThirtySecondsChangesNothing) {
  const std::string first = book.stable(start, true, random).token;
  EXPECT_EQ(book.stable(start + force_pause_ms - 1, true, random).token, first);
  EXPECT_NE(book.stable(start + force_pause_ms, true, random).token, first);
  EXPECT_EQ(book.check(first, start + force_pause_ms), TokenState::superseded);
}

TEST_F(Tokens, ForcingTwentyTimesADayIsAll) {
  TimeMs now = start;
  std::string last;
  for (int i = 0; i < forces_a_day; ++i) last = book.stable(now += minute_ms, true, random).token;
  EXPECT_EQ(book.forced_today(now), forces_a_day);
  EXPECT_EQ(book.stable(now + minute_ms, true, random).token, last);
  EXPECT_NE(book.stable(now + day_ms, true, random).token, last);
  EXPECT_EQ(book.forced_today(now + day_ms), 1);
}

TEST_F(Tokens, UnknownTokensAreUnknown) { EXPECT_EQ(book.check("nonsense", start), TokenState::unknown); }

}  // namespace
}  // namespace miniops::sandbox::tokens_test
