// Rules, hours and words as customers and agents meet them.
#include "desk/tests/desk_fixture.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;

json::array replies(std::initializer_list<std::string> texts) {
  json::array all;
  for (const std::string& one : texts) all.push_back({{"msgtype", "text"}, {"text", {{"content", one}}}});
  return all;
}

class RepliesTest : public DeskTest {
 protected:
  std::vector<std::string> contents(ConversationId id) {
    std::vector<std::string> all;
    for (const Message& message : messages(id)) {
      if (message.msgtype == "text") all.push_back(content(message));
    }
    return all;
  }
  void add_word(const std::string& word, WordAction action) {
    must(sql::run(desk_->settings().add_word(admin(), {word, action})));
  }
};

TEST_P(RepliesTest, AKeywordIsAnsweredBySeveralMessagesWithTheirCause) {
  add_rule({{"name", "退款说明"}, {"kind", "keyword"}, {"patterns", {"退款"}}, {"replies", replies({"一", "二"})}});
  says("o1", "怎么退款");
  const auto all = messages(only().id);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(content(all[1]), "一");
  EXPECT_EQ(all[1].sender_kind, SenderKind::rule);
  EXPECT_EQ(all[1].cause, "退款说明");
  EXPECT_EQ(all[1].state, "queued");
  EXPECT_EQ(only().state, State::waiting) << "a rule's answer is no agent's";
  EXPECT_NE(only().waiting_since, 0);
}

TEST_P(RepliesTest, RulesLeaveTwoMessagesToTheAgent) {
  add_rule({{"name", "r"}, {"kind", "keyword"}, {"patterns", {"a"}}, {"replies", replies({"1", "2", "3", "4", "5"})}});
  says("o1", "a");
  EXPECT_THAT(contents(only().id), ElementsAre("a", "1", "2", "3"));
  EXPECT_THAT(event_kinds(only().id), ElementsAre("opened", "reply_refused", "reply_refused"));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(must(sends(1, only().id, "agent")).state, "queued");
  EXPECT_EQ(must(sends(1, only().id, "agent")).state, "held");
}

TEST_P(RepliesTest, AGreetingIsSentOnEntryAndShownLater) {
  add_rule({{"name", "问候"}, {"kind", "greeting"}, {"replies", replies({"您好，请问有什么可以帮您？"})}});
  enters("o1", "pages/a");
  EXPECT_TRUE(conversations().empty());
  EXPECT_EQ(query("SELECT 1 FROM gateway_outbox").size(), 1U);
  says("o1", "我想问");
  EXPECT_THAT(contents(only().id), ElementsAre("您好，请问有什么可以帮您？", "我想问"));
}

TEST_P(RepliesTest, ADefaultReplyPausesForTheSameCustomer) {
  add_rule({{"name", "d"}, {"kind", "default"}, {"pause_s", 600}, {"replies", replies({"稍等"})}});
  says("o1", "1");
  says("o1", "2");
  says("o2", "x");
  EXPECT_THAT(contents(conversation_of("o1").id), ElementsAre("1", "稍等", "2"));
  EXPECT_THAT(contents(conversation_of("o2").id), ElementsAre("x", "稍等"));
  clock_.advance(601 * second_ms);
  says("o1", "3");
  EXPECT_THAT(contents(conversation_of("o1").id), ElementsAre("1", "稍等", "2", "3", "稍等"));
}

TEST_P(RepliesTest, ADefaultReplyIsSilentWhileAnAgentHasTheCustomer) {
  add_rule({{"name", "d"}, {"kind", "default"}, {"replies", replies({"稍等"})}});
  says("o1", "1");
  must(sends(1, only().id, "来了"));
  says("o1", "2");
  EXPECT_THAT(contents(only().id), ElementsAre("1", "稍等", "来了", "2"));
}

TEST_P(RepliesTest, OutOfHours) {
  // The clock stands at 2025-11-21 13:00 in Shanghai, a Friday.
  must(sql::run(desk_->settings().set_hours(
      admin(), must(calendar::parse_calendar(
                   json::parse(R"({"time_zone":"Asia/Shanghai","days":{"fri":[{"from":"09:00","to":"12:00"}]}})"))))));
  add_rule({{"name", "o"}, {"kind", "out_of_hours"}, {"pause_s", 3600}, {"replies", replies({"已下班"})}});
  add_rule({{"name", "d"}, {"kind", "default"}, {"replies", replies({"稍等"})}});
  says("o1", "在吗");
  says("o1", "？");
  EXPECT_THAT(contents(only().id), ElementsAre("在吗", "已下班", "？"));
  EXPECT_FALSE(desk_->working_hours().open_at(AppId("wxapp"), clock_.now()));
  EXPECT_TRUE(desk_->working_hours().open_at(AppId("wxother"), clock_.now()));
}

TEST_P(RepliesTest, ASpecialDayGoesBeforeItsWeekday) {
  // A Friday on which nobody works, though Fridays are worked.
  must(sql::run(desk_->settings().set_hours(
      admin(), must(calendar::parse_calendar(
                   json::parse(R"({"time_zone":"Asia/Shanghai","days":{"fri":[{"from":"09:00","to":"18:00"}]},)"
                               R"("special":[{"date":"2025-11-21","name":"店庆","spans":[]}]})"))))));
  add_rule({{"name", "o"}, {"kind", "out_of_hours"}, {"replies", replies({"已下班"})}});
  says("o1", "在吗");
  EXPECT_THAT(contents(only().id), ElementsAre("在吗", "已下班"));
  EXPECT_FALSE(desk_->working_hours().open_at(AppId("wxapp"), clock_.now()));
}

TEST_P(RepliesTest, TheDryRunDecidesAsTheRealThing) {
  add_rule({{"name", "k"}, {"kind", "keyword"}, {"patterns", {"退款"}}, {"replies", replies({"一"})}});
  add_rule({{"name", "d"}, {"kind", "default"}, {"replies", replies({"稍等"})}});
  for (const std::string said : {"退款", "你好"}) {
    RuleFacts facts;
    facts.text = said;
    const auto tried = must(sql::run(desk_->settings().try_rules(admin(), facts, clock_.now(), "zh")));
    says("o-" + said, said);
    const auto sent = messages(conversation_of("o-" + said).id).back();
    EXPECT_EQ(tried.at("fired").at("name").get_string(), sent.cause);
    EXPECT_EQ(tried.at("considered").get_array().size(), 2U);
  }
}

TEST_P(RepliesTest, AChangedRuleActsAtOnceAndARemovedOneNoMore) {
  add_rule({{"name", "k"}, {"kind", "keyword"}, {"patterns", {"a"}}, {"replies", replies({"一"})}});
  const auto rules = must(sql::run(desk_->settings().rules(admin())));
  must(sql::run(desk_->settings().change_rule(admin(), rules[0].id, json::parse(R"({"patterns":["b"]})"))));
  says("o1", "a");
  says("o1", "b");
  must(sql::run(desk_->settings().remove_rule(admin(), rules[0].id)));
  says("o1", "b");
  EXPECT_THAT(contents(only().id), ElementsAre("a", "b", "一", "b"));
  EXPECT_EQ(query("SELECT 1 FROM audit_entries WHERE object = $1", {"rule:" + rules[0].id.str()}).size(), 3U);
}

TEST_P(RepliesTest, WordsOfCustomersAreFlaggedOrMaskedAndKept) {
  add_word("傻瓜", WordAction::mask);
  add_word("投诉", WordAction::flag);
  says("o1", "你个傻瓜我要投诉");
  const Message message = messages(only().id).at(0);
  EXPECT_EQ(content(message), "你个**我要投诉");
  EXPECT_THAT(message.original, testing::HasSubstr("傻瓜"));
  EXPECT_EQ(message.flagged, "傻瓜, 投诉");
  EXPECT_THAT(only().last_message, testing::Not(testing::HasSubstr("傻瓜")));
}

TEST_P(RepliesTest, WordsOfAgentsAreBlockedOrMaskedOrFlagged) {
  add_word("加微信", WordAction::block);
  add_word("傻瓜", WordAction::mask);
  add_word("退款", WordAction::flag);
  says("o1", "a");
  const auto blocked = sends(1, only().id, "请加微信聊");
  ASSERT_EQ(code_of(blocked), "desk.blocked_word");
  EXPECT_EQ(blocked.error().kind, ErrorKind::rejected);
  EXPECT_EQ(blocked.error().details.at("words").get_array().at(0).get_string(), "加微信");
  const Message sent = must(sends(1, only().id, "傻瓜退款"));
  EXPECT_EQ(content(sent), "**退款");
  EXPECT_EQ(sent.flagged, "傻瓜, 退款");
  const auto outgoing = query("SELECT * FROM gateway_outbox");
  ASSERT_EQ(outgoing.size(), 1U);
}

TEST_P(RepliesTest, WordListsAreImportedAndCleared) {
  auto& settings = desk_->settings();
  std::string list;
  for (int i = 0; i < 1203; ++i) list += "word" + std::to_string(i) + "\n";
  list += "word7\nbad,action,x\n";
  const auto done = must(sql::run(settings.import_words(admin(), list, WordAction::block)));
  EXPECT_EQ(done.added, 1203);
  EXPECT_EQ(done.duplicates, 1);
  ASSERT_EQ(done.rejected.size(), 1U);
  EXPECT_EQ(done.rejected[0].line, 1205);
  EXPECT_EQ(desk_->configs().of(AppId("wxapp"))->words->size(), 1203U);
  const auto some = must(sql::run(settings.words(admin(), WordId(), std::nullopt, "WORD120", 100)));
  EXPECT_EQ(some.size(), 4U);  // word120 and word1200 … word1202
  EXPECT_EQ(code_of(sql::run(settings.add_word(admin(), {"Word5", WordAction::flag}))), "desk.word_exists");
  must(sql::run(settings.remove_word(admin(), some[0].id)));
  EXPECT_EQ(desk_->configs().of(AppId("wxapp"))->words->size(), 1202U);
  must(sql::run(settings.remove_all_words(admin())));
  EXPECT_TRUE(desk_->configs().of(AppId("wxapp"))->words->empty());
}

TEST_P(RepliesTest, AnImportTakesWhatThereIsRoomForAndNamesTheOtherLines) {
  auto& settings = desk_->settings();
  const int there = store::words_max - 600;
  execute(
      "INSERT INTO desk_words (id, appid, word, folded, action, created_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
      "SELECT i + 1 FROM n WHERE i < " +
      std::to_string(there) + ") SELECT i, 'wxapp', 'w' || i, 'w' || i, 'flag', 1 FROM n");
  std::string list = "bad,action,x\n";
  for (int i = 0; i < 700; ++i) list += "new" + std::to_string(i) + "\n";  // lines 2 … 701
  list += "W5\nNEW3\n";
  const auto done = must(sql::run(settings.import_words(admin(), list, WordAction::block)));
  EXPECT_EQ(done.added, 600);
  EXPECT_EQ(done.duplicates, 2);
  ASSERT_EQ(done.rejected.size(), 101U);
  EXPECT_EQ(done.rejected[0].line, 1);
  EXPECT_EQ(done.rejected[1].line, 602);
  EXPECT_EQ(done.rejected[100].line, 701);
  const auto size = [&] { return desk_->configs().of(AppId("wxapp"))->words->size(); };
  EXPECT_EQ(size(), static_cast<std::size_t>(store::words_max)) << "what was added counts at once";
  EXPECT_EQ(query("SELECT 1 FROM audit_entries WHERE action = 'desk.word_list.import'").size(), 1U);

  const auto full = must(sql::run(settings.import_words(admin(), "more\nw7\n", WordAction::block)));
  EXPECT_EQ(full.added, 0);
  EXPECT_EQ(full.duplicates, 1);
  ASSERT_EQ(full.rejected.size(), 1U);
  EXPECT_EQ(full.rejected[0].line, 1);
  EXPECT_EQ(size(), static_cast<std::size_t>(store::words_max));
}

TEST_P(RepliesTest, AnotherNodesChangeIsSeenByItsVersion) {
  must(sql::run(desk_->config_step()));
  auto elsewhere = [](sql::Transaction& tx) -> Result<void> {
    Settings settings;
    settings.reopen_minutes = 5;
    store::put_settings(tx, AppId("wxapp"), settings);
    sql::raise_config_version(tx);
    return {};
  };
  must(db().write_blocking(elsewhere));
  sql::run(version_->refresh());
  EXPECT_TRUE(must(sql::run(desk_->config_step())));
  EXPECT_FALSE(must(sql::run(desk_->config_step())));
  EXPECT_EQ(desk_->configs().of(AppId("wxapp"))->settings.reopen_minutes, 5);
}

TEST_P(RepliesTest, OldFiringsAreForgotten) {
  add_rule({{"name", "d"}, {"kind", "default"}, {"pause_s", 600}, {"replies", replies({"稍等"})}});
  says("o1", "1");
  must(sql::run(desk_->clean_step()));
  EXPECT_EQ(query("SELECT 1 FROM desk_rule_firings").size(), 1U);
  clock_.advance(9 * day_ms);
  must(sql::run(desk_->clean_step()));
  EXPECT_EQ(query("SELECT 1 FROM desk_rule_firings").size(), 0U);
}

MINIOPS_ON_BOTH_ENGINES(RepliesTest);

}  // namespace
}  // namespace miniops::desk
