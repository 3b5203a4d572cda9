// The desk as records see it: what is found by whom, and what is left of what was deleted.
#include "desk/records_archive.hpp"
#include "desk/tests/desk_fixture.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class KnownScores final : public Scores {
 public:
  bool visible(sql::Transaction&, const Access&) override { return true; }
  std::map<ConversationId, int> of(sql::Transaction&, const std::vector<ConversationId>& ids) override {
    std::map<ConversationId, int> out;
    for (const ConversationId id : ids)
      if (const auto found = known.find(id); found != known.end()) out.insert(*found);
    return out;
  }
  std::map<ConversationId, int> known;
};

class RecordsTest : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    archive_.emplace(*setups_, scores_);
  }
  template <class F>
  auto within(F act) {
    auto write = [&](sql::Transaction& tx) -> Result<std::invoke_result_t<F&, sql::Transaction&>> { return act(tx); };
    return must(db().write_blocking(write));
  }
  records::PageOf<records::Hit> page(const records::Question& question, const records::Reader& reader = everybody(),
                                     const records::Before& before = {}, int limit = 50) {
    return within(
        [&](sql::Transaction& tx) { return archive_->find(tx, AppId("wxapp"), reader, question, before, limit); });
  }
  static records::Reader everybody() { return {.everything = true, .personal_data = true, .scores = true}; }
  // Who the customers are, newest first.
  std::vector<std::string> found(const records::Question& question, const records::Reader& reader = everybody()) {
    std::vector<std::string> out;
    for (const records::Hit& hit : page(question, reader).items) out.push_back(hit.conversation.openid);
    return out;
  }
  void put(ConversationId id, std::int64_t agent, std::int64_t group) {
    execute("UPDATE desk_conversations SET assignee_id = $2, group_id = $3 WHERE id = $1", {id, agent, group});
  }
  void close_all() {
    for (const Conversation& one : conversations())
      if (one.state != State::closed) must(sql::run(service().close(admin(), one.id, "", std::nullopt)));
  }
  std::int64_t rows(const std::string& what) { return query("SELECT COUNT(*) FROM " + what)[0].integer(0); }
  std::vector<MessageId> searched(const std::string& words) {
    return within(
        [&](sql::Transaction& tx) { return store::search_messages(tx, AppId("wxapp"), words, true, {}, 50); });
  }

  KnownScores scores_;
  std::optional<RecordsArchive> archive_;
};

TEST_P(RecordsTest, IsFoundByWhatIsAskedFor) {
  says("o1", "我的订单打不开");
  const TimeMs between = clock_.now();
  clock_.advance(hour_ms);
  says("o2", "查询订单");
  says("o3", "你好");
  index_all();
  put(conversation_of("o1").id, 1, 1);
  put(conversation_of("o2").id, 2, 5);
  scores_.known[conversation_of("o3").id] = 2;
  must(sql::run(service().change_customer(access_of(1), OpenId("o2"),
                                          {.nickname = "陈小明", .tags = std::vector<std::string>{"VIP", "老客户"}})));
  const records::AccountId agent(2);
  const std::vector<std::pair<records::Question, std::vector<std::string>>> cases{
      {{}, {"o3", "o2", "o1"}},
      {{.text = "订单"}, {"o2", "o1"}},
      {{.text = "打不开"}, {"o1"}},
      {{.text = "退款"}, {}},
      {{.from = between}, {"o3", "o2"}},
      {{.to = between}, {"o1"}},
      {{.text = "订单", .from = between}, {"o2"}},
      {{.text = "订单", .to = between}, {"o1"}},
      {{.agent = agent}, {"o2"}},
      {{.text = "订单", .agent = agent}, {"o2"}},
      {{.text = "你好", .agent = agent}, {}},
      {{.group = records::GroupId(5)}, {"o2"}},
      {{.customer = "o1"}, {"o1"}},
      {{.customer = "小明"}, {"o2"}},
      {{.customer = "nobody"}, {}},
      {{.text = "订单", .customer = "小明"}, {"o2"}},
      {{.tag = "VIP"}, {"o2"}},
      {{.tag = "VI"}, {}},
      {{.score = 2}, {"o3"}},
      {{.score = 3}, {}},
      {{.text = "你好", .score = 2}, {"o3"}},
  };
  for (const auto& [question, customers] : cases)
    EXPECT_EQ(found(question), customers) << json::serialize(records::to_json(question));
}

TEST_P(RecordsTest, TheReaderIsPartOfTheQuestion) {
  for (const char* openid : {"o1", "o2", "o3"}) says(openid, "手机 13812345678 订单");
  index_all();
  put(conversation_of("o1").id, 1, 7);
  put(conversation_of("o2").id, 2, 5);
  put(conversation_of("o3").id, 2, 6);
  const records::AccountId agent(1);
  const auto hers = conversation_of("o3").id;
  for (const records::Question& question : {records::Question{}, records::Question{.text = "订单"}}) {
    EXPECT_THAT(found(question, {.own = agent}), ElementsAre("o1"));
    EXPECT_THAT(found(question, {.own = agent, .groups = {records::GroupId(5)}}), ElementsAre("o2", "o1"));
    EXPECT_THAT(found(question, {.groups = {records::GroupId(6)}}), ElementsAre("o3"));
    EXPECT_THAT(found(question, {}), IsEmpty());
  }
  const auto reads = [&](const records::Reader& reader) {
    return within([&](sql::Transaction& tx) {
      return archive_->conversation(tx, AppId("wxapp"), reader, records::ConversationId(hers.value())).has_value();
    });
  };
  EXPECT_FALSE(reads({.own = agent}));
  EXPECT_TRUE(reads({.groups = {records::GroupId(6)}}));
  EXPECT_THAT(found({.text = "13812345678"}, {.everything = true}), IsEmpty());
  EXPECT_EQ(found({.text = "13812345678"}).size(), 3U);
}

TEST_P(RecordsTest, PagesAreStableAndWhole) {
  for (int i = 0; i < 7; ++i) says("o" + std::to_string(i), "订单" + std::to_string(i % 2));
  index_all();
  for (const records::Question& question :
       {records::Question{}, records::Question{.text = "订单"}, records::Question{.text = "订单1"}}) {
    const std::vector<std::string> all = found(question);
    for (const int limit : {1, 2, 3, 7}) {
      std::vector<std::string> seen;
      records::Before before;
      do {
        const auto next = page(question, everybody(), before, limit);
        EXPECT_LE(next.items.size(), static_cast<std::size_t>(limit));
        for (const records::Hit& hit : next.items) seen.push_back(hit.conversation.openid);
        before = next.next;
      } while (before);
      EXPECT_EQ(seen, all) << limit;
    }
  }
}

TEST_P(RecordsTest, WhatWasSaidGoesAndThatItTookPlaceStays) {
  says("o1", "我的订单打不开，手机 13812345678");
  says("o2", "别人的订单");
  const ConversationId id = conversation_of("o1").id;
  online(1);
  must(sql::run(service().take(access_of(1), id, std::nullopt)));
  must(sends(1, id, "稍等，查一下订单"));
  execute("UPDATE gateway_outbox SET unfinished = 0, state = 'sent', claim_owner = ''");
  index_all();
  close_all();
  ASSERT_EQ(searched("订单").size(), 3U);
  const auto events = rows("desk_events");
  const auto before = clock_.now() + 1;
  const auto closed =
      within([&](sql::Transaction& tx) { return archive_->closed_before(tx, AppId("wxapp"), {}, before, 10); });
  ASSERT_EQ(closed.size(), 2U);
  int pieces = 0;
  for (bool more = true; more; ++pieces) {
    more = within([&](sql::Transaction& tx) {
      return archive_->remove_messages(tx, records::ConversationId(id.value()), 1).more;
    });
    ASSERT_LT(pieces, 20);
  }
  EXPECT_EQ(searched("订单").size(), 1U);
  EXPECT_THAT(searched("13812345678"), IsEmpty());
  EXPECT_THAT(messages(id), IsEmpty());
  EXPECT_EQ(rows("gateway_outbox"), 0);
  EXPECT_EQ(rows("gateway_attempts"), 0);
  const Conversation left = conversation_of("o1");
  EXPECT_EQ(left.last_message, "");
  EXPECT_EQ(left.openid, OpenId("o1"));
  EXPECT_EQ(rows("desk_events"), events) << "metrics come from events";
  EXPECT_EQ(messages(conversation_of("o2").id).size(), 1U);
}

TEST_P(RecordsTest, MediaGoAndTheirFilesAreLeftToTheGateway) {
  for (int i = 0; i < 3; ++i)
    push(entry("o1", {{"MsgType", "image"}, {"PicUrl", ""}, {"MediaId", "media-" + std::to_string(i)}}));
  says("o1", "你好");
  execute("UPDATE gateway_media SET state = 'stored', blob = 'b-' || media_id");
  const records::ConversationId id(only().id.value());
  const auto first = within([&](sql::Transaction& tx) { return archive_->remove_media(tx, id, 0, 2); });
  EXPECT_EQ(first.files, 2);
  ASSERT_NE(first.last_seq, 0);
  const auto rest = within([&](sql::Transaction& tx) { return archive_->remove_media(tx, id, first.last_seq, 2); });
  EXPECT_EQ(rest.files, 1);
  EXPECT_EQ(rest.last_seq, 0);
  EXPECT_EQ(rows("gateway_media"), 0);
  EXPECT_EQ(rows("gateway_orphans"), 3);
  EXPECT_EQ(messages(only().id).size(), 4U);
}

class KeeperTest : public RecordsTest {
 protected:
  const records::Person person_{AppId("wxapp"), OpenId("o1")};

  std::map<std::string, std::int64_t> erase_all(ConversationKeeper& keeper) {
    std::map<std::string, std::int64_t> counts;
    std::string place;
    for (int pieces = 0; pieces < 50; ++pieces) {
      auto write = [&](sql::Transaction& tx) { return keeper.erase(tx, person_, place, clock_.now()); };
      const auto piece = must(db().write_blocking(write));
      for (const auto& [what, count] : piece.counts) counts[what] += count;
      if (piece.progress == records::Keeper::ErasePiece::Progress::done) return counts;
      place = piece.place;
    }
    throw std::runtime_error("it does not end");
  }
};

TEST_P(KeeperTest, APersonIsExportedWhole) {
  says("o1", "第一条");
  close_all();
  clock_.advance(day_ms);
  says("o1", "手机 13812345678");
  says("o2", "别人");
  const auto piece = must(sql::run(desk_->conversation_keeper().exported(person_, "")));
  EXPECT_THAT(piece.lines, testing::HasSubstr("第一条"));
  EXPECT_THAT(piece.lines, testing::HasSubstr("13812345678"));
  EXPECT_THAT(piece.lines, testing::Not(testing::HasSubstr("别人")));
  EXPECT_EQ(piece.rows, 3) << "the thread and two messages";
  EXPECT_FALSE(piece.next);
}

TEST_P(KeeperTest, APersonIsDeletedAndTheFiguresStay) {
  enters("o1", "pages/a");
  says("o1", "我的订单");
  close_all();
  clock_.advance(day_ms);
  says("o1", "又来了，订单");
  says("o2", "别人的订单");
  must(sql::run(service().change_customer(access_of(1), OpenId("o1"), {.nickname = "陈小明"})));
  index_all();
  const auto conversations_before = rows("desk_conversations");
  const auto counts = erase_all(desk_->conversation_keeper());
  EXPECT_EQ(counts.at("messages"), 3);
  EXPECT_EQ(counts.at("conversations"), 2);
  EXPECT_EQ(counts.at("threads"), 1);
  EXPECT_EQ(rows("desk_threads WHERE openid = 'o1'") + rows("desk_conversations WHERE openid = 'o1'"), 0);
  EXPECT_EQ(
      rows("desk_events e JOIN desk_conversations c ON c.id = e.conversation_id WHERE c.openid = '' AND (e.note <> "
           "'' OR e.actor_id = 'o1')"),
      0);
  EXPECT_EQ(searched("订单").size(), 1U);
  EXPECT_THAT(conversations({}, "小明"), IsEmpty());
  EXPECT_EQ(rows("desk_conversations"), conversations_before);
  EXPECT_EQ(rows("desk_conversations WHERE state <> 'closed'"), 1) << "nobody waits for who is not there";
  EXPECT_EQ(rows("desk_timers t JOIN desk_conversations c ON c.id = t.conversation_id WHERE c.openid = ''"), 0);
  EXPECT_THAT(erase_all(desk_->conversation_keeper()), IsEmpty()) << "a second time finds nothing";
  says("o1", "我是新来的");
  EXPECT_EQ(conversation_of("o1").number, 1);
}

TEST_P(KeeperTest, AMessageOnItsWayIsWaitedFor) {
  says("o1", "你好");
  online(1);
  must(sql::run(service().take(access_of(1), only().id, std::nullopt)));
  must(sends(1, only().id, "您好"));
  execute("UPDATE gateway_outbox SET claim_owner = 'sender'");
  auto write = [&](sql::Transaction& tx) {
    return desk_->conversation_keeper().erase(tx, person_, "begun", clock_.now());
  };
  EXPECT_EQ(must(db().write_blocking(write)).progress, records::Keeper::ErasePiece::Progress::waiting);
  EXPECT_EQ(rows("gateway_outbox"), 1);
  execute("UPDATE gateway_outbox SET claim_owner = ''");
  erase_all(desk_->conversation_keeper());
  EXPECT_EQ(rows("gateway_outbox"), 0);
}

MINIOPS_ON_BOTH_ENGINES(RecordsTest);
MINIOPS_ON_BOTH_ENGINES(KeeperTest);

}  // namespace
}  // namespace miniops::desk
