// The desk as records see it: what is found by whom, and what is left of what was deleted.
#include "desk/records_archive.hpp"
#include "desk/tests/desk_fixture.hpp"
#include "wrapup/service.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RecordsTest : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    archive_.emplace(*setups_, surveys_, sealing_, *events_, ids_);
    setup_.emplace(wrapup::Service::Collaborators{db(), clock_, ids_});
    after_sales_ = reason("售后");
    refund_ = reason("退款", after_sales_);
    wrapup::Field phone;
    phone.key = "phone";
    phone.name = "回电";
    must(sql::run(setup_->add_field(admin(), phone)));
  }
  wrapup::ReasonId reason(const std::string& name, wrapup::ReasonId parent = {}) {
    return must(sql::run(setup_->add_reason(admin(), {.parent = parent, .name = name}))).back().id;
  }
  void wrap_up(const std::string& openid, std::vector<std::string> tags, json::object fields = {}) {
    const wrapup::Patch patch{.reason = refund_, .tags = std::move(tags), .fields = std::move(fields)};
    must(sql::run(service().wrap_up(access_of(1), conversation_of(openid).id, patch, std::nullopt)));
  }
  // Reason and tags, by which figures count, of one whose fields are gone.
  void expect_only_fields_gone(ConversationId id) {
    const auto row = query("SELECT reason, tags, fields FROM desk_conversations WHERE id = $1", {id}).at(0);
    EXPECT_EQ(row.id<wrapup::ReasonId>(0), refund_);
    EXPECT_EQ(row.text(1), R"(["催办"])");
    EXPECT_EQ(row.text(2), "{}");
    EXPECT_EQ(rows(fmt::format("desk_conversation_tags WHERE conversation_id = {}", id.value())), 1);
    EXPECT_EQ(rows("desk_events WHERE kind = 'field_set' AND note <> ''"), 0) << "which say it, too";
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
      if (one.state != State::closed) must(sql::run(service().close(admin(), one.id, "", "", std::nullopt)));
  }
  std::vector<MessageId> searched(const std::string& words) {
    const store::Sought sought{words, true, sealing_.search_key(words)};
    return within([&](sql::Transaction& tx) { return store::search_messages(tx, AppId("wxapp"), sought, {}, 50); });
  }

  void rate(ConversationId id, int score) {
    execute(
        "INSERT INTO satisfaction_surveys (id, appid, conversation, thread, profile, agent, group_id, day, closed_at, "
        "state, not_asked, form, words, asked_at, score, token_hash) VALUES ($1, 'wxapp', $2, 0, 0, 0, 1, 20260101, 0, "
        "'answered', '', 'reply', '[]', 1, $3, '')",
        {ids_.next(), id, score});
  }

  const Sealing sealing_{vault_};
  std::optional<RecordsArchive> archive_;
  std::optional<wrapup::Service> setup_;
  wrapup::ReasonId after_sales_, refund_;
};

TEST_P(RecordsTest, IsFoundByWhatIsAskedFor) {
  says("o1", "我的订单打不开");
  const TimeMs between = clock_.now();
  clock_.advance(hour_ms);
  says("o2", "查询订单");
  says("o3", "你好");
  index_all();
  wrap_up("o1", {"催办", "投诉"});
  wrap_up("o3", {"催办"});
  put(conversation_of("o1").id, 1, 1);
  put(conversation_of("o2").id, 2, 5);
  rate(conversation_of("o3").id, 2);
  execute("UPDATE desk_conversations SET source = 'pages/pay' WHERE openid = 'o2'");
  must(sql::run(service().change_customer(admin(), OpenId("o2"),
                                          {.nickname = "陈小明", .tags = std::vector<std::string>{"VIP", "老客户"}})));
  const records::AccountId agent(2);
  const records::ReasonId refund(refund_.value()), after_sales(after_sales_.value());
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
      {{.reason = refund}, {"o3", "o1"}},
      {{.reason = after_sales}, {"o3", "o1"}},
      {{.reason = records::ReasonId(12345)}, {}},
      {{.text = "订单", .reason = after_sales}, {"o1"}},
      {{.tag = "催办"}, {"o3", "o1"}},
      {{.tag = "投诉"}, {"o1"}},
      {{.tag = "VIP"}, {}},
      {{.text = "订单", .tag = "催办"}, {"o1"}},
      {{.reason = refund, .tag = "投诉", .score = 2}, {}},
      {{.customer_tag = "VIP"}, {"o2"}},
      {{.customer_tag = "VI"}, {}},
      {{.customer_tag = "催办"}, {}},
      {{.text = "订单", .customer_tag = "VIP"}, {"o2"}},
      {{.source = "pages/pay"}, {"o2"}},
      {{.source = "pages"}, {}},
      {{.score = 2}, {"o3"}},
      {{.score = 3}, {}},
      {{.text = "你好", .score = 2}, {"o3"}},
  };
  for (const auto& [question, customers] : cases)
    EXPECT_EQ(found(question), customers) << json::serialize(records::to_json(question));
  const auto hit = page({.tag = "投诉"}).items.at(0).conversation;
  EXPECT_EQ(hit.reason, refund);
  EXPECT_EQ(hit.reason_name, "售后 / 退款");
  EXPECT_THAT(hit.tags, ElementsAre("催办", "投诉"));
  EXPECT_THAT(page({.agent = agent}).items.at(0).conversation.customer_tags,
              testing::UnorderedElementsAre("VIP", "老客户"));
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
  EXPECT_FALSE(archive_->groups_read(admin())) << "all";
  EXPECT_THAT(archive_->groups_read(access_of(1)).value(), ElementsAre(records::GroupId(1))) << "the default group";
  EXPECT_EQ(found({.text = "13812345678"}).size(), 3U);
}

TEST_P(RecordsTest, WhatHappenedIsToldInOrder) {
  says("o1", "你好");
  says("o1", "在吗");
  close_all();
  const records::ConversationId id(conversation_of("o1").id.value());
  const auto told = [&](int limit) {
    return within([&](sql::Transaction& tx) { return archive_->events(tx, id, limit); });
  };
  const auto events = told(100);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].kind, "opened");
  EXPECT_EQ(events[0].to, "queued");
  EXPECT_EQ(events[1].kind, "closed");
  EXPECT_EQ(events[1].actor_kind, "agent");
  EXPECT_EQ(events[1].seq, 2) << "the last message before it";
  EXPECT_EQ(told(1).size(), 1U);
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
  wrap_up("o1", {"催办"}, {{"phone", "13812345678"}});
  index_all();
  close_all();
  ASSERT_EQ(searched("订单").size(), 3U);
  ASSERT_EQ(searched("13812345678").size(), 1U);
  const auto events = rows("desk_events");
  const auto said = rows("desk_messages");
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
  for (const Message& message : messages(id)) {
    EXPECT_EQ(message.msgtype, erased_type);
    EXPECT_EQ(message.body, "{}");
    EXPECT_NE(message.created_at, 0) << "figures are worked out from it";
  }
  EXPECT_EQ(rows("desk_messages WHERE msgtype = 'erased' AND sender_kind = 'agent' AND sender_id <> ''"), 1);
  EXPECT_EQ(rows("gateway_outbox"), 0);
  EXPECT_EQ(rows("gateway_attempts"), 0);
  const Conversation left = conversation_of("o1");
  EXPECT_EQ(left.last_message, "");
  EXPECT_EQ(left.openid, OpenId("o1"));
  expect_only_fields_gone(id);
  EXPECT_EQ(rows("desk_events"), events) << "metrics come from events";
  EXPECT_EQ(rows("desk_messages"), said);
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

TEST_P(RecordsTest, WhatWaitsInTheLobbyGoesForItsAge) {
  enters("o1", "pages/a");
  enters("o2", "pages/a");
  const people::Reach everywhere(std::nullopt, std::nullopt, std::nullopt);
  const auto profile = must(sql::run(service().customer(admin(), OpenId("o2")))).thread.profile;
  must(sql::run(people_->block(admin(), everywhere, profile.value(), "骚扰", 0)));
  push(entry("o2", {{"MsgType", "image"}, {"PicUrl", ""}, {"MediaId", "media-1"}}));
  says("o2", "我的订单，手机 13812345678");
  index_all();
  const TimeMs before = clock_.now();
  says("o2", "后来");
  const auto waiting = [&](records::Place after, int limit) {
    return within(
        [&](sql::Transaction& tx) { return archive_->waiting_before(tx, AppId("wxapp"), after, before, limit); });
  };
  const auto due = waiting({}, 10);
  ASSERT_EQ(due.size(), 4U);
  EXPECT_EQ(due[0].openid, "o1");
  EXPECT_EQ(due[3].openid, "o2");
  EXPECT_EQ(waiting(due[0].place(), 1).at(0).id, due[1].id);
  ASSERT_EQ(rows("gateway_media"), 1);
  for (const records::Aged& one : due)
    EXPECT_TRUE(within([&](sql::Transaction& tx) { return archive_->remove_waiting(tx, one.id); }));
  EXPECT_EQ(waiting({}, 10).size(), 0U);
  EXPECT_EQ(rows("desk_messages"), 1) << "the one that is young";
  EXPECT_EQ(rows("gateway_media") + rows("desk_media") + rows("desk_sealed_numbers"), 0);
  EXPECT_THAT(searched("订单"), IsEmpty());
  EXPECT_EQ(rows("desk_threads WHERE openid = 'o1' AND lobby = 0"), 1);
  EXPECT_EQ(rows("desk_threads WHERE openid = 'o2' AND lobby = 1"), 1);
  says("o1", "在吗");
  EXPECT_EQ(messages(conversation_of("o1").id).size(), 1U);
}

class KeeperTest : public RecordsTest {
 protected:
  const records::Person person_{AppId("wxapp"), OpenId("o1")};

  records::Keeper& keeper() { return desk_->conversation_keeper(); }
  std::map<std::string, std::int64_t> erase_all() {
    std::map<std::string, std::int64_t> counts;
    std::string place;
    for (int pieces = 0; pieces < 50; ++pieces) {
      auto write = [&](sql::Transaction& tx) { return keeper().erase(tx, person_, place, clock_.now()); };
      const auto piece = must(db().write_blocking(write));
      for (const auto& [what, count] : piece.counts) counts[what] += count;
      if (piece.progress == records::Keeper::ErasePiece::Progress::done) return counts;
      place = piece.place;
    }
    throw std::runtime_error("it does not end");
  }
  // The lines, by their kind.
  std::map<std::string, std::vector<json::object>> export_all() {
    std::map<std::string, std::vector<json::object>> out;
    std::string place;
    for (int pieces = 0; pieces < 20; ++pieces) {
      const auto piece = must(sql::run(keeper().exported(person_, place)));
      std::istringstream lines(piece.lines);
      std::int64_t count = 0;
      for (std::string line; std::getline(lines, line); ++count) {
        const json::value one = json::parse(line);
        out[std::string(one.at("kind").as_string())].push_back(one.at("record").as_object());
      }
      EXPECT_EQ(count, piece.rows);
      if (!piece.next) return out;
      place = *piece.next;
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
  wrap_up("o1", {"催办"}, {{"phone", "13812345678"}});
  const auto piece = must(sql::run(keeper().exported(person_, "")));
  EXPECT_THAT(piece.lines, testing::HasSubstr("第一条"));
  EXPECT_THAT(piece.lines, testing::HasSubstr("13812345678"));
  EXPECT_THAT(piece.lines, testing::Not(testing::HasSubstr("别人")));
  EXPECT_EQ(piece.rows, 5) << "the thread, two conversations and two messages";
  EXPECT_FALSE(piece.next);
  const json::object latest = export_all().at("conversation").at(0);
  EXPECT_EQ(latest.at("reason").at("name").as_string(), "售后 / 退款");
  EXPECT_EQ(json::serialize(latest.at("tags")), R"(["催办"])");
  EXPECT_EQ(json::serialize(latest.at("fields")), R"({"phone":"13812345678"})");
}

TEST_P(KeeperTest, APersonIsExportedInPiecesWithoutGaps) {
  constexpr std::size_t conversations_said = 51, said_in_each = 2;
  for (std::size_t i = 0; i < conversations_said; ++i) {
    for (std::size_t m = 0; m < said_in_each; ++m) says("o1", fmt::format("{}-{}", i, m));
    close_all();
    clock_.advance(day_ms);
  }
  std::map<std::string, std::set<std::string>> ids;
  for (const auto& [kind, lines] : export_all())
    for (const json::object& line : lines)
      if (kind != "thread") EXPECT_TRUE(ids[kind].emplace(line.at("id").as_string()).second) << "twice";
  EXPECT_EQ(ids["conversation"].size(), conversations_said);
  EXPECT_EQ(ids["message"].size(), conversations_said * said_in_each);
}

TEST_P(KeeperTest, WhispersAreNoRecordsAndGoWithThePerson) {
  says("o1", "我的订单");
  says("o2", "我的订单");
  const ConversationId id = conversation_of("o1").id;
  must(sql::run(service().take(access_of(1), id, std::nullopt)));
  must(sql::run(service().whisper(admin(), id, "先看订单", std::nullopt)));
  execute(
      "INSERT INTO desk_mentions (id, appid, conversation_id, message_id, kind, account_id, account_name, from_id, "
      "from_name, created_at) VALUES (1, 'wxapp', $1, 1, 'mention', 2, '小李', 1, '小张', 1)",
      {id});
  index_all();
  const auto said =
      within([&](sql::Transaction& tx) { return archive_->messages(tx, records::ConversationId(id.value()), 0, 50); });
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said.at(0).text, "我的订单");
  close_all();
  erase_all();
  EXPECT_EQ(rows("desk_mentions"), 0);
  EXPECT_EQ(rows("desk_messages WHERE body LIKE '%先看%'"), 0);
  EXPECT_EQ(searched("订单").size(), 1U) << "what was never in the search is not taken out of it";
}

TEST_P(KeeperTest, APersonIsDeletedAndTheFiguresStay) {
  enters("o1", "pages/a");
  says("o1", "我的订单");
  wrap_up("o1", {"催办"}, {{"phone", "13812345678"}});
  const ConversationId first = conversation_of("o1").id;
  close_all();
  clock_.advance(day_ms);
  says("o1", "又来了，订单");
  says("o2", "别人的订单");
  must(sql::run(service().change_customer(access_of(1), OpenId("o1"), {.nickname = "陈小明"})));
  index_all();
  const auto conversations_before = rows("desk_conversations");
  const auto counts = erase_all();
  EXPECT_EQ(counts.at("messages"), 3);
  EXPECT_EQ(counts.at("conversations"), 2);
  EXPECT_EQ(counts.at("threads"), 1);
  EXPECT_EQ(rows("desk_threads WHERE openid = 'o1'") + rows("desk_conversations WHERE openid = 'o1'"), 0);
  EXPECT_EQ(
      rows("desk_events e JOIN desk_conversations c ON c.id = e.conversation_id WHERE c.openid = '' AND (e.note <> "
           "'' OR e.actor_id = 'o1')"),
      0);
  expect_only_fields_gone(first);
  EXPECT_THAT(found({.tag = "催办"}), IsEmpty()) << "nobody's is found";
  EXPECT_EQ(searched("订单").size(), 1U);
  EXPECT_THAT(conversations({}, "小明"), IsEmpty());
  EXPECT_EQ(rows("desk_conversations"), conversations_before);
  EXPECT_EQ(rows("desk_messages WHERE msgtype <> 'erased'"), 1) << "what others said";
  EXPECT_EQ(rows("desk_messages WHERE sender_id = 'o1'"), 0);
  EXPECT_EQ(rows("desk_conversations WHERE state <> 'closed'"), 1) << "nobody waits for who is not there";
  EXPECT_EQ(rows("desk_timers t JOIN desk_conversations c ON c.id = t.conversation_id WHERE c.openid = ''"), 0);
  EXPECT_THAT(erase_all(), IsEmpty()) << "a second time finds nothing";
  says("o1", "我是新来的");
  EXPECT_EQ(conversation_of("o1").number, 1);
}

TEST_P(KeeperTest, OfASourceThePageAloneStays) {
  for (const char* session_from :
       {"page=pages%2Forder%3Fuid%3Du77", "page=张三 的页", "pages/a", "商品详情页", "page=b"}) {
    enters("o1", session_from);
    says("o1", "订单");
    close_all();
    clock_.advance(day_ms);
  }
  enters("o2", "page=pages%2Forder%3Fuid%3Du78");
  says("o2", "订单");
  execute(R"(UPDATE desk_conversations SET source = '{"nickName":"张三"}' WHERE source = 'b')");  // as of before
  execute("DELETE FROM reports_pending");
  erase_all();
  std::vector<std::string> left;
  for (const sql::Row& row : query("SELECT source FROM desk_conversations WHERE openid = '' ORDER BY number"))
    left.push_back(row.text(0));
  EXPECT_THAT(left, ElementsAre("pages/order", "", "pages/a", "商品详情页", ""));
  EXPECT_EQ(conversation_of("o2").source, "pages/order?uid=u78") << "somebody else's";
  EXPECT_EQ(query("SELECT DISTINCT conversation_id FROM reports_pending").size(), 3U) << "whose figures are old";
}

TEST_P(KeeperTest, AMessageOnItsWayIsWaitedFor) {
  says("o1", "你好");
  online(1);
  must(sql::run(service().take(access_of(1), only().id, std::nullopt)));
  must(sends(1, only().id, "您好"));
  execute("UPDATE gateway_outbox SET claim_owner = 'sender'");
  auto write = [&](sql::Transaction& tx) { return keeper().erase(tx, person_, "begun", clock_.now()); };
  EXPECT_EQ(must(db().write_blocking(write)).progress, records::Keeper::ErasePiece::Progress::waiting);
  EXPECT_EQ(rows("gateway_outbox"), 1);
  execute("UPDATE gateway_outbox SET claim_owner = ''");
  erase_all();
  EXPECT_EQ(rows("gateway_outbox"), 0);
}

MINIOPS_ON_BOTH_ENGINES(RecordsTest);
MINIOPS_ON_BOTH_ENGINES(KeeperTest);

}  // namespace
}  // namespace miniops::desk
