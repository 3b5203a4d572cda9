// WeCom, SMS and subscribe messages over HTTP: what arrives, what is refused and how.
#include "sandbox/sms.hpp"
#include "sandbox/tests/platform.hpp"

namespace miniops::sandbox::testing {
namespace {

class VendorsTest : public Platform {
 protected:
  int robot_says(const std::string& key, json::object body) {
    return errcode(call("POST", "/cgi-bin/webhook/send?key=" + key, std::move(body)));
  }
  static json::object text(std::string_view words) {
    return {{"msgtype", "text"}, {"text", json::object{{"content", words}}}};
  }
  static json::object markdown(std::string_view words) {
    return {{"msgtype", "markdown"}, {"markdown", json::object{{"content", words}}}};
  }
  json::array robot_messages(const std::string& key) {
    return call("GET", "/sandbox/robots/" + key + "/messages").at("items").as_array();
  }
};

TEST_F(VendorsTest, ARobotPutsMessagesIntoItsGroup) {
  call("POST", "/sandbox/robots", {{"key", "k1"}, {"name", "值班群"}});
  EXPECT_EQ(robot_says("k1", markdown("### 严重")), 0);
  EXPECT_EQ(robot_says("k1", text("恢复")), 0);
  const json::array messages = robot_messages("k1");
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].at("markdown").at("content"), "### 严重");
  EXPECT_EQ(messages[1].at("msgtype"), "text");
  const json::object robot = call("GET", "/sandbox/robots").at("items").at(0).as_object();
  EXPECT_EQ(robot.at("name"), "值班群");
  EXPECT_EQ(robot.at("messages"), 2);
}

TEST_F(VendorsTest, ARobotsMistakesGetWecomsCodes) {
  call("POST", "/sandbox/robots", {{"key", "k1"}, {"per_minute", 2}});
  EXPECT_EQ(robot_says("other", text("x")), 93000);
  EXPECT_EQ(robot_says("k1", {{"msgtype", "news"}}), 40008);
  EXPECT_EQ(robot_says("k1", text("")), 44004);
  EXPECT_EQ(robot_says("k1", text(std::string(2049, 'x'))), 45002);
  EXPECT_EQ(robot_says("k1", markdown(std::string(4097, 'x'))), 45002);
  net::ClientRequest nonsense;
  nonsense.body = "{";
  EXPECT_EQ(errcode(call_with("POST", "/cgi-bin/webhook/send?key=k1", std::move(nonsense))), 40008);
  EXPECT_EQ(robot_says("k1", text(std::string(2048, 'x'))), 0);
  EXPECT_EQ(robot_says("k1", markdown(std::string(4096, 'x'))), 0);
  EXPECT_EQ(robot_says("k1", text("x")), 45009);
  advance(61 * second_ms);
  EXPECT_EQ(robot_says("k1", text("x")), 0);
  EXPECT_EQ(robot_messages("k1").size(), 3U);
  call("DELETE", "/sandbox/robots/k1");
  EXPECT_EQ(robot_says("k1", text("x")), 93000);
}

TEST_F(VendorsTest, FaultsStrikeTheVendorsToo) {
  call("POST", "/sandbox/robots", {{"key", "k1"}});
  call("POST", "/sandbox/vendor-faults", {{"api", "webhook/send"}, {"errcode", -1}});
  EXPECT_EQ(robot_says("k1", text("x")), -1);
  call("POST", "/sandbox/vendor-faults", {{"api", "webhook/send"}, {"disconnect", "after"}});
  EXPECT_TRUE(call("POST", "/cgi-bin/webhook/send?key=k1", text("arrived")).empty());
  EXPECT_EQ(robot_messages("k1").size(), 1U);
  call("POST", "/sandbox/vendor-faults", {{"api", "*"}, {"disconnect", "before"}, {"times", 9}});
  EXPECT_TRUE(call("POST", "/cgi-bin/webhook/send?key=k1", text("lost")).empty());
  EXPECT_EQ(robot_messages("k1").size(), 1U);
  EXPECT_EQ(call("GET", "/sandbox/vendor-faults").at("items").as_array().size(), 1U);
  call("DELETE", "/sandbox/vendor-faults");
  EXPECT_EQ(robot_says("k1", text("x")), 0);
}

TEST_F(VendorsTest, AnAppSendsWithATokenOfItsOwn) {
  call("POST", "/sandbox/wecom-apps",
       {{"corpid", "ww1"}, {"secret", "s"}, {"agentid", 7}, {"users", json::array{"zhangsan", "lisi"}}});
  EXPECT_EQ(errcode(call("GET", "/cgi-bin/gettoken?corpid=ww2&corpsecret=s")), 40013);
  EXPECT_EQ(errcode(call("GET", "/cgi-bin/gettoken?corpid=ww1&corpsecret=x")), 40001);
  const auto token = [&] {
    return std::string(call("GET", "/cgi-bin/gettoken?corpid=ww1&corpsecret=s").at("access_token").as_string());
  };
  const std::string first = token();
  EXPECT_EQ(token(), first) << "the same within its life";
  const auto say = [&](const std::string& with, json::object body) {
    return call("POST", "/cgi-bin/message/send?access_token=" + with, std::move(body));
  };
  json::object body = markdown("hello");
  body["touser"] = "zhangsan|wangwu";
  body["agentid"] = 7;
  body["enable_duplicate_check"] = 1;
  EXPECT_EQ(say(first, body).at("invaliduser"), "wangwu");
  EXPECT_EQ(errcode(say(first, body)), 0) << "taken again, and dropped";
  json::object nobody = body, wrong = body;
  nobody["touser"] = "wangwu";
  wrong["agentid"] = 8;
  EXPECT_EQ(errcode(say(first, nobody)), 81013);
  EXPECT_EQ(errcode(say(first, wrong)), 40056);
  EXPECT_EQ(errcode(say("", body)), 41001);
  EXPECT_EQ(errcode(say("nonsense", body)), 40014);
  advance(2 * hour_ms);
  EXPECT_EQ(errcode(say(first, body)), 42001);
  const std::string second = token();
  EXPECT_NE(second, first);
  call("POST", "/sandbox/wecom-apps/end-tokens", {});
  EXPECT_EQ(errcode(say(second, body)), 40014);
  EXPECT_EQ(errcode(say(token(), body)), 0);
  const json::object app = call("GET", "/sandbox/wecom-apps").at("items").at(0).as_object();
  EXPECT_EQ(app.at("messages").at("total"), 2);
  EXPECT_FALSE(json::serialize(app).contains(R"("secret")"));
}

TEST_F(VendorsTest, AMemberGetsThirtyMessagesAMinute) {
  call("POST", "/sandbox/wecom-apps",
       {{"corpid", "ww1"}, {"secret", "s"}, {"agentid", 7}, {"users", json::array{"u"}}});
  const std::string token(call("GET", "/cgi-bin/gettoken?corpid=ww1&corpsecret=s").at("access_token").as_string());
  json::object body = text("x");
  body["touser"] = "u";
  body["agentid"] = 7;
  for (int i = 0; i < 32; ++i) EXPECT_EQ(errcode(call("POST", "/cgi-bin/message/send?access_token=" + token, body)), 0);
  EXPECT_EQ(call("GET", "/sandbox/wecom-apps").at("items").at(0).at("messages").at("total"), 30);
}

// notify-channels.md 4.1: the whole request and its signature.
net::Request signed_request() {
  net::Request request;
  request.method = net::Method::post;
  request.headers.add("Host", "sms.tencentcloudapi.com");
  request.headers.add("Content-Type", "application/json; charset=utf-8");
  request.headers.add("X-TC-Action", "SendSms");
  request.headers.add("X-TC-Timestamp", "1767225600");
  request.headers.add("Authorization",
                      "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE0000000000000000000000001/2026-01-01/sms/tc3_request, "
                      "SignedHeaders=content-type;host;x-tc-action, "
                      "Signature=f4a7709f58fea585a7f9aedc29a1182aa3b81708c17fd93b9a78ec8b9f1a7590");
  request.body =
      R"({"PhoneNumberSet":["+8613800000000"],"SmsSdkAppId":"1400000000","SignName":"示例监控","TemplateId":"1234567",)"
      R"("TemplateParamSet":["支付服务","5"],"SessionContext":"inc-42"})";
  return request;
}

TEST(SmsSignature, TheVerifiedOneIsGoodAndNoOther) {
  const SmsAccount account{"AKIDEXAMPLE0000000000000000000000001", "SKEXAMPLE000000000000000000000001", "", "", ""};
  constexpr TimeMs then = 1767225600000;
  EXPECT_EQ(wrong_signature(signed_request(), account, then), std::nullopt);
  EXPECT_EQ(wrong_signature(signed_request(), account, then + 6 * minute_ms), "AuthFailure.SignatureExpire");
  net::Request changed = signed_request();
  changed.body += " ";
  EXPECT_EQ(wrong_signature(changed, account, then), "AuthFailure.SignatureFailure");
  SmsAccount other = account;
  other.secret_key = "x";
  EXPECT_EQ(wrong_signature(signed_request(), other, then), "AuthFailure.SignatureFailure");
  net::Request python = signed_request();
  python.headers.set("Content-Type", "application/json");
  python.headers.set("Authorization",
                     "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE0000000000000000000000001/2026-01-01/sms/tc3_request, "
                     "SignedHeaders=content-type;host, "
                     "Signature=0762b4245ab6602456291e65f5689c27e2ae685c5909a0ceed6732029863028e");
  EXPECT_EQ(wrong_signature(python, account, then), std::nullopt) << "the headers that it names are those it signed";
  net::Request bare = signed_request();
  bare.headers.set("Authorization", "");
  EXPECT_EQ(wrong_signature(bare, account, then), "AuthFailure.InvalidAuthorization");
}

TEST(SmsSend, AnswersOnBothLevels) {
  Sms sms;
  ASSERT_TRUE(sms.put_account({"AKIDEXAMPLE0000000000000000000000001", "SKEXAMPLE000000000000000000000001",
                               "1400000000", "示例监控", "1234567", 2}));
  net::Request request = signed_request();
  request.headers.add("X-TC-Version", "2021-01-11");
  constexpr TimeMs then = 1767225600000;
  const auto code = [&](TimeMs at) {
    const json::object answer = sms.send(request, at, "r").at("Response").as_object();
    return std::string(
        (answer.contains("Error") ? answer.at("Error") : answer.at("SendStatusSet").at(0)).at("Code").as_string());
  };
  EXPECT_EQ(code(then), "Ok");
  EXPECT_EQ(code(then + second_ms), "LimitExceeded.PhoneNumberThirtySecondLimit");
  EXPECT_EQ(code(then + 31 * second_ms), "Ok");
  EXPECT_EQ(sms.messages().total(), 2U);
  EXPECT_EQ(sms.messages().items().front().parameters, (std::vector<std::string>{"支付服务", "5"}));
  Sms strange;
  EXPECT_EQ(strange.send(request, then, "r").at("Response").at("Error").at("Code"), "AuthFailure.SecretIdNotFound");
}

TEST_F(VendorsTest, EachConsentBuysOneSubscribeMessage) {
  const std::string openid = add_user();
  const std::string access = stable_token();
  const auto send = [&](json::object data) {
    return errcode(call("POST", "/cgi-bin/message/subscribe/send?access_token=" + access,
                        {{"touser", openid}, {"template_id", "TPL_A"}, {"data", std::move(data)}}));
  };
  const json::object good{{"thing1", {{"value", "支付失败率升高"}}}, {"phrase2", {{"value", "严重"}}}};
  EXPECT_EQ(send(good), 43101);
  const auto popup = [&](std::string_view status) {
    return call("POST", path("/users/" + openid + "/messages"),
                {{"event", "subscribe_msg_popup_event"}, {"template_id", "TPL_A"}, {"status", status}});
  };
  popup("accept");
  popup("reject");
  const auto pushes = receiver_.wait_for(2);
  EXPECT_EQ(pushes.size(), 2U);
  EXPECT_EQ(call("GET", path("/users/" + openid)).at("consents").at("TPL_A"), 1);
  EXPECT_EQ(send({{"thing1", {{"value", std::string(21, 'x')}}}}), 47003);
  EXPECT_EQ(send({{"thing1", "x"}}), 47003);
  EXPECT_EQ(send(good), 0);
  EXPECT_EQ(send(good), 43101) << "it is spent";
  const json::object bubble = transcript(openid).back().as_object();
  EXPECT_EQ(bubble.at("msgtype"), "subscribe");
  EXPECT_EQ(bubble.at("subscribe").at("data").at("phrase2").at("value"), "严重");
}

}  // namespace
}  // namespace miniops::sandbox::testing
