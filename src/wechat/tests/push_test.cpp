#include "wechat/push.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"

namespace miniops::wechat {
namespace {

struct Signed {
  const char *token, *timestamp, *nonce, *signature;
};
constexpr Signed signed_vectors[] = {
    {"AAAAA", "1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"},  // P1, official
    {"AAAAA", "1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"},   // P2, official
    {"test", "1410685589", "test", "f21891de399b4e33a1a93c9a7b8a8fffb5a443ff"},         // P3, wechatpy
};

TEST(Signature, MatchesPublishedVectors) {
  for (const auto& v : signed_vectors) EXPECT_EQ(signature(v.token, v.timestamp, v.nonce), v.signature);
}

TEST(VerifyUrl, AnswersTheEchostr) {
  const auto query = parse_push_query(
      "signature=f464b24fc39322e44b38aa78f5edd27bd1441696&echostr=4375120948345356249&timestamp=1714036504&"
      "nonce=1514711492");
  EXPECT_EQ(verify_url(query, {"AAAAA"}).value(), "4375120948345356249");
  EXPECT_EQ(verify_url(query, {"other", "AAAAA"}).value(), "4375120948345356249") << "the previous token counts";
  for (const std::vector<std::string>& tokens : {std::vector<std::string>{}, {"AAAAB"}, {""}})
    EXPECT_EQ(verify_url(query, tokens).error().code, "wechat.bad_signature");
}

TEST(VerifyUrl, AnEmptyTokenSignsNothing) {
  PushQuery query;
  query.signature = signature("", "1", "2");
  query.timestamp = "1";
  query.nonce = "2";
  EXPECT_FALSE(verify_url(query, {""}));
}

TEST(ParsePushQuery, TakesWhatIsThere) {
  const auto query = parse_push_query(
      "signature=a%2Fb&timestamp=1&nonce=2&openid=o_1-x&encrypt_type=aes&msg_signature=m&nonce=3&other=4&echostr=a+b%"
      "3D&&"
      "=&nonce");
  EXPECT_EQ(query.signature, "a/b");
  EXPECT_EQ(query.timestamp, "1");
  EXPECT_EQ(query.nonce, "2") << "the first counts";
  EXPECT_EQ(query.openid, "o_1-x");
  EXPECT_EQ(query.encrypt_type, "aes");
  EXPECT_EQ(query.msg_signature, "m");
  EXPECT_EQ(query.echostr, "a+b=");
  EXPECT_EQ(parse_push_query("nonce=%zz").nonce, "%zz");
  EXPECT_EQ(parse_push_query("").signature, "");
}

TEST(Names, GoThereAndBack) {
  for (Mode mode : {Mode::plain, Mode::compatible, Mode::safe}) EXPECT_EQ(parse_mode(to_string(mode)), mode);
  for (Format format : {Format::xml, Format::json}) EXPECT_EQ(parse_format(to_string(format)), format);
  EXPECT_EQ(parse_mode("Safe"), std::nullopt);
  EXPECT_EQ(parse_format(""), std::nullopt);
}

TEST(Envelope, IsRecognisedFromTheBody) {
  const auto xml = parse_envelope(" \n<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt>QUJD</Encrypt></xml>\n");
  ASSERT_TRUE(xml);
  EXPECT_EQ(xml->format, Format::xml);
  EXPECT_EQ(xml->encrypt, "QUJD");
  EXPECT_EQ(xml->to_user_name, "gh_1");
  EXPECT_FALSE(xml->has_clear_message);
  const auto json = parse_envelope(R"( {"ToUserName":"gh_1","Encrypt":"QU\/D","MsgType":"text"})");
  ASSERT_TRUE(json);
  EXPECT_EQ(json->format, Format::json);
  EXPECT_EQ(json->encrypt, "QU/D");
  EXPECT_TRUE(json->has_clear_message);
  EXPECT_EQ(parse_envelope("<xml><AppId>wx1</AppId><Encrypt>Q</Encrypt></xml>")->to_user_name, "wx1");
  for (const char* body : {"", "  ", "hello", "[1]", "<xml>", "{", "\"a\"", "\xef\xbb\xbf<xml/>"})
    EXPECT_EQ(parse_envelope(body).error().code, "wechat.malformed") << body;
}

// ---- open_push: what is configured × what comes ----

const std::string key = std::string(31, 'k') + '1';
const std::string old_key = std::string(31, 'k') + '0';
constexpr std::string_view clear_xml =
    "<xml><FromUserName>u</FromUserName><MsgType>text</MsgType><Content>in clear</Content></xml>";
constexpr std::string_view secret_xml =
    "<xml><FromUserName>u</FromUserName><MsgType>text</MsgType><Content>encrypted</Content></xml>";
constexpr std::string_view clear_json = R"({"FromUserName":"u","MsgType":"text","Content":"in clear"})";

struct Push {
  PushQuery query;
  std::string body;
};

Push push(Mode mode, Format format = Format::xml, const std::string& token = "token", const std::string& with = key,
          std::string_view appid = "wx1") {
  Push out;
  out.query.timestamp = "1763701200";
  out.query.nonce = "n0nce";
  out.query.signature = signature(token, out.query.timestamp, out.query.nonce);
  if (mode == Mode::plain) {
    out.body = format == Format::xml ? clear_xml : clear_json;
    return out;
  }
  const std::string sealed = encrypt(with, secret_xml, appid, std::string(16, 'r'));
  out.query.msg_signature = msg_signature(token, out.query.timestamp, out.query.nonce, sealed);
  out.query.encrypt_type = "aes";
  out.body = build_envelope(format, "gh_1", sealed);
  if (mode == Mode::compatible) {
    if (format == Format::xml) {
      out.body.insert(5, "<MsgType>text</MsgType><FromUserName>u</FromUserName><Content>in clear</Content>");
    } else {
      out.body.insert(1, R"("MsgType":"text","FromUserName":"u","Content":"in clear",)");
    }
  }
  return out;
}

PushKeys keys_for(Mode mode, std::optional<Mode> also = std::nullopt) {
  return {{"token", "old token"}, {key, old_key}, "wx1", mode, also};
}

struct ModeCase {
  Mode configured;
  std::optional<Mode> also;
  Mode comes;
  const char* outcome;  // "encrypted", "in clear", or the error's code
};

TEST(OpenPush, FollowsTheTableOfModes) {
  const ModeCase cases[] = {
      {Mode::safe, {}, Mode::safe, "encrypted"},
      {Mode::safe, {}, Mode::compatible, "wechat.weaker_than_configured"},
      {Mode::safe, {}, Mode::plain, "wechat.weaker_than_configured"},
      {Mode::safe, Mode::compatible, Mode::compatible, "encrypted"},
      {Mode::safe, Mode::compatible, Mode::plain, "wechat.weaker_than_configured"},
      {Mode::safe, Mode::plain, Mode::plain, "in clear"},
      {Mode::safe, Mode::plain, Mode::compatible, "encrypted"},
      {Mode::compatible, {}, Mode::safe, "encrypted"},
      {Mode::compatible, {}, Mode::compatible, "encrypted"},
      {Mode::compatible, {}, Mode::plain, "wechat.weaker_than_configured"},
      {Mode::compatible, Mode::safe, Mode::compatible, "encrypted"},
      {Mode::compatible, Mode::plain, Mode::plain, "in clear"},
      {Mode::plain, {}, Mode::plain, "in clear"},
      {Mode::plain, {}, Mode::compatible, "encrypted"},
      {Mode::plain, {}, Mode::safe, "encrypted"},
  };
  for (const ModeCase& c : cases) {
    for (Format format : {Format::xml, Format::json}) {
      const Push p = push(c.comes, format);
      const auto opened = open_push(p.query, p.body, keys_for(c.configured, c.also));
      const std::string outcome = !opened ? opened.error().code : opened->encrypted ? "encrypted" : "in clear";
      EXPECT_EQ(outcome, c.outcome) << to_string(c.configured) << " gets " << to_string(c.comes);
      if (opened) EXPECT_EQ(opened->message, opened->encrypted ? secret_xml : std::string_view(p.body));
    }
  }
}

TEST(OpenPush, TriesPreviousTokensAndKeys) {
  const Push old = push(Mode::safe, Format::xml, "old token", old_key);
  const auto opened = open_push(old.query, old.body, keys_for(Mode::safe));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->token_used, 1U);
  EXPECT_EQ(opened->aes_key_used, 1U);
  const Push plain = push(Mode::plain, Format::json, "old token");
  const auto opened_plain = open_push(plain.query, plain.body, keys_for(Mode::plain));
  ASSERT_TRUE(opened_plain);
  EXPECT_EQ(opened_plain->token_used, 1U);
  EXPECT_EQ(opened_plain->format, Format::json);
}

TEST(OpenPush, RefusesInTheRightOrder) {
  const Push stranger = push(Mode::safe, Format::xml, "another token", std::string(32, 'x'), "wx2");
  EXPECT_EQ(open_push(stranger.query, stranger.body, keys_for(Mode::safe)).error().code, "wechat.bad_signature");
  const Push bad_key = push(Mode::safe, Format::xml, "token", std::string(32, 'x'), "wx2");
  EXPECT_EQ(open_push(bad_key.query, bad_key.body, keys_for(Mode::safe)).error().code, "wechat.bad_ciphertext");
  const Push other_app = push(Mode::safe, Format::xml, "token", key, "wx2");
  EXPECT_EQ(open_push(other_app.query, other_app.body, keys_for(Mode::safe)).error().code, "wechat.wrong_appid");
  const Push unsigned_plain = push(Mode::plain, Format::xml, "another token");
  EXPECT_EQ(open_push(unsigned_plain.query, unsigned_plain.body, keys_for(Mode::safe)).error().code,
            "wechat.bad_signature");
  EXPECT_EQ(open_push({}, "rubbish", keys_for(Mode::safe)).error().code, "wechat.malformed");
}

TEST(OpenPush, InSafeModeTheOtherSignatureCountsForNothing) {
  Push p = push(Mode::safe);
  p.query.signature.clear();
  EXPECT_TRUE(open_push(p.query, p.body, keys_for(Mode::safe)));
  p = push(Mode::safe);
  p.query.msg_signature.clear();
  EXPECT_EQ(open_push(p.query, p.body, keys_for(Mode::safe)).error().code, "wechat.bad_signature");
  p.query.msg_signature = p.query.signature;
  EXPECT_EQ(open_push(p.query, p.body, keys_for(Mode::safe)).error().code, "wechat.bad_signature");
}

TEST(OpenPush, EveryChangedCharacterOfTheCiphertextIsABadSignature) {
  const Push p = push(Mode::safe);
  const std::size_t begin = p.body.find("<Encrypt><![CDATA[") + 18;
  const std::size_t end = p.body.find("]]></Encrypt>");
  for (std::size_t at = begin; at < end; ++at) {
    std::string body = p.body;
    body[at] = body[at] == 'A' ? 'B' : 'A';
    if (body == p.body) continue;
    EXPECT_EQ(open_push(p.query, body, keys_for(Mode::safe)).error().code, "wechat.bad_signature") << at;
  }
}

TEST(OpenPush, PlainModeWithoutKeysReadsTheClearPart) {
  PushKeys keys = keys_for(Mode::plain);
  keys.aes_keys.clear();
  const Push both = push(Mode::compatible);
  const auto opened = open_push(both.query, both.body, keys);
  ASSERT_TRUE(opened);
  EXPECT_FALSE(opened->encrypted);
  const Push sealed = push(Mode::safe);
  EXPECT_EQ(open_push(sealed.query, sealed.body, keys).error().code, "wechat.bad_ciphertext");
}

}  // namespace
}  // namespace miniops::wechat
