#include "desk/words.hpp"

#include <gmock/gmock.h>

#include "base/random.hpp"
#include "base/text.hpp"
#include "desk/settings_service.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;

WordMatcher matcher(std::initializer_list<Word> words) { return WordMatcher(std::vector<Word>(words)); }

std::vector<std::string> found(const WordMatcher& in, std::string_view text) {
  std::vector<std::string> out;
  for (const auto& hit : in.find(text)) out.emplace_back(text.substr(hit.begin, hit.end - hit.begin));
  return out;
}

TEST(Words, FindsOverlapsAndWordsWithinWords) {
  const WordMatcher m = matcher({{"he"}, {"she"}, {"his"}, {"hers"}});
  EXPECT_THAT(found(m, "ushers"), ElementsAre("she", "he", "hers"));
}

TEST(Words, FindsChineseOverlaps) {
  const WordMatcher m = matcher({{"中国人"}, {"国人"}, {"人民"}});
  EXPECT_THAT(found(m, "我是中国人民"), ElementsAre("中国人", "国人", "人民"));
}

TEST(Words, CaseAndWidthDoNotHide) {
  const WordMatcher m = matcher({{"ViP"}});
  EXPECT_THAT(found(m, "加ｖｉＰ，VIP vip"), ElementsAre("ｖｉＰ", "VIP", "vip"));
}

TEST(Words, TheSameWordTwiceCountsOnceWithTheStricterAction) {
  const WordMatcher m = matcher({{"abc", WordAction::flag}, {"ABC", WordAction::block}});
  EXPECT_EQ(m.size(), 1U);
  EXPECT_THAT(check(m, "xabcx").blocked, ElementsAre("abc"));
}

TEST(Words, EmptyListAndEmptyText) {
  EXPECT_TRUE(WordMatcher().find("abc").empty());
  EXPECT_TRUE(matcher({{"a"}}).find("").empty());
  EXPECT_TRUE(matcher({{""}}).empty());
}

TEST(Words, ChecksByAction) {
  const WordMatcher m =
      matcher({{"傻瓜", WordAction::mask}, {"加微信", WordAction::block}, {"退款", WordAction::flag}});
  const Checked checked = check(m, "你个傻瓜，退款！加微信");
  EXPECT_EQ(checked.masked, "你个**，退款！***");
  EXPECT_TRUE(checked.changed);
  EXPECT_THAT(checked.found, ElementsAre("傻瓜", "退款", "加微信"));
  EXPECT_THAT(checked.blocked, ElementsAre("加微信"));
  EXPECT_FALSE(check(m, "要退款").changed);
}

// Against the plainest search there is.
TEST(Words, AgreesWithNaiveSearch) {
  SeededRandom random(7);
  const std::vector<std::string> alphabet = {"a", "b", "中", "文"};
  auto any = [&](std::size_t length) {
    std::string out;
    for (std::size_t i = 0; i < length; ++i) out += alphabet[random.below(alphabet.size())];
    return out;
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<Word> words;
    for (int i = 0; i < 12; ++i) words.push_back({any(1 + random.below(4))});
    const std::string text = any(random.below(40));
    std::size_t naive = 0;
    std::set<std::string> distinct;
    for (const Word& word : words) distinct.insert(word.text);
    for (const std::string& word : distinct) {
      for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++naive;
    }
    EXPECT_EQ(WordMatcher(words).find(text).size(), naive);
  }
}

TEST(Words, AHundredThousandAreBuiltAndFound) {
  SeededRandom random(3);
  std::vector<Word> words;
  for (int i = 0; i < 100'000; ++i) {
    std::string word;
    for (std::size_t k = 0; k < 2 + random.below(4); ++k) {
      const auto code = static_cast<unsigned>(0x4e00 + random.below(5000));
      word += static_cast<char>(0xe0 | (code >> 12));
      word += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
      word += static_cast<char>(0x80 | (code & 0x3f));
    }
    words.push_back({std::move(word)});
  }
  const std::vector<Word> kept = words;
  const WordMatcher m(std::move(words));
  EXPECT_GT(m.size(), 90'000U);
  for (std::size_t i = 0; i < kept.size(); i += 997) EXPECT_FALSE(m.find(kept[i].text).empty());
}

TEST(WordList, ReadsLinesAndNamesTheBadOnes) {
  const ParsedWords parsed =
      parse_word_list("\xef\xbb\xbf赌博\r\n# a remark\n\n代开发票 , mask\n加微信,flag\nbad,shout\n" +
                          std::string(65, 'x') + "\n\xff\xfe\n",
                      WordAction::block);
  ASSERT_EQ(parsed.words.size(), 3U);
  EXPECT_EQ(parsed.words[0].word.text, "赌博");
  EXPECT_EQ(parsed.words[0].word.action, WordAction::block);
  EXPECT_EQ(parsed.words[0].line, 1);
  EXPECT_EQ(parsed.words[1].word.text, "代开发票");
  EXPECT_EQ(parsed.words[1].word.action, WordAction::mask);
  EXPECT_EQ(parsed.words[1].line, 4);
  EXPECT_EQ(parsed.words[2].word.action, WordAction::flag);
  std::vector<int> lines;
  for (const auto& one : parsed.rejected) lines.push_back(one.line);
  EXPECT_THAT(lines, ElementsAre(6, 7, 8));
}

}  // namespace
}  // namespace miniops::desk
