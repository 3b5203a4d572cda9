// Asked and accepted, named in notes, supervised.
#include "desk/mentions_store.hpp"
#include "desk/simulator.hpp"
#include "desk/tests/desk_fixture.hpp"
#include "teams/store.hpp"

namespace miniops::desk {
namespace {

using identity::Permission;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Agents 1 and 3 are in no group, 2 handles refunds; 4 supervises all, 5 refunds only.
class SuperviseTest : public DeskTest {
 protected:
  static constexpr routing::GroupId refunds{7};

  void SetUp() override {
    DeskTest::SetUp();
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      teams::Group group{refunds};
      group.name = "退款组";
      teams::store::put_group(tx, AppId("wxapp"), group);
      auto agent = teams::store::agent(tx, AppId("wxapp"), AccountId(2));
      agent.groups.push_back({refunds});
      teams::store::put_agent(tx, AppId("wxapp"), AccountId(2), agent);
      sql::raise_config_version(tx);
      return {};
    };
    must(db().write_blocking(write));
    must(sql::run(setups_->load(true)));
    colleagues_.names[AccountId(4)] = "主管";
    online(1);
    online(2);
  }
  static Access with(std::int64_t account, const std::set<identity::Grant>& grants) {
    identity::Caller caller;
    caller.account = AccountId(account);
    caller.username = "user" + std::to_string(account);
    caller.roles[AppId("wxapp")] = identity::Role::agent;
    caller.adjustments[AppId("wxapp")].grants = grants;
    return caller.access(AppId("wxapp"), Permission::desk_read).value();
  }
  static Access supervisor() { return with(4, {{Permission::desk_supervise}}); }
  static Access of_refunds() { return with(5, {{Permission::desk_supervise, refunds.str()}}); }

  void set_groups(std::int64_t account, const std::vector<routing::GroupId>& groups) {
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      auto agent = teams::store::agent(tx, AppId("wxapp"), AccountId(account));
      agent.groups.clear();
      for (const routing::GroupId group : groups) agent.groups.push_back({group});
      teams::store::put_agent(tx, AppId("wxapp"), AccountId(account), agent);
      sql::raise_config_version(tx);
      return {};
    };
    must(db().write_blocking(write));
    must(sql::run(setups_->load(true)));
  }
  // With agent 1, in the default group.
  ConversationId mine() {
    says("o1", "在吗");
    const ConversationId id = conversation_of("o1").id;
    must(sql::run(service().take(access_of(1), id, std::nullopt)));
    return id;
  }
  void ask_before_transfers(std::int64_t seconds) {
    Settings settings;
    settings.transfer_accept_seconds = seconds;
    must(sql::run(desk_->settings().set_settings(admin(), settings)));
  }
  void fire_all() {
    while (must(sql::run(desk_->timer_step()))) {
    }
  }
  ConversationView asked(ConversationId id) {
    return must(sql::run(service().transfer(access_of(1), id, AccountId(2), "请接一下", std::nullopt)));
  }
  static ToSend note(const std::string& content, json::array mentions = {}, bool consult = false) {
    json::object body{{"content", content}};
    if (!mentions.empty()) body["mentions"] = std::move(mentions);
    if (consult) body["consult"] = true;
    return must(parse_to_send({{"msgtype", "note"}, {"note", std::move(body)}}, true));
  }
  Result<Message> writes(std::int64_t account, ConversationId id, ToSend sending) {
    return sql::run(service().send(access_of(account), id, {std::move(sending)}));
  }
  std::string reads(const Access& access, ConversationId id) { return code_of(sql::run(service().get(access, id))); }
  std::vector<std::string> said_to(const Access& access, ConversationId id, bool thread = false) {
    std::vector<std::string> said;
    for (const Message& one : must(sql::run(service().messages(access, id, thread, 0, 100))).items)
      said.insert(said.begin(), content(one));
    return said;
  }
  Service::Inbox inbox(std::int64_t account) {
    return must(sql::run(service().inbox(access_of(account), true, MentionId(), 50)));
  }
  std::vector<std::string> audited() {
    std::vector<std::string> actions;
    for (const sql::Row& row : query("SELECT action, account_id FROM audit_entries WHERE action LIKE 'desk.co%' OR "
                                     "action LIKE 'desk.agent%' ORDER BY id"))
      actions.push_back(row.text(0) + " " + std::to_string(row.integer(1)));
    return actions;
  }
  // "topic group account others data.<key>"
  std::vector<std::string> told(const std::string& topic, const std::string& key) {
    std::vector<std::string> all;
    for (const sql::Row& row :
         query("SELECT group_id, account_id, others, data FROM live_pending WHERE topic = $1 ORDER BY id", {topic}))
      all.push_back(fmt::format("{} {} [{}] {}", row.text(0), row.integer(1), row.text(2),
                                json::serialize(json::parse(row.text(3)).at(key))));
    execute("DELETE FROM live_pending");
    return all;
  }
};

// ---- transfers ----

TEST_P(SuperviseTest, WithoutTheSettingATransferIsDoneAtOnce) {
  const ConversationId id = mine();
  EXPECT_EQ(asked(id).conversation.assignee, AccountId(2));
}

TEST_P(SuperviseTest, WhomItIsOfferedToMayReadAndAccept) {
  ask_before_transfers(30);
  const ConversationId id = mine();
  ASSERT_EQ(reads(access_of(2), id), "desk.other_group");
  const Conversation offered = asked(id).conversation;
  EXPECT_EQ(offered.assignee, AccountId(1)) << "the sender has it until then";
  EXPECT_EQ(offered.offer, (Offer{AccountId(2), "小李", clock_.now() + 30 * second_ms}));
  EXPECT_EQ(reads(access_of(2), id), "ok");
  EXPECT_THAT(conversations({}, "", access_of(2)), SizeIs(1)) << "the list says the same";
  EXPECT_EQ(code_of(sends(2, id, "您好")), "desk.other_group") << "to read, not to answer";
  EXPECT_EQ(code_of(sql::run(service().accept_transfer(access_of(3), id, std::nullopt))), "desk.no_offer");
  const auto view = must(sql::run(service().accept_transfer(access_of(2), id, std::nullopt)));
  EXPECT_EQ(view.conversation.assignee, AccountId(2));
  EXPECT_EQ(view.conversation.offer, Offer{});
  EXPECT_THAT(event_kinds(id), ElementsAre("opened", "taken", "transfer_asked", "transferred"));
  EXPECT_THAT(told("transfer", "outcome"), ElementsAre("1 1 [2] \"asked\"", "1 2 [1] \"accepted\""));
  EXPECT_EQ(query("SELECT 1 FROM desk_timers WHERE kind = 'transfer_ends'").size(), 0U);
}

TEST_P(SuperviseTest, ADeclinedOrWithdrawnTransferStaysWithTheSender) {
  ask_before_transfers(30);
  const ConversationId id = mine();
  asked(id);
  must(sql::run(service().decline_transfer(access_of(2), id, "忙不过来", std::nullopt)));
  EXPECT_EQ(only().assignee, AccountId(1));
  EXPECT_EQ(reads(access_of(2), id), "desk.other_group");
  EXPECT_EQ(content(messages(id).back()), "忙不过来");
  EXPECT_EQ(code_of(sql::run(service().accept_transfer(access_of(2), id, std::nullopt))), "desk.other_group");
  asked(id);
  must(sql::run(service().withdraw_transfer(access_of(1), id, std::nullopt)));
  EXPECT_EQ(code_of(sql::run(service().accept_transfer(access_of(2), id, std::nullopt))), "desk.other_group");
  EXPECT_THAT(event_kinds(id), ElementsAre("opened", "taken", "transfer_asked", "transfer_declined", "transfer_asked",
                                           "transfer_withdrawn"));
}

TEST_P(SuperviseTest, ATransferThatNobodyAnswersEndsOnce) {
  ask_before_transfers(30);
  const ConversationId id = mine();
  asked(id);
  clock_.advance(29 * second_ms);
  fire_all();
  EXPECT_EQ(only().offer.to, AccountId(2));
  clock_.advance(hour_ms);  // the program was away
  execute("DELETE FROM live_pending");
  fire_all();
  fire_all();
  EXPECT_EQ(only().offer, Offer{});
  EXPECT_THAT(told("transfer", "outcome"), ElementsAre("1 1 [2] \"expired\""));
  const auto kinds = event_kinds(id);
  EXPECT_EQ(std::ranges::count(kinds, "transfer_expired"), 1);
}

TEST_P(SuperviseTest, NobodyAcceptsTwiceOrTooLate) {
  ask_before_transfers(30);
  const ConversationId id = mine();
  asked(id);
  must(sql::run(service().accept_transfer(access_of(2), id, std::nullopt)));
  EXPECT_EQ(code_of(sql::run(service().accept_transfer(access_of(2), id, std::nullopt))), "desk.no_offer");
  EXPECT_EQ(code_of(sql::run(service().withdraw_transfer(supervisor(), id, std::nullopt))), "ok") << "nothing to do";
  EXPECT_EQ(only().assignee, AccountId(2));
  must(sql::run(service().take_over(supervisor(), id, std::nullopt)));
  must(sql::run(service().transfer(supervisor(), id, AccountId(1), "", std::nullopt)));
  EXPECT_EQ(only().offer.to, AccountId(1)) << "what is theirs, supervisors offer as others do";
  clock_.advance(30 * second_ms);
  EXPECT_EQ(code_of(sql::run(service().accept_transfer(access_of(1), id, std::nullopt))), "desk.no_offer")
      << "before the timer was there";
  EXPECT_EQ(only().assignee, AccountId(4));
}

TEST_P(SuperviseTest, OneIsAskedAtATime) {
  ask_before_transfers(30);
  online(3);
  const ConversationId id = mine();
  asked(id);
  asked(id);
  must(sql::run(service().transfer(access_of(1), id, AccountId(3), "", std::nullopt)));
  EXPECT_EQ(code_of(sql::run(service().accept_transfer(access_of(2), id, std::nullopt))), "desk.other_group");
  EXPECT_THAT(told("transfer", "outcome"),
              ElementsAre("1 1 [2] \"asked\"", "1 1 [2] \"withdrawn\"", "1 1 [3] \"asked\""));
  EXPECT_THAT(event_kinds(id),
              ElementsAre("opened", "taken", "transfer_asked", "transfer_withdrawn", "transfer_asked"));
  EXPECT_EQ(must(sql::run(service().accept_transfer(access_of(3), id, std::nullopt))).conversation.assignee,
            AccountId(3));
}

TEST_P(SuperviseTest, TheCustomersWaitingTimeStays) {
  ask_before_transfers(30);
  const ConversationId id = mine();
  const TimeMs since = only().waiting_since;
  ASSERT_NE(since, 0);
  clock_.advance(minute_ms);
  asked(id);
  must(sql::run(service().decline_transfer(access_of(2), id, "", std::nullopt)));
  EXPECT_EQ(only().waiting_since, since);
  asked(id);
  clock_.advance(30 * second_ms);
  fire_all();
  EXPECT_EQ(only().waiting_since, since);
  asked(id);
  must(sql::run(service().accept_transfer(access_of(2), id, std::nullopt)));
  EXPECT_EQ(only().waiting_since, since);
  must(sql::run(service().transfer(access_of(2), id, AccountId(1), "", std::nullopt)));
  must(sql::run(service().release(access_of(2), id, std::nullopt)));
  EXPECT_EQ(only().queue_since, since) << "back in the queue, at its place";
  EXPECT_EQ(only().offer, Offer{});
}

TEST_P(SuperviseTest, WhoGoesOfflineIsNotAskedAnyMore) {
  ask_before_transfers(600);
  const ConversationId id = mine();
  asked(id);
  execute("DELETE FROM live_pending");
  must(sql::run(desk_->agents().set_own(access_of(2), Presence::offline, "", std::nullopt)));
  EXPECT_EQ(only().offer, Offer{});
  EXPECT_EQ(only().assignee, AccountId(1));
  EXPECT_THAT(told("transfer", "outcome"), ElementsAre("1 1 [2] \"expired\""));
  EXPECT_EQ(code_of(sql::run(service().transfer(access_of(1), id, AccountId(2), "", std::nullopt))),
            "desk.agent_offline");

  online(2);
  asked(id);
  clock_.advance(5 * minute_ms);  // no heartbeat of anybody
  while (must(sql::run(desk_->presence_step()))) {
  }
  EXPECT_EQ(only().offer, Offer{});
  EXPECT_EQ(only().stage, Stage::queued) << "the sender was lost, too";
  EXPECT_EQ(query("SELECT 1 FROM desk_timers WHERE kind = 'transfer_ends'").size(), 0U);
}

TEST_P(SuperviseTest, ClosingEndsAnOfferAndSupervisorsDoNotAsk) {
  ask_before_transfers(30);
  const ConversationId id = mine();
  asked(id);
  must(sql::run(service().close(access_of(1), id, "", "resolved", std::nullopt)));
  EXPECT_EQ(only().offer, Offer{});
  EXPECT_EQ(code_of(sql::run(service().accept_transfer(access_of(2), id, std::nullopt))), "desk.other_group");
  must(sql::run(service().reopen(access_of(1), id, std::nullopt)));
  EXPECT_EQ(must(sql::run(service().transfer(supervisor(), id, AccountId(2), "", std::nullopt))).conversation.assignee,
            AccountId(2));
}

// ---- mentions ----

TEST_P(SuperviseTest, WhoIsNamedReadsAlongWhileItIsOpen) {
  const ConversationId id = mine();
  execute("DELETE FROM live_pending");
  must(writes(1, id, note("@小李 看一下", {"2", "1", "2"})));
  EXPECT_THAT(told("mention", "account_ids"), ElementsAre("1 1 [2] [\"2\"]")) << "once, and not oneself";
  EXPECT_EQ(reads(access_of(2), id), "ok");
  EXPECT_THAT(conversations({}, "", access_of(2)), SizeIs(1));
  EXPECT_EQ(code_of(sends(2, id, "您好")), "desk.other_group");
  EXPECT_EQ(code_of(writes(2, id, note("看过了"))), "ok");
  EXPECT_EQ(code_of(sql::run(service().typing(access_of(2), id, true))), "desk.other_group") << "the customer sees it";
  EXPECT_THAT(typing_.calls, IsEmpty());
  EXPECT_EQ(code_of(sql::run(service().close(access_of(2), id, "", "resolved", std::nullopt))), "desk.other_group");
  EXPECT_THAT(told("conversation", "id"), SizeIs(1));
  must(sql::run(service().close(access_of(1), id, "", "resolved", std::nullopt)));
  EXPECT_THAT(told("conversation_left", "id"), ElementsAre(fmt::format("0 0 [2] \"{}\"", id.str())));
  EXPECT_EQ(reads(access_of(2), id), "desk.other_group");
  EXPECT_THAT(conversations({}, "", access_of(2)), IsEmpty());
  const auto kept = inbox(2);
  ASSERT_THAT(kept.page.items, SizeIs(1));
  EXPECT_FALSE(kept.page.items[0].readable);
  EXPECT_EQ(kept.page.items[0].text, "") << "what it said may not be read any more";
  must(sql::run(service().reopen(access_of(1), id, std::nullopt)));
  EXPECT_EQ(reads(access_of(2), id), "ok");
}

TEST_P(SuperviseTest, AWithdrawnMentionTakesTheReadingWithIt) {
  const ConversationId id = mine();
  must(writes(1, id, note("@小李", {"2"})));
  must(writes(1, id, note("@小李 再看", {"2"})));
  auto named = must(sql::run(service().named_in(access_of(1), id)));
  ASSERT_THAT(named, SizeIs(2));
  EXPECT_EQ(code_of(sql::run(service().withdraw_mention(access_of(2), id, named[0].id))), "desk.other_group");
  must(sql::run(service().withdraw_mention(access_of(1), id, named[0].id)));
  EXPECT_EQ(reads(access_of(2), id), "ok") << "the other one stands";
  must(sql::run(service().withdraw_mention(access_of(1), id, named[1].id)));
  EXPECT_EQ(reads(access_of(2), id), "desk.other_group");
  EXPECT_EQ(inbox(2).unread, 0);
  EXPECT_EQ(code_of(sql::run(service().withdraw_mention(access_of(1), id, named[1].id))), "desk.not_found");
}

TEST_P(SuperviseTest, WhoReadsAlongWithdrawsOnlyTheirOwnMentions) {
  const ConversationId id = mine();
  must(writes(1, id, note("@小李", {"2"})));
  must(writes(2, id, note("@小张", {"3"})));
  must(sql::run(service().release(access_of(1), id, std::nullopt)));
  const auto named = must(sql::run(service().named_in(access_of(2), id)));
  ASSERT_THAT(named, SizeIs(2));
  EXPECT_EQ(code_of(sql::run(service().withdraw_mention(access_of(2), id, named[0].id))), "desk.other_group")
      << "also while nobody has it";
  EXPECT_EQ(code_of(sql::run(service().withdraw_mention(access_of(2), id, named[1].id))), "ok");
}

TEST_P(SuperviseTest, AConsultIsAnsweredByTheNextNote) {
  const ConversationId id = mine();
  must(writes(1, id, note("这单能退吗", {"2"}, true)));
  must(writes(1, id, note("补充一下")));
  EXPECT_EQ(must(sql::run(service().named_in(access_of(1), id))).at(0).answered_at, 0) << "not by who asks";
  EXPECT_EQ(inbox(2).unread, 1);
  const Message answer = must(writes(2, id, note("可以退")));
  const Mention consult = must(sql::run(service().named_in(access_of(1), id))).at(0);
  EXPECT_EQ(consult.kind, MentionKind::consult);
  EXPECT_EQ(consult.answer, answer.id);
  EXPECT_EQ(inbox(2).unread, 0) << "who answers has read it";
  must(writes(2, id, note("还有")));
  const auto told_back = inbox(1);
  ASSERT_THAT(told_back.page.items, SizeIs(1)) << "once";
  EXPECT_EQ(told_back.page.items[0].mention.kind, MentionKind::answer);
  EXPECT_EQ(told_back.page.items[0].text, "可以退");
  EXPECT_EQ(must(sql::run(service().read_mentions(access_of(1), {told_back.page.items[0].mention.id}))), 0);
}

TEST_P(SuperviseTest, OnlyColleaguesAreNamedAndOnlyWhereSomethingIsOpen) {
  const ConversationId id = mine();
  EXPECT_EQ(code_of(writes(1, id, note("@", {"77"}))), "desk.not_an_agent");
  must(sql::run(service().close(access_of(1), id, "", "resolved", std::nullopt)));
  EXPECT_EQ(code_of(writes(1, id, note("@", {"2"}))), "desk.conversation_closed");
  EXPECT_FALSE(parse_to_send({{"msgtype", "note"}, {"note", {{"content", "问谁"}, {"consult", true}}}}, true));
}

TEST_P(SuperviseTest, NobodyMarksAnothersMentionsRead) {
  const ConversationId id = mine();
  must(writes(1, id, note("@小李", {"2"})));
  must(sql::run(service().read_mentions(access_of(3), {inbox(2).page.items.at(0).mention.id})));
  EXPECT_EQ(inbox(2).unread, 1);
  EXPECT_EQ(must(sql::run(service().read_mentions(access_of(2), {}))), 0);
}

// ---- supervision ----

TEST_P(SuperviseTest, WhoSupervisesWhat) {
  const ConversationId id = mine();
  const std::string refused = "desk.not_supervisor";
  EXPECT_EQ(code_of(sql::run(service().watch(supervisor(), id))), "ok");
  EXPECT_EQ(code_of(sql::run(service().watch(access_of(3), id))), refused);
  EXPECT_EQ(code_of(sql::run(service().watch(of_refunds(), id))), refused);
  EXPECT_EQ(code_of(sql::run(service().whisper(access_of(3), id, "慢点", std::nullopt))), refused);
  EXPECT_EQ(code_of(sql::run(service().take_over(access_of(3), id, std::nullopt))), refused);
  must(sql::run(service().transfer_to_group(admin(), id, refunds, "", std::nullopt)));
  EXPECT_EQ(code_of(sql::run(service().watch(of_refunds(), id))), "ok");
  EXPECT_EQ(code_of(sql::run(service().whisper(of_refunds(), id, "慢点", std::nullopt))), "desk.nobody_has_it");
  EXPECT_THAT(audited(), ElementsAre("desk.conversation.watch 4", "desk.conversation.watch 5")) << "what was done";
}

TEST_P(SuperviseTest, AWhisperIsForItsAgentAndSupervisors) {
  const ConversationId id = mine();
  execute("DELETE FROM live_pending");
  const Message whisper = must(sql::run(service().whisper(supervisor(), id, "先道歉", "w1")));
  EXPECT_EQ(must(sql::run(service().whisper(supervisor(), id, "先道歉", "w1"))).id, whisper.id);
  const auto live = query("SELECT data FROM live_pending WHERE topic IN ('message', 'whisper')");
  ASSERT_EQ(live.size(), 1U);
  EXPECT_THAT(live[0].text(0), testing::Not(testing::HasSubstr("先道歉")));
  for (const bool thread : {false, true}) {
    EXPECT_THAT(said_to(access_of(1), id, thread), ElementsAre("在吗", "先道歉")) << thread;
    EXPECT_THAT(said_to(supervisor(), id, thread), ElementsAre("在吗", "先道歉")) << thread;
    EXPECT_THAT(said_to(access_of(3), id, thread), ElementsAre("在吗")) << "of the same group: " << thread;
    EXPECT_THAT(said_to(with(6, {{Permission::desk_records_all}}), id, thread), ElementsAre("在吗")) << thread;
  }
  index_all();
  EXPECT_THAT(must(sql::run(service().search(access_of(3), "道歉", MessageId(), 10))).page.items, IsEmpty());
  EXPECT_EQ(only().last_message.find("道歉"), std::string::npos);
  EXPECT_EQ(query("SELECT 1 FROM gateway_outbox").size(), 0U) << "nothing for the customer";
  must(writes(1, id, note("先道歉")));
  EXPECT_EQ(code_of(sql::run(service().whisper(supervisor(), id, "后道歉", "w1"))), "desk.client_id_reused");
  must(sql::run(service().close(access_of(1), id, "", "resolved", std::nullopt)));
  EXPECT_EQ(must(sql::run(service().whisper(supervisor(), id, "先道歉", "w1"))).id, whisper.id) << "sent again";
  EXPECT_EQ(code_of(sql::run(service().whisper(supervisor(), id, "晚了", std::nullopt))), "desk.conversation_closed");
  EXPECT_THAT(audited(), ElementsAre("desk.conversation.whisper 4"));
}

TEST_P(SuperviseTest, WhoSupervisesAsksTheSimulatorOfWhatTheyMayRead) {
  const ConversationId id = mine();
  const Placer placer({*setups_, directory_, desk_->configs()});
  Simulator simulator({db(), clock_, placer, desk_->configs()});
  const auto facts = [&](const Access& access) { return code_of(sql::run(simulator.try_facts(access, {}, {}))); };
  const auto about = [&](const Access& access) {
    return code_of(sql::run(simulator.try_conversation(access, id, {})));
  };
  EXPECT_EQ(facts(access_of(1)), "desk.not_supervisor");
  EXPECT_EQ(facts(supervisor()), "ok");
  EXPECT_EQ(facts(of_refunds()), "ok") << "of one group is enough";
  EXPECT_EQ(facts(admin()), "ok");
  EXPECT_EQ(about(access_of(1)), "desk.not_supervisor") << "whose it is";
  EXPECT_EQ(about(supervisor()), "ok");
  EXPECT_EQ(about(admin()), "ok");
  must(sql::run(service().release(access_of(1), id, std::nullopt)));
  const Access only_refunds = of_refunds();
  set_groups(5, {refunds});
  EXPECT_EQ(about(only_refunds), "desk.other_group");
  must(sql::run(service().transfer_to_group(admin(), id, refunds, "", std::nullopt)));
  EXPECT_EQ(about(only_refunds), "ok");
}

TEST_P(SuperviseTest, ASupervisorTakesOver) {
  const ConversationId id = mine();
  const auto view = must(sql::run(service().take_over(supervisor(), id, std::nullopt)));
  EXPECT_EQ(view.conversation.assignee, AccountId(4));
  EXPECT_EQ(code_of(sends(4, id, "我来")), "ok");
  EXPECT_THAT(event_kinds(id), ElementsAre("opened", "taken", "taken"));
  EXPECT_THAT(told("transfer", "outcome"), ElementsAre("1 4 [1] \"taken_over\"")) << "who had it is told";
  EXPECT_THAT(audited(), ElementsAre("desk.conversation.take_over 4"));
  must(sql::run(service().watch(supervisor(), id)));
  EXPECT_THAT(audited(), SizeIs(1)) << "one's own is not watched";
}

TEST_P(SuperviseTest, ASupervisorSetsAnAgentsPresence) {
  Agents& agents = desk_->agents();
  const auto set = [&](const Access& access, std::int64_t account) {
    return code_of(sql::run(agents.set_for(access, AccountId(account), Presence::busy, "meeting")));
  };
  EXPECT_EQ(set(access_of(3), 1), "desk.not_supervisor");
  EXPECT_EQ(set(of_refunds(), 1), "desk.not_supervisor") << "of another group";
  EXPECT_EQ(set(of_refunds(), 2), "ok");
  EXPECT_EQ(set(supervisor(), 3), "desk.not_found") << "never there";
  broadcaster_.messages.clear();
  EXPECT_EQ(set(supervisor(), 1), "ok");
  ASSERT_THAT(broadcaster_.messages, SizeIs(1));
  EXPECT_EQ(json::serialize(broadcaster_.messages[0].at("by")), R"({"id":"4","display_name":"主管"})");
  const AgentView view = must(sql::run(agents.own(access_of(1))));
  EXPECT_EQ(view.agent.presence, Presence::busy);
  EXPECT_EQ(view.agent.reason, "meeting");
  EXPECT_EQ(code_of(sql::run(agents.set_for(supervisor(), AccountId(1), Presence::busy, "没有的"))),
            "teams.unknown_reason");
  must(sql::run(agents.set_own(access_of(1), Presence::offline, "", std::nullopt)));
  EXPECT_EQ(set(supervisor(), 1), "desk.agent_offline");
  EXPECT_THAT(audited(), ElementsAre("desk.agent.presence 5", "desk.agent.presence 4"));
}

MINIOPS_ON_BOTH_ENGINES(SuperviseTest);

}  // namespace
}  // namespace miniops::desk
