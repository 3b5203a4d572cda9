// Who is asked, and what a reply is; days; settings.
#include "satisfaction/asking.hpp"

#include <gmock/gmock.h>

#include "satisfaction/day.hpp"
#include "satisfaction/settings.hpp"

namespace miniops::satisfaction {
namespace {

constexpr TimeMs now = 1763701200000;

AskFacts all_well() {
  AskFacts facts;
  facts.enabled = facts.human_answered = true;
  facts.window_ends_at = now + 1;
  facts.remaining = 1;
  return facts;
}

TEST(MayAsk, SaysWhyNot) {
  struct Case {
    NotAsked expected;
    std::function<void(AskFacts&)> change;
  };
  const std::vector<Case> cases{
      {NotAsked::nothing, [](AskFacts&) {}},
      {NotAsked::switched_off, [](AskFacts& facts) { facts.enabled = false; }},
      {NotAsked::no_human, [](AskFacts& facts) { facts.human_answered = false; }},
      {NotAsked::blocked, [](AskFacts& facts) { facts.blocked = true; }},
      {NotAsked::asked_before, [](AskFacts& facts) { facts.asked_before = true; }},
      {NotAsked::asked_lately, [](AskFacts& facts) { facts.last_asked_at = now - 24 * hour_ms + 1; }},
      {NotAsked::nothing, [](AskFacts& facts) { facts.last_asked_at = now - 24 * hour_ms; }},
      {NotAsked::window_closed, [](AskFacts& facts) { facts.window_ends_at = now; }},
      {NotAsked::window_closed, [](AskFacts& facts) { facts.window_ends_at = 0; }},
      {NotAsked::budget, [](AskFacts& facts) { facts.remaining = 0; }},
      {NotAsked::budget, [](AskFacts& facts) { facts.remaining = -1; }},
      // What was asked about stays as it is, also when it was switched off since.
      {NotAsked::asked_before, [](AskFacts& facts) { facts.asked_before = true, facts.enabled = false; }},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    AskFacts facts = all_well();
    cases[i].change(facts);
    EXPECT_EQ(may_ask(facts, now), cases[i].expected) << i;
  }
}

TEST(MayAsk, WhomTheChannelCannotReachIsAskableAllTheSame) {
  EXPECT_EQ(state_after(NotAsked::nothing), State::asked);
  for (const NotAsked why : {NotAsked::window_closed, NotAsked::budget, NotAsked::refused})
    EXPECT_EQ(state_after(why), State::askable) << word(why);
  for (const NotAsked why : {NotAsked::switched_off, NotAsked::no_human, NotAsked::blocked, NotAsked::asked_lately})
    EXPECT_EQ(state_after(why), State::closed) << word(why);
}

Survey asked() {
  Survey survey;
  survey.state = State::delivered;
  survey.asked_at = now;
  survey.offer = {{"满意", 4}};
  return survey;
}
Survey answered() {
  Survey survey = asked();
  survey.state = State::answered;
  survey.answered_at = now;
  survey.score = 4;
  survey.replied = true;
  return survey;
}

TEST(Judge, AReplyCountsForADayAndACommentForTenMinutes) {
  struct Case {
    Survey survey;
    std::string text;
    TimeMs at;
    Reply expected;
    bool asked_else = false;
  };
  Survey commented = answered();
  commented.comment = "谢谢";
  Survey refused = asked();
  refused.state = State::askable;
  Survey on_the_page = answered();
  on_the_page.replied = false;
  const std::vector<Case> cases{
      {asked(), "5", now, Reply::score},
      {asked(), "满意", now + 24 * hour_ms - 1, Reply::score},
      {asked(), "5", now + 24 * hour_ms, Reply::not_ours},
      {asked(), "5", now - 1, Reply::not_ours},  // was on its way before
      {asked(), "谢谢", now, Reply::not_ours},
      {asked(), "5 谢谢", now, Reply::not_ours},
      {asked(), "一般", now, Reply::not_ours},  // was not offered
      {refused, "5", now, Reply::not_ours},
      {answered(), "服务不错", now, Reply::comment},
      {answered(), "服务不错", now + 10 * minute_ms - 1, Reply::comment},
      {answered(), "服务不错", now + 10 * minute_ms, Reply::not_ours},
      {answered(), "什么时候发货", now + minute_ms, Reply::new_conversation},
      {answered(), "什么时候发货", now + 10 * minute_ms, Reply::not_ours},
      {answered(), "1", now + minute_ms, Reply::repeated},
      {answered(), "1", now + 10 * minute_ms, Reply::not_ours},
      {commented, "还有一点", now + minute_ms, Reply::not_ours},
      {commented, "在吗", now + minute_ms, Reply::new_conversation},
      {asked(), "1", now, Reply::not_ours, true},  // a choice of a menu that was sent since
      {answered(), "1", now + minute_ms, Reply::not_ours, true},
      {on_the_page, "地址改一下", now + minute_ms, Reply::not_ours},  // the page has a place for comments
      {on_the_page, "什么时候发货", now + minute_ms, Reply::not_ours},
      {on_the_page, "5", now + minute_ms, Reply::repeated},
  };
  for (const Case& each : cases)
    EXPECT_EQ(judge(each.survey, {each.text, each.at, each.asked_else}), each.expected) << each.text;
}

TEST(Days, AreThoseOfTheWall) {
  EXPECT_EQ(day_at(1763701200000, 0), 20251121);             // 05:00 UTC
  EXPECT_EQ(day_at(1763701200000, 19 * hour_ms), 20251122);  // midnight
  EXPECT_EQ(day_at(1763701200000, 19 * hour_ms - 1), 20251121);
  EXPECT_EQ(parse_day("2024-02-29"), 20240229);
  for (const std::string_view wrong : {"2023-02-29", "2024-13-01", "2024-1-1", "20240101", "2024-00-10", "2024-01-00",
                                       "2024/01/01", "+024-01-01", "2024-01-01 ", ""})
    EXPECT_FALSE(parse_day(wrong)) << wrong;
  EXPECT_EQ(day_text(20240229), "2024-02-29");
  EXPECT_EQ(days_between(20240228, 20240301), 3);
  EXPECT_EQ(days_between(20240301, 20240301), 1);
  EXPECT_LT(days_between(20240302, 20240301), 1);
}

TEST(Days, WeeksAreFromMondayToSundayAndWhole) {
  const Week week{20251229, 20260104, 1767571200000};
  EXPECT_THAT(weeks_within(20251229, 20260104), testing::ElementsAre(week));
  EXPECT_THAT(weeks_within(20251223, 20260110), testing::ElementsAre(week));
  EXPECT_THAT(weeks_within(20251230, 20260110), testing::IsEmpty());
  EXPECT_THAT(weeks_within(20251222, 20260103), testing::SizeIs(1));
  EXPECT_THAT(weeks_within(20260104, 20251229), testing::IsEmpty());
}

std::vector<std::string> mistakes_of(const std::string& patch, Settings& settings) {
  const json::value body = json::parse(patch);
  JsonInput in(body);
  read_settings(in, settings);
  std::vector<std::string> out;
  if (auto ok = in.finish(); !ok)
    for (const FieldError& field : ok.error().fields) out.push_back(field.pointer);
  return out;
}

TEST(SettingsJson, ComesBackAsItWasWritten) {
  Settings settings;
  EXPECT_THAT(mistakes_of(R"({"enabled":true,"form":"card","texts":[{"language":"zh-TW","text":"請評價"}],)"
                          R"("language":"zh-TW","words":[{"word":"好","score":5}],)"
                          R"("card":{"page":"pages/rate?from=chat","picture_id":"p1"},"anonymous":true,)"
                          R"("follow_up":{"score_max":3,"owner":"account","account_id":"12","due_hours":48}})",
                          settings),
              testing::IsEmpty());
  const json::object written = to_json(settings);
  Settings again;
  EXPECT_THAT(mistakes_of(json::serialize(written), again), testing::IsEmpty());
  EXPECT_EQ(to_json(again), written);
  EXPECT_EQ(again.follow_up.account, AccountId(12));
  // What is not given stays.
  EXPECT_THAT(mistakes_of(R"({"follow_up":{"due_hours":1}})", again), testing::IsEmpty());
  EXPECT_EQ(again.follow_up.score_max, 3);
  EXPECT_EQ(again.form, Form::card);
  // And the defaults are right as they stand.
  Settings defaults;
  EXPECT_THAT(mistakes_of(json::serialize(to_json(Settings{})), defaults), testing::IsEmpty());
}

TEST(SettingsJson, MistakesAreNamed) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"({"form":"menu"})", "/form"},
      {R"({"texts":[]})", "/language"},
      {R"({"texts":[{"language":"chinese","text":"a"}]})", "/texts/0/language"},
      {R"({"texts":[{"language":"zh","text":"a"},{"language":"zh","text":"b"}]})", "/texts/1/language"},
      {"{\"texts\":[{\"language\":\"zh\",\"text\":\"a\\u0007\"}]}", "/texts/0/text"},
      {R"({"language":"fr"})", "/language"},
      {R"({"words":[{"word":"好","score":6}]})", "/words/0/score"},
      {R"({"words":[{"word":" ! ","score":5}]})", "/words/0/word"},
      {R"({"words":[{"word":"一","score":5}]})", "/words/0/word"},
      {R"({"words":[{"word":"Good","score":5},{"word":"ｇｏｏｄ！","score":1}]})", "/words/1/word"},
      {R"({"form":"card"})", "/card"},
      {R"({"card":{"page":"https://evil.example/"}})", "/card/page"},
      {R"({"card":{"page":"/pages/rate"}})", "/card/page"},
      {R"({"card":{"page":"pages/rate#a"}})", "/card/page"},
      {R"({"follow_up":{"owner":"account"}})", "/follow_up/account_id"},
      {R"({"follow_up":{"due_hours":0}})", "/follow_up/due_hours"},
      {R"({"anonymous":true})", "/follow_up"},
      {R"({"score":5})", "/score"},
  };
  for (const auto& [patch, pointer] : cases) {
    Settings settings;
    EXPECT_THAT(mistakes_of(patch, settings), testing::Contains(pointer)) << patch;
  }
}

TEST(SettingsJson, TheTextIsInTheCustomersLanguage) {
  Settings settings;
  settings.texts = {{"zh", "中"}, {"zh-TW", "繁"}, {"en", "E"}};
  EXPECT_EQ(text_for(settings, "zh-TW"), "繁");
  EXPECT_EQ(text_for(settings, "zh-HK"), "中");
  EXPECT_EQ(text_for(settings, "en-GB"), "E");
  EXPECT_EQ(text_for(settings, "fr"), "中");
  EXPECT_EQ(text_for(settings, ""), "中");
}

}  // namespace
}  // namespace miniops::satisfaction
