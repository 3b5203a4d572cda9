#include "notify/channels/wecom.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "notify/channels/tests/sample.hpp"

namespace miniops::notify::testing {
namespace {

using Kind = Outcome::Kind;
const std::string base = "https://qyapi.example.com";

json::object body_of(const net::ClientRequest& request) { return parse_json(request.body)->as_object(); }
std::string content_of(const net::ClientRequest& request, std::string_view type) {
  return std::string(body_of(request).at(type).at("content").as_string());
}

TEST(WecomRobot, SendsMarkdownWithColourLinkAndMentions) {
  WecomRobot robot;
  robot.mentioned = {"zhangsan", "lisi"};
  const auto request = robot_request(base, "key-1", robot, single(sample()));
  EXPECT_EQ(request.url, base + "/cgi-bin/webhook/send?key=key-1");
  EXPECT_EQ(request.method, net::Method::post);
  EXPECT_EQ(body_of(request).at("msgtype"), "markdown");
  EXPECT_EQ(content_of(request, "markdown"),
            "### <font color=\"warning\">严重</font> 支付失败率 12.5%\n> 服务：checkout\n> 开始：08:00\n"
            "[查看详情](https://ops.example.com/i/42)\n<@zhangsan><@lisi>");
  EXPECT_FALSE(request.body.contains("\\u")) << "WeCom refuses escapes";
}

TEST(WecomRobot, MentionsNobodyForGoodNewsAndSmallThings) {
  WecomRobot robot;
  robot.mentioned = {"zhangsan"};
  Notification good = sample();
  good.resolved = true;
  const std::string resolved = content_of(robot_request(base, "k", robot, single(good, "en")), "markdown");
  EXPECT_TRUE(resolved.starts_with("### <font color=\"info\">resolved</font>")) << resolved;
  EXPECT_FALSE(resolved.contains("<@"));
  Notification small = sample();
  small.severity = Severity::warning;
  EXPECT_FALSE(content_of(robot_request(base, "k", robot, single(small)), "markdown").contains("<@"));
  robot.mention_from = Severity::warning;
  EXPECT_TRUE(content_of(robot_request(base, "k", robot, single(small)), "markdown").contains("<@zhangsan>"));
}

TEST(WecomRobot, TextHasItsMentionsInLists) {
  WecomRobot robot;
  robot.markdown = false;
  robot.mentioned = {"@all"};
  robot.mentioned_mobiles = {"13800000000"};
  const auto request = robot_request(base, "k", robot, single(sample()));
  const json::object text = body_of(request).at("text").as_object();
  EXPECT_EQ(text.at("content"), "[严重] 支付失败率 12.5%\n服务：checkout\n开始：08:00\nhttps://ops.example.com/i/42");
  EXPECT_EQ(text.at("mentioned_list"), json::array{"@all"});
  EXPECT_EQ(text.at("mentioned_mobile_list"), json::array{"13800000000"});
}

TEST(WecomRobot, KeepsTheLinkAndTheLimitsOfLongMessages) {
  Notification notification = sample();
  notification.title = std::string(1000, '!');
  for (int i = 0; i < 400; ++i) notification.markdown += "\n> 一行很长的说明文字";
  notification.text = notification.markdown;
  WecomRobot robot;
  robot.mentioned = {"zhangsan"};
  const std::string markdown = content_of(robot_request(base, "k", robot, single(notification)), "markdown");
  EXPECT_LE(markdown.size(), 4096U);
  EXPECT_GT(markdown.size(), 3900U);
  EXPECT_TRUE(valid_utf8(markdown));
  EXPECT_TRUE(markdown.ends_with("…\n[查看详情](https://ops.example.com/i/42)\n<@zhangsan>")) << markdown;
  robot.markdown = false;
  const std::string text = content_of(robot_request(base, "k", robot, single(notification)), "text");
  EXPECT_LE(text.size(), 2048U);
  EXPECT_TRUE(text.ends_with("\nhttps://ops.example.com/i/42"));
}

TEST(WecomRobot, WhatAPhoneReportedMentionsNobody) {
  Notification notification = sample();
  notification.title = "<@all>\n# big";
  notification.markdown.clear();
  notification.text = "<@zhangsan> [x](http://evil)";
  const std::string markdown = content_of(robot_request(base, "k", {}, single(notification)), "markdown");
  EXPECT_FALSE(markdown.contains("<@")) << markdown;
  EXPECT_FALSE(markdown.contains("[x]")) << markdown;
  WecomRobot robot;
  robot.markdown = false;
  EXPECT_FALSE(content_of(robot_request(base, "k", robot, single(notification)), "text").contains("<@"));
}

TEST(WecomRobot, ItsKeyIsFoundInTheAddressThatWecomShows) {
  EXPECT_EQ(robot_key_of("693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"), "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa");
  EXPECT_EQ(robot_key_of("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc-1"), "abc-1");
  for (const std::string_view none : {"", "a b", "https://x.example/?other=1", "?key=", "a/../b", "key=\r\n"})
    EXPECT_EQ(robot_key_of(none), "") << none;
}

TEST(WecomApp, AsksForATokenAndSendsWithADuplicateCheck) {
  WecomApp app;
  app.corpid = "ww 1";
  app.agentid = 1000002;
  app.touser = {"zhangsan", "lisi"};
  EXPECT_EQ(app_token_request(base, app, "se&cret").url, base + "/cgi-bin/gettoken?corpid=ww%201&corpsecret=se%26cret");
  const auto request = app_request(base, "tok", app, single(sample()));
  EXPECT_EQ(request.url, base + "/cgi-bin/message/send?access_token=tok");
  const json::object body = body_of(request);
  EXPECT_EQ(body.at("touser"), "zhangsan|lisi");
  EXPECT_EQ(body.at("agentid"), 1000002);
  EXPECT_EQ(body.at("enable_duplicate_check"), 1);
  EXPECT_FALSE(body.contains("toparty"));
  EXPECT_EQ(app_request(base, "other", app, single(sample())).body, request.body)
      << "a retry is byte for byte the same, or WeCom does not recognise it";
}

TEST(Wecom, AnswersMeanWhatTheTableSays) {
  struct Case {
    int status;
    std::string_view body;
    Kind kind;
    std::string_view reason;
  };
  const Case cases[] = {
      {200, R"({"errcode":0,"errmsg":"ok"})", Kind::sent, ""},
      {200, R"({"errcode":0,"errmsg":"ok","invaliduser":"lisi|wangwu"})", Kind::sent, ""},
      {200, R"({"errcode":-1,"errmsg":"busy"})", Kind::later, "busy"},
      {200, R"({"errcode":45009,"errmsg":"limit"})", Kind::later, "rate_limited"},
      {200, R"({"errcode":42001,"errmsg":"expired"})", Kind::later, "token_refused"},
      {200, R"({"errcode":93000,"errmsg":"invalid webhook url"})", Kind::broken, "wrong_credentials"},
      {200, R"({"errcode":60020,"errmsg":"not allow to access from your ip"})", Kind::broken, "address_not_trusted"},
      {200, R"({"errcode":48002,"errmsg":"api forbidden"})", Kind::broken, "no_right"},
      {200, R"({"errcode":81013,"errmsg":"all invalid"})", Kind::failed, "no_recipient"},
      {200, R"({"errcode":40058,"errmsg":"bad"})", Kind::failed, "refused"},
      {200, "<html>", Kind::uncertain, "uncertain"},
      {200, R"({"errmsg":"ok"})", Kind::uncertain, "uncertain"},
      {502, "<html>", Kind::later, "server_error"},
      {404, "", Kind::failed, "refused"},
  };
  for (const Case& one : cases) {
    const Outcome outcome = wecom_outcome(one.status, one.body);
    EXPECT_EQ(outcome.kind, one.kind) << one.body;
    EXPECT_EQ(outcome.reason, one.reason) << one.body;
  }
  EXPECT_EQ(wecom_outcome(200, cases[1].body).detail, "invaliduser: lisi|wangwu");
  EXPECT_EQ(wecom_outcome(200, cases[3].body).after_ms, minute_ms);
  EXPECT_TRUE(token_refused(200, R"({"errcode":40014,"errmsg":"x"})"));
  EXPECT_FALSE(token_refused(200, R"({"errcode":40001,"errmsg":"x"})"));
}

TEST(WecomApp, TokensAreReadOrRefused) {
  const auto good = token_of(200, R"({"errcode":0,"errmsg":"ok","access_token":"t","expires_in":7200})");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->token, "t");
  EXPECT_EQ(good->expires_in_ms, 7200 * second_ms);
  EXPECT_EQ(token_of(200, R"({"errcode":40091,"errmsg":"secret is invalid"})").error().kind, Kind::broken);
  EXPECT_EQ(token_of(200, "").error().kind, Kind::later) << "nothing of the message has left";
  EXPECT_EQ(token_of(200, R"({"errcode":0})").error().kind, Kind::later);
}

TEST(Wecom, SettingsAreChecked) {
  const auto problem = [](std::string_view text, auto read) {
    const json::value value = parse_json(text).value();
    JsonInput in(value);
    read(in);
    const auto ok = in.finish();
    return ok ? std::string() : ok.error().fields.front().pointer;
  };
  const auto robot = [&](std::string_view text) { return problem(text, read_wecom_robot); };
  const auto app = [&](std::string_view text) { return problem(text, read_wecom_app); };
  EXPECT_EQ(robot("{}"), "");
  EXPECT_EQ(robot(R"({"mentioned":["@all"]})"), "/mentioned");
  EXPECT_EQ(robot(R"({"format":"text","mentioned":["@all"],"mentioned_mobiles":["13800000000"]})"), "");
  EXPECT_EQ(robot(R"({"mentioned_mobiles":["13800000000"]})"), "/mentioned_mobiles");
  EXPECT_EQ(robot(R"({"mentioned":["a>b"]})"), "/mentioned");
  EXPECT_EQ(robot(R"({"key":"x"})"), "/key");
  EXPECT_EQ(app(R"({"corpid":"ww","agentid":1})"), "/touser");
  EXPECT_EQ(app(R"({"corpid":"ww","agentid":1,"touser":["a|b"]})"), "/touser");
  EXPECT_EQ(app(R"({"corpid":"ww","agentid":1,"totag":["7"]})"), "");
}

}  // namespace
}  // namespace miniops::notify::testing
