// One conversation's survey from closing to score, as the desk and the rating page drive it.
#include "satisfaction/tests/satisfaction_fixture.hpp"
#include "satisfaction/views.hpp"

namespace miniops::satisfaction {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

class SurveysTest : public SatisfactionTest {};

TEST_P(SurveysTest, FromClosingToScore) {
  set(switched_on());
  const auto asked = close(1);
  ASSERT_TRUE(asked);
  EXPECT_THAT(asked->text, HasSubstr("1–5"));
  EXPECT_FALSE(asked->card);
  EXPECT_EQ(stored(1).state, State::asked);
  EXPECT_EQ(stored(1).token_hash, "");
  clock_.advance(second_ms);
  accept(1);
  EXPECT_EQ(stored(1).state, State::delivered);
  EXPECT_EQ(stored(1).delivered_at, clock_.now());
  accept(1);
  refuse(1);  // a late report
  EXPECT_EQ(stored(1).state, State::delivered);

  const Heard heard = hear("５。");
  EXPECT_EQ(heard.reply, Reply::score);
  EXPECT_EQ(heard.conversation, ConversationId(1));
  EXPECT_FALSE(heard.anonymous);
  EXPECT_EQ(heard.score, 5);
  EXPECT_EQ(hear("1").reply, Reply::repeated);
  EXPECT_EQ(hear("态度很好").reply, Reply::comment);
  EXPECT_EQ(hear("还有").reply, Reply::not_ours);
  EXPECT_EQ(hear("什么时候发货").reply, Reply::new_conversation);
  const Survey survey = stored(1);
  EXPECT_EQ(survey.state, State::answered);
  EXPECT_EQ(survey.score, 5);
  EXPECT_EQ(survey.comment, "态度很好");
  EXPECT_EQ(survey.agent, AccountId(7));
  EXPECT_EQ(rows("satisfaction_follow_ups"), 0);
}

TEST_P(SurveysTest, AnAnswerProvesThatItWasDelivered) {
  set(switched_on());
  close(1);
  EXPECT_EQ(hear("4").reply, Reply::score);
  EXPECT_EQ(stored(1).delivered_at, stored(1).answered_at);
  accept(1);
  EXPECT_EQ(stored(1).state, State::answered);
}

TEST_P(SurveysTest, NobodyWhoWasNotAskedIsHeard) {
  EXPECT_EQ(hear("5").reply, Reply::not_ours);
  EXPECT_FALSE(close(1));  // switched off
  EXPECT_EQ(stored(1).not_asked, NotAsked::switched_off);
  EXPECT_EQ(hear("5").reply, Reply::not_ours);
  set(switched_on());
  close(2);
  EXPECT_EQ(hear("5", 200).reply, Reply::not_ours);  // somebody else
  clock_.advance(24 * hour_ms);
  EXPECT_EQ(hear("5").reply, Reply::not_ours);
  EXPECT_EQ(stored(2).state, State::asked);
}

TEST_P(SurveysTest, ACustomerIsAskedOnceADay) {
  set(switched_on());
  EXPECT_TRUE(close(1));
  clock_.advance(24 * hour_ms - 1);
  EXPECT_FALSE(close(2));
  EXPECT_EQ(stored(2).state, State::closed);
  EXPECT_EQ(stored(2).not_asked, NotAsked::asked_lately);
  ClosedConversation elsewhere = conversation(3);
  elsewhere.thread = ThreadId(101);  // the same customer in another channel
  EXPECT_FALSE(close(elsewhere));
  EXPECT_TRUE(close(4, 200));
  clock_.advance(1);
  EXPECT_TRUE(close(5));
}

TEST_P(SurveysTest, WithoutAProfileTheThreadIsTheCustomer) {
  set(switched_on());
  ClosedConversation first = conversation(1);
  first.profile = {};
  EXPECT_TRUE(close(first));
  ClosedConversation second = conversation(2);
  second.profile = {};
  EXPECT_FALSE(close(second));
  second.thread = ThreadId(101);
  second.conversation = ConversationId(3);
  EXPECT_TRUE(close(second));
}

TEST_P(SurveysTest, AConversationThatIsReopenedIsAskedAboutOnce) {
  set(switched_on());
  ClosedConversation facts = conversation(1);
  facts.human_answered = false;
  EXPECT_FALSE(close(facts));
  facts.human_answered = true;
  facts.remaining = 0;
  facts.agent = AccountId(8);
  EXPECT_FALSE(close(facts));
  EXPECT_EQ(stored(1).state, State::askable);
  EXPECT_EQ(stored(1).not_asked, NotAsked::budget);
  EXPECT_EQ(stored(1).agent, AccountId(8));
  facts.remaining = 1;
  EXPECT_TRUE(close(facts));
  hear("2");
  clock_.advance(2 * day_ms);
  facts.agent = AccountId(9);
  facts.window_ends_at = clock_.now() + hour_ms;
  EXPECT_FALSE(close(facts));
  EXPECT_EQ(stored(1).score, 2);
  EXPECT_EQ(stored(1).agent, AccountId(8));  // whose the score is
  EXPECT_EQ(rows("satisfaction_surveys"), 1);
}

TEST_P(SurveysTest, WhatCouldNotBeSentWasNotAsked) {
  const std::string token = token_of(1);
  refuse(1);
  EXPECT_EQ(stored(1).state, State::askable);
  EXPECT_EQ(stored(1).not_asked, NotAsked::refused);
  EXPECT_EQ(hear("5").reply, Reply::not_ours);
  EXPECT_EQ(check(token), "satisfaction.link_unknown");
  EXPECT_TRUE(close(2));  // and may be asked today
}

TEST_P(SurveysTest, ALowScoreOpensAFollowUp) {
  Settings settings = switched_on();
  set(settings);
  close(1);
  hear("3");
  EXPECT_EQ(follow_ups().size(), 0U);
  close(2, 200);
  hear("2", 200);
  ASSERT_EQ(follow_ups().size(), 1U);
  EXPECT_EQ(follow_ups()[0].follow_up.owner, AccountId(7));
  EXPECT_EQ(follow_ups()[0].follow_up.due_at, clock_.now() + 24 * hour_ms);
  EXPECT_EQ(follow_ups()[0].survey.conversation, ConversationId(2));

  settings.anonymous = true;
  settings.follow_up = {3, OwnerRule::account, AccountId(12), 2};
  set(settings);
  close(3, 300);
  EXPECT_TRUE(hear("3", 300).anonymous);
  EXPECT_EQ(follow_ups()[0].follow_up.owner, AccountId(12));
  EXPECT_EQ(follow_ups()[0].follow_up.due_at, clock_.now() + 2 * hour_ms);
  settings.follow_up = {0, OwnerRule::nobody};
  set(settings);
  close(4, 400);
  hear("1", 400);
  EXPECT_EQ(follow_ups().size(), 2U);
}

TEST_P(SurveysTest, TheWordsThatWereOfferedCount) {
  Settings settings = switched_on();
  settings.words = {{"赞", 5}};
  set(settings);
  close(1);
  settings.words = {{"赞", 1}};
  set(settings);
  EXPECT_EQ(hear("满意").reply, Reply::not_ours);
  EXPECT_EQ(hear("赞!").reply, Reply::score);
  EXPECT_EQ(stored(1).score, 5);
}

// ---- the link ----

TEST_P(SurveysTest, ALinkIsGoodForOneScore) {
  const std::string token = token_of(1);
  EXPECT_THAT(token, MatchesRegex("[A-Za-z0-9]+"));
  EXPECT_EQ(token.size(), 24U);
  EXPECT_EQ(rows("satisfaction_surveys WHERE token_hash LIKE '%" + token + "%'"), 0);
  EXPECT_EQ(check(token), "ok");
  EXPECT_EQ(check(token), "ok");  // looking uses nothing up
  for (const std::string& wrong : {std::string(), token + "x", token.substr(1), std::string("' OR ''='")})
    EXPECT_EQ(rate(wrong, 5), "satisfaction.link_unknown");
  EXPECT_EQ(rate(token, 1, "太慢"), "ok");
  EXPECT_EQ(rate(token, 5), "satisfaction.link_used");
  EXPECT_EQ(check(token), "satisfaction.link_used");
  EXPECT_EQ(stored(1).score, 1);
  EXPECT_EQ(stored(1).comment, "太慢");
  EXPECT_EQ(follow_ups().size(), 1U);
  EXPECT_EQ(hear("5").reply, Reply::repeated);
  EXPECT_EQ(stored(1).score, 1);
}

TEST_P(SurveysTest, AReplyUsesTheLinkUp) {
  const std::string token = token_of(1);
  EXPECT_EQ(hear("4").reply, Reply::score);
  EXPECT_EQ(rate(token, 1), "satisfaction.link_used");
}

TEST_P(SurveysTest, ALinkOutlivesTheReplyByADay) {
  const std::string token = token_of(1);
  clock_.advance(48 * hour_ms - 1);
  EXPECT_EQ(hear("5").reply, Reply::not_ours);
  EXPECT_EQ(check(token), "ok");
  clock_.advance(1);
  EXPECT_EQ(check(token), "satisfaction.link_expired");
  EXPECT_EQ(rate(token, 5), "satisfaction.link_expired");
}

TEST_P(SurveysTest, TheQuestionCarriesTheLinkInItsForm) {
  set(switched_on(Form::link));
  const auto link = close(1).value();
  EXPECT_THAT(link.text, HasSubstr("\nhttps://ops.example.cn/rate/" + link.token));
  EXPECT_EQ(check(link.token), "ok");
  Settings settings = switched_on(Form::card);
  set(settings);
  const auto card = close(2, 200)->card;
  ASSERT_TRUE(card);
  EXPECT_EQ(card->title, "请评价");
  EXPECT_EQ(card->picture_id, "p1");
  EXPECT_THAT(card->page_path, MatchesRegex("pages/rate/rate\\?token=[A-Za-z0-9]+"));
  EXPECT_EQ(check(card->page_path.substr(card->page_path.find('=') + 1)), "ok");
  settings.card_page = "pages/rate?from=chat";
  set(settings);
  EXPECT_THAT(close(3, 300)->card->page_path, HasSubstr("?from=chat&token="));
}

TEST_P(SurveysTest, WhereThereAreNoCardsItIsALink) {
  set(switched_on(Form::card));
  ClosedConversation facts = conversation(1);
  facts.cards = false;
  const auto asked = close(facts).value();
  EXPECT_FALSE(asked.card);
  EXPECT_THAT(asked.text, HasSubstr("\nhttps://ops.example.cn/rate/" + asked.token));
  EXPECT_EQ(stored(1).form, Form::link);
}

TEST_P(SurveysTest, WithoutAPublicAddressALinkIsAPlainText) {
  set(switched_on(Form::link));
  const Surveys nowhere({ids_, random_, vault_, ""});
  const ClosedConversation facts = conversation(1);
  const auto asked = within([&](sql::Transaction& tx) { return nowhere.closed(tx, facts, clock_.now()); });
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->text.find("/rate/"), std::string::npos);
  EXPECT_EQ(stored(1).form, Form::text);
}

TEST_P(SurveysTest, AHostileCommentIsKeptShortAndWhole) {
  set(switched_on());
  close(1);
  hear("4");
  std::string text = "'; DROP TABLE satisfaction_surveys; --<script>";
  for (int i = 0; i < 1000; ++i) text += "好";
  EXPECT_EQ(hear(text).reply, Reply::comment);
  EXPECT_TRUE(stored(1).comment.starts_with("'; DROP TABLE"));
  EXPECT_TRUE(stored(1).comment.ends_with("好"));
  EXPECT_LT(stored(1).comment.size(), 1500U);
}

TEST_P(SurveysTest, APersonIsAskedOnceADayWhateverAccountTheyWriteFrom) {
  set(switched_on());
  EXPECT_TRUE(close(1, 100));
  ClosedConversation facts = conversation(2, 200);
  facts.same_person = {ProfileId(100), ProfileId(200)};
  EXPECT_FALSE(close(facts));
  EXPECT_EQ(stored(2).not_asked, NotAsked::asked_lately);
  EXPECT_TRUE(close(3, 300)) << "somebody else";
}

TEST_P(SurveysTest, NumbersInACommentAreSealedAndTheRestIsShown) {
  rate(token_of(1), 2, "请回电13812345678");
  const Survey survey = stored(1);
  EXPECT_EQ(survey.comment, "请回电138****5678");
  EXPECT_EQ(must(surveys_.whole_comment(survey)), "请回电13812345678");
  EXPECT_EQ(rows("satisfaction_surveys WHERE CAST(comment AS TEXT) LIKE '%13812345678%'"), 0);
  const auto said = within([&](sql::Transaction& tx) { return must(surveys_.said(tx, ConversationId(1))); });
  ASSERT_TRUE(said);
  EXPECT_EQ(said->score, 2);
  EXPECT_EQ(said->comment, "请回电13812345678");

  set(switched_on());
  close(2, 200);
  hear("5", 200);
  EXPECT_EQ(hear("加我 +86 139-1111-2222", 200).reply, Reply::comment);
  EXPECT_EQ(must(surveys_.whole_comment(stored(2))), "加我 +86 139-1111-2222");
  EXPECT_EQ(stored(2).comment.find("1111"), std::string::npos);
  rate(token_of(3, 300), 5, "很好");
  EXPECT_EQ(stored(3).comment_sealed, "");
  close(4, 400);
  EXPECT_FALSE(within([&](sql::Transaction& tx) { return must(surveys_.said(tx, ConversationId(4))); }));

  within([&](sql::Transaction& tx) {
    surveys_.forget_said(tx, ConversationId(1));
    surveys_.forget(tx, std::array{ProfileId(200)});
  });
  EXPECT_EQ(stored(1).comment_sealed, "");
  EXPECT_EQ(stored(2).comment_sealed, "");
}

TEST_P(SurveysTest, ACommentMovedToAnotherSurveyDoesNotOpen) {
  rate(token_of(1), 2, "13812345678");
  Survey other = stored(1);
  other.id = SurveyId(other.id.value() + 1);
  EXPECT_EQ(code_of(surveys_.whole_comment(other)), "base.seal_broken");
}

// ---- erasure ----

TEST_P(SurveysTest, WhoIsForgottenLeavesAScoreThatIsNobodys) {
  const std::string token = token_of(1);
  rate(token, 1, "我叫王小明");
  close(2, 200);
  close(3, 300);
  EXPECT_EQ(within([&](sql::Transaction& tx) {
              const std::vector<ProfileId> gone{ProfileId(100), ProfileId(300), ProfileId()};
              return surveys_.forget(tx, gone);
            }),
            2);
  EXPECT_EQ(rows("satisfaction_surveys WHERE profile IN (100, 300) OR thread IN (100, 300) OR comment <> ''"), 0);
  EXPECT_EQ(rows("satisfaction_surveys WHERE conversation IN (1, 3)"), 2) << "figures are made of them";
  EXPECT_TRUE(to_json(stored(1)).at("conversation_id").is_null()) << "and nobody is led there";
  EXPECT_EQ(rows("satisfaction_surveys WHERE score = 1"), 1);
  EXPECT_EQ(rows("satisfaction_surveys"), 3);
  EXPECT_EQ(follow_ups().size(), 0U);
  EXPECT_EQ(check(token), "satisfaction.link_unknown");
  EXPECT_EQ(stored(2).profile, ProfileId(200));
  EXPECT_EQ(hear("5", 300).reply, Reply::not_ours);
}

MINIOPS_ON_BOTH_ENGINES(SurveysTest);

}  // namespace
}  // namespace miniops::satisfaction
