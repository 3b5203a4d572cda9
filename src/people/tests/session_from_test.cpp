#include "people/session_from.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"

namespace miniops::people {
namespace {

constexpr TimeMs now = 1763701200000;
const std::string key = "0123456789abcdef0123456789abcdef";

// Computed with another implementation.
const std::string signed_level = "_ts=1763701200&level=3&_sig=vokR856gIYTDcmlqfAdIgVF-6fEZPKvrl99shUdzT04";
const std::string signed_customer =
    "_openid=oTESTuser0001&_ts=1763701200&level=5&login_id=u77&name=%E7%8E%8B%20%E5%B0%8F%E6%98%8E%26%3D&_sig="
    "JuGJy_aa4Usa7qDNTa414vkaLrmGps4hJ6BKhGXfVrY";

SignedParameters read(const std::string& text, TimeMs at = now, std::string_view openid = "oTESTuser0001") {
  return signed_parameters(key, text, {openid, at});
}

TEST(SessionFrom, IsSignedAsOthersWouldSignIt) {
  EXPECT_EQ(sign_session_from(key, {{"level", "3"}}, "", now).value(), signed_level);
  const Parameters customer{{"level", "5"}, {"login_id", "u77"}, {"name", "王 小明&="}};
  EXPECT_EQ(sign_session_from(key, customer, "oTESTuser0001", now).value(), signed_customer);
  EXPECT_EQ(read(signed_level).trusted, (Parameters{{"level", "3"}}));
  EXPECT_EQ(read(signed_customer).trusted, customer);
  EXPECT_EQ(read(signed_customer).untrusted, Parameters{});
}

TEST(SessionFrom, OrderAndSpellingDoNotMatter) {
  const std::string sig = signed_level.substr(signed_level.find("_sig"));
  EXPECT_EQ(read("level=3&_ts=1763701200&" + sig).trusted, (Parameters{{"level", "3"}}));
  EXPECT_EQ(read("&&l%65vel=%33&_ts=1763701200&" + sig).trusted, (Parameters{{"level", "3"}}));
}

TEST(SessionFrom, WhatFollowsTheSignatureIsThePhones) {
  const auto found = read(signed_level + "&page=pages%2Forder&level=9&page=other");
  EXPECT_EQ(found.trusted, (Parameters{{"level", "3"}}));
  EXPECT_EQ(found.untrusted, (Parameters{{"page", "pages/order"}, {"level", "9"}}));
}

TEST(SessionFrom, IsReadWithoutItsSignature) {
  EXPECT_EQ(without_signature("level=3&_ts=1&_sig=abc"), "level=3&_ts=1");
  EXPECT_EQ(without_signature("level=3&_sig=abc&page=a"), "level=3&page=a");
  EXPECT_EQ(without_signature("%5Fsig=abc&_sig=abc"), "");
  EXPECT_EQ(without_signature("x_sig=abc"), "x_sig=abc");
  EXPECT_EQ(without_signature("pages/index/index"), "pages/index/index");
  EXPECT_EQ(without_signature(""), "");
}

TEST(SessionFrom, OfASourceThePageOrAWordMayStay) {
  const std::string long_path = "pages/" + std::string(200, 'a');
  const std::vector<std::pair<std::string, std::string>> cases{
      {"pages/index/index", "pages/index/index"},
      {"/pages/a-b/c_d.html", "/pages/a-b/c_d.html"},
      {"pages/order?uid=u77&name=张三", "pages/order"},
      {"pages/中文", "pages/中文"},
      {"cart", "cart"},
      {"商品详情页", "商品详情页"},
      {"活动页11", "活动页11"},
      {"", ""},
      {R"({"nickName":"张三"})", ""},
      {"uid=u77", ""},
      {"uid：张三", ""},
      {"张三 李四", ""},
      {"cart?uid=u77", ""},
      {"u1234", ""},
      {"用户１２３４", ""},
      {"oTESTuser-abcdefghijklmnop", ""},
      {"pages/138****5678", ""},
      {"pages/a b", ""},
      {long_path, ""},
  };
  for (const auto& [source, kept] : cases) EXPECT_EQ(plain_source(source), kept) << source;
}

TEST(SessionFrom, WithoutSignatureNothingIsTrusted) {
  const auto found = read("scene=order&id=77");
  EXPECT_EQ(found.problem, SignatureProblem::none);
  EXPECT_EQ(found.trusted, Parameters{});
  EXPECT_EQ(found.untrusted, (Parameters{{"scene", "order"}, {"id", "77"}}));
  EXPECT_EQ(read("vip").untrusted, (Parameters{{"vip", ""}}));
}

TEST(SessionFrom, EachProblemHasItsName) {
  struct Case {
    std::string what, text;
    TimeMs at = now;
    std::string openid = "oTESTuser0001";
    SignatureProblem expected;
  };
  std::string changed = signed_level;
  changed.replace(changed.find("level=3"), 7, "level=9");
  std::string tail = signed_level;
  tail.back() = tail.back() == 'A' ? 'B' : 'A';
  const std::vector<Case> cases{
      {"right", signed_level, now, "o", SignatureProblem::none},
      {"a day old", signed_level, now + day_ms, "o", SignatureProblem::none},
      {"older", signed_level, now + day_ms + 1, "o", SignatureProblem::expired},
      {"five minutes ahead", signed_level, now - 5 * minute_ms, "o", SignatureProblem::none},
      {"more ahead", signed_level, now - 5 * minute_ms - 1, "o", SignatureProblem::too_early},
      {"changed", changed, now, "o", SignatureProblem::wrong},
      {"another signature", tail, now, "o", SignatureProblem::wrong},
      {"a shorter signature", signed_level.substr(0, signed_level.size() - 1), now, "o", SignatureProblem::wrong},
      {"an empty signature", "_ts=1763701200&level=3&_sig=", now, "o", SignatureProblem::wrong},
      {"added before", "vip=1&" + signed_level, now, "o", SignatureProblem::wrong},
      {"a name twice", "level=9&" + signed_level, now, "o", SignatureProblem::malformed},
      {"its own customer", signed_customer, now, "oTESTuser0001", SignatureProblem::none},
      {"another customer", signed_customer, now, "oTESTuser0002", SignatureProblem::other_openid},
      {"too long", signed_level + "&page=" + std::string(1000, 'x'), now, "o", SignatureProblem::malformed},
      {"no UTF-8", signed_level + "&page=\xFF", now, "o", SignatureProblem::malformed},
  };
  for (const Case& one : cases) {
    const auto found = read(one.text, one.at, one.openid);
    EXPECT_EQ(to_string(found.problem), to_string(one.expected)) << one.what;
    EXPECT_EQ(found.trusted.empty(), one.expected != SignatureProblem::none) << one.what;
  }
  EXPECT_EQ(read(changed).untrusted, (Parameters{{"level", "9"}}));
}

TEST(SessionFrom, NeedsATimeAndAKey) {
  const auto rightly_signed = [](const std::string& canonical) {
    return read(canonical + "&_sig=" + base64url(hmac_sha256(key, canonical))).problem;
  };
  EXPECT_EQ(rightly_signed("_ts=1763701200&level=3"), SignatureProblem::none);
  for (const char* text : {"level=3", "_ts=&level=3", "_ts=x&level=3", "_ts=-5&level=3", "_ts=1763701200x&level=3",
                           "_ts=1763701200000&level=3", "_ts=99999999999999999999&level=3"})
    EXPECT_EQ(to_string(rightly_signed(text)), "malformed") << text;
  EXPECT_EQ(
      signed_parameters("", "_ts=1763701200&_sig=" + base64url(hmac_sha256("", "_ts=1763701200")), {"o", now}).problem,
      SignatureProblem::wrong);
  EXPECT_FALSE(sign_session_from("", {{"level", "3"}}, "", now));
}

TEST(SessionFrom, OnlyWhatCanBeReadAgainIsSigned) {
  // _ts, _sig and what stands between take 66 bytes of the 1,000.
  const Parameters longest{{"a", std::string(934, 'x')}};
  const auto whole = sign_session_from(key, longest, "", now);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->size(), session_from_bytes_max);
  EXPECT_EQ(read(*whole).trusted, longest);
  for (const Parameters& wrong : {Parameters{{"", "x"}}, Parameters{{"_ts", "1"}}, Parameters{{"a", "\xFF"}},
                                  Parameters{{"a", std::string(935, 'x')}}, Parameters{{"a", std::string(400, '/')}}}) {
    const auto made = sign_session_from(key, wrong, "", now);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, "people.invalid_session_from");
  }
}

}  // namespace
}  // namespace miniops::people
