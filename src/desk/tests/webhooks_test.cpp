// What happens at the desk is told to other programs: once, as it ended up, in the transaction in which it happened.
#include "automation/service.hpp"
#include "desk/errors.hpp"
#include "desk/records_archive.hpp"
#include "desk/tests/desk_fixture.hpp"
#include "people/links.hpp"
#include "service_levels/service.hpp"

namespace miniops::desk {
namespace {

using gateway::DeliveryState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

class WebhooksTest : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    webhooks::Subscription all{.id = webhooks::SubscriptionId(7), .appid = AppId("wxapp")};
    // Where conversations and messages go; the rest is asked for by subscribe_to_everything().
    for (std::size_t kind = 0; kind <= static_cast<std::size_t>(webhooks::Kind::satisfaction_scored); ++kind)
      all.kinds.set(kind);
    auto subscribe = [&](sql::Transaction& tx) -> Result<void> {
      webhooks::store::insert(tx, all);
      return {};
    };
    must(db().write_blocking(subscribe));
    must(subscribers_->prepare_blocking());
  }

  void subscribe_to_everything() {
    execute("UPDATE webhooks_subscriptions SET kinds = '" + webhooks::kinds_text(webhooks::Kinds().set()) + "'");
    must(subscribers_->prepare_blocking());
  }

  // The bodies of what was told since this was last asked.
  std::vector<json::object> bodies() {
    std::vector<json::object> all;
    for (const sql::Row& row : query("SELECT body FROM webhooks_events ORDER BY id"))
      all.push_back(json::parse(row.text(0)).get_object());
    EXPECT_EQ(query("SELECT event_id FROM webhooks_deliveries WHERE state = 'pending'").size(), all.size());
    execute("DELETE FROM webhooks_deliveries");
    execute("DELETE FROM webhooks_events");
    return all;
  }
  // Their kinds; of a conversation's with what happened: "conversation.assigned taken".
  std::vector<std::string> told() {
    std::vector<std::string> all;
    for (const json::object& body : bodies()) {
      const json::object& data = body.at("data").as_object();
      all.emplace_back(body.at("kind").as_string());
      if (const json::value* event = data.if_contains("event"))
        all.back() += " " + std::string(event->at("kind").as_string());
    }
    return all;
  }
  // The data of the one event that was told.
  json::object only_told(std::string_view kind) {
    auto all = bodies();
    if (all.size() != 1) throw std::runtime_error("expected one event, got " + std::to_string(all.size()));
    EXPECT_EQ(all[0].at("kind").as_string(), kind);
    EXPECT_EQ(all[0].at("appid").as_string(), "wxapp");
    return all[0].at("data").as_object();
  }
  // A conversation that an agent has, after what was told of it.
  ConversationId with_agent(std::int64_t account = 1, const std::string& openid = "o1") {
    online(account);
    says(openid, "在吗");
    assign_all();
    bodies();
    return conversation_of(openid).id;
  }
  void pass(TimeMs ms) {
    clock_.advance(ms);
    while (must(sql::run(desk_->timer_step()))) {
    }
  }
};

TEST_P(WebhooksTest, AFirstMessageIsToldWithItsConversationAndMasked) {
  says("o1", "我的电话是 13812345678");
  const auto all = bodies();
  ASSERT_EQ(all.size(), 2U);
  const json::object& message = all[0].at("data").as_object();
  EXPECT_EQ(all[0].at("kind").as_string(), "message.received");
  EXPECT_EQ(message.at("openid").as_string(), "o1");
  EXPECT_THAT(json::serialize(message.at("message").at("text")), HasSubstr("我的电话是"));
  const json::object& opened = all[1].at("data").as_object();
  EXPECT_EQ(all[1].at("kind").as_string(), "conversation.opened");
  EXPECT_EQ(opened.at("event").at("kind").as_string(), "opened");
  EXPECT_EQ(opened.at("conversation").at("id").as_string(), only().id.str());
  EXPECT_EQ(opened.at("conversation").at("unread").as_int64(), 1) << "as it ended up";
  EXPECT_EQ(opened.at("conversation").at("budget").at("remaining").as_int64(), 5);
  for (const json::object& body : all) EXPECT_THAT(json::serialize(body), Not(HasSubstr("13812345678")));
  says("o1", "还在吗");
  EXPECT_THAT(told(), ElementsAre("message.received"));
}

TEST_P(WebhooksTest, WhatWaitsInTheLobbyIsToldWhenAConversationOpens) {
  enters("o1", "page=cart");
  EXPECT_THAT(told(), IsEmpty());
  says("o1", "在吗");
  EXPECT_THAT(told(), UnorderedElementsAre("message.received", "conversation.opened opened"));
}

TEST_P(WebhooksTest, WhoHasItIsTold) {
  online(1);
  says("o1", "在吗");
  bodies();
  assign_all();
  const json::object assigned = only_told("conversation.assigned");
  EXPECT_EQ(assigned.at("event").at("kind").as_string(), "assigned");
  EXPECT_EQ(assigned.at("conversation").at("assignee").at("id").as_string(), "1");
  const ConversationId id = only().id;
  online(2);
  must(sql::run(service().transfer(access_of(1), id, AccountId(2), "电话 13812345678", std::nullopt)));
  const json::object transferred = only_told("conversation.transferred");
  EXPECT_EQ(transferred.at("event").at("to").as_string(), "2");
  EXPECT_THAT(json::serialize(transferred), Not(HasSubstr("13812345678")));
  must(sql::run(service().transfer_to_group(access_of(2), id, teams::default_group, "", std::nullopt)));
  EXPECT_EQ(only_told("conversation.transferred").at("conversation").at("stage").as_string(), "queued");
  must(sends(1, id, "您好"));
  EXPECT_THAT(told(), ElementsAre("conversation.assigned taken"));
  must(sql::run(service().park(access_of(1), id, 0, "", std::nullopt)));
  must(sql::run(service().unpark(access_of(1), id, std::nullopt)));
  must(sql::run(service().release(access_of(1), id, std::nullopt)));
  EXPECT_THAT(told(), ElementsAre("conversation.parked parked", "conversation.assigned unparked",
                                  "conversation.queued released"));
}

TEST_P(WebhooksTest, ItsEndIsToldAndThatItGoesOn) {
  const ConversationId id = with_agent();
  must(sql::run(service().close(access_of(1), id, "已解决", "resolved", std::nullopt)));
  const json::object closed = only_told("conversation.closed");
  EXPECT_EQ(closed.at("event").at("note").as_string(), "已解决");
  EXPECT_EQ(closed.at("conversation").at("state").as_string(), "closed");
  says("o1", "还有一个问题");
  EXPECT_THAT(told(), UnorderedElementsAre("message.received", "conversation.reopened reopened"));
  must(sql::run(service().close(access_of(1), id, "", "resolved", std::nullopt)));
  must(sql::run(service().reopen(access_of(1), id, std::nullopt)));
  EXPECT_THAT(told(), ElementsAre("conversation.closed closed", "conversation.reopened reopened",
                                  "conversation.assigned taken"));
}

TEST_P(WebhooksTest, WhatTimersDoIsTold) {
  const ConversationId id = with_agent();
  must(sends(1, id, "请问订单号是多少？"));
  pass(30 * minute_ms);
  EXPECT_THAT(told(), IsEmpty()) << "that the customer was warned is nothing that others want";
  pass(10 * minute_ms);
  EXPECT_THAT(told(), ElementsAre("conversation.closed closed"));

  says("o1", "在的");
  assign_all();
  bodies();
  pass(20 * minute_ms);
  EXPECT_THAT(told(), ElementsAre("conversation.queued returned"));
}

TEST_P(WebhooksTest, EachOfManyIsToldWithItsOwnConversation) {
  online(1);
  says("o1", "在吗");
  says("o2", "在吗");
  assign_all();
  bodies();
  clock_.advance(61 * second_ms);
  must(sql::run(desk_->presence_step()));
  std::vector<std::string> openids;
  for (const json::object& body : bodies()) {
    EXPECT_EQ(body.at("kind").as_string(), "conversation.queued");
    openids.emplace_back(body.at("data").at("conversation").at("openid").as_string());
  }
  EXPECT_THAT(openids, UnorderedElementsAre("o1", "o2"));
}

TEST_P(WebhooksTest, WhatBecomesOfAnAnswerIsToldOnce) {
  const ConversationId id = with_agent();
  const MessageId good = must(sends(1, id, "您好")).id;
  deliver(good, DeliveryState::sending, 1);
  EXPECT_THAT(told(), IsEmpty());
  deliver(good, DeliveryState::sent, 1);
  const json::object sent = only_told("message.sent");
  EXPECT_EQ(sent.at("message").at("state").as_string(), "sent");
  EXPECT_EQ(sent.at("openid").as_string(), "o1");
  deliver(good, DeliveryState::sent, 1);
  deliver(good, DeliveryState::failed, 1, 40003);
  EXPECT_THAT(told(), IsEmpty());
  const MessageId bad = must(sends(1, id, "还在吗")).id;
  deliver(bad, DeliveryState::sending, 1);
  deliver(bad, DeliveryState::failed, 1, 40003);
  EXPECT_EQ(only_told("message.failed").at("message").at("errcode").as_int64(), 40003);
}

TEST_P(WebhooksTest, AChangedCustomerIsTold) {
  with_agent();
  CustomerPatch patch;
  patch.nickname = "林小满";
  patch.note = "手机 13812345678";
  patch.tags = std::vector<std::string>{"VIP"};
  must(sql::run(service().change_customer(access_of(1), OpenId("o1"), patch)));
  const json::object data = only_told("customer.changed");
  EXPECT_EQ(data.at("openid").as_string(), "o1");
  EXPECT_EQ(data.at("nickname").as_string(), "林小满");
  EXPECT_EQ(json::serialize(data.at("tags")), R"(["VIP"])");
  EXPECT_THAT(json::serialize(data), Not(HasSubstr("13812345678")));
}

TEST_P(WebhooksTest, ServiceLevelsAreTold) {
  service_levels::Targets targets;
  service_levels::Target target;
  target.first_answer_ms = 10 * minute_ms;
  target.business = false;
  targets.items.push_back(target);
  service_levels::Service levels({db(), clock_, ids_});
  must(sql::run(levels.set_targets(admin(), targets)));
  says("o1", "在吗");
  bodies();
  pass(5 * minute_ms);
  const json::object half = only_told("service_level.warned");
  EXPECT_EQ(half.at("conversation_id").as_string(), only().id.str());
  EXPECT_EQ(half.at("kind").as_string(), "first_answer");
  EXPECT_EQ(half.at("level").as_string(), "half");
  pass(5 * minute_ms);
  EXPECT_EQ(only_told("service_level.breached").at("level").as_string(), "breached");
  pass(46 * hour_ms);
  EXPECT_THAT(told(), IsEmpty()) << "the reply window is no service level";
}

TEST_P(WebhooksTest, AScoreIsToldAndOfAnonymousOnesTheNumberAlone) {
  auto score = [&](const std::string& openid, const json::object& change, const std::string& reply) {
    ask_customers(change);
    const ConversationId id = with_agent(1, openid);
    const MessageId sent = must(sends(1, id, "您好，已经办好了")).id;
    deliver(sent, DeliveryState::sent, 1);
    must(sql::run(service().close(access_of(1), id, "", "resolved", std::nullopt)));
    bodies();
    clock_.advance(second_ms);
    says(openid, reply);
    for (const json::object& body : bodies())
      if (body.at("kind").as_string() == "satisfaction.scored") return body.at("data").as_object();
    throw std::runtime_error("no score was told");
  };
  const json::object open = score("o1", {}, "2");
  EXPECT_EQ(open.at("score").as_int64(), 2);
  EXPECT_EQ(open.at("openid").as_string(), "o1");
  EXPECT_EQ(open.at("agent_id").as_string(), "1");
  EXPECT_EQ(open.at("conversation_id").as_string(), conversation_of("o1").id.str());
  const json::object hidden = score("o2", {{"anonymous", true}, {"follow_up", {{"owner", "nobody"}}}}, "5");
  EXPECT_EQ(json::serialize(hidden),
            R"({"score":5,"comment":"","conversation_id":null,"openid":null,"agent_id":null})");
}

TEST_P(WebhooksTest, WhereAgentsAreIsTold) {
  subscribe_to_everything();
  online(1);
  const json::object came = only_told("agent.presence_changed");
  EXPECT_EQ(came.at("agent_id").as_string(), "1");
  EXPECT_EQ(came.at("from").as_string(), "offline");
  EXPECT_EQ(came.at("to").as_string(), "online");
  online(1);
  EXPECT_THAT(told(), IsEmpty()) << "said again, it is no change";
  clock_.advance(61 * second_ms);
  must(sql::run(desk_->presence_step()));
  EXPECT_EQ(only_told("agent.presence_changed").at("to").as_string(), "offline");
}

TEST_P(WebhooksTest, WhatIsSaidAndSetInAConversationIsTold) {
  const ConversationId id = with_agent();
  subscribe_to_everything();
  ToSend note;
  note.note = true;
  note.text = "电话 13812345678";
  must(sql::run(service().send(access_of(1), id, {note})));
  const json::object noted = only_told("message.noted");
  EXPECT_EQ(noted.at("message").at("direction").as_string(), "note");
  EXPECT_THAT(json::serialize(noted), Not(HasSubstr("13812345678")));
  wrapup::Patch patch;
  patch.tags = std::vector<std::string>{"退款"};
  must(sql::run(service().wrap_up(access_of(1), id, patch, std::nullopt)));
  EXPECT_EQ(only_told("conversation.changed").at("event").at("kind").as_string(), "tags_set");
}

TEST_P(WebhooksTest, WhatTimersRemindOfIsTold) {
  const ConversationId id = with_agent();
  subscribe_to_everything();
  must(sends(1, id, "请问订单号是多少？"));
  bodies();
  pass(30 * minute_ms);
  EXPECT_THAT(told(), ElementsAre("conversation.reminded silence_warned"));
}

TEST_P(WebhooksTest, WhichRulesFiredIsTold) {
  automation::Service rules({db(), *version_, clock_, ids_, *rule_sets_, desk_->automation_port()});
  const json::object action{{"kind", "add_tag"}, {"tag", "新客"}};
  const json::object rule{
      {"name", "新客"}, {"when", {{"event", "opened"}}}, {"condition", nullptr}, {"actions", json::array{action}}};
  must(sql::run(rules.add(admin(), rule, {})));
  subscribe_to_everything();
  says("o1", "在吗");
  std::vector<json::object> fired;
  for (json::object& body : bodies())
    if (body.at("kind").as_string() == "automation.fired") fired.push_back(body.at("data").as_object());
  ASSERT_EQ(fired.size(), 1U);
  EXPECT_EQ(fired[0].at("rule_name").as_string(), "新客");
  EXPECT_EQ(fired[0].at("event").as_string(), "opened");
  EXPECT_EQ(fired[0].at("conversation_id").as_string(), only().id.str());
}

TEST_P(WebhooksTest, TheBlacklistAndLinksAreTold) {
  says("o1", "在吗");
  says("o2", "在吗");
  subscribe_to_everything();
  bodies();
  const auto profile = [&](const std::string& openid) {
    return must(sql::run(service().customer(admin(), OpenId(openid)))).thread.profile.value();
  };
  const people::Reach everywhere(std::nullopt, std::nullopt, std::nullopt);
  must(sql::run(people_->block(admin(), everywhere, profile("o1"), "电话 13812345678", 0)));
  const json::object blocked = only_told("customer.blocked");
  EXPECT_EQ(blocked.at("openid").as_string(), "o1");
  EXPECT_TRUE(blocked.at("ends_at").is_null());
  EXPECT_FALSE(blocked.contains("reason"));
  must(sql::run(people_->unblock(admin(), profile("o1"))));
  EXPECT_EQ(only_told("customer.unblocked").at("openid").as_string(), "o1");
  const auto link = must(sql::run(people_->link(admin(), everywhere, profile("o1"), profile("o2")))).link;
  auto linked = bodies();
  ASSERT_EQ(linked.size(), 2U) << "one for each end";
  for (const json::object& body : linked) {
    EXPECT_EQ(body.at("kind").as_string(), "customer.linked");
    EXPECT_EQ(body.at("data").at("link_id").as_string(), link.id.str());
  }
  must(sql::run(people_->undo_link(admin(), everywhere, profile("o1"), link.id)));
  EXPECT_THAT(told(), ElementsAre("customer.unlinked", "customer.unlinked"));
}

TEST_P(WebhooksTest, WhoWaitedInAGroupThatIsDeletedIsToldOf) {
  says("o1", "在吗");
  const routing::GroupId refunds(5);
  execute("UPDATE desk_conversations SET group_id = 5");
  subscribe_to_everything();
  bodies();
  const auto before = query("SELECT id FROM live_pending WHERE topic = 'conversation'").size();
  must(db().write_blocking([&](sql::Transaction& tx) {
    return desk_->queue_mover().move_queue(tx, AppId("wxapp"), refunds, teams::default_group, clock_.now());
  }));
  const json::object data = only_told("conversation.routed");
  EXPECT_EQ(data.at("conversation").at("group_id").as_string(), teams::default_group.str());
  EXPECT_EQ(query("SELECT id FROM live_pending WHERE topic = 'conversation'").size(), before + 1) << "lists follow";
}

TEST_P(WebhooksTest, LinksThatMakeThemselvesAreToldToo) {
  says("o1", "在吗");
  says("o2", "在吗");
  subscribe_to_everything();
  bodies();
  const auto profile = [&](const char* openid) {
    return must(sql::run(service().customer(admin(), OpenId(openid)))).thread.profile;
  };
  const people::ProfileId profile_of_o2 = profile("o2");
  for (const people::ProfileId one : {profile("o1"), profile_of_o2})
    must(db().write_blocking([&](sql::Transaction& tx) {
      return directory_.learn(tx, one, people::IdentityKind::unionid, "u-1", people::Source::api, clock_.now());
    }));
  EXPECT_THAT(told(), ElementsAre("customer.linked", "customer.linked"));
  must(db().write_blocking([&](sql::Transaction& tx) -> Result<void> {
    people::Links links(tx, ids_, news_, clock_.now());
    links.drop_unionid(directory_.profile(tx, profile_of_o2).value());
    return {};
  }));
  EXPECT_THAT(told(), ElementsAre("customer.unlinked", "customer.unlinked"));
}

TEST_P(WebhooksTest, WhatIsRolledBackIsNotTold) {
  const gateway::JournalEntry pushed = entry("o1", {{"MsgType", "text"}, {"Content", "在吗"}});
  auto apply = [&](sql::Transaction& tx) -> Result<void> {
    if (auto done = desk_->consumer().apply(tx, pushed, clock_.now()); !done) return done;
    return fail(errors::conversation_changed());
  };
  EXPECT_EQ(code_of(db().write_blocking(apply)), "desk.conversation_changed");
  EXPECT_THAT(told(), IsEmpty());
  const ConversationId id = with_agent();
  EXPECT_EQ(code_of(sql::run(service().close(access_of(1), id, "", "resolved", conversation_of("o1").version - 1))),
            "desk.conversation_changed");
  EXPECT_THAT(told(), IsEmpty());
}

TEST_P(WebhooksTest, WhoIsDeletedIsDeletedHereToo) {
  with_agent(1, "o1");
  with_agent(1, "o2");
  says("o1", "我是林小满");
  says("o2", "我是别人");
  auto forget = [&](sql::Transaction& tx) { return erasure_.forget(tx, AppId("wxapp"), OpenId("o1"), clock_.now()); };
  must(db().write_blocking(forget));
  const auto kept = query("SELECT body FROM webhooks_events WHERE body <> ''");
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_THAT(kept[0].text(0), HasSubstr("我是别人"));
}

TEST_P(WebhooksTest, WhatIsOldIsFoundAndEmptiedForTheRecords) {
  const Sealing sealing(vault_);
  RecordsArchive archive(*setups_, surveys_, sealing, *events_, ids_);
  says("o1", "在吗");
  const TimeMs before = clock_.now();
  says("o2", "你好");
  const auto found = [&] {
    auto look = [&](sql::Transaction& tx) -> Result<std::vector<records::Aged>> {
      return archive.told_before(tx, AppId("wxapp"), {}, before, 10);
    };
    return must(db().write_blocking(look));
  };
  const auto due = found();
  ASSERT_EQ(due.size(), 2U);
  auto take_away = [&](sql::Transaction& tx) -> Result<void> {
    for (const records::Aged& one : due) archive.empty_told(tx, one.id);
    return {};
  };
  EXPECT_EQ(due[0].openid + due[1].openid, "o1o1");
  must(db().write_blocking(take_away));
  EXPECT_EQ(found().size(), 0U);
  const auto kept = query("SELECT openid FROM webhooks_events WHERE body <> ''");
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].text(0) + kept[1].text(0), "o2o2");
}

TEST_P(WebhooksTest, WhereNobodyWantsItNothingIsWritten) {
  execute("UPDATE webhooks_subscriptions SET enabled = 0");
  must(subscribers_->prepare_blocking());
  const ConversationId id = with_agent();
  deliver(must(sends(1, id, "您好")).id, DeliveryState::sent, 1);
  must(sql::run(service().close(access_of(1), id, "", "resolved", std::nullopt)));
  EXPECT_THAT(told(), IsEmpty());
}

MINIOPS_ON_BOTH_ENGINES(WebhooksTest);

}  // namespace
}  // namespace miniops::desk
