#include <gtest/gtest.h>

#include <set>

#include "base/random.hpp"
#include "base/seal.hpp"

namespace miniops {

namespace {

TEST(SeededRandom, TheSameSeedGivesTheSame) {
  SeededRandom one(42);
  SeededRandom same(42);
  SeededRandom other(43);
  const std::string bytes = one.bytes(100);
  EXPECT_EQ(same.bytes(100), bytes);
  EXPECT_NE(other.bytes(100), bytes);
}

TEST(SystemRandom, NeverRepeats) {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(seen.insert(random.bytes(16)).second);
}

TEST(Random, BelowStaysBelowAndReachesAll) {
  SeededRandom random(1);
  for (const std::uint64_t bound : {1U, 2U, 3U, 10U, 1000U}) {
    std::set<std::uint64_t> seen;
    for (std::uint64_t i = 0; i < bound * 30; ++i) {
      const auto value = random.below(bound);
      EXPECT_LT(value, bound);
      seen.insert(value);
    }
    EXPECT_EQ(seen.size(), bound);
  }
  EXPECT_LT(random.below(UINT64_MAX), UINT64_MAX);
}

TEST(Random, AlphanumericHasOnlyLettersAndDigits) {
  SeededRandom random(2);
  const std::string text = random.alphanumeric(5000);
  EXPECT_EQ(text.size(), 5000U);
  std::set<char> seen(text.begin(), text.end());
  EXPECT_EQ(seen.size(), 62U);
  for (char c : seen) EXPECT_NE(std::isalnum(static_cast<unsigned char>(c)), 0);
}

constexpr SealedPlace place{"gateway_miniprograms", "secret", "wx1"};

class SealerTest : public testing::Test {
 protected:
  SeededRandom random_{7};
  Sealer sealer_{std::string(32, 'k'), random_};
};

TEST_F(SealerTest, OpensWhatItSealed) {
  for (const std::string& secret : {std::string(), std::string("s"), std::string("a\0b", 3), std::string(5000, 'x')}) {
    const std::string sealed = sealer_.seal(secret, place);
    EXPECT_EQ(sealer_.open(sealed, place).value(), secret);
    EXPECT_EQ(sealed.size(), secret.size() + 30);
    if (secret.size() > 4) {
      EXPECT_EQ(sealed.find(secret), std::string::npos);
    }
  }
  EXPECT_NE(sealer_.seal("same", place), sealer_.seal("same", place));
}

TEST_F(SealerTest, DoesNotOpenElsewhereOrWithAnotherKey) {
  const std::string sealed = sealer_.seal("secret", place);
  const SealedPlace elsewhere[] = {
      {"gateway_miniprograms", "secret", "wx2"},
      {"gateway_miniprograms", "token", "wx1"},
      {"gateway_tokens", "secret", "wx1"},
      {"gateway_miniprogram", "ssecret", "wx1"},  // the same letters, cut elsewhere
  };
  for (const auto& other : elsewhere) EXPECT_EQ(sealer_.open(sealed, other).error().code, "base.seal_broken");
  const Sealer other_key(std::string(32, 'j'), random_);
  EXPECT_EQ(other_key.open(sealed, place).error().code, "base.seal_broken");
}

TEST_F(SealerTest, DoesNotOpenWhatWasDamaged) {
  const std::string sealed = sealer_.seal("secret", place);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string damaged = sealed;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_FALSE(sealer_.open(damaged, place)) << i;
    EXPECT_FALSE(sealer_.open(sealed.substr(0, i), place)) << i;
  }
  EXPECT_FALSE(sealer_.open(sealed + "x", place));
}

TEST_F(SealerTest, TakesOnlyAWholeKey) {
  EXPECT_THROW(Sealer("short", random_), std::invalid_argument);
  EXPECT_THROW(Sealer(std::string(33, 'k'), random_), std::invalid_argument);
}

}  // namespace

}  // namespace miniops
