#include "notify/channels/message.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "notify/channels/tests/sample.hpp"

namespace miniops::notify::testing {
namespace {

TEST(Message, IsCutBetweenCharactersAtEveryLimit) {
  const std::string text = "支付失败率 12.5% 😀 é";
  for (std::size_t limit = 0; limit <= text.size() + 1; ++limit) {
    for (const std::string& cut : {cut_bytes(text, limit), cut_lines(text, limit)}) {
      EXPECT_LE(cut.size(), limit);
      EXPECT_TRUE(valid_utf8(cut)) << limit;
      if (limit >= text.size()) EXPECT_EQ(cut, text);
      if (limit < text.size() && limit >= 3) EXPECT_TRUE(cut.ends_with("…")) << limit;
    }
  }
}

TEST(Message, IsCutAtALineWhereThatLosesLittle) {
  EXPECT_EQ(cut_lines("first line\nsecond line\nthird", 26), "first line\nsecond line\n…");
  EXPECT_EQ(cut_lines("first line\nsecond line\nthird", 25), "first line\nsecond line…");
  EXPECT_EQ(cut_lines("a\nvery long second line that goes on", 20), "a\nvery long secon…");
}

TEST(Message, TextInsideMarkdownFormatsLinksAndMentionsNothing) {
  EXPECT_EQ(plain_in_markdown("<@all> [x](http://e) **b** `c`"), "＜@all＞ ［x］(http://e) ＊＊b＊＊ 'c'");
  EXPECT_EQ(without_mentions("**b** <@all> <font color=\"info\">x</font>"),
            "**b** ＜@all> <font color=\"info\">x</font>");
}

TEST(Message, PlaceholdersAreFilledOnce) {
  Message message = single(sample());
  message.content.title = "{link}";
  message.content.variables["rule"] = "支付失败率";
  EXPECT_EQ(fill("{rule}: {title} {nothing}{severity} {time}", message), "支付失败率: {link} 严重 2026-01-01 08:00");
  EXPECT_EQ(fill("{open", message), "{open");
  message.language = "en";
  EXPECT_EQ(fill("{state}|{severity}", message), "critical|critical");
}

TEST(Message, ADigestNamesWhatItCarriesAndTakesTheWorst) {
  Notification first = sample(), second = sample();
  first.severity = Severity::info;
  first.resolved = true;
  second.title = "<@all> 慢";
  second.link = "https://ops.example.com/i/43";
  const Message digest = message_of("7-0", "zh", {first, second});
  EXPECT_EQ(digest.content.title, "2 条通知");
  EXPECT_EQ(digest.content.severity, Severity::critical);
  EXPECT_FALSE(digest.content.resolved);
  EXPECT_EQ(digest.content.text, "[已恢复] 支付失败率 12.5%\n[严重] <@all> 慢\n");
  EXPECT_TRUE(digest.content.markdown.contains("> 严重 [＜@all＞ 慢](https://ops.example.com/i/43)"))
      << digest.content.markdown;
  EXPECT_EQ(digest.content.link, "");
}

TEST(Message, ADigestOfManyCountsTheRest) {
  const Message digest = message_of("7-0", "en", std::vector<Notification>(100, sample()));
  EXPECT_EQ(digest.content.title, "100 notifications");
  EXPECT_TRUE(digest.content.text.ends_with("… and 70 more\n"));
  EXPECT_EQ(digest.content.link, sample().link) << "all have the same";
}

TEST(Message, OneLineHasNoControlCharacters) { EXPECT_EQ(one_line("a\r\nb\tc\x7f"), "a  b c "); }

}  // namespace
}  // namespace miniops::notify::testing
