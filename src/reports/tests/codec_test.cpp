// What is written is read again; what is broken is left out.
#include "reports/codec.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "reports/tests/history.hpp"

namespace miniops::reports {
namespace {

std::string bytes_of(const Facts& facts) {
  std::string bytes;
  append(bytes, facts);
  return bytes;
}

TEST(CodecTest, FactsAreReadAsTheyWereWritten) {
  History first = example(5), second(6), third(1);
  first.from("pages/pay/pay").followed_by(ten_o_clock + 5 * day_ms).surveyed(4).about(1LL << 60, {"退款", "催办"});
  second.at(-3).assigned(9);  // before its opening: the clock was set back
  const std::vector<Facts> all{facts_of(first.rows()), facts_of(second.rows()), facts_of(third.rows()), Facts{}};
  std::string bytes;
  for (const Facts& facts : all) append(bytes, facts);
  std::string_view rest = bytes;
  Facts facts;
  for (const Facts& expected : all) {
    ASSERT_TRUE(take_next(rest, facts));
    EXPECT_EQ(facts, expected);
  }
  EXPECT_FALSE(take_next(rest, facts));
}

// Ids as long as they are.
TEST(CodecTest, AConversationTakesFewBytes) {
  History history(1LL << 60);
  history.routed((1LL << 60) + 1).from("pages/order/detail/index");
  history.at(60).assigned((1LL << 60) + 2);
  history.at(90).answers((1LL << 60) + 2);
  history.at(180).says();
  history.at(240).transferred((1LL << 60) + 2, (1LL << 60) + 3);
  history.at(300).answers((1LL << 60) + 3);
  history.at(600).closed();
  EXPECT_LT(bytes_of(facts_of(history.rows())).size(), 150U);
}

TEST(CodecTest, WhatAnotherVersionWroteIsLeftOut) {
  std::string other = bytes_of(facts_of(example().rows()));
  other[0] = static_cast<char>(facts_version + 1);
  const std::string bytes = other + bytes_of(facts_of(example(2).rows())) + other;
  std::string_view rest = bytes;
  Facts facts;
  ASSERT_TRUE(take_next(rest, facts));
  EXPECT_EQ(facts.id, ConversationId(2));
  EXPECT_FALSE(take_next(rest, facts));
}

TEST(CodecTest, AnyBytesAreSurvived) {
  SeededRandom random(7);
  const std::string good = bytes_of(facts_of(example().rows()));
  for (int i = 0; i < 5000; ++i) {
    std::string bytes = good + good;
    const std::string noise = random.bytes(8);
    for (std::size_t n = 0; n + 1 < noise.size(); n += 2)
      bytes[static_cast<unsigned char>(noise[n]) % bytes.size()] = noise[n + 1];
    bytes.resize(static_cast<unsigned char>(noise.back()) % (bytes.size() + 1));
    std::string_view rest = bytes;
    Facts facts;
    int taken = 0;
    while (take_next(rest, facts)) ++taken;
    EXPECT_LE(taken, static_cast<int>(bytes.size()));
    EXPECT_TRUE(rest.empty());
  }
}

}  // namespace
}  // namespace miniops::reports
