#include "notify/channels/tencent_sms.hpp"

#include <gtest/gtest.h>

#include "notify/channels/tests/sample.hpp"

namespace miniops::notify::testing {
namespace {

using Kind = Outcome::Kind;
const std::string secret_id = "AKIDEXAMPLE0000000000000000000000001";
const std::string secret_key = "SKEXAMPLE000000000000000000000001";
const std::string body =
    R"({"PhoneNumberSet":["+8613800000000"],"SmsSdkAppId":"1400000000","SignName":"示例监控","TemplateId":"1234567",)"
    R"("TemplateParamSet":["支付服务","5"],"SessionContext":"inc-42"})";

std::string signature(const std::string& authorization) { return authorization.substr(authorization.rfind('=') + 1); }

// notify-channels.md 4.1, recomputed there by two other programs.
TEST(Tc3, GivesTheVerifiedSignatures) {
  const Tc3Request request{"sms.tencentcloudapi.com",         "sms", "SendSms",
                           "application/json; charset=utf-8", body,  1767225600000};
  EXPECT_EQ(body.size(), 179U);
  EXPECT_EQ(tc3_authorization(request, secret_id, secret_key),
            "TC3-HMAC-SHA256 Credential=" + secret_id +
                "/2026-01-01/sms/tc3_request, SignedHeaders=content-type;host;x-tc-action, "
                "Signature=f4a7709f58fea585a7f9aedc29a1182aa3b81708c17fd93b9a78ec8b9f1a7590");
  Tc3Request plain = request;
  plain.content_type = "application/json";
  plain.sign_action = false;
  EXPECT_EQ(signature(tc3_authorization(plain, secret_id, secret_key)),
            "0762b4245ab6602456291e65f5689c27e2ae685c5909a0ceed6732029863028e");
}

TEST(Tc3, GivesTheVendorsPublishedSignature) {
  const std::string vendor =
      "{\"Limit\": 1, \"Filters\": [{\"Values\": [\"\\u672a\\u547d\\u540d\"], \"Name\": \"instance-name\"}]}";
  const Tc3Request request{"cvm.tencentcloudapi.com",         "cvm",  "DescribeInstances",
                           "application/json; charset=utf-8", vendor, 1551113065000};
  EXPECT_EQ(signature(tc3_authorization(request, "AKID", std::string(32, '*'))),
            "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f");
}

TencentSms settings() {
  TencentSms sms;
  sms.secret_id = secret_id;
  sms.sdk_app_id = "1400000000";
  sms.sign_name = "示例监控";
  sms.template_id = "1234567";
  sms.phones = {"+8613800000000"};
  sms.parameters = {"{title}", "{severity}", "{nothing}"};
  return sms;
}

TEST(TencentSms, SignsWhatItSends) {
  const auto request =
      sms_request("https://sms.tencentcloudapi.com", settings(), secret_key, single(sample()), 1767225600000);
  EXPECT_EQ(request.url, "https://sms.tencentcloudapi.com/");
  const Tc3Request again{"sms.tencentcloudapi.com",         "sms",        "SendSms",
                         "application/json; charset=utf-8", request.body, 1767225600000};
  EXPECT_EQ(request.headers.get("authorization"), tc3_authorization(again, secret_id, secret_key));
  EXPECT_EQ(request.headers.get("x-tc-timestamp"), "1767225600");
  EXPECT_EQ(request.headers.get("x-tc-version"), "2021-01-11");
  EXPECT_FALSE(request.body.contains(secret_key));
}

TEST(TencentSms, ParametersAreShortAndHoldWhatThePlatformTakes) {
  Notification notification = sample();
  notification.title = "【急】https://evil.example 支付\n失败率高到不行了";
  const auto request = sms_request("http://127.0.0.1:1", settings(), "k", single(notification), 0);
  const json::array parameters = parse_json(request.body)->at("TemplateParamSet").as_array();
  ASSERT_EQ(parameters.size(), 3U);
  EXPECT_EQ(parameters[0], "急evil.exampl");
  EXPECT_EQ(parameters[1], "严重");
  EXPECT_EQ(parameters[2], "-") << "an empty value is refused";
}

TEST(TencentSms, BothLevelsOfTheAnswerCount) {
  const auto status = [](std::string_view code) {
    return fmt::format(R"({{"SerialNo":"1","PhoneNumber":"+8613800000000","Code":"{}","Message":"m"}})", code);
  };
  const auto set = [&](std::initializer_list<std::string_view> codes) {
    std::string all;
    for (const auto code : codes) all += (all.empty() ? "" : ",") + status(code);
    return R"({"Response":{"SendStatusSet":[)" + all + R"(],"RequestId":"r"}})";
  };
  const auto whole = [](std::string_view code) {
    return fmt::format(R"({{"Response":{{"Error":{{"Code":"{}","Message":"m"}},"RequestId":"r"}}}})", code);
  };
  struct Case {
    std::string body;
    Kind kind;
    std::string_view reason;
  };
  const Case cases[] = {
      {set({"Ok"}), Kind::sent, ""},
      {set({"ok"}), Kind::sent, ""},
      {set({"Ok", "LimitExceeded.PhoneNumberDailyLimit"}), Kind::sent, ""},
      {set({"LimitExceeded.PhoneNumberThirtySecondLimit"}), Kind::later, "rate_limited"},
      {set({"LimitExceeded.PhoneNumberDailyLimit"}), Kind::failed, "quota_spent"},
      {set({"FailedOperation.TemplateIncorrectOrUnapproved"}), Kind::broken, "wrong_settings"},
      {set({"FailedOperation.PhoneNumberInBlacklist"}), Kind::failed, "refused"},
      {set({}), Kind::uncertain, "uncertain"},
      {whole("AuthFailure.SignatureFailure"), Kind::broken, "wrong_credentials"},
      {whole("AuthFailure.SignatureExpire"), Kind::broken, "clock_wrong"},
      {whole("RequestLimitExceeded"), Kind::later, "rate_limited"},
      {whole("InternalError.Timeout"), Kind::later, "busy"},
      {whole("UnauthorizedOperation.SdkAppIdIsDisabled"), Kind::broken, "no_right"},
      {whole("MissingParameter"), Kind::failed, "refused"},
      {"<html>", Kind::uncertain, "uncertain"},
      {R"({"Response":[]})", Kind::uncertain, "uncertain"},
  };
  for (const Case& one : cases) {
    const Outcome outcome = sms_outcome(200, one.body);
    EXPECT_EQ(outcome.kind, one.kind) << one.body;
    EXPECT_EQ(outcome.reason, one.reason) << one.body;
  }
  EXPECT_EQ(sms_outcome(503, "").kind, Kind::later);
  const std::string partly = sms_outcome(200, cases[2].body).detail;
  EXPECT_TRUE(partly.contains("PhoneNumberDailyLimit")) << partly;
  EXPECT_FALSE(partly.contains("13800000000")) << "masked";
}

TEST(TencentSms, SettingsAreChecked) {
  const auto problem = [](json::object changes) {
    json::object whole = to_json(settings());
    for (auto& [name, value] : changes) whole[name] = value;
    const json::value value = whole;
    JsonInput in(value);
    read_tencent_sms(in);
    const auto ok = in.finish();
    return ok ? std::string() : ok.error().fields.front().pointer;
  };
  EXPECT_EQ(problem({}), "");
  EXPECT_EQ(problem({{"phones", json::array()}}), "/phones");
  EXPECT_EQ(problem({{"phones", json::array{"13800000000"}}}), "/phones");
  EXPECT_EQ(problem({{"secret_id", "a\r\nb"}}), "/secret_id");
  EXPECT_EQ(problem({{"region", "ap guangzhou"}}), "/region");
}

}  // namespace
}  // namespace miniops::notify::testing
