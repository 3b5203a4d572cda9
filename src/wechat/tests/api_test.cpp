#include "wechat/api.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace miniops::wechat {
namespace {

const AppId appid("wx1");
const OpenId user("oUSER");

TEST(ApiCalls, TokenCallsNeedNoToken) {
  const ApiCall token = token_call(appid, "s&c=1");
  EXPECT_FALSE(token.post);
  EXPECT_EQ(token.path, "/cgi-bin/token");
  EXPECT_EQ(token.query, "grant_type=client_credential&appid=wx1&secret=s%26c%3D1");
  EXPECT_FALSE(token.needs_token);
  const ApiCall stable = stable_token_call(appid, "sec", true);
  EXPECT_TRUE(stable.post);
  EXPECT_EQ(stable.path, "/cgi-bin/stable_token");
  EXPECT_EQ(stable.body, R"({"grant_type":"client_credential","appid":"wx1","secret":"sec","force_refresh":true})");
  EXPECT_FALSE(stable.needs_token);
}

TEST(ApiCalls, SendEachKindAsRawUtf8) {
  struct Case {
    Outgoing message;
    const char* body;
  };
  const Case cases[] = {
      {SendText{"你好 <a href=\"x\">é/</a>\n😀"},
       R"({"touser":"oUSER","msgtype":"text","text":{"content":"你好 <a href=\"x\">é/</a>\n😀"}})"},
      {SendImage{"M1"}, R"({"touser":"oUSER","msgtype":"image","image":{"media_id":"M1"}})"},
      {SendLink{"t", "d", "https://x/", "https://y/"},
       R"({"touser":"oUSER","msgtype":"link","link":{"title":"t","description":"d","url":"https://x/","thumb_url":"https://y/"}})"},
      {SendMiniProgramPage{"t", "pages/a?b=c", "T1"},
       R"({"touser":"oUSER","msgtype":"miniprogrampage","miniprogrampage":{"title":"t","pagepath":"pages/a?b=c","thumb_media_id":"T1"}})"},
  };
  for (const Case& c : cases) {
    const ApiCall call = custom_send_call(user, c.message);
    EXPECT_EQ(call.name, "message/custom/send");
    EXPECT_EQ(call.path, "/cgi-bin/message/custom/send");
    EXPECT_EQ(call.content_type, "application/json");
    EXPECT_TRUE(call.post && call.needs_token);
    EXPECT_EQ(call.body, c.body);
    const json::object object = outgoing_json(c.message);
    const auto back = parse_outgoing(object);
    ASSERT_TRUE(back);
    EXPECT_EQ(outgoing_json(*back), object);
    EXPECT_EQ(object.at("msgtype").as_string(), std::string(msgtype_of(c.message)));
  }
}

TEST(ApiCalls, TypingAndMedia) {
  EXPECT_EQ(typing_call(user, Typing::start).body, R"({"touser":"oUSER","command":"Typing"})");
  EXPECT_EQ(typing_call(user, Typing::stop).body, R"({"touser":"oUSER","command":"CancelTyping"})");
  EXPECT_EQ(media_get_call("a/b+c=").query, "media_id=a%2Fb%2Bc%3D");
  EXPECT_EQ(callback_ip_call().path, "/cgi-bin/getcallbackip");
  const ApiCall upload = media_upload_call("a\"\r\nX: y.png", "image/png", std::string("\0\xff", 2), "BOUND");
  EXPECT_EQ(upload.query, "type=image");
  EXPECT_EQ(upload.content_type, "multipart/form-data; boundary=BOUND");
  EXPECT_EQ(upload.body,
            std::string("--BOUND\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a___X: y.png\"\r\n"
                        "Content-Type: image/png\r\n\r\n") +
                std::string("\0\xff", 2) + "\r\n--BOUND--\r\n");
}

TEST(ParseOutgoing, RefusesWhatAMiniProgramMayNotSend) {
  for (const char* type :
       {"voice", "video", "music", "news", "mpnews", "mpnewsarticle", "msgmenu", "wxcard", "", "Text"}) {
    const auto message = parse_outgoing({{"msgtype", type}, {type, json::object{{"media_id", "M"}}}});
    EXPECT_EQ(message.error().code, "wechat.msgtype_not_allowed") << type;
  }
  EXPECT_EQ(parse_outgoing({}).error().code, "wechat.msgtype_not_allowed");
  EXPECT_EQ(parse_outgoing({{"msgtype", 1}}).error().code, "wechat.msgtype_not_allowed");
}

TEST(ParseOutgoing, TellsWhichFieldIsWrong) {
  struct Case {
    std::string body, pointer;
  };
  const std::string han_682 = [] {
    std::string text;
    for (int i = 0; i < 683; ++i) text += "汉";
    return text;
  }();
  const Case cases[] = {
      {R"({"msgtype":"text"})", "/text"},
      {R"({"msgtype":"text","text":"a"})", "/text"},
      {R"({"msgtype":"text","text":{}})", "/text/content"},
      {R"({"msgtype":"text","text":{"content":""}})", "/text/content"},
      {R"({"msgtype":"text","text":{"content":7}})", "/text/content"},
      {R"({"msgtype":"text","text":{"content":"a\u0007"}})", "/text/content"},
      {R"({"msgtype":"text","text":{"content":"a","more":1}})", "/text/more"},
      {R"({"msgtype":"text","text":{"content":")" + std::string(2049, 'a') + "\"}}", "/text/content"},
      {R"({"msgtype":"text","text":{"content":")" + han_682 + "\"}}", "/text/content"},
      {R"({"msgtype":"image","image":{"media_id":""}})", "/image/media_id"},
      {R"({"msgtype":"link","link":{"title":"","url":"https://x"}})", "/link/title"},
      {R"({"msgtype":"link","link":{"title":"t"}})", "/link/url"},
      {R"({"msgtype":"link","link":{"title":"t","url":"javascript:alert`1`"}})", "/link/url"},
      {R"({"msgtype":"link","link":{"title":"t","url":"https://"}})", "/link/url"},
      {R"({"msgtype":"link","link":{"title":"t","url":"https://x y"}})", "/link/url"},
      {R"({"msgtype":"link","link":{"title":"t","url":"https://x","thumb_url":"data:x"}})", "/link/thumb_url"},
      {R"({"msgtype":"miniprogrampage","miniprogrampage":{"title":"t","pagepath":"","thumb_media_id":"T"}})",
       "/miniprogrampage/pagepath"},
      {R"({"msgtype":"miniprogrampage","miniprogrampage":{"title":"t","pagepath":"p"}})",
       "/miniprogrampage/thumb_media_id"},
  };
  for (const Case& c : cases) {
    const auto message = parse_outgoing(parse_json(c.body)->as_object());
    ASSERT_FALSE(message) << c.body;
    EXPECT_EQ(message.error().code, "request.invalid");
    ASSERT_FALSE(message.error().fields.empty());
    EXPECT_EQ(message.error().fields[0].pointer, c.pointer) << c.body;
  }
  EXPECT_TRUE(parse_outgoing(
      parse_json(R"({"touser":"u","msgtype":"text","text":{"content":")" + std::string(2048, 'a') + "\"}}")
          ->as_object()));
}

TEST(ApiAnswers, Tokens) {
  const auto good = parse_token_answer(200, R"({"access_token":"T","expires_in":7200})");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->access_token, "T");
  EXPECT_EQ(good->expires_in_s, 7200);
  const auto bad = parse_token_answer(
      200,
      R"({"errcode":40164,"errmsg":"invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist, rid: 617682e0-09059ac5-34a8e2ea"})");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().errcode, 40164);
  EXPECT_EQ(bad.error().errmsg, "invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist");
  EXPECT_EQ(bad.error().rid, "617682e0-09059ac5-34a8e2ea");
  struct Case {
    int status;
    const char* body;
  };
  const Case cases[] = {{502, "<html>"},
                        {200, ""},
                        {200, "<html>"},
                        {200, "[]"},
                        {200, "{}"},
                        {200, R"({"errcode":0})"},
                        {200, R"({"access_token":"T"})"},
                        {200, R"({"access_token":"T","expires_in":-1})"},
                        {200, R"({"access_token":"T","expires_in":"7200"})"},
                        {200, R"({"errcode":"40001"})"},
                        {200, R"({"errcode":99999999999})"},
                        {500, R"({"access_token":"T","expires_in":7200})"},
                        {200, R"({"access_token":"T","access_token":"U","expires_in":7200})"}};
  for (const Case& c : cases)
    EXPECT_EQ(parse_token_answer(c.status, c.body).error().errcode, errcode_not_understood) << c.body;
}

TEST(ApiAnswers, Done) {
  EXPECT_TRUE(parse_done(200, R"({"errcode":0,"errmsg":"ok","more":[1]})"));
  EXPECT_EQ(parse_done(200, R"({"errcode":-1,"errmsg":"system error"})").error().errcode, -1);
  EXPECT_EQ(parse_done(200, R"({"errcode":45015,"errmsg":"response out of time limit rid: a-b-c"})").error().errmsg,
            "response out of time limit");
  EXPECT_EQ(parse_done(200, "{}").error().errcode, errcode_not_understood);
  EXPECT_EQ(parse_done(204, "").error().errcode, errcode_not_understood);
}

TEST(ApiAnswers, Media) {
  EXPECT_EQ(parse_media_uploaded(200, R"({"type":"image","media_id":"M","created_at":17})")->created_at_s, 17);
  EXPECT_EQ(parse_media_uploaded(200, R"({"type":"image"})").error().errcode, errcode_not_understood);

  const auto file = parse_media_get(200, "image/jpeg", "attachment; filename=\"../a b.jpg\"", "\xff\xd8");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->content_type, "image/jpeg");
  EXPECT_EQ(file->filename, "a b.jpg");
  EXPECT_EQ(file->bytes, "\xff\xd8");
  EXPECT_EQ(parse_media_get(200, "image/jpeg", "attachment; filename=a.jpg; x", "b")->filename, "a.jpg");
  EXPECT_EQ(parse_media_get(200, "image/jpeg", "attachment; filename=\"", "b")->filename, "");
  EXPECT_EQ(parse_media_get(200, "image/jpeg", "attachment; filename=\"..\"", "b")->filename, "");
  for (const char* type : {"text/plain", "application/json; charset=utf-8", "image/jpeg", ""})
    EXPECT_EQ(parse_media_get(200, type, "", R"( {"errcode":40007,"errmsg":"invalid media_id"})").error().errcode,
              40007);
  EXPECT_EQ(parse_media_get(200, "application/json", "", R"({"video_url":"http://v"})")->video_url, "http://v");
  EXPECT_EQ(parse_media_get(200, "application/json", "", "{}").error().errcode, errcode_not_understood);
  EXPECT_EQ(parse_media_get(200, "text/html", "", "<html>").error().errcode, errcode_not_understood);
  EXPECT_EQ(parse_media_get(200, "image/png", "", "").error().errcode, errcode_not_understood);
  EXPECT_EQ(parse_media_get(404, "image/png", "", "x").error().errcode, errcode_not_understood);
  EXPECT_EQ(parse_media_get(200, "image/png", "", "{binary")->bytes, "{binary");
}

TEST(ApiAnswers, IpList) {
  EXPECT_EQ(*parse_ip_list(200, R"({"ip_list":["1.2.3.4","10.0.0.0/8"]})"),
            (std::vector<std::string>{"1.2.3.4", "10.0.0.0/8"}));
  for (const char* body : {"{}", R"({"ip_list":"1.2.3.4"})", R"({"ip_list":[1]})", R"({"ip_list":[""]})"})
    EXPECT_EQ(parse_ip_list(200, body).error().errcode, errcode_not_understood);
  EXPECT_EQ(parse_ip_list(200, R"({"errcode":40013,"errmsg":"invalid appid"})").error().errcode, 40013);
}

TEST(ApiCalls, TextSecurityIsVersionTwo) {
  const ApiCall call = text_security_call(OpenId("o1"), "您好");
  EXPECT_EQ(call.path, "/wxa/msg_sec_check");
  EXPECT_EQ(call.body, R"({"version":2,"scene":2,"openid":"o1","content":"您好"})");
  std::string too_long;
  for (int i = 0; i < 2600; ++i) too_long += "字";
  EXPECT_EQ(json::parse(text_security_call(OpenId("o1"), too_long).body).at("content").as_string().size(), 7500U);
}

TEST(ApiAnswers, TextSecurity) {
  using Suggest = TextSecurity::Suggest;
  const auto risky = parse_text_security(200, R"({"errcode":0,"errmsg":"ok","result":{"suggest":"risky","label":20006},
    "detail":[{"strategy":"content_model","label":20006},{"strategy":"keyword","keyword":"返现"},
              {"strategy":"keyword","keyword":"返现"}]})");
  ASSERT_TRUE(risky);
  EXPECT_EQ(risky->suggest, Suggest::risky);
  EXPECT_EQ(risky->label, 20006);
  EXPECT_EQ(risky->keywords, std::vector<std::string>{"返现"});
  EXPECT_EQ(parse_text_security(200, R"({"result":{"suggest":"pass","label":100}})")->suggest, Suggest::pass);
  EXPECT_EQ(parse_text_security(200, R"({"errcode":0,"result":{"suggest":"review","label":21000}})")->suggest,
            Suggest::review);
  EXPECT_EQ(parse_text_security(200, R"({"errcode":61010,"errmsg":"code is expired"})").error().errcode,
            errcode_not_active);
  for (const char* body : {"{}", R"({"errcode":0})", R"({"result":{"suggest":"ok"}})", R"({"result":[]})", "nonsense"})
    EXPECT_EQ(parse_text_security(200, body).error().errcode, errcode_not_understood) << body;
  EXPECT_EQ(parse_text_security(502, "{}").error().errcode, errcode_not_understood);
}

}  // namespace
}  // namespace miniops::wechat
