// WeChat's API over HTTP: who gets a token, what reaches a phone, what is refused and how.
#include "sandbox/tests/platform.hpp"
#include "wechat/errors.hpp"

namespace miniops::sandbox::testing {
namespace {

const std::string png = "\x89PNG\r\n\x1a\n(not much of a picture)";

class Api : public Platform {
 protected:
  json::object token_answer(const std::string& with_secret, const std::string& of = appid) {
    return call("GET", "/cgi-bin/token?grant_type=client_credential&appid=" + of + "&secret=" + with_secret);
  }
  json::object upload(const std::string& access_token, std::string_view field, std::string_view bytes) {
    const net::Multipart form = net::multipart_file(field, "a.png", "image/png", bytes, "----boundary7");
    net::ClientRequest request;
    request.method = net::Method::post;
    request.headers.add("Content-Type", form.content_type);
    request.body = form.body;
    const auto response = send("/cgi-bin/media/upload?type=image&access_token=" + access_token, std::move(request));
    return response ? parse_json(response->body).value().as_object() : json::object();
  }
  int custom_send(const std::string& access_token, json::object body) {
    return errcode(call("POST", "/cgi-bin/message/custom/send?access_token=" + access_token, std::move(body)));
  }
};

TEST_F(Api, TokensAreRefusedWithWeChatsCodes) {
  EXPECT_EQ(errcode(token_answer(secret)), 0);
  EXPECT_EQ(errcode(token_answer("wrong")), 40125);
  EXPECT_EQ(errcode(token_answer(secret, "wxunknown")), 40013);
  EXPECT_EQ(errcode(token_answer("")), 41004);
  EXPECT_EQ(errcode(call("GET", "/cgi-bin/token?grant_type=x&appid=a&secret=b")), 40002);
  EXPECT_EQ(errcode(call("POST", "/cgi-bin/token?appid=a", json::object{})), 43001);
  EXPECT_EQ(errcode(call("GET", "/cgi-bin/stable_token")), 43002);
  patch({{"secret_frozen", true}});
  EXPECT_EQ(errcode(token_answer(secret)), 40243);
  patch({{"secret_frozen", false}, {"ip_whitelist", json::array{"10.1.2.3"}}});
  const json::object refused = token_answer(secret);
  EXPECT_EQ(errcode(refused), 40164);
  EXPECT_EQ(wechat::ip_not_allowed(refused.at("errmsg").as_string()), "127.0.0.1");
  EXPECT_TRUE(json::serialize(refused).contains(" rid: "));
}

TEST_F(Api, TokensExpireByTheMovedClock) {
  const std::string openid = add_user();
  say(openid, "在吗");
  const std::string first = stable_token();
  EXPECT_EQ(send_text(first, openid), 0);
  advance(2 * hour_ms);
  EXPECT_EQ(send_text(first, openid), 42001);
  EXPECT_EQ(send_text(stable_token(), openid), 0);
  EXPECT_EQ(send_text("", openid), 41001);
  EXPECT_EQ(send_text("short", openid), 40014);
  EXPECT_EQ(send_text(std::string(150, 'x'), openid), 40001);
}

TEST_F(Api, AForcedTokenEndsTheOneBefore) {
  const std::string openid = add_user();
  say(openid, "在吗");
  const std::string first = stable_token(true);
  EXPECT_EQ(stable_token(true), first) << "not within 30 s";
  advance(31 * second_ms);
  const std::string second = stable_token(true);
  EXPECT_NE(first, second);
  EXPECT_EQ(send_text(first, openid), 40001);
  EXPECT_EQ(send_text(second, openid), 0);
}

TEST_F(Api, TheFourKindsArriveAndNoOther) {
  const std::string access = stable_token();
  const std::string openid = add_user();
  say(openid, "在吗");
  const std::string media(upload(access, "media", png).at("media_id").as_string());
  const json::object text{{"content", "您好"}}, image{{"media_id", media}};
  const json::object link{{"title", "标题"}, {"description", "说明"}, {"url", "https://a.example"}, {"thumb_url", ""}};
  const json::object page{{"title", "订单"}, {"pagepath", "pages/order"}, {"thumb_media_id", media}};
  EXPECT_EQ(custom_send(access, {{"touser", openid}, {"msgtype", "text"}, {"text", text}}), 0);
  EXPECT_EQ(custom_send(access, {{"touser", openid}, {"msgtype", "image"}, {"image", image}}), 0);
  EXPECT_EQ(custom_send(access, {{"touser", openid}, {"msgtype", "link"}, {"link", link}}), 0);
  EXPECT_EQ(custom_send(access, {{"touser", openid}, {"msgtype", "miniprogrampage"}, {"miniprogrampage", page}}), 0);
  for (const std::string_view other :
       {"voice", "video", "music", "news", "mpnews", "mpnewsarticle", "msgmenu", "wxcard", "", "anything"}) {
    json::object body{{"touser", openid}, {"msgtype", other}};
    body[other] = image;
    EXPECT_EQ(custom_send(access, body), 40008) << other;
  }
  const json::array shown = transcript(openid);
  ASSERT_EQ(shown.size(), 5U);
  EXPECT_EQ(shown[1].at("direction"), "out");
  EXPECT_EQ(shown[1].at("text").at("content"), "您好");
  EXPECT_EQ(shown[4].at("miniprogrampage").at("thumb_media_id"), media.c_str());
}

TEST_F(Api, BadMessagesAreRefused) {
  const std::string access = stable_token();
  const std::string openid = add_user();
  EXPECT_EQ(send_text(access, openid), 45015) << "the customer has not written yet";
  say(openid, "在吗");
  EXPECT_EQ(send_text(access, "oNobody"), 40003);
  EXPECT_EQ(send_text(access, openid, ""), 44004);
  EXPECT_EQ(send_text(access, openid, std::string(2049, 'x')), 45002);
  EXPECT_EQ(custom_send(access, {{"touser", openid}, {"msgtype", "image"}, {"image", {{"media_id", "no"}}}}), 40007);
  EXPECT_EQ(custom_send(access, {{"touser", openid}, {"msgtype", "text"}}), 47001);
  EXPECT_EQ(errcode(call("POST", "/cgi-bin/message/custom/send?access_token=" + access)), 44002);
  net::ClientRequest broken;
  broken.method = net::Method::post;
  broken.body = "{\"touser\":";
  const auto answer = send("/cgi-bin/message/custom/send?access_token=" + access, std::move(broken));
  EXPECT_EQ(errcode(parse_json(answer->body)->as_object()), 47001);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(send_text(access, openid), 0);
  EXPECT_EQ(send_text(access, openid), 45047);
  say(openid, "还在吗");
  EXPECT_EQ(send_text(access, openid), 0);
  advance(49 * hour_ms);
  EXPECT_EQ(send_text(stable_token(), openid), 45015);
}

TEST_F(Api, RefusalsThatAreNobodysFault) {
  const std::string access = stable_token();
  const std::string openid = add_user();
  say(openid, "在吗");
  patch({{"blocked_words", json::array{"返现"}}});
  EXPECT_EQ(send_text(access, openid, "好评返现 5 元"), 87014);
  call("PATCH", path("/users/" + openid), {{"refuses", true}});
  EXPECT_EQ(send_text(access, openid), 48002);
  call("PATCH", path("/users/" + openid), {{"refuses", false}});
  patch({{"unauthorized_apis", json::array{"message/custom/send"}}});
  EXPECT_EQ(send_text(access, openid), 48001);
}

TEST_F(Api, TypingNeedsAnExchangeAndLastsFifteenSeconds) {
  const std::string access = stable_token();
  const std::string openid = add_user();
  const auto typing = [&](std::string_view command, const std::string& middle = "") {
    return errcode(call("POST", "/cgi-bin/message/custom/" + middle + "typing?access_token=" + access,
                        {{"touser", openid}, {"command", command}}));
  };
  EXPECT_EQ(typing("Typing"), 45080);
  say(openid, "在吗");
  EXPECT_EQ(typing("Dancing"), 45072);
  EXPECT_EQ(typing("Typing"), 0);
  EXPECT_EQ(typing("Typing"), 45081);
  EXPECT_EQ(typing("CancelTyping"), 0);
  EXPECT_EQ(typing("Typing", "business/"), 0);
  advance(16 * second_ms);
  EXPECT_EQ(typing("Typing"), 0);
  advance(31 * second_ms);
  EXPECT_EQ(typing("Typing"), 45080);
}

TEST_F(Api, MediaIsRefusedAndExpires) {
  const std::string access = stable_token();
  EXPECT_EQ(errcode(upload(access, "file", png)), 41005);
  EXPECT_EQ(errcode(upload(access, "media", "hello")), 40005);
  EXPECT_EQ(errcode(upload(access, "media", png + std::string(2 << 20, 'x'))), 40006);
  const std::string media(upload(access, "media", png).at("media_id").as_string());
  const auto got = send("/cgi-bin/media/get?access_token=" + access + "&media_id=" + media, {});
  EXPECT_EQ(got->body, png);
  advance(3 * day_ms);
  const std::string later = stable_token();
  EXPECT_EQ(errcode(call("GET", "/cgi-bin/media/get?access_token=" + later + "&media_id=" + media)), 40007);
  EXPECT_EQ(errcode(call("GET", "/cgi-bin/media/get?access_token=" + later)), 41006);
}

TEST_F(Api, FaultsStrikeAndTheLostAnswerIsStillDelivered) {
  const std::string access = stable_token();
  const std::string openid = add_user();
  say(openid, "在吗");
  call("POST", path("/faults"), {{"api", "message/custom/send"}, {"errcode", 45011}, {"times", 2}});
  EXPECT_EQ(send_text(access, openid, "1"), 45011);
  EXPECT_EQ(send_text(access, openid, "2"), 45011);
  EXPECT_EQ(send_text(access, openid, "3"), 0);
  for (const std::string_view moment : {"before", "after"}) {
    call("POST", path("/faults"), {{"api", "*"}, {"disconnect", moment}});
    net::ClientRequest request;
    request.method = net::Method::post;
    request.body = json::serialize(
        json::object{{"touser", openid}, {"msgtype", "text"}, {"text", json::object{{"content", moment}}}});
    EXPECT_FALSE(send("/cgi-bin/message/custom/send?access_token=" + access, std::move(request)));
  }
  call("POST", path("/faults"), {{"api", "message/custom/send"}, {"status", 502}, {"answer", "<html>"}});
  call("GET", "/cgi-bin/getcallbackip?access_token=" + access);
  EXPECT_EQ(call("GET", path("/faults")).at("items").as_array().size(), 1U);
  call("DELETE", path("/faults"));
  EXPECT_EQ(send_text(access, openid, "4"), 0);
  std::vector<std::string> heard;
  for (const json::value& bubble : transcript(openid)) {
    if (bubble.at("direction") == "out") heard.emplace_back(bubble.at("text").at("content").as_string());
  }
  EXPECT_EQ(heard, (std::vector<std::string>{"3", "after", "4"}));
}

TEST_F(Api, QuotasEndAndAreCleared) {
  const std::string access = stable_token();
  patch({{"quotas", {{"getcallbackip", {{"daily", 1}}}}}});
  EXPECT_EQ(errcode(call("GET", "/cgi-bin/getcallbackip?access_token=" + access)), 0);
  EXPECT_EQ(errcode(call("GET", "/cgi-bin/getcallbackip?access_token=" + access)), 45009);
  const json::object quota =
      call("POST", "/cgi-bin/openapi/quota/get?access_token=" + access, {{"cgi_path", "/cgi-bin/getcallbackip"}});
  EXPECT_EQ(quota.at("quota").at("remain"), 0);
  EXPECT_EQ(errcode(call("POST", "/cgi-bin/clear_quota?access_token=" + access, {{"appid", appid}})), 0);
  EXPECT_EQ(errcode(call("GET", "/cgi-bin/getcallbackip?access_token=" + access)), 0);
}

TEST_F(Api, CallsAreOnRecordWithoutSecrets) {
  const std::string access = stable_token();
  const std::string openid = add_user();
  send_text(access, openid);
  const json::object listed = call("GET", path("/calls"));
  const json::array& items = listed.at("items").as_array();
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].at("api"), "stable_token");
  EXPECT_EQ(items[1].at("api"), "message/custom/send");
  EXPECT_EQ(items[1].at("errcode"), 45015);
  const std::string all = json::serialize(listed);
  EXPECT_FALSE(all.contains(access));
  EXPECT_FALSE(all.contains(secret));
  const std::string rid(items[1].at("rid").as_string());
  const json::object found = call("POST", "/cgi-bin/openapi/rid/get?access_token=" + access, {{"rid", rid}});
  EXPECT_TRUE(json::serialize(found).contains(openid));
  EXPECT_EQ(errcode(call("POST", "/cgi-bin/openapi/rid/get?access_token=" + access, {{"rid", "x"}})), 76002);
}

TEST_F(Api, TextSecurityFindsWhatIsScripted) {
  const std::string address = "/wxa/msg_sec_check?access_token=" + stable_token();
  const std::string openid = add_user();
  const auto asked = [&](std::string_view text, int version = 2) {
    return call("POST", address, {{"version", version}, {"scene", 2}, {"openid", openid}, {"content", text}});
  };
  EXPECT_EQ(errcode(asked("您好")), 61010) << "never seen in the mini program";
  say(openid, "在吗");
  patch({{"risky_words", json::array{"返现"}}, {"review_words", json::array{"优惠"}}});
  EXPECT_EQ(asked("您好").at("result").at("suggest"), "pass");
  EXPECT_EQ(asked("您好").at("result").at("label"), 100);
  EXPECT_EQ(asked("有优惠").at("result").at("suggest"), "review");
  const json::object risky = asked("优惠返现");
  EXPECT_EQ(errcode(risky), 0);
  EXPECT_EQ(risky.at("result").at("suggest"), "risky");
  EXPECT_EQ(risky.at("detail").at(1).at("keyword"), "返现");
  EXPECT_EQ(errcode(asked("")), 44004);
  EXPECT_EQ(errcode(asked("您好", 1)), 47001);
  advance(hour_ms);
  EXPECT_EQ(errcode(asked("您好")), 0);
  advance(hour_ms + minute_ms);
  EXPECT_EQ(errcode(call("POST", "/wxa/msg_sec_check?access_token=" + stable_token(),
                         {{"version", 2}, {"scene", 2}, {"openid", openid}, {"content", "您好"}})),
            61010);
}

TEST_F(Api, UnknownPathsAre404) {
  const auto answer = send("/cgi-bin/no/such/api", {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 404);
}

}  // namespace
}  // namespace miniops::sandbox::testing
