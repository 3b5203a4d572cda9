#include "desk/tests/desk_fixture.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;

class ConsumerTest : public DeskTest {};

TEST_P(ConsumerTest, AMessageOpensAWaitingConversation) {
  says("o1", "订单打不开");
  const Conversation conversation = only();
  EXPECT_EQ(conversation.state, State::waiting);
  EXPECT_EQ(conversation.stage, Stage::queued);
  EXPECT_EQ(conversation.unread, 1);
  EXPECT_EQ(conversation.waiting_since, clock_.now() - 10);
  EXPECT_EQ(conversation.channel, "wechat_miniprogram");
  const auto stored = messages(conversation.id);
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(content(stored[0]), "订单打不开");
  EXPECT_EQ(stored[0].seq, 1);
  EXPECT_EQ(stored[0].state, "received");
  EXPECT_THAT(event_kinds(conversation.id), ElementsAre("opened"));
}

TEST_P(ConsumerTest, OrderIsTheOrderOfArrivalNotTheClockOfThePhone) {
  auto late = entry("o1", {{"MsgType", "text"}, {"Content", "first"}});
  auto early = entry("o1", {{"MsgType", "text"}, {"Content", "second"}});
  json::object fields = json::parse(early.raw_body).get_object();
  fields["CreateTime"] = 1;
  early.raw_body = json::serialize(fields);
  push(late);
  push(early);
  const auto stored = messages(only().id);
  ASSERT_EQ(stored.size(), 2U);
  EXPECT_EQ(content(stored[0]), "first");
  EXPECT_EQ(content(stored[1]), "second");
  EXPECT_EQ(stored[1].seq, 2);
  EXPECT_EQ(stored[1].create_time, 1000);
}

TEST_P(ConsumerTest, WithinHalfAnHourOfClosingTheSameConversationGoesOn) {
  says("o1", "在吗");
  const ConversationId first = only().id;
  must(sql::run(service().close(access_of(1), first, "done", "resolved", std::nullopt)));
  clock_.advance(29 * minute_ms);
  says("o1", "还有一个问题");
  const Conversation again = only();
  EXPECT_EQ(again.id, first);
  EXPECT_EQ(again.state, State::waiting);
  EXPECT_EQ(again.reopened, 1);
  EXPECT_EQ(again.closed_at, 0);
  EXPECT_THAT(event_kinds(first), ElementsAre("opened", "closed", "reopened"));
}

TEST_P(ConsumerTest, LaterANewConversationOfTheSameThreadOpens) {
  says("o1", "在吗");
  const Conversation first = only();
  must(sql::run(service().close(access_of(1), first.id, "", "resolved", std::nullopt)));
  clock_.advance(31 * minute_ms);
  says("o1", "又来了");
  const auto all = conversations();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].thread_id, first.thread_id);
  EXPECT_NE(all[0].id, first.id);
  EXPECT_EQ(all[0].number, 2);
  EXPECT_EQ(messages(all[0].id).size(), 1U);
  const auto whole = messages(all[0].id, true);
  ASSERT_EQ(whole.size(), 2U);
  EXPECT_EQ(whole[0].seq, 1);
  EXPECT_EQ(whole[1].seq, 2);
}

TEST_P(ConsumerTest, AnEntryAloneOpensNothingAndIsNotedInTheNextConversation) {
  enters("o1", "page=pages/item/item&id=9");
  EXPECT_TRUE(conversations().empty());
  says("o1", "这个多少钱");
  const Conversation conversation = only();
  EXPECT_EQ(conversation.source, "pages/item/item");
  EXPECT_EQ(conversation.unread, 1);
  const auto stored = messages(conversation.id);
  ASSERT_EQ(stored.size(), 2U);
  EXPECT_EQ(stored[0].direction, Direction::note);
  EXPECT_EQ(stored[0].sender_kind, SenderKind::system);
  EXPECT_EQ(stored[0].msgtype, "system");
  EXPECT_EQ(body_of(stored[0]).at("source").get_string(), "pages/item/item");
  EXPECT_EQ(content(stored[1]), "这个多少钱");
}

TEST_P(ConsumerTest, AnEntryDuringAConversationIsNotedInIt) {
  says("o1", "你好");
  enters("o1", "pages/cart/cart");
  const auto stored = messages(only().id);
  ASSERT_EQ(stored.size(), 2U);
  EXPECT_EQ(stored[1].msgtype, "system");
  EXPECT_EQ(only().unread, 1);
}

TEST_P(ConsumerTest, SomebodyWhoOnlyEntersDoesNotPileUpNotes) {
  for (int i = 0; i < 30; ++i) enters("o1", "pages/a");
  says("o1", "hi");
  EXPECT_EQ(messages(only().id).size(), 21U);
}

TEST_P(ConsumerTest, UnknownKindsAreKeptWhole) {
  push(entry("o1", {{"MsgType", "voice"}, {"MediaId", "M1"}, {"Format", "amr"}}));
  const auto stored = messages(only().id);
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored[0].msgtype, "voice");
  EXPECT_THAT(stored[0].raw, testing::HasSubstr("\"amr\""));
  EXPECT_EQ(execute("UPDATE gateway_media SET media_id = media_id WHERE media_id = $1", {"M1"}), 1);
}

TEST_P(ConsumerTest, PicturesAreWanted) {
  push(entry("o1", {{"MsgType", "image"}, {"MediaId", "PIC"}, {"PicUrl", "http://mmbiz.qpic.cn/x"}}));
  EXPECT_EQ(only().openid.str(), "o1");
  EXPECT_EQ(query("SELECT 1 FROM gateway_media WHERE media_id = $1", {"PIC"}).size(), 1U);
}

TEST_P(ConsumerTest, OtherEventsAreNotTheDesks) {
  push(entry("o1", {{"MsgType", "event"}, {"Event", "weapp_audit_success"}}));
  EXPECT_TRUE(conversations().empty());
  EXPECT_TRUE(query("SELECT 1 FROM desk_threads").empty());
}

TEST_P(ConsumerTest, EachMessageLeavesItsChangesForTheBrowsers) {
  says("o1", "你好");
  const auto rows = query("SELECT topic, data FROM live_pending ORDER BY id");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].text(0), "message");
  EXPECT_EQ(rows[1].text(0), "conversation");
  const auto shown = json::parse(rows[1].text(1)).get_object();
  EXPECT_EQ(shown.at("budget").at("remaining").as_int64(), 5);
  EXPECT_EQ(shown.at("last_message").at("summary").get_string(), "你好");
}

MINIOPS_ON_BOTH_ENGINES(ConsumerTest);

}  // namespace
}  // namespace miniops::desk
