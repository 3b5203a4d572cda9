#include "notify/channels/subscribe.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "notify/channels/tests/sample.hpp"

namespace miniops::notify::testing {
namespace {

using Kind = Outcome::Kind;

Subscribe template_settings() {
  Subscribe subscribe;
  subscribe.openid = "oTESTuser0001";
  subscribe.template_id = "TPL_A";
  subscribe.page = "pages/alert?id=42";
  subscribe.data = {
      {"thing1", "{title}{title}{title}"}, {"phrase2", "{severity}"}, {"time3", "{time}"}, {"thing4", "{no}"}};
  return subscribe;
}

TEST(Subscribe, FillsTheTemplateWithinWhatWechatTakes) {
  const wechat::ApiCall call = subscribe_call(template_settings(), single(sample()));
  EXPECT_EQ(call.path, "/cgi-bin/message/subscribe/send");
  EXPECT_TRUE(call.post && call.needs_token);
  const json::object body = parse_json(call.body)->as_object();
  EXPECT_EQ(body.at("touser"), "oTESTuser0001");
  EXPECT_EQ(body.at("page"), "pages/alert?id=42");
  EXPECT_EQ(body.at("lang"), "zh_CN");
  const json::object data = body.at("data").as_object();
  EXPECT_EQ(count_chars(data.at("thing1").at("value").as_string()), 20U);
  EXPECT_EQ(data.at("phrase2").at("value"), "严重");
  EXPECT_EQ(data.at("time3").at("value"), "2026-01-01 08:00");
  EXPECT_EQ(data.at("thing4").at("value"), "-");
}

TEST(Subscribe, AnswersMeanWhatTheTableSays) {
  struct Case {
    int errcode;
    Kind kind;
    std::string_view reason;
  };
  const Case cases[] = {{0, Kind::sent, ""},
                        {43101, Kind::failed, "no_consent"},
                        {43108, Kind::later, "busy"},
                        {-1, Kind::later, "busy"},
                        {40003, Kind::broken, "no_recipient"},
                        {40037, Kind::broken, "wrong_settings"},
                        {47003, Kind::broken, "wrong_settings"},
                        {45009, Kind::failed, "quota_spent"},
                        {40001, Kind::later, "no_token"},
                        {45168, Kind::failed, "refused"},
                        {wechat::errcode_not_understood, Kind::uncertain, "uncertain"}};
  for (const Case& one : cases) {
    EXPECT_EQ(subscribe_outcome(one.errcode, "x").kind, one.kind) << one.errcode;
    EXPECT_EQ(subscribe_outcome(one.errcode, "x").reason, one.reason) << one.errcode;
  }
}

TEST(Subscribe, SettingsAreChecked) {
  const auto problem = [](json::value data) {
    json::object whole = to_json(template_settings());
    whole["data"] = std::move(data);
    const json::value value = whole;
    JsonInput in(value);
    const Subscribe read = read_subscribe(in);
    const auto ok = in.finish();
    if (ok) EXPECT_EQ(to_json(read), whole);
    return ok ? std::string() : ok.error().fields.front().pointer;
  };
  EXPECT_EQ(problem({{"thing1", "x"}}), "");
  EXPECT_EQ(problem({{"character_string12", "x"}}), "");
  EXPECT_EQ(problem(json::object()), "/data");
  EXPECT_EQ(problem({{"thing", "x"}}), "/data");
  EXPECT_EQ(problem({{"1", "x"}}), "/data");
  EXPECT_EQ(problem({{"other1", "x"}}), "/data");
  EXPECT_EQ(problem({{"thing1", 7}}), "/data");
  EXPECT_EQ(problem("x"), "/data");
}

}  // namespace
}  // namespace miniops::notify::testing
