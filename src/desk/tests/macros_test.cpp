// Macros on real conversations: several things at once, all or nothing, and taken back.
#include "desk/tests/desk_fixture.hpp"
#include "gateway/media.hpp"
#include "quick_replies/service.hpp"
#include "teams/store.hpp"

namespace miniops::desk::macros_test {
namespace {

using quick_replies::Kept;
using quick_replies::Step;
using quick_replies::StepKind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

const routing::GroupId refunds(7), experts(8);

class UploadedPictures final : public quick_replies::Pictures {
 public:
  bool exists(sql::Transaction& tx, const AppId& appid, std::string_view picture_id) override {
    return gateway::find_picture(tx, appid, picture_id).has_value();
  }
};

class MacrosTest : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    macros_.emplace(quick_replies::Service::Collaborators{db(), clock_, ids_, pictures_, desk_->macro_executor()});
  }

  Result<quick_replies::Macro> keep(std::vector<Step> steps, std::int64_t account = 1) {
    return sql::run(macros_->add_macro(access_of(account), {false, "宏", std::move(steps)}));
  }
  Result<quick_replies::MacroRun> run(std::vector<Step> steps, ConversationId id, std::int64_t account = 1) {
    const auto macro = keep(std::move(steps), account);
    if (!macro) return std::unexpected(macro.error());
    return sql::run(macros_->run_macro(access_of(account), macro->id, id.value()));
  }
  Result<quick_replies::Undo> undo(const quick_replies::MacroRun& run, std::int64_t account = 1) {
    return sql::run(macros_->undo_run(access_of(account), run.id));
  }
  quick_replies::QuickReplyId reply(const std::string& content, const std::string& picture_id = "") {
    quick_replies::QuickReplyPatch given;
    given.content = content;
    given.picture_id = picture_id;
    return must(sql::run(macros_->add(access_of(1), given))).reply.id;
  }
  std::int64_t uses() { return must(sql::run(macros_->find(access_of(1), {}))).at(0).uses; }

  ConversationId asked(const std::string& openid = "o1") {
    says(openid, "在吗");
    return conversation_of(openid).id;
  }
  void take(std::int64_t account, ConversationId id) {
    must(sql::run(service().take(access_of(account), id, std::nullopt)));
  }
  void add_group(routing::GroupId id, const std::string& name, routing::Tier tier = routing::Tier::ordinary) {
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      teams::Group group{id};
      group.name = name;
      group.tier = tier;
      teams::store::put_group(tx, AppId("wxapp"), group);
      sql::raise_config_version(tx);
      return {};
    };
    must(db().write_blocking(write));
    must(sql::run(setups_->load(true)));
  }

  // ---- what is there ----
  std::size_t rows(const std::string& table) { return query("SELECT 1 FROM " + table).size(); }
  std::vector<std::string> said(ConversationId id) {
    std::vector<std::string> out;
    for (const Message& one : messages(id)) out.push_back(one.state + ":" + content(one));
    return out;
  }
  std::string tags(const std::string& openid = "o1") {
    return query("SELECT tags FROM desk_threads WHERE openid = $1", {openid}).at(0).text(0);
  }
  std::int64_t level(const std::string& openid = "o1") {
    return query("SELECT level FROM people_profiles WHERE openid = $1", {openid}).at(0).integer(0);
  }
  // All of a conversation that a macro can change.
  std::string shown(const std::string& openid = "o1") {
    const Conversation c = conversation_of(openid);
    return fmt::format("{} {} of {} in {} until {}, waits {} in the queue {}, answered {}, {} {}", to_string(c.state),
                       to_string(c.stage), c.assignee.str(), c.placement.group.str(), c.parked_until, c.waiting_since,
                       c.queue_since, c.answered_at, tags(openid), level(openid));
  }

  UploadedPictures pictures_;
  std::optional<quick_replies::Service> macros_;
};

TEST_P(MacrosTest, SeveralThingsAreDoneAtOnceAndEachOnce) {
  const ConversationId id = asked();
  const std::int64_t version = only().version;
  const int told = broadcaster_.changes;
  const auto done = must(run({{StepKind::send_text, "您好{{customer.nickname|亲}}，我是{{agent.name}}"},
                              {StepKind::note, "查过订单"},
                              {StepKind::add_tag, "老客户"},
                              {StepKind::set_level, "", 5},
                              {StepKind::park, "", 30}},
                             id));
  EXPECT_THAT(said(id), ElementsAre("received:在吗", "queued:您好亲，我是小王", "received:查过订单"));
  EXPECT_EQ(rows("gateway_outbox"), 1U);
  EXPECT_EQ(tags(), R"(["老客户"])");
  EXPECT_EQ(level(), 5);
  EXPECT_EQ(only().stage, Stage::parked);
  EXPECT_EQ(only().assignee, AccountId(1)) << "who answers first has it";
  EXPECT_EQ(only().parked_until, done.ran_at + 30 * minute_ms);
  EXPECT_THAT(event_kinds(id), ElementsAre("opened", "taken", "parked"));
  EXPECT_EQ(only().version, version + 2) << "once for the customer's tags, once for all the rest";
  EXPECT_EQ(done.done.size(), 5U);
  EXPECT_EQ(query("SELECT 1 FROM audit_entries WHERE action = 'desk.customer.update'").size(), 1U);
  EXPECT_EQ(broadcaster_.changes, told + 1);
}

TEST_P(MacrosTest, AQuickReplyIsSentWithItsPictureAndCounted) {
  execute("INSERT INTO gateway_pictures (appid, blob, content_type, size, created_at) VALUES ($1, 'p1', $2, 9, 1)",
          {"wxapp", "image/png"});
  const ConversationId id = asked();
  const auto with_picture = reply("退货流程{{date}}", "p1");
  must(run({{StepKind::send_reply, "", with_picture.value()}}, id));
  const auto sent = messages(id);
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_EQ(content(sent[1]), "退货流程2025-11-21");
  EXPECT_EQ(sent[2].msgtype, "image");
  EXPECT_EQ(uses(), 1);
}

TEST_P(MacrosTest, UndoingGivesBackWhatWasBefore) {
  online(1);
  online(2);
  add_group(refunds, "退款组");
  add_group(experts, "专家组", routing::Tier::expert);
  struct Case {
    std::string openid;
    std::function<void(ConversationId)> before;
    Step step;
  };
  const auto taken = [&](ConversationId id) { take(1, id); };
  const auto answered = [&](ConversationId id) { must(sends(1, id, "您好")); };
  const auto parked = [&](ConversationId id) {
    take(1, id);
    must(sql::run(service().park(access_of(1), id, clock_.now() + hour_ms, "", std::nullopt)));
  };
  const auto returned = [&](ConversationId id) {  // what was asked before it was closed is not asked any more
    must(sql::run(service().close(access_of(1), id, "", "resolved", std::nullopt)));
    clock_.advance(minute_ms);
    must(sql::run(service().reopen(access_of(1), id, std::nullopt)));
  };
  const auto nothing = [](ConversationId) {};
  const std::vector<Case> cases{
      {"waiting, closed", nothing, {StepKind::close}},
      {"taken, closed", taken, {StepKind::close}},
      {"answered, closed", answered, {StepKind::close}},
      {"parked, closed", parked, {StepKind::close}},
      {"reopened, closed", returned, {StepKind::close}},
      {"taken, parked", taken, {StepKind::park, "", 0}},
      {"parked, parked longer", parked, {StepKind::park, "", 90}},
      {"waiting, to a colleague", nothing, {StepKind::transfer_agent, "", 2}},
      {"taken, to a colleague", taken, {StepKind::transfer_agent, "", 2}},
      {"parked, to a colleague", parked, {StepKind::transfer_agent, "", 2}},
      {"waiting, to a group", nothing, {StepKind::transfer_group, "", refunds.value()}},
      {"taken, to a group", taken, {StepKind::transfer_group, "", refunds.value()}},
      {"waiting, to the experts", nothing, {StepKind::transfer_tier, "expert"}},
      {"taken, to the experts", taken, {StepKind::transfer_tier, "expert"}},
  };
  for (const Case& each : cases) {
    const ConversationId id = asked(each.openid);
    each.before(id);
    const std::string before = shown(each.openid);
    const auto done = must(run({{StepKind::add_tag, "宏"}, {StepKind::set_level, "", 3}, each.step}, id));
    EXPECT_NE(shown(each.openid), before) << each.openid;
    clock_.advance(minute_ms);
    const auto back = must(undo(done));
    EXPECT_EQ(shown(each.openid), before) << each.openid;
    EXPECT_THAT(back.kept, IsEmpty()) << each.openid;
    EXPECT_EQ(code_of(undo(done)), "quick_replies.undone");
  }
}

TEST_P(MacrosTest, WhoeverWaitedInTheQueueWaitsThereForTheSameAgentsAgain) {
  online(2);
  const ConversationId id = asked();
  execute("UPDATE desk_conversations SET rule_id = 4, target = $1", {R"({"group":"1","strategy":"in_turn"})"});
  const auto done = must(run({{StepKind::transfer_agent, "", 2}}, id));
  must(undo(done));
  EXPECT_EQ(only().stage, Stage::queued);
  EXPECT_EQ(only().placement.rule, routing::RuleId(4));
  EXPECT_THAT(only().placement.target, testing::HasSubstr("in_turn"));
}

TEST_P(MacrosTest, WhatWasDoneAMomentAgoIsTakenBackFromWhoHasItNow) {
  online(1, 1);
  online(2);
  const ConversationId id = asked("o1");
  take(1, id);
  const auto done = must(run({{StepKind::transfer_agent, "", 2}}, id));
  EXPECT_EQ(conversation_of("o1").assignee, AccountId(2));
  take(1, asked("o2"));
  must(undo(done));
  EXPECT_EQ(conversation_of("o1").assignee, AccountId(1)) << "over the limit, and yet";
  EXPECT_THAT(event_kinds(id), ElementsAre("opened", "taken", "transferred", "transferred"));
  EXPECT_EQ(must(sql::run(service().events(admin(), id, std::nullopt, 1))).items[0].event.note, "macro undone");
}

TEST_P(MacrosTest, ATransferThatIsStillOfferedIsTakenBack) {
  Settings settings;
  settings.transfer_accept_seconds = 30;
  must(sql::run(desk_->settings().set_settings(admin(), settings)));
  online(1);
  online(2);
  const ConversationId id = asked();
  take(1, id);
  const std::vector<Step> hands_on{{StepKind::transfer_agent, "", 2}};
  const auto done = must(run(hands_on, id));
  EXPECT_EQ(only().offer.to, AccountId(2));
  EXPECT_EQ(must(run(hands_on, id)).done.size(), 0U) << "they are asked already";
  EXPECT_THAT(must(undo(done)).kept, IsEmpty());
  EXPECT_EQ(only().offer, Offer{});
  EXPECT_EQ(only().assignee, AccountId(1));
  EXPECT_EQ(code_of(sql::run(service().accept_transfer(access_of(2), id, std::nullopt))), "desk.no_offer");
  EXPECT_EQ(query("SELECT 1 FROM desk_timers WHERE kind = 'transfer_ends'").size(), 0U);
  EXPECT_THAT(event_kinds(id), ElementsAre("opened", "taken", "transfer_asked", "transfer_withdrawn"));

  const auto accepted = must(run(hands_on, id));
  must(sql::run(service().accept_transfer(access_of(2), id, std::nullopt)));
  EXPECT_THAT(must(undo(accepted)).kept, IsEmpty());
  EXPECT_EQ(only().assignee, AccountId(1));

  const auto too_late = must(run(hands_on, id));
  clock_.advance(30 * second_ms);
  EXPECT_THAT(must(undo(too_late)).kept, ElementsAre(Pair(quick_replies::ActionKind::assign, Kept::changed)))
      << "an offer ends with its time";
}

TEST_P(MacrosTest, WhatAColleagueAnsweredMeanwhileIsReadFirst) {
  const ConversationId id = asked();
  const std::int64_t seen = only().last_seq;
  const std::int64_t said = must(sends(2, id, "已经发货了")).seq;
  const auto macro = must(keep({{StepKind::add_tag, "宏"}, {StepKind::send_text, "您好"}, {StepKind::close}}, 9));
  const auto run_with = [&](std::optional<std::int64_t> seen_seq) {
    return sql::run(macros_->run_macro(admin(), macro.id, id.value(), false, seen_seq));
  };
  const auto moved = run_with(seen);
  ASSERT_EQ(code_of(moved), "desk.conversation_moved");
  const auto& answers = moved.error().details.at("answers").as_array();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].at("seq"), said);
  EXPECT_EQ(answers[0].at("sender_name").as_string(), "小李");
  EXPECT_EQ(tags(), "[]") << "nothing was done";
  EXPECT_NE(only().state, State::closed);
  EXPECT_EQ(messages(id).size(), 2U);
  EXPECT_EQ(code_of(run_with(said)), "ok") << "who has seen it may";
  EXPECT_EQ(only().state, State::closed);
}

TEST_P(MacrosTest, WhatSomebodyChangedSinceIsLeftAlone) {
  const ConversationId id = asked();
  const auto done = must(run({{StepKind::send_text, "再见"}, {StepKind::add_tag, "完结"}, {StepKind::close}}, id));
  says("o1", "还有一个问题");
  const auto back = must(undo(done));
  EXPECT_THAT(back.kept, ElementsAre(Pair(quick_replies::ActionKind::close, Kept::changed),
                                     Pair(quick_replies::ActionKind::send_text, Kept::sent)));
  EXPECT_EQ(tags(), "[]");
  EXPECT_EQ(only().state, State::waiting);
  EXPECT_THAT(said(id), ElementsAre("received:在吗", "queued:再见", "received:还有一个问题"));
}

TEST_P(MacrosTest, OneActionThatIsRefusedUndoesAll) {
  must(sql::run(desk_->settings().add_word(admin(), {"加微信", WordAction::block})));
  const ConversationId id = asked();
  const std::string before = shown();
  const std::int64_t version = only().version;
  const Step hello{StepKind::send_text, "您好"}, tag{StepKind::add_tag, "宏"}, level{StepKind::set_level, "", 3};
  const auto code = [&](const Step& last) { return code_of(run({hello, tag, level, last}, id)); };
  EXPECT_EQ(code({StepKind::send_text, "请加微信聊"}), "desk.blocked_word");
  EXPECT_EQ(code({StepKind::transfer_agent, "", 2}), "desk.agent_offline");
  EXPECT_EQ(shown(), before);
  EXPECT_EQ(only().version, version);
  EXPECT_THAT(said(id), ElementsAre("received:在吗"));
  EXPECT_EQ(rows("gateway_outbox"), 0U);
  EXPECT_EQ(rows("quick_replies_runs"), 0U);

  CustomerPatch patch;
  patch.tags.emplace();
  for (std::size_t i = 0; i < tags_max; ++i) patch.tags->push_back(std::to_string(i));
  must(sql::run(service().change_customer(access_of(1), OpenId("o1"), patch)));
  EXPECT_EQ(code_of(run({hello, tag}, id)), "desk.too_many");
  EXPECT_EQ(code_of(run({{StepKind::close}, {StepKind::close}}, id)), "quick_replies.invalid_macro");
  take(2, id);
  EXPECT_EQ(code_of(run({{StepKind::park, "", 0}}, id)), "desk.already_taken");
}

TEST_P(MacrosTest, WhatIsSentObeysTheWordListAndTheBudget) {
  must(sql::run(desk_->settings().add_word(admin(), {"傻瓜", WordAction::mask})));
  const ConversationId id = asked();
  for (int i = 0; i < 3; ++i) must(sends(1, id, "一"));
  const Step text{StepKind::send_text, "傻瓜"};
  must(run({text, text, text}, id));
  const auto all = messages(id);
  ASSERT_EQ(all.size(), 7U);
  EXPECT_EQ(content(all[4]), "**");
  EXPECT_EQ(all[4].flagged, "傻瓜");
  EXPECT_EQ(all[5].state, "queued");
  EXPECT_EQ(all[6].state, "held");
  EXPECT_EQ(all[6].reason, "budget_spent");
  EXPECT_EQ(must(sql::run(service().get(access_of(1), id))).budget->remaining, 0);
}

TEST_P(MacrosTest, WhatIsNamedIsThere) {
  add_group(refunds, "退款组");
  EXPECT_EQ(code_of(keep({{StepKind::transfer_agent, "", 2}})), "ok");
  EXPECT_EQ(code_of(keep({{StepKind::transfer_agent, "", 77}})), "desk.not_an_agent");
  EXPECT_EQ(code_of(keep({{StepKind::transfer_group, "", refunds.value()}})), "ok");
  EXPECT_EQ(code_of(keep({{StepKind::transfer_group, "", 99}})), "desk.not_found");
  EXPECT_EQ(code_of(keep({{StepKind::transfer_tier, "expert"}})), "desk.empty_tier");
  add_group(experts, "专家组", routing::Tier::expert);
  EXPECT_EQ(code_of(keep({{StepKind::transfer_tier, "expert"}})), "ok");
  EXPECT_EQ(code_of(run({{StepKind::close}}, ConversationId(99))), "desk.not_found");
  const auto unknown = reply("您好{{conversation.source|首页}}");
  EXPECT_EQ(code_of(sql::run(macros_->fill_in(access_of(1), unknown, 99))), "desk.not_found");
  const ConversationId id = asked();
  EXPECT_EQ(must(sql::run(macros_->fill_in(access_of(1), unknown, id.value()))).text, "您好首页");
}

TEST_P(MacrosTest, AUseIsCountedWithTheMessageThatIsStored) {
  const ConversationId id = asked();
  const auto used = reply("您好");
  const auto send = [&](const std::string& content, const std::string& client_id, quick_replies::QuickReplyId of) {
    return code_of(sql::run(service().send(access_of(1), id, {text(content), client_id, std::nullopt, of})));
  };
  EXPECT_EQ(send("您好", "c1", used), "ok");
  EXPECT_EQ(send("您好", "c1", used), "ok") << "the browser sends again";
  EXPECT_EQ(uses(), 1);
  EXPECT_EQ(send("别的", "c1", used), "desk.client_id_reused");
  EXPECT_EQ(uses(), 1);
  EXPECT_EQ(send("您好！", "c2", used), "ok");
  EXPECT_EQ(send("您好", "c3", quick_replies::QuickReplyId(99)), "ok") << "a message is not lost over it";
  EXPECT_EQ(uses(), 2);
  EXPECT_EQ(messages(id).size(), 4U);
}

MINIOPS_ON_BOTH_ENGINES(MacrosTest);

}  // namespace
}  // namespace miniops::desk::macros_test
