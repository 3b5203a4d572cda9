#include "logs/templates/vocabulary.hpp"

#include <gtest/gtest.h>

namespace miniops::logs::mining {
namespace {

TEST(Vocabulary, KnowsWordsOfEvents) {
  for (const std::string_view word :
       {"start", "Started", "stopping", "FAILURE", "Deletion", "支付成功", "失败", "已超时", "from"})
    EXPECT_TRUE(is_event_word(word)) << word;
  for (const std::string_view word : {"root", "zookeeper", "red", "king", "首页", "", "张三"})
    EXPECT_FALSE(is_event_word(word)) << word;
}

TEST(Vocabulary, KnowsWhatBelongsToNumbers) {
  struct Case {
    std::string_view word;
    bool unit, zone, month, weekday;
  };
  const Case cases[] = {
      {"ms", true, false, false, false},  {"seconds", true, false, false, false}, {"KiB", true, false, false, false},
      {"UTC", false, true, false, false}, {"pm", false, true, false, false},      {"Dec", false, false, true, false},
      {"Sun", false, false, false, true}, {"users", false, false, false, false},  {"", false, false, false, false}};
  for (const auto& [word, unit, zone, month, weekday] : cases) {
    EXPECT_EQ(is_unit(word), unit) << word;
    EXPECT_EQ(is_zone(word), zone) << word;
    EXPECT_EQ(is_month(word), month) << word;
    EXPECT_EQ(is_weekday(word), weekday) << word;
  }
}

TEST(Vocabulary, KnowsTruthValuesAndDomains) {
  EXPECT_TRUE(is_truth_value("true"));
  EXPECT_TRUE(is_truth_value("是"));
  EXPECT_FALSE(is_truth_value("truth"));
  EXPECT_TRUE(is_domain("com"));
  EXPECT_FALSE(is_domain("run"));
}

}  // namespace
}  // namespace miniops::logs::mining
