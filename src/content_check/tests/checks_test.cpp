// Who is asked, what is sent to them, and what is not waited for.
#include "content_check/tests/fixture.hpp"
#include "webhooks/signature.hpp"

namespace miniops::content_check {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ChecksTest : public ContentCheckTest {};

TEST_P(ChecksTest, NobodyIsAskedUntilSomebodyIsSetUp) {
  EXPECT_FALSE(checks_->rules(shop).outside);
  EXPECT_THAT(ask("您好"), IsEmpty());
  set({.enabled = true});
  EXPECT_TRUE(checks_->rules(shop).outside);
  EXPECT_FALSE(checks_->rules(bank).outside);
  EXPECT_THAT(ask("您好", bank), IsEmpty());
  EXPECT_THAT(wechat_.calls, IsEmpty());
  EXPECT_THAT(ask("您好"), IsEmpty());
  ASSERT_EQ(wechat_.calls.size(), 1U);
  EXPECT_THAT(wechat_.calls[0].body, HasSubstr("您好"));
}

TEST_P(ChecksTest, AProgramIsAskedBySignedRequestsWithoutTheCustomersId) {
  const WithSecret made = add();
  peer_.will_answer(R"({"verdict":"risky","reason":"竞品","words":["甲店"]})");
  EXPECT_EQ(found("甲店更便宜"), "webhook risky 竞品");
  ASSERT_EQ(peer_.requests().size(), 1U);
  const net::Request request = peer_.requests()[0];
  const boost::json::object body = boost::json::parse(request.body).as_object();
  EXPECT_EQ(body.at("text"), "甲店更便宜");
  EXPECT_EQ(body.at("kind"), "content.check");
  EXPECT_EQ(body.at("appid").as_string(), shop.str());
  EXPECT_THAT(request.body, Not(HasSubstr("o1")));
  const std::string id(body.at("id").as_string());
  const std::vector<std::string> secrets{made.secret};
  EXPECT_EQ(request.headers.get(webhooks::id_header), id);
  EXPECT_EQ(request.headers.get(webhooks::signature_header),
            webhooks::signature_of(secrets, id, clock_.now() / second_ms, request.body));
}

TEST_P(ChecksTest, NumbersOfPeopleLeaveTheHouseMasked) {
  add();
  peer_.will_answer(R"({"verdict":"pass"})");
  EXPECT_EQ(found("请打 13812345678"), "");
  ASSERT_EQ(peer_.requests().size(), 1U);
  EXPECT_EQ(boost::json::parse(peer_.requests()[0].body).at("text"), "请打 138****5678");
}

TEST_P(ChecksTest, AllAreAskedSideBySideAndWhatIsLeftOutIsNotShown) {
  set({.enabled = true}, {"示例商城"});
  add(Failing::open, "一");
  add(Failing::open, "二");
  wechat_.reply.body = R"({"result":{"suggest":"review","label":10001}})";
  peer_.will_answer(R"({"verdict":"risky"})");
  EXPECT_EQ(found("示例商城有优惠"), "wechat review 10001; webhook risky ; webhook risky ");
  EXPECT_THAT(peer_.requests()[0].body, Not(HasSubstr("示例商城")));
  EXPECT_THAT(wechat_.calls[0].body, Not(HasSubstr("示例商城")));
  EXPECT_EQ(found(" 示例商城 "), "");
  EXPECT_EQ(wechat_.calls.size(), 1U) << "nothing was left to be asked about";
  EXPECT_EQ(checks_->figures().webhook[static_cast<std::size_t>(Verdict::risky)], 2U);
  EXPECT_EQ(checks_->figures().wechat[static_cast<std::size_t>(Verdict::review)], 1U);
}

TEST_P(ChecksTest, WhoDoesNotAnswerInASecondHasNotAnswered) {
  add(Failing::open, "随缘");
  const WithSecret strict = add(Failing::closed, "必查");
  peer_.hold(true);
  const auto started = std::chrono::steady_clock::now();
  const auto findings = ask("您好");
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(3)) << "both wait at the same time";
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].name, strict.checker.name);
  EXPECT_EQ(findings[0].answer.verdict, Verdict::unanswered);
  EXPECT_EQ(findings[0].answer.reason, "timeout");
}

TEST_P(ChecksTest, AWordThatIsNoAnswerAndARedirectAreNone) {
  add(Failing::closed);
  peer_.will_answer("fine by me");
  EXPECT_EQ(found("您好"), "webhook unanswered not_understood");
  peer_.will_answer(R"({"verdict":"pass"})", 302);
  EXPECT_EQ(found("您好"), "webhook unanswered http_302");
  EXPECT_EQ(peer_.requests().size(), 2U) << "it was not followed";
  peer_.will_answer(R"({"verdict":"risky","reason":")" + std::string(20'000, 'x') + "\"}");
  EXPECT_EQ(found("您好"), "webhook unanswered not_understood");
}

TEST_P(ChecksTest, WhoFailsAgainAndAgainRestsAndIsTriedLater) {
  add(Failing::closed);
  peer_.will_answer("", 500);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(found("您好"), "webhook unanswered http_500");
  EXPECT_EQ(found("您好"), "webhook unanswered resting");
  EXPECT_EQ(peer_.requests().size(), 3U);
  peer_.will_answer(R"({"verdict":"pass"})");
  clock_.advance(30 * second_ms);
  EXPECT_EQ(found("您好"), "");
  EXPECT_EQ(found("您好"), "");
}

TEST_P(ChecksTest, AddressesOfTheOwnNetworkAreRefused) {
  allow({});
  Given given;
  given.name = "内网";
  given.address = address();
  EXPECT_EQ(code_of(sql::run(service_->add(access(), given))), "content_check.address_not_allowed");
  given.address = fmt::format("http://localhost:{}/check", server_.port());
  given.unanswered = Failing::closed;
  EXPECT_EQ(code_of(sql::run(service_->add(access(), given))), "ok") << "a name is looked up when it is asked";
  EXPECT_EQ(found("您好"), "webhook unanswered address_not_allowed");
  EXPECT_THAT(peer_.requests(), IsEmpty());
}

TEST_P(ChecksTest, ChangesActAtOnceAndAreAudited) {
  const WithSecret made = add();
  const CheckerId id = made.checker.id;
  Given off;
  off.enabled = false;
  EXPECT_EQ(code_of(sql::run(service_->change(access(bank), id, 1, off))), "content_check.not_found");
  EXPECT_EQ(must(sql::run(service_->change(access(), id, 1, off))).version, 2);
  EXPECT_EQ(code_of(sql::run(service_->change(access(), id, 1, off))), "content_check.changed");
  EXPECT_FALSE(checks_->rules(shop).outside);
  peer_.will_answer(R"({"verdict":"review","reason":"看一下"})");
  EXPECT_EQ(must(sql::run(service_->test(access(), id, "试试"))).reason, "看一下") << "also when it is switched off";
  const WithSecret renewed = must(sql::run(service_->renew_secret(access(), id)));
  EXPECT_NE(renewed.secret, made.secret);
  must(sql::run(service_->remove(access(), id)));
  EXPECT_EQ(code_of(sql::run(service_->remove(access(), id))), "content_check.not_found");
  Settings settings;
  settings.words = Action::warn;
  must(sql::run(service_->set_settings(access(), settings)));
  EXPECT_EQ(checks_->rules(shop).words, Action::warn);
  EXPECT_EQ(code_of(sql::run(service_->set_settings(access(), settings))), "content_check.changed");
  std::string actions;
  for (const auto& row : query("SELECT action, changes FROM audit_entries ORDER BY id")) {
    actions += row.text(0) + " ";
    EXPECT_THAT(row.text(1), Not(HasSubstr(made.secret)));
    EXPECT_THAT(row.text(1), Not(HasSubstr("/check"))) << "only where it leads";
    EXPECT_THAT(row.text(1), Not(HasSubstr("试试")));
  }
  EXPECT_EQ(actions,
            "content_check.checker.create content_check.checker.update content_check.checker.test "
            "content_check.checker.renew_secret content_check.checker.delete content_check.settings.update ");
}

TEST_P(ChecksTest, ThereAreFiveAtMost) {
  for (std::size_t i = 0; i < checkers_max; ++i) add();
  Given given;
  given.name = "多余";
  given.address = address();
  EXPECT_EQ(code_of(sql::run(service_->add(access(), given))), "content_check.too_many");
}

MINIOPS_ON_BOTH_ENGINES(ChecksTest);

}  // namespace
}  // namespace miniops::content_check
