// What is hidden before it is stored, and what stays as it is.
#include "telemetry/masking.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace miniops::telemetry {
namespace {

MaskingSettings all_switches() {
  MaskingSettings settings;
  settings.phones = settings.id_cards = settings.bank_cards = settings.emails = settings.tokens = true;
  return settings;
}

TEST(Masking, HidesWhatItsSwitchesName) {
  struct Case {
    std::string_view text, masked;
  };
  const Masker masker(all_switches());
  for (const auto& [text, wanted] : std::vector<Case>{
           {"用户 13812345678 登录", "用户 138****5678 登录"},
           {"from zhang.san@example.com.cn to b@c.io", "from z***@example.com.cn to b***@c.io"},
           {"GET /x?access_token=72_abcDEF&y=1", "GET /x?access_token=***&y=1"},
           {"sessionKey: \"a+b/c==\", ok", "sessionKey: \"***\", ok"},
           {"Authorization: Bearer eyJhbGciOi.J9.x", "Authorization: ***"},
           {"header Bearer eyJhbGciOi.J9.x", "header Bearer ***"},
           {"password=hunter2;next", "password=***;next"},
           {"token expired, order 4200000001", "token expired, order 4200000001"},
           {"", ""},
       })
    EXPECT_EQ(masker.masked(text), wanted) << text;
}

TEST(Masking, EachSwitchIsItsOwn) {
  MaskingSettings settings;
  EXPECT_EQ(Masker(settings).masked("13812345678 a@b.cn pwd=x1"), "13812345678 a@b.cn pwd=***");
  settings.tokens = false;
  settings.phones = true;
  EXPECT_EQ(Masker(settings).masked("13812345678 a@b.cn pwd=x1"), "138****5678 a@b.cn pwd=x1");
}

Record record_of(Kind kind) {
  Record record;
  record.kind = kind;
  record.text = "call 13812345678";
  record.properties =
      R"({"phone":13812345678,"n":5,"deep":[{"session_key":"x","text":"pwd=1 电话13812345678"}],"X-Api-Key":"k","flag":true})";
  return record;
}

TEST(Masking, ReachesTextsAndPropertiesOfLogsAndErrors) {
  const Masker masker(all_switches());
  for (const Kind kind : {Kind::log, Kind::error}) {
    Record record = record_of(kind);
    masker.mask(record);
    EXPECT_EQ(record.text, "call 138****5678");
    EXPECT_EQ(
        record.properties,
        R"({"phone":"138****5678","n":5,"deep":[{"session_key":"***","text":"pwd=*** 电话138****5678"}],"X-Api-Key":"***","flag":true})");
  }
  for (const Kind kind : {Kind::event, Kind::performance, Kind::session, Kind::profile, Kind::feedback}) {
    Record record = record_of(kind);
    masker.mask(record);
    EXPECT_EQ(record, record_of(kind));
  }
}

TEST(Masking, FollowsRules) {
  MaskingSettings settings;
  settings.rules = {{"orders", "order-([0-9]{2})[0-9]+", "order-\\1**"}, {"names", "姓名[:：]\\S+", "姓名:*"}};
  const Masker masker(settings);
  EXPECT_EQ(masker.masked("order-123456 姓名：张三 x"), "order-12** 姓名:* x");
  Record record;
  record.kind = Kind::log;
  record.text = std::string(text_bytes_max - 1, 'a') + "b";
  record.properties = R"({"a":")" + std::string(200'000, 'a') + R"("})";
  settings.rules = {{"longer", "a", "支付"}};
  Masker(settings).mask(record);
  EXPECT_LE(record.text.size(), text_bytes_max);
  EXPECT_TRUE(valid_utf8(record.text));
  EXPECT_EQ(record.properties, "{}");
}

TEST(Masking, SettingsAreReadAndCheckedAsWritten) {
  MaskingSettings settings = all_switches();
  settings.rules = {{"orders", "order-[0-9]+", "order-*"}};
  EXPECT_EQ(masking_of(json::parse(json::serialize(to_json(settings)))), settings);
  EXPECT_EQ(masking_of(json::value(5)), MaskingSettings{});
  EXPECT_EQ(
      masking_of(json::parse(R"({"phones":7,"tokens":false,"rules":[{"name":"x","pattern":"(","replacement":""}]})")),
      (MaskingSettings{false, false, false, false, false, {}}));

  const auto read = [](std::string_view text) {
    MaskingSettings into;
    const json::value body = json::parse(text);
    JsonInput in(body);
    read_masking(in, into);
    const auto ok = in.finish();
    return ok ? std::string("ok") : ok.error().fields.front().pointer;
  };
  EXPECT_EQ(read(R"({"phones":true,"rules":[{"name":"a","pattern":"x+","replacement":"\\0"}]})"), "ok");
  EXPECT_EQ(read(R"({"phones":"yes"})"), "/phones");
  for (const std::string_view pattern : {"(", "a*", "(a{1000}){1000}", "x\\\\C"})
    EXPECT_EQ(read(R"({"rules":[{"name":"a","pattern":")" + std::string(pattern) + R"(","replacement":""}]})"),
              "/rules/0/pattern")
        << pattern;
  EXPECT_EQ(read(R"({"rules":[{"name":"a","pattern":"x","replacement":"\\1"}]})"), "/rules/0/pattern");
}

}  // namespace
}  // namespace miniops::telemetry
