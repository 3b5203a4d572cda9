// Macros kept, run and undone, on both engines.
#include "quick_replies/tests/quick_replies_fixture.hpp"

namespace miniops::quick_replies {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class MacrosTest : public QuickRepliesTest {
 protected:
  static MacroPatch doing(std::vector<Step> steps, bool shared = false) { return {shared, "结束", std::move(steps)}; }
  Result<Macro> keep(const Access& who, MacroPatch given) {
    return sql::run(service_->add_macro(who, std::move(given)));
  }
  MacroId kept(const Access& who, MacroPatch given) { return must(keep(who, std::move(given))).id; }
  Result<MacroRun> run(const Access& who, MacroId id, std::int64_t conversation = 1) {
    return sql::run(service_->run_macro(who, id, conversation));
  }
  Result<Undo> undo(const Access& who, RunId id) { return sql::run(service_->undo_run(who, id)); }

  const std::vector<Step> ending_{
      {StepKind::send_text, "再见{{customer.nickname|亲}}"}, {StepKind::add_tag, "done"}, {StepKind::close}};
};

TEST_P(MacrosTest, ArePersonalOrShared) {
  const MacroId own = kept(agent(1), doing(ending_));
  EXPECT_EQ(code_of(keep(agent(1), doing(ending_, true))), "identity.forbidden");
  const MacroId shared = kept(chief(), doing(ending_, true));
  EXPECT_EQ(must(sql::run(service_->macros(agent(1)))).size(), 2U);
  EXPECT_EQ(must(sql::run(service_->macros(agent(2)))).size(), 1U);
  EXPECT_EQ(must(sql::run(service_->macros(agent(1, bank)))).size(), 0U);
  EXPECT_EQ(code_of(run(agent(2), own)), "quick_replies.not_found");
  EXPECT_EQ(code_of(run(agent(2), shared)), "ok");
  MacroPatch renamed;
  renamed.name = "再见";
  EXPECT_EQ(code_of(sql::run(service_->change_macro(agent(1), shared, renamed))), "identity.forbidden");
  EXPECT_EQ(must(sql::run(service_->change_macro(chief(), shared, renamed))).name, "再见");
  EXPECT_EQ(code_of(sql::run(service_->remove_macro(agent(2), own))), "quick_replies.not_found");
  EXPECT_EQ(code_of(sql::run(service_->remove_macro(agent(1), own))), "ok");
  EXPECT_EQ(rows("audit_entries"), 4);
}

TEST_P(MacrosTest, NameWhatIsThere) {
  const QuickReplyId own = added(agent(1), text("自己的"));
  const std::vector<Step> sends{{StepKind::send_reply, "", own.value()}};
  EXPECT_EQ(code_of(keep(agent(1), doing(sends))), "ok");
  EXPECT_EQ(code_of(keep(agent(2), doing(sends))), "quick_replies.macro_broken");
  EXPECT_EQ(code_of(keep(chief(), doing(sends, true))), "quick_replies.macro_broken");
  EXPECT_EQ(code_of(keep(agent(1), doing({{StepKind::transfer_group, "", 10}}))), "desk.not_found");
  EXPECT_EQ(code_of(keep(agent(1), doing({}))), "quick_replies.invalid_macro");
  EXPECT_EQ(rows("quick_replies_macros"), 1);
}

TEST_P(MacrosTest, DoAllAtOnceAndAreUndoneOnce) {
  const MacroId id = kept(agent(), doing(ending_));
  const MacroRun first = must(run(agent(), id));
  EXPECT_THAT(desk_.did, ElementsAre("send_text:再见小红", "add_tag:done", "close:"));
  EXPECT_TRUE(desk_.conversations[1].closed);
  EXPECT_FALSE(desk_.conversations[2].closed);
  EXPECT_THAT(desk_.told, ElementsAre(shop));
  EXPECT_EQ(code_of(undo(agent(2), first.id)), "quick_replies.not_found");
  EXPECT_EQ(code_of(undo(agent(1, bank), first.id)), "quick_replies.not_found");

  desk_.did.clear();
  const Undo back = must(undo(agent(), first.id));
  EXPECT_THAT(desk_.did, ElementsAre("undo reopen:", "undo remove_tag:done"));
  EXPECT_THAT(back.kept, ElementsAre(Pair(ActionKind::send_text, Kept::sent)));
  EXPECT_EQ(code_of(undo(agent(), first.id)), "quick_replies.undone");
  EXPECT_EQ(desk_.told.size(), 2U);
}

TEST_P(MacrosTest, AreNotUndoneForEver) {
  const MacroId id = kept(agent(), doing(ending_));
  const MacroRun first = must(run(agent(), id));
  clock_.advance(undo_ms_max);
  const MacroRun second = must(run(agent(), id, 2));
  clock_.advance(1);
  EXPECT_EQ(code_of(undo(agent(), first.id)), "quick_replies.undo_too_late");
  EXPECT_EQ(code_of(undo(agent(), second.id)), "ok");
  clock_.advance(day_ms + 1);
  must(run(agent(), id));
  EXPECT_EQ(rows("quick_replies_runs"), 1) << "the old ones are forgotten";
}

TEST_P(MacrosTest, WhatFailsLeavesNothing) {
  const QuickReplyId reply = added(agent(), text("您好"));
  const MacroId id =
      kept(agent(), doing({{StepKind::send_reply, "", reply.value()}, {StepKind::send_text, desk_.refused}}));
  EXPECT_EQ(code_of(run(agent(), id)), "desk.blocked_word");
  EXPECT_EQ(rows("quick_replies_runs"), 0);
  EXPECT_EQ(rows("quick_replies_uses"), 0);
  EXPECT_THAT(desk_.told, IsEmpty());
  desk_.refused = "-";
  EXPECT_EQ(code_of(run(agent(), id, 3)), "desk.not_found");
  EXPECT_EQ(code_of(run(agent(), id)), "ok");
  EXPECT_EQ(must(sql::run(service_->find(agent(), {}))).at(0).uses, 1);
  must(sql::run(service_->remove(agent(), reply)));
  EXPECT_EQ(code_of(run(agent(), id)), "quick_replies.macro_broken");
}

TEST_P(MacrosTest, WhatAColleagueAnsweredMeanwhileIsReadFirst) {
  const MacroId id = kept(agent(), doing(ending_));
  const MacroId silent = kept(agent(), doing({{StepKind::note, "查过"}, {StepKind::close}}));
  const auto code = [&](MacroId macro, std::optional<std::int64_t> seen_seq) {
    return code_of(sql::run(service_->run_macro(agent(), macro, 1, false, seen_seq)));
  };
  desk_.answered_seq = 4;
  EXPECT_EQ(code(id, 3), "desk.conversation_moved");
  EXPECT_THAT(desk_.did, IsEmpty());
  EXPECT_EQ(rows("quick_replies_runs"), 0);
  EXPECT_EQ(code(id, 4), "ok");
  desk_.conversations[1].closed = false;
  EXPECT_EQ(code(silent, 3), "ok") << "it says nothing to the customer";
  EXPECT_EQ(code_of(run(agent(), id, 2)), "ok") << "without seen_seq nothing is asked";
}

TEST_P(MacrosTest, AHundredOfOneOwner) {
  for (std::size_t i = 0; i < macros_max; ++i) kept(agent(), doing(ending_));
  EXPECT_EQ(code_of(keep(agent(), doing(ending_))), "quick_replies.too_many");
  EXPECT_EQ(code_of(keep(agent(2), doing(ending_))), "ok");
}

TEST_P(MacrosTest, WhatTheySendIsClearedBeforeTheyDoAnything) {
  const MacroId id = kept(agent(), doing({{StepKind::send_text, desk_.disliked}, {StepKind::close}}));
  desk_.asking = true;
  EXPECT_EQ(code_of(run(agent(), id)), "content_check.refused");
  EXPECT_THAT(desk_.did, IsEmpty());
  EXPECT_EQ(code_of(sql::run(service_->run_macro(agent(), id, 1, true))), "ok");
  EXPECT_THAT(desk_.sent_with.texts, ElementsAre(desk_.disliked));
  EXPECT_EQ(desk_.sent_with.names, "wechat");
}

MINIOPS_ON_BOTH_ENGINES(MacrosTest);

}  // namespace
}  // namespace miniops::quick_replies
