#include "logs/templates/words.hpp"

#include <gtest/gtest.h>

namespace miniops::logs::mining {
namespace {

std::vector<std::string> words_of(std::string_view message) {
  Words words;
  split_words(message, words);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < words.all.size(); ++i) texts.emplace_back(words.text(message, i));
  return texts;
}

std::uint64_t shape_of(std::string_view message) {
  Words words;
  split_words(message, words);
  return words.shape;
}

std::string folded(std::string message) {
  Words words;
  split_words(message, words);
  fold_lists(message, words);
  EXPECT_EQ(words.shape, shape_of(message));
  return message;
}

using Texts = std::vector<std::string>;

TEST(Words, EndAtBlanksAndPunctuation) {
  EXPECT_EQ(words_of("a-b c.d(e=f), g."), (Texts{"a-b", "c.d", "e", "f", "g"}));
  EXPECT_EQ(words_of("blk_<*> <word>: <ok>"), (Texts{"blk_<*>", "<word>", "ok"}));
  EXPECT_EQ(words_of("enabled.....<*>"), (Texts{"enabled", "<*>"}));
  EXPECT_EQ(words_of(" == "), Texts{});
}

TEST(Words, EndWhereChineseBegins) {
  EXPECT_EQ(words_of("订单abc支付失败，请重试"), (Texts{"订单", "abc", "支付失败", "请重试"}));
  EXPECT_EQ(words_of("订单<*>支付"), (Texts{"订单", "<*>", "支付"}));
  EXPECT_EQ(words_of("café"), Texts{"café"});
}

TEST(Words, HaveAShape) {
  EXPECT_EQ(shape_of("user a left"), shape_of("user bcd left"));
  EXPECT_NE(shape_of("user a left"), shape_of("user a: left"));
  EXPECT_NE(shape_of("user a left"), shape_of("user left"));
  EXPECT_NE(shape_of("a, b"), shape_of("a,b"));
}

TEST(Words, FoldLists) {
  struct Case {
    std::string_view message;
    std::string_view folded;
  };
  const Case cases[] = {
      {"sets node-<*> <*> <ok> node-<*> <*> <ok> node-<*> <*> <ok>", "sets node-<*> <*> <ok>"},
      {"sets node-<*> <*> <ok>", "sets node-<*> <*> <ok>"},
      {"(a-<*>, <*>) (a-<*>, <*>) end", "(a-<*>, <*>) end"},
      {"a=<*>, b=<*>, a=<*>", "a=<*>, b=<*>, a=<*>"},
      {"host <word> [<*>] [<*>]", "host <word> [<*>] [<*>]"},
      {"from a-<*> [a-<*>]", "from a-<*> [a-<*>]"},
      {"again again again", "again again again"},
  };
  for (const auto& [message, wanted] : cases) EXPECT_EQ(folded(std::string(message)), wanted);
}

TEST(Words, CutAMessageThatHasTooMany) {
  std::string message;
  for (int i = 0; i < 1000; ++i) message += "w" + std::string(static_cast<std::size_t>(i % 7), 'x') + " ";
  EXPECT_EQ(words_of(folded(message)).size(), words_max);
}

}  // namespace
}  // namespace miniops::logs::mining
