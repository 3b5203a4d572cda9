// Quick replies, folders, their use, and CSV, on both engines.
#include "quick_replies/tests/quick_replies_fixture.hpp"

namespace miniops::quick_replies {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RepliesTest : public QuickRepliesTest {
 protected:
  Result<Listed> change(const Access& who, QuickReplyId id, QuickReplyPatch patch) {
    return sql::run(service_->change(who, id, std::move(patch)));
  }
  std::string remove(const Access& who, QuickReplyId id) { return code_of(sql::run(service_->remove(who, id))); }
  std::vector<std::string> folders(const Access& who) {
    std::vector<std::string> out;
    for (const store::Folder& one : must(sql::run(service_->folders(who))))
      out.push_back(fmt::format("{} {} {}", one.path, one.shared ? "shared" : "own", one.replies));
    return out;
  }
  Result<std::int64_t> rename(const Access& who, bool shared, const std::string& from, const std::string& to) {
    return sql::run(service_->rename_folder(who, shared, from, to));
  }
  Result<ImportResult> import(const Access& who, bool shared, const std::string& file) {
    return sql::run(service_->import(who, shared, file));
  }
};

TEST_P(RepliesTest, ArePersonalOrShared) {
  const QuickReplyId own = added(agent(1), text("自己的"));
  EXPECT_EQ(code_of(add(agent(1), text("大家的", true))), "identity.forbidden");
  const QuickReplyId shared = added(chief(), text("大家的", true));
  EXPECT_THAT(seen_by(agent(1)), ElementsAre("自己的", "大家的"));
  EXPECT_THAT(seen_by(agent(2)), ElementsAre("大家的"));
  EXPECT_THAT(seen_by(agent(1, bank)), IsEmpty());

  EXPECT_EQ(remove(agent(2), own), "quick_replies.not_found");
  EXPECT_EQ(remove(agent(1, bank), own), "quick_replies.not_found");
  EXPECT_EQ(remove(agent(1), shared), "identity.forbidden");
  QuickReplyPatch publish;
  publish.shared = true;
  EXPECT_EQ(code_of(change(agent(1), own, publish)), "identity.forbidden");
  EXPECT_EQ(code_of(change(chief(), own, publish)), "quick_replies.not_found") << "somebody else's own";
  QuickReplyPatch better;
  better.content = "大家的！";
  EXPECT_EQ(must(change(chief(), shared, better)).reply.content, "大家的！");
  EXPECT_EQ(remove(chief(), shared), "ok");
  EXPECT_EQ(remove(chief(), shared), "quick_replies.not_found");
  EXPECT_EQ(rows("audit_entries"), 4);
}

TEST_P(RepliesTest, WhatDoesNotFitIsRefused) {
  QuickReplyPatch picture;
  picture.picture_id = "p1";
  EXPECT_EQ(code_of(add(agent(), picture)), "ok");
  picture.picture_id = "p2";
  EXPECT_EQ(code_of(add(agent(), picture)), "quick_replies.unknown_picture");
  EXPECT_EQ(code_of(add(agent(), text("{{phone}}"))), "quick_replies.invalid_variable");
  EXPECT_EQ(code_of(add(agent(), text("a", false, "a/b/c/d"))), "quick_replies.invalid_folder");
  EXPECT_EQ(code_of(add(agent(), text(" "))), "quick_replies.empty");
  const QuickReplyId id = added(agent(), text("a"));
  EXPECT_EQ(code_of(change(agent(), id, text("{{date"))), "quick_replies.invalid_variable");
  EXPECT_EQ(code_of(change(agent(), id, picture)), "quick_replies.unknown_picture");
  EXPECT_EQ(rows("quick_replies_entries"), 2);
}

TEST_P(RepliesTest, FiveHundredOfOneOwner) {
  std::string file = "content\n";
  for (std::size_t i = 0; i < replies_max + 3; ++i) file += fmt::format("t{}\n", i);
  const auto done = must(import(agent(), false, file));
  EXPECT_EQ(done.added, static_cast<std::int64_t>(replies_max));
  ASSERT_EQ(done.rejected.size(), 3U);
  EXPECT_EQ(done.rejected[0].line, static_cast<int>(replies_max) + 2);
  EXPECT_EQ(code_of(add(agent(), text("one more"))), "quick_replies.too_many");
  EXPECT_EQ(code_of(add(agent(2), text("one of another's"))), "ok");
  const QuickReplyId shared = added(chief(), text("x", true));
  must(import(chief(), false, file));
  QuickReplyPatch own;
  own.shared = false;
  EXPECT_EQ(code_of(change(chief(), shared, own)), "quick_replies.too_many");
}

TEST_P(RepliesTest, AreFoundByInitialsAndTheUsedOnesFirst) {
  QuickReplyPatch first = text("退款一般三天到账");
  first.title = "退款到账";
  QuickReplyPatch second = text("请说明原因");
  second.title = "退款原因";
  const QuickReplyId a = added(agent(), first);
  const QuickReplyId b = added(agent(), second);
  use(agent(), b);
  EXPECT_THAT(seen_by(agent(), "tk"), ElementsAre("请说明原因", "退款一般三天到账"));
  use(agent(), a);
  clock_.advance(1000);
  use(agent(), a);
  EXPECT_THAT(seen_by(agent(), "TK"), ElementsAre("退款一般三天到账", "请说明原因"));
  EXPECT_THAT(seen_by(agent(), "tkdz"), ElementsAre("退款一般三天到账"));
  EXPECT_THAT(seen_by(agent(), "没有"), IsEmpty());
  const Listed listed = must(sql::run(service_->find(agent(), {"tkdz"}))).at(0);
  EXPECT_EQ(listed.uses, 2);
  EXPECT_EQ(listed.last_used_at, clock_.now());
}

TEST_P(RepliesTest, UsesAreCountedForAllWhoUseAndForWhatIsThere) {
  const QuickReplyId shared = added(chief(), text("大家的", true));
  const QuickReplyId own = added(agent(1), text("自己的"));
  for (std::int64_t account = 1; account <= 40; ++account) use(agent(account), shared);
  EXPECT_EQ(must(sql::run(service_->find(agent(), {"大家"}))).at(0).uses, 40);
  EXPECT_EQ(rows("quick_replies_uses"), 16);
  use(agent(2), own);
  use(agent(1, bank), own);
  use(agent(1), QuickReplyId(12345));
  EXPECT_EQ(rows("quick_replies_uses"), 16);
  use(agent(1), own);
  EXPECT_EQ(rows("quick_replies_uses"), 17);
  EXPECT_EQ(remove(agent(1), own), "ok");
  EXPECT_EQ(rows("quick_replies_uses"), 16);
}

TEST_P(RepliesTest, FoldersAreRenamedWithWhatIsBelow) {
  added(agent(), text("1", false, "售后"));
  added(agent(), text("2", false, "售后/退款"));
  added(agent(), text("3", false, "售后/退款/运费"));
  added(agent(), text("4", false, "售后服务"));
  added(agent(2), text("5", false, "售后"));
  added(chief(), text("6", true, "售后"));
  EXPECT_THAT(folders(agent()),
              ElementsAre("售后 shared 1", "售后 own 1", "售后/退款 own 1", "售后/退款/运费 own 1", "售后服务 own 1"));
  EXPECT_THAT(seen_by(agent(), "", "售后/退款"), ElementsAre("2", "3"));
  EXPECT_EQ(code_of(rename(agent(), false, "售后", "a/b")), "quick_replies.invalid_folder") << "too deep";
  EXPECT_EQ(code_of(rename(agent(), true, "售后", "a")), "identity.forbidden");
  EXPECT_EQ(code_of(rename(agent(), false, "没有", "a")), "quick_replies.not_found");
  EXPECT_EQ(must(rename(agent(), false, " 售后 ", "售 后")), 3);
  EXPECT_EQ(must(rename(agent(), false, "售 后/退款", "")), 2);
  EXPECT_EQ(must(rename(agent(2), false, "售后", "售后/旧")), 1) << "into itself";
  EXPECT_EQ(must(rename(agent(2), false, "售后/旧", "售后")), 1);
  EXPECT_THAT(folders(agent()), ElementsAre("售 后 own 1", "售后 shared 1", "售后服务 own 1", "运费 own 1"));
  EXPECT_THAT(folders(agent(2)), ElementsAre("售后 shared 1", "售后 own 1"));
}

TEST_P(RepliesTest, AreImportedOnceAndExportedAsTheyWere) {
  const std::string file =
      "folder,shortcut,title,content,picture_id\n"
      "售后,tk,退款,\"'=退款\n三天\",\n"
      ",hi,问候,您好{{customer.nickname|亲}},\n"
      ",bad,,{{phone}},\n"
      ",pic,,,p1\n"
      ",pic2,,,p2\n"
      ",hi,问候,您好{{customer.nickname|亲}},\n";
  EXPECT_EQ(code_of(import(agent(), true, file)), "identity.forbidden");
  const auto done = must(import(chief(), true, file));
  EXPECT_EQ(done.added, 3);
  EXPECT_EQ(done.duplicates, 1);
  ASSERT_EQ(done.rejected.size(), 2U);
  EXPECT_EQ(done.rejected[0].line, 5);
  EXPECT_EQ(done.rejected[1].line, 7);
  EXPECT_THAT(done.rejected[1].why, HasSubstr("picture"));
  EXPECT_THAT(seen_by(agent(), "tk"), ElementsAre("=退款\n三天"));

  const std::string exported = must(sql::run(service_->export_all(agent())));
  const auto again = must(import(agent(), false, exported));
  EXPECT_EQ(again.added, 3);
  EXPECT_THAT(again.rejected, IsEmpty());
  EXPECT_EQ(must(import(agent(), false, exported)).duplicates, 3);
  EXPECT_EQ(code_of(import(agent(), false, "x,y\n")), "quick_replies.invalid_csv");
}

TEST_P(RepliesTest, AreFilledInForAConversation) {
  const QuickReplyId id = added(agent(1), text("{{customer.nickname|亲}}，我是{{agent.name}}"));
  const auto fill_in = [&](const Access& who, std::int64_t conversation) {
    return sql::run(service_->fill_in(who, id, conversation));
  };
  EXPECT_EQ(must(fill_in(agent(1), 1)).text, "小红，我是小王");
  desk_.conversations[1].nickname = "小红13812345678";
  EXPECT_EQ(must(fill_in(agent(1), 1)).text, "亲，我是小王");
  EXPECT_EQ(code_of(fill_in(agent(1), 3)), "desk.not_found");
  EXPECT_EQ(code_of(fill_in(agent(2), 1)), "quick_replies.not_found");
}

MINIOPS_ON_BOTH_ENGINES(RepliesTest);

}  // namespace
}  // namespace miniops::quick_replies
