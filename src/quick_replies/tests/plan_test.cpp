// Macros: what is accepted, what they do, and that undoing gives back what was before.
#include "quick_replies/plan.hpp"

#include <gmock/gmock.h>

#include "base/random.hpp"

namespace miniops::quick_replies {
namespace {

using testing::ElementsAre;
using testing::Pair;

constexpr TimeMs now = 1763701200000;

std::string actions(const std::string& list) { return R"({"name":"n","actions":[)" + list + "]}"; }

std::string repeated(const std::string& step, int count) {
  std::string out = step;
  for (int i = 1; i < count; ++i) out += "," + step;
  return out;
}

TEST(Macro, OnlyWhatIsKnownAndFits) {
  const std::string tag = R"({"kind":"add_tag","tag":"vip"})";
  const std::string hello = R"({"kind":"send_text","text":"hi"})";
  const std::string close = R"({"kind":"close"})";
  struct Case {
    std::string list;
    bool good;
  };
  const std::vector<Case> cases{
      {tag, true},
      {hello + "," + tag + "," + close, true},
      {R"({"kind":"send_reply","quick_reply_id":"7"})", true},
      {R"({"kind":"send_reply","quick_reply_id":7})", false},
      {R"({"kind":"send_reply"})", false},
      {R"({"kind":"send_text","text":""})", false},
      {R"({"kind":"send_text","text":"{{phone}}"})", false},
      {R"({"kind":"note","text":"{{phone}}"})", true},  // a note has no variables
      {R"({"kind":"add_tag","tag":")" + std::string(33, 'x') + "\"}", false},
      {R"({"kind":"remove_tag","tag":"vip"})", true},
      {R"({"kind":"set_level","level":0})", true},
      {R"({"kind":"set_level","level":10})", false},
      {R"({"kind":"transfer_agent","account_id":"3"})", true},
      {R"({"kind":"transfer_agent","account_id":"0"})", false},
      {R"({"kind":"transfer_group","group_id":"3"})", true},
      {R"({"kind":"transfer_tier","tier":"expert"})", true},
      {R"({"kind":"transfer_tier","tier":"automatic"})", false},
      {R"({"kind":"transfer_tier"})", false},
      {R"({"kind":"transfer_tier","tier":"ordinary"},)" + tag, false},
      {R"({"kind":"park","minutes":43200})", true},
      {R"({"kind":"park","minutes":43201})", false},
      {R"({"kind":"close","text":"x"})", false},
      {R"({"kind":"open"})", false},
      {R"(7)", false},
      {"", false},
      {close + "," + tag, false},
      {R"({"kind":"park","minutes":1},)" + close, false},
      {repeated(hello, 5), true},
      {repeated(hello, 6), false},
      {repeated(tag, 10), true},
      {repeated(tag, 11), false},
  };
  for (const auto& [list, good] : cases) {
    const json::value body = json::parse(actions(list));
    JsonInput in(body);
    const MacroPatch patch = read_macro(in);
    const auto ok = in.finish();
    const bool accepted = ok && check_steps(patch.steps.value()).has_value();
    EXPECT_EQ(accepted, good) << list;
    if (accepted) EXPECT_EQ(to_json(stored_steps(json::serialize(to_json(*patch.steps)))), body.at("actions")) << list;
  }
}

Macro macro_of(std::vector<Step> steps) {
  Macro macro;
  macro.steps = std::move(steps);
  return macro;
}

std::vector<Planned> planned(const std::vector<Step>& steps, const Facts& facts,
                             const std::vector<QuickReply>& replies = {}) {
  return plan(macro_of(steps), facts, replies, values_of(facts, true), now).value();
}

std::vector<Action> actions_of(const std::vector<Planned>& plan) {
  std::vector<Action> out;
  for (const Planned& one : plan) out.push_back(one.action);
  return out;
}

TEST(Plan, WhatHasNoEffectIsLeftOut) {
  Facts facts;
  facts.tags = {"vip"};
  facts.level = 3;
  facts.assignee = AccountId(7);
  const auto done = planned({{StepKind::add_tag, "vip"},
                             {StepKind::add_tag, "new"},
                             {StepKind::add_tag, "new"},
                             {StepKind::remove_tag, "old"},
                             {StepKind::set_level, "", 3},
                             {StepKind::transfer_agent, "", 7}},
                            facts);
  EXPECT_THAT(actions_of(done), ElementsAre(Action{ActionKind::add_tag, "new"}));
  facts.offered_to = AccountId(8);
  EXPECT_TRUE(planned({{StepKind::transfer_agent, "", 8}}, facts).empty()) << "they are asked already";
}

TEST(Plan, SaysWhetherTheCustomerIsToldAnything) {
  EXPECT_TRUE(speaks(planned({{StepKind::add_tag, "vip"}, {StepKind::send_text, "再见"}}, {})));
  EXPECT_FALSE(speaks(planned({{StepKind::note, "再见"}, {StepKind::add_tag, "vip"}, {StepKind::close}}, {})));
  EXPECT_FALSE(speaks({}));
}

TEST(Plan, TextsAreFilledInAndPicturesFollow) {
  QuickReply both;
  both.id = QuickReplyId(5);
  both.content = "您好{{customer.nickname|亲}}";
  both.picture_id = "p1";
  QuickReply picture = both;
  picture.id = QuickReplyId(6);
  picture.content.clear();
  Facts facts;
  facts.nickname = "小红";
  const std::vector<Step> steps{{StepKind::send_reply, "", 5},
                                {StepKind::send_reply, "", 6},
                                {StepKind::send_text, "{{date}} {{time}}"},
                                {StepKind::park, "", 90}};
  facts.local_time = now + 8 * hour_ms;
  EXPECT_THAT(actions_of(planned(steps, facts, {both, picture})),
              ElementsAre(Action{ActionKind::send_text, "您好小红"}, Action{ActionKind::send_picture, "p1"},
                          Action{ActionKind::send_picture, "p1"}, Action{ActionKind::send_text, "2025-11-21 13:00"},
                          Action{ActionKind::park, "", now + 90 * minute_ms}));
  EXPECT_EQ(plan(macro_of(steps), facts, {both}, {}, now).error().code, "quick_replies.macro_broken");
  const std::vector<Step> three(3, Step{StepKind::send_reply, "", 5});
  EXPECT_EQ(plan(macro_of(three), facts, {both}, {}, now).error().code, "quick_replies.invalid_macro");
}

TEST(Plan, ANicknameWithANumberInItIsNotShownToWhoMayNotSeeIt) {
  Facts facts;
  facts.nickname = "小红13812345678";
  EXPECT_EQ(fill("{{customer.nickname|亲}}", values_of(facts, false)), "亲");
  EXPECT_EQ(fill("{{customer.nickname|亲}}", values_of(facts, true)), facts.nickname);
}

TEST(Undo, WhatWasSaidStaysAndWhatSomebodyChangedIsLeftAlone) {
  Facts before;
  before.assignee = AccountId(7);
  before.level = 1;
  const auto done = planned(
      {{StepKind::send_text, "再见"}, {StepKind::add_tag, "vip"}, {StepKind::set_level, "", 5}, {StepKind::close}},
      before);
  Facts after = before;
  after.tags = {"vip"};
  after.level = 5;
  after.closed = true;
  const Undo whole = undo(done, after);
  EXPECT_THAT(whole.actions, ElementsAre(Action{ActionKind::reopen}, Action{ActionKind::set_level, "", 1},
                                         Action{ActionKind::remove_tag, "vip"}));
  EXPECT_THAT(whole.kept, ElementsAre(Pair(ActionKind::send_text, Kept::sent)));
  after.level = 6;       // a colleague
  after.closed = false;  // the customer wrote again
  const Undo part = undo(done, after);
  EXPECT_THAT(part.actions, ElementsAre(Action{ActionKind::remove_tag, "vip"}));
  EXPECT_THAT(part.kept, ElementsAre(Pair(ActionKind::close, Kept::changed), Pair(ActionKind::set_level, Kept::changed),
                                     Pair(ActionKind::send_text, Kept::sent)));
}

TEST(Undo, WithdrawsATransferThatIsStillOffered) {
  Facts mine;
  mine.assignee = AccountId(7);
  const auto done = planned({{StepKind::transfer_agent, "", 8}}, mine);
  Facts asked = mine;
  asked.offered_to = AccountId(8);
  EXPECT_THAT(undo(done, asked).actions, ElementsAre(Action{ActionKind::assign, "", 7}));
  EXPECT_TRUE(undo(done, asked).kept.empty());
  EXPECT_THAT(undo(done, mine).kept, ElementsAre(Pair(ActionKind::assign, Kept::changed))) << "it was declined";
  asked.offered_to = AccountId(9);
  EXPECT_THAT(undo(done, asked).kept, ElementsAre(Pair(ActionKind::assign, Kept::changed)))
      << "another is asked by now";
}

TEST(Undo, GivesTheConversationBack) {
  struct Case {
    std::string name;
    Facts before;
    Step step;
    std::vector<Action> inverse;
  };
  Facts mine;
  mine.assignee = AccountId(7);
  Facts parked = mine;
  parked.parked = true;
  parked.parked_until = now + hour_ms;
  const Action again{ActionKind::park, "", now + hour_ms};
  Facts queued;
  queued.group = 4;
  Facts grouped = mine;
  grouped.group = 4;
  const std::vector<Case> cases{
      {"to an agent", mine, {StepKind::transfer_agent, "", 8}, {{ActionKind::assign, "", 7}}},
      {"to a group", mine, {StepKind::transfer_group, "", 5}, {{ActionKind::assign, "", 7}}},
      {"from a group to another",
       grouped,
       {StepKind::transfer_group, "", 5},
       {{ActionKind::to_group, "", 4}, {ActionKind::assign, "", 7}}},
      {"from a group, and back to it", grouped, {StepKind::transfer_group, "", 4}, {{ActionKind::assign, "", 7}}},
      {"from a group", queued, {StepKind::transfer_group, "", 5}, {{ActionKind::to_group, "", 4}}},
      {"to a tier",
       grouped,
       {StepKind::transfer_tier, "expert"},
       {{ActionKind::to_group, "", 4}, {ActionKind::assign, "", 7}}},
      {"from a queue to a tier", queued, {StepKind::transfer_tier, "expert"}, {{ActionKind::to_group, "", 4}}},
      {"from the queue", Facts{}, {StepKind::transfer_agent, "", 8}, {{ActionKind::to_queue}}},
      {"parked", mine, {StepKind::park, "", 0}, {{ActionKind::unpark}}},
      {"parked for another time", parked, {StepKind::park, "", 0}, {again}},
      {"a parked one to an agent", parked, {StepKind::transfer_agent, "", 8}, {{ActionKind::assign, "", 7}, again}},
      {"a parked one closed", parked, {StepKind::close}, {{ActionKind::reopen}, again}},
  };
  for (const auto& [name, before, step, inverse] : cases) {
    const auto done = planned({step}, before);
    ASSERT_EQ(done.size(), 1U) << name;
    EXPECT_EQ(done[0].inverse, inverse) << name;
  }
}

// What the desk would do, in a few words.
void perform(const Action& action, Facts& facts) {
  using enum ActionKind;
  if (action.kind == add_tag) facts.tags.push_back(action.text);
  if (action.kind == remove_tag) std::erase(facts.tags, action.text);
  if (action.kind == set_level) facts.level = static_cast<int>(action.number);
  if (action.kind == close || action.kind == reopen) facts.closed = action.kind == close;
  if (action.kind == close) facts.parked = false;
  if (action.kind == park || action.kind == unpark) facts.parked = action.kind == park;
  if (action.kind == park) facts.parked_until = action.number;
  if (action.kind == assign || action.kind == to_group || action.kind == to_tier || action.kind == to_queue) {
    facts.parked = false;
    facts.assignee = action.kind == assign ? AccountId(action.number) : AccountId();
    if (action.kind == to_group) facts.group = action.number, facts.tier = "ordinary";
    if (action.kind == to_tier) facts.group = 9, facts.tier = action.text;
  }
  if (action.kind == wrap_up) {
    facts.reason = action.number;
    facts.conversation_tags = action.tags;
  }
}

bool same(Facts one, Facts other) {
  std::ranges::sort(one.tags);
  std::ranges::sort(other.tags);
  const auto until = [](const Facts& facts) { return facts.parked ? facts.parked_until : -1; };
  return one.tags == other.tags && one.level == other.level && one.closed == other.closed &&
         one.assignee == other.assignee && one.group == other.group && one.tier == other.tier &&
         until(one) == until(other) && one.reason == other.reason && one.conversation_tags == other.conversation_tags;
}

TEST(Undo, AfterAnyMacroGivesBackWhatWasBefore) {
  SeededRandom chance(11);
  const auto below = [&](std::uint64_t count) { return static_cast<std::int64_t>(chance.below(count)); };
  const std::vector<std::string> tags{"a", "b", "c"};
  for (int round = 0; round < 5000; ++round) {
    Facts facts;
    facts.level = static_cast<int>(below(3));
    facts.group = 1 + below(2);
    facts.tier = "ordinary";
    facts.assignee = AccountId(below(3));
    facts.closed = below(4) == 0;
    facts.parked = !facts.closed && !facts.assignee.empty() && below(3) == 0;
    facts.reason = below(3);
    if (below(2) == 0) facts.conversation_tags = {"催办"};
    facts.parked_until = facts.parked ? now + below(3) * minute_ms : 0;
    for (const std::string& tag : tags)
      if (below(2) == 0) facts.tags.push_back(tag);
    std::vector<Step> steps;
    for (std::int64_t i = below(6); i >= 0; --i) {
      const auto kind = static_cast<StepKind>(2 + below(4));  // note … set_level
      steps.push_back({kind, tags[static_cast<std::size_t>(below(3))], 1 + below(3)});
    }
    if (below(2) == 0)
      steps.push_back({static_cast<StepKind>(6 + below(5)), below(2) == 0 ? "expert" : "ordinary", 1 + below(3)});
    if (facts.closed) std::erase_if(steps, [](const Step& step) { return step.kind >= StepKind::transfer_agent; });
    const auto done = stored_plan(json::serialize(to_json(planned(steps, facts))));
    Facts after = facts;
    for (const Planned& one : done) perform(one.action, after);
    const Undo back = undo(done, after);
    for (const Action& action : back.actions) perform(action, after);
    ASSERT_TRUE(same(after, facts)) << round << json::serialize(to_json(done));
    for (const auto& [kind, why] : back.kept) ASSERT_EQ(kind, ActionKind::note);
  }
}

}  // namespace
}  // namespace miniops::quick_replies
