// The public pages, as a customer's browser, a page of the mini program, and those who try use them.
#include "base/encoding.hpp"
#include "satisfaction/page.hpp"
#include "satisfaction/routes.hpp"
#include "satisfaction/tests/satisfaction_fixture.hpp"

namespace miniops::satisfaction {
namespace {

using testing::HasSubstr;
using testing::Not;
using enum net::Method;

TEST(Language, IsTheOneThatTheBrowserLikesBetter) {
  const std::vector<std::pair<std::string, Language>> cases{
      {"", Language::zh},
      {"zh-CN,zh;q=0.9,en;q=0.8", Language::zh},
      {"en-US,en;q=0.9,zh;q=0.8", Language::en},
      {"fr, en;q=0.4, zh;q=0.5", Language::zh},
      {"fr, zh;q=0.4, en;q=0.5", Language::en},
      {"fr", Language::zh},
      {"en;q=0", Language::zh},
      {"en;q=nan", Language::zh},
      {"en;q=99", Language::zh},
      {";;;,,,;q=,en", Language::en},
      {"\xFF<script>", Language::zh},
  };
  for (const auto& [header, expected] : cases) EXPECT_EQ(language_of(header), expected) << header;
}

TEST(RatingPageHtml, LoadsItsOwnStyleAndNothingElse) {
  const std::string html = rating_html(Language::zh, Shown::form);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("style=\""), std::string::npos);
  EXPECT_EQ(html.find("http"), std::string::npos);
  const auto begin = html.find("<style>") + 7;
  const std::string style = html.substr(begin, html.find("</style>") - begin);
  EXPECT_THAT(rating_policy(), HasSubstr("'sha256-" + base64(sha256(style)) + "'"));
}

TEST(Visitors, HaveRoomPerMinuteAndAddress) {
  Visitors visitors;
  const TimeMs now = 100 * minute_ms;
  for (int i = 0; i < Visitors::per_minute; ++i) EXPECT_TRUE(visitors.admit("a", now));
  EXPECT_FALSE(visitors.admit("a", now + 59 * second_ms));
  EXPECT_TRUE(visitors.admit("b", now));
  EXPECT_TRUE(visitors.admit("a", now + minute_ms));
}

class RatingTest : public SatisfactionTest {
 protected:
  void SetUp() override {
    SatisfactionTest::SetUp();
    page_.emplace(RatingPage{db(), surveys_, clock_, visitors_});
    mount_rating(router_, *page_);
    token_ = token_of(1);
  }
  net::Response call(net::Method method, const std::string& path, const std::string& body = "",
                     const std::string& type = "application/x-www-form-urlencoded") {
    net::Request request;
    request.method = method;
    request.target = request.path = path;
    request.body = body;
    request.remote_address = "203.0.113.9";
    request.headers.add("Accept-Language", language_);
    if (!body.empty()) request.headers.add("Content-Type", type);
    const auto match = router_.match(method, path);
    if (match.route == nullptr) return net::Response::text("", 404);
    request.path_params = match.params;
    return sql::run(match.route->handler(request));
  }
  net::Response page(net::Method method, const std::string& body = "") { return call(method, "/rate/" + token_, body); }
  net::Response api(net::Method method, const std::string& body = "") {
    return call(method, "/api/v1/satisfaction/" + token_, body, "application/json");
  }
  static std::string code(const net::Response& response) {
    return std::string(json::parse(response.body).at("code").as_string());
  }

  Visitors visitors_;
  net::Router router_;
  std::optional<RatingPage> page_;
  std::string token_, language_ = "zh-CN";
};

TEST_P(RatingTest, ACustomerRatesOnce) {
  const auto form = page(get);
  EXPECT_EQ(form.status, 200);
  EXPECT_THAT(form.body, HasSubstr("<form method=\"post\">"));
  EXPECT_THAT(form.body, HasSubstr("评价"));
  const auto thanks = page(post, "score=2&comment=%E5%A4%AA%E6%85%A2+%26+%E8%B4%B5%0D%0A!");
  EXPECT_EQ(thanks.status, 200);
  EXPECT_THAT(thanks.body, HasSubstr("谢谢"));
  EXPECT_EQ(stored(1).score, 2);
  EXPECT_EQ(stored(1).comment, "太慢 & 贵\n!");
  for (const auto& again : {page(get), page(post, "score=5")}) {
    EXPECT_EQ(again.status, 410);
    EXPECT_THAT(again.body, HasSubstr("已经评价过"));
    EXPECT_THAT(again.body, Not(HasSubstr("<form")));
  }
  EXPECT_EQ(stored(1).score, 2);
  language_ = "en";
  EXPECT_THAT(page(get).body, HasSubstr("rated already"));
}

TEST_P(RatingTest, ThePageKeepsItsAddressToItself) {
  const auto form = page(get);
  EXPECT_EQ(form.headers.get("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(form.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(form.headers.get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_THAT(std::string(form.headers.get("Content-Security-Policy").value()), HasSubstr("default-src 'none'"));
  EXPECT_THAT(form.body, Not(HasSubstr(token_)));
}

TEST_P(RatingTest, WhatIsNoRatingIsAskedForAgain) {
  for (const std::string& body :
       {std::string("score=0"), std::string("score=6"), std::string("score=5x"), std::string("score="), std::string(),
        std::string("comment=hi"), std::string("{\"score\":5}"), std::string("score=5&comment=%FF"),
        std::string("score=5&comment=%00"), "score=5&comment=" + std::string(501, 'x'), std::string(10'000, '&')}) {
    const auto answer = page(post, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_THAT(answer.body, HasSubstr("role=\"alert\""));
  }
  EXPECT_EQ(stored(1).score, 0);
  EXPECT_EQ(page(post, "score=5&comment=" + std::string(500, 'x')).status, 200);
}

TEST_P(RatingTest, NothingThatSomebodySendsComesBack) {
  const std::string hostile = "<img src=x onerror=alert(1)>";
  for (const auto& answer :
       {page(post, "comment=" + url_encode(hostile)), call(get, "/rate/" + url_encode(hostile)),
        call(post, "/rate/x", "score=5&comment=" + url_encode(hostile)), page(post, "score=1&comment=" + hostile)})
    EXPECT_THAT(answer.body, Not(HasSubstr("onerror")));
}

TEST_P(RatingTest, LinksThatAreWrongOrOld) {
  const auto unknown = call(get, "/rate/nothing");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_THAT(unknown.body, HasSubstr("没有这个链接"));
  EXPECT_EQ(call(post, "/rate/nothing", "score=5").status, 404);
  clock_.advance(link_valid_ms);
  EXPECT_EQ(page(get).status, 410);
  EXPECT_THAT(page(post, "score=5").body, HasSubstr("已过期"));
  EXPECT_EQ(code(api(get)), "satisfaction.link_expired");
  EXPECT_EQ(stored(1).score, 0);
}

TEST_P(RatingTest, APageOfTheMiniProgramDoesTheSame) {
  EXPECT_EQ(api(get).body, R"({"state":"open"})");
  for (const std::string body : {"{}", R"({"score":"5"})", R"({"score":0})", R"({"score":5,"agent":1})", "[]"})
    EXPECT_EQ(api(post, body).status, 400) << body;
  EXPECT_EQ(call(post, "/api/v1/satisfaction/" + token_, "score=5").status, 415);
  EXPECT_EQ(api(post, R"({"score":5,"comment":"好"})").status, 204);
  EXPECT_EQ(stored(1).comment, "好");
  EXPECT_EQ(code(api(post, R"({"score":1})")), "satisfaction.link_used");
  EXPECT_EQ(code(api(get)), "satisfaction.link_used");
  EXPECT_EQ(page(get).status, 410);
  EXPECT_EQ(code(call(get, "/api/v1/satisfaction/nothing")), "satisfaction.link_unknown");
}

TEST_P(RatingTest, AnAddressThatTriesTooOftenWaits) {
  for (int i = 0; i < Visitors::per_minute; ++i) visitors_.admit("203.0.113.9", clock_.now());
  EXPECT_EQ(page(get).status, 429);
  EXPECT_EQ(page(post, "score=5").status, 429);
  EXPECT_EQ(code(api(get)), "satisfaction.too_many_requests");
  EXPECT_EQ(stored(1).score, 0);
  clock_.advance(minute_ms);
  EXPECT_EQ(page(post, "score=5").status, 200);
}

MINIOPS_ON_BOTH_ENGINES(RatingTest);

}  // namespace
}  // namespace miniops::satisfaction
