// What counts as an answer, and what opens a conversation.
#include "satisfaction/answer.hpp"

#include <gtest/gtest.h>

namespace miniops::satisfaction {
namespace {

const Offer offer{{"非常满意", 5}, {"满意", 4}, {"一般", 3}, {"不满意", 2}, {"Very Good!", 5}};

struct Said {
  std::string text;
  int score;  // 0: none
};
class Answers : public testing::TestWithParam<Said> {};
TEST_P(Answers, CountOnlyWhenTheyAreNothingElse) {
  EXPECT_EQ(parse_answer(GetParam().text, offer).value_or(0), GetParam().score) << GetParam().text;
}
INSTANTIATE_TEST_SUITE_P(
    Texts, Answers,
    testing::Values(Said{"1", 1}, Said{"5", 5}, Said{"３", 3}, Said{"一", 1}, Said{"五", 5}, Said{"满意", 4},
                    Said{"不满意", 2},
                    // around it: blanks of all kinds, one mark
                    Said{" 4\n", 4}, Said{"\t５\r\n", 5}, Said{"　4　", 4},
                    Said{"\xC2\xA0"
                         "4",
                         4},
                    Said{"\xEF\xBB\xBF"
                         "4\xE2\x80\x8B",
                         4},
                    Said{"5!", 5}, Said{"5！", 5}, Said{"5。", 5}, Said{"5.", 5}, Said{"5，", 5}, Said{"5～", 5},
                    Said{"非常满意 。 ", 5}, Said{"very good", 5}, Said{"VERY GOOD", 5}, Said{"ｖｅｒｙ ｇｏｏｄ！", 5},
                    // anything else
                    Said{"", 0}, Said{" ", 0}, Said{"。", 0}, Said{"0", 0}, Said{"6", 0}, Said{"六", 0}, Said{"零", 0},
                    Said{"05", 0}, Said{"55", 0}, Said{"5 5", 0}, Said{"5分", 0}, Said{"5星", 0}, Said{"-5", 0},
                    Said{"+5", 0}, Said{"5.0", 0}, Said{"5!!", 0}, Said{"！5", 0}, Said{"5?", 0}, Said{"5？", 0},
                    Said{"1-5", 0}, Said{"1–5", 0}, Said{"十五", 0}, Said{"五五", 0}, Said{"满意满意", 0},
                    Said{"很满意", 0}, Said{"我满意", 0}, Said{"verygood", 0}, Said{"5\xEF\xB8\x8F\xE2\x83\xA3", 0},
                    Said{"⑤", 0}, Said{"Ⅴ", 0}, Said{"٥", 0}, Said{"五\xCC\x81", 0}, Said{"\xFF", 0}, Said{"5\xFF", 0},
                    Said{"\xE4\xBA", 0}, Said{std::string("5\0", 2), 0}, Said{"<script>5</script>", 0},
                    Said{"' OR 1=1 --", 0}, Said{"我要退款5", 0}));

TEST(Answers, TakeALongTextWithoutDelay) {
  EXPECT_FALSE(parse_answer(std::string(200'000, ' ') + "x" + std::string(200'000, ' '), offer));
  EXPECT_EQ(parse_answer(std::string(200'000, ' ') + "5", offer).value_or(0), 5);
}

struct Next {
  std::string text;
  bool question;
};
class Questions : public testing::TestWithParam<Next> {};
TEST_P(Questions, AreToldFromComments) {
  EXPECT_EQ(looks_like_question(GetParam().text), GetParam().question) << GetParam().text;
}
INSTANTIATE_TEST_SUITE_P(
    Texts, Questions,
    testing::Values(Next{"态度很好，谢谢", false}, Next{"没什么意见", false}, Next{"没有什么不满", false},
                    Next{"不怎么样", false}, Next{"客服很耐心", false}, Next{"退款很快", false}, Next{"", false},
                    Next{"Thanks a lot, great job", false}, Next{"whatever", false}, Next{"island", false},
                    Next{"👍👍", false}, Next{"什么时候发货", true}, Next{"我的快递呢", true}, Next{"在么。", true},
                    Next{"能开发票吗谢谢", true}, Next{"怎么退货", true}, Next{"我要投诉", true}, Next{"转人工", true},
                    Next{"请问营业时间", true}, Next{"货还没到", true}, Next{"发货了？", true}, Next{"really?", true},
                    Next{"没什么，就想知道几点关门", true}, Next{"How do I return it", true},
                    Next{"what's my order number", true}, Next{"ok, I want my money back", true}));

}  // namespace
}  // namespace miniops::satisfaction
