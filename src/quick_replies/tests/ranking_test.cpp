#include "quick_replies/ranking.hpp"

#include <gmock/gmock.h>

namespace miniops::quick_replies {
namespace {

using testing::ElementsAre;

Listed one(std::int64_t id, const std::string& shortcut, const std::string& title, const std::string& content,
           std::int64_t uses = 0) {
  Listed listed;
  listed.reply.id = QuickReplyId(id);
  listed.reply.shortcut = shortcut;
  listed.reply.title = title;
  listed.reply.content = content;
  listed.uses = uses;
  return listed;
}

std::vector<std::int64_t> ids(const std::vector<Listed>& all) {
  std::vector<std::int64_t> out;
  for (const Listed& each : all) out.push_back(each.reply.id.value());
  return out;
}

TEST(Ranking, HowWellWordsFit) {
  QuickReply reply = one(1, "Fahuo", "发货时间", "现货 24 小时内发出").reply;
  reply.folder = "售前/物流";
  struct Case {
    std::string words;
    Fit fit;
  };
  const std::vector<Case> cases{
      {"fahuo", Fit::shortcut},    {"fa", Fit::shortcut_begins}, {"fhs", Fit::initials_begin},
      {"发货", Fit::title_begins}, {"huo", Fit::inside_name},    {"hsj", Fit::inside_name},
      {"时间", Fit::inside_name},  {"小时", Fit::inside_text},   {"物流", Fit::inside_text},
      {"fhsjj", Fit::none},        {"退款", Fit::none},
  };
  for (const auto& [words, fit] : cases) EXPECT_EQ(fit_of(reply, words), fit) << words;
  reply.initials = "wl";
  EXPECT_EQ(fit_of(reply, "wl"), Fit::initials_begin);
  EXPECT_EQ(fit_of(reply, "fhs"), Fit::none) << "those set by hand stand for themselves";
  const QuickReply untitled = one(2, "", "", "银行卡转账").reply;
  EXPECT_EQ(fit_of(untitled, "yhk"), Fit::initials_begin);
  EXPECT_EQ(fit_of(untitled, "yxk"), Fit::initials_begin);
}

TEST(Ranking, FitGoesBeforeUseAndUseBeforeName) {
  const std::vector<Listed> all{one(1, "b", "退款到账", "x", 5),  one(2, "a", "退款原因", "x", 5),
                                one(3, "tk", "问候", "x"),        one(4, "c", "申请退款", "x", 900),
                                one(5, "d", "退款规则", "x", 80), one(6, "e", "物流", "退款", 1000),
                                one(7, "f", "物流", "x", 10'000)};
  EXPECT_THAT(ids(ranked(all, "退款", 100)), ElementsAre(5, 2, 1, 4, 6));
  EXPECT_THAT(ids(ranked(all, "退款", 2)), ElementsAre(5, 2));
  EXPECT_THAT(ids(ranked(all, " TK ", 100)), ElementsAre(3, 5, 2, 1, 4));
}

TEST(Ranking, WithoutWordsByFolderAndName) {
  std::vector<Listed> all{one(1, "b", "", "x"), one(2, "a", "", "x", 50), one(3, "a", "", "x")};
  all[0].reply.folder = "";
  all[1].reply.folder = "z";
  all[2].reply.folder = "z";
  EXPECT_THAT(ids(ranked(all, "", 100)), ElementsAre(1, 2, 3));
  EXPECT_THAT(ids(ranked(all, "  ", 2)), ElementsAre(1, 2));
}

TEST(Reply, FoldersHaveANormalForm) {
  const std::string long_name(33, 'x');
  struct Case {
    std::string path, normal;
    bool good = true;
  };
  const std::vector<Case> cases{
      {"", ""},
      {"  ", ""},
      {"售后", "售后"},
      {" 售后 / 退款 ", "售后/退款"},
      {"a/b/c", "a/b/c"},
      {"a/b/c/d", "", false},
      {"/a", "", false},
      {"a/", "", false},
      {"a//b", "", false},
      {"a\nb", "", false},
      {long_name, "", false},
      {long_name.substr(1), long_name.substr(1)},
  };
  for (const auto& [path, normal, good] : cases) {
    const auto got = normal_folder(path);
    EXPECT_EQ(got.has_value(), good) << path;
    if (got) EXPECT_EQ(*got, normal);
    if (!got) EXPECT_EQ(got.error().code, "quick_replies.invalid_folder");
  }
}

TEST(Reply, WhatIsStored) {
  QuickReply reply;
  reply.content = "  ";
  EXPECT_EQ(checked(reply).error().code, "quick_replies.empty");
  reply.picture_id = "p";
  EXPECT_TRUE(checked(reply).has_value());
  reply.initials = " ＴＫ yh ";
  EXPECT_EQ(checked(reply).value().initials, "tk yh");
  reply.initials = "退款";
  EXPECT_EQ(checked(reply).error().code, "quick_replies.invalid_initials");
}

}  // namespace
}  // namespace miniops::quick_replies
