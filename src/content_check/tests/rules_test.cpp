// What follows from answers, what checkers are shown, what their answers mean, and the turnstile before them.
#include <gmock/gmock.h>

#include "content_check/askers.hpp"
#include "content_check/errors.hpp"
#include "content_check/turnstile.hpp"

namespace miniops::content_check {
namespace {

using testing::ElementsAre;

TEST(Findings, FollowFromVerdictAndSettings) {
  struct Case {
    Verdict verdict;
    Action action;
    Failing unanswered, inactive;
    std::string_view expected;  // "", "warn", "block"
  };
  using enum Verdict;
  constexpr auto open = Failing::open, closed = Failing::closed;
  const std::vector<Case> cases{
      {pass, Action::block, closed, closed, ""},        {risky, Action::block, open, open, "block"},
      {risky, Action::warn, open, open, "warn"},        {review, Action::block, open, open, "warn"},
      {unanswered, Action::block, open, closed, ""},    {unanswered, Action::block, closed, open, "block"},
      {unanswered, Action::warn, closed, open, "warn"}, {inactive, Action::block, closed, open, ""},
      {inactive, Action::block, open, closed, "block"}, {inactive, Action::warn, closed, closed, "warn"},
  };
  for (const Case& one : cases) {
    const auto found = finding_of(WeChatRule{true, one.action, one.unanswered, one.inactive}, {.verdict = one.verdict});
    const std::string_view got = !found ? "" : found->may_confirm ? "warn" : "block";
    EXPECT_EQ(got, one.expected) << word(one.verdict) << " " << word(one.action) << " " << word(one.unanswered);
  }
}

TEST(ShownText, LeavesOutWhatIsTheHouses) {
  EXPECT_EQ(shown_text("请拨打400-800-8000咨询", {"400-800-8000"}), "请拨打 咨询");
  EXPECT_EQ(shown_text("甲乙甲", {"甲"}), " 乙 ");
  EXPECT_EQ(shown_text("敏红旗感", {"红旗"}), "敏 感") << "what stood around it does not become a word";
  EXPECT_EQ(shown_text("红旗\n红旗", {"红旗"}), "") << "nothing is left to be asked about";
  EXPECT_EQ(shown_text("您好", {"", "再见"}), "您好");
}

net::ClientResponse response(int status, std::string body) { return {status, {}, std::move(body)}; }

TEST(Answers, OfOtherProgramsAreReadStrictly) {
  const Answer risky = answer_of(response(200, R"({"verdict":"risky","reason":"竞品","words":["甲",1,"乙"],"x":1})"));
  EXPECT_EQ(risky.verdict, Verdict::risky);
  EXPECT_EQ(risky.reason, "竞品");
  EXPECT_THAT(risky.words, ElementsAre("甲", "乙"));
  EXPECT_EQ(answer_of(response(200, R"({"verdict":"pass"})")).verdict, Verdict::pass);
  EXPECT_EQ(answer_of(response(200, R"({"verdict":"review","reason":3})")).verdict, Verdict::review);
  for (const char* body : {"", "null", "[]", R"({"verdict":"ok"})", R"({"verdict":"unanswered"})",
                           R"({"verdict":"inactive"})", R"({"verdict":true})", "{\"verdict\":\"pass\xff\"}"}) {
    const Answer answer = answer_of(response(200, body));
    EXPECT_EQ(answer.verdict, Verdict::unanswered) << body;
    EXPECT_EQ(answer.reason, "not_understood") << body;
  }
  EXPECT_EQ(answer_of(response(204, "")).reason, "http_204");
  EXPECT_EQ(answer_of(response(302, R"({"verdict":"pass"})")).verdict, Verdict::unanswered);
  const std::string much = R"({"verdict":"risky","reason":")" + std::string(5000, 'x') + R"(","words":[)" + [] {
    std::string list = "\"w\"";
    for (int i = 0; i < 99; ++i) list += ",\"w\"";
    return list;
  }() + "]}";
  EXPECT_EQ(answer_of(response(200, much)).reason.size(), 200U);
  EXPECT_EQ(answer_of(response(200, much)).words.size(), 20U);
}

TEST(Answers, OfWeChatSayWhatIsKnown) {
  const auto reply = [](std::string body) { return WeChat::Reply{true, 200, std::move(body)}; };
  const Answer risky = answer_of(reply(R"({"errcode":0,"result":{"suggest":"risky","label":20006}})"));
  EXPECT_EQ(risky.verdict, Verdict::risky);
  EXPECT_EQ(risky.reason, "20006");
  EXPECT_EQ(answer_of(reply(R"({"errcode":61010,"errmsg":"x"})")).verdict, Verdict::inactive);
  EXPECT_EQ(answer_of(reply(R"({"errcode":45009,"errmsg":"x"})")).reason, "errcode_45009");
  EXPECT_EQ(answer_of(reply("nonsense")).reason, "not_understood");
  EXPECT_EQ(answer_of(WeChat::Reply{}).reason, "unreachable");
}

TEST(Stopped, NamesWhoAndWhat) {
  const Finding risky{"wechat", "", {Verdict::risky, "20006", {"返现"}}, true};
  const Finding silent{"webhook", "风控", {Verdict::unanswered, "timeout"}, false};
  const Error both = errors::stopped({risky, silent});
  EXPECT_EQ(both.code, "content_check.refused");
  EXPECT_EQ(both.details.at("may_confirm"), false);
  EXPECT_EQ(both.details.at("findings").at(0).at("words").at(0), "返现");
  EXPECT_EQ(both.details.at("findings").at(1).at("name"), "风控");
  EXPECT_EQ(errors::stopped({silent}).code, "content_check.unchecked");
  EXPECT_EQ(errors::stopped({risky}).details.at("may_confirm"), true);
}

TEST(Turnstiles, LetInSoManyAndRestAfterFailures) {
  using enum Turnstile::Entry;
  Turnstile gate({.at_once = 2, .failures = 2, .rest_ms = 1000});
  EXPECT_EQ(gate.enter(0), in);
  EXPECT_EQ(gate.enter(0), in);
  EXPECT_EQ(gate.enter(0), busy);
  EXPECT_FALSE(gate.leave(false, 0));
  EXPECT_TRUE(gate.leave(false, 0)) << "the second failure in a row";
  EXPECT_EQ(gate.enter(999), resting);
  EXPECT_EQ(gate.enter(1000), in);
  EXPECT_EQ(gate.enter(1000), resting) << "one at a time, to see";
  EXPECT_FALSE(gate.leave(false, 1500));
  EXPECT_EQ(gate.enter(2400), resting);
  EXPECT_EQ(gate.enter(2500), in);
  EXPECT_FALSE(gate.leave(true, 2600));
  EXPECT_EQ(gate.enter(2600), in);
  EXPECT_EQ(gate.enter(2600), in);
}

}  // namespace
}  // namespace miniops::content_check
