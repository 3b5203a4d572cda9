// Pushes against a small server: each mode and format opens, tries and their records, switches, answers.
#include "sandbox/tests/platform.hpp"
#include "wechat/message.hpp"

namespace miniops::sandbox::testing {
namespace {

wechat::PushKeys keys_of(wechat::Mode mode, std::string_view token, std::string_view aes_key, std::string_view appid) {
  return {.tokens = {std::string(token)},
          .aes_keys = {wechat::decode_aes_key(aes_key).value()},
          .appid = std::string(appid),
          .mode = mode};
}

class Push : public Platform {
 protected:
  Result<wechat::OpenedPush> open(const net::Request& request, wechat::Mode mode = wechat::Mode::safe) {
    return wechat::open_push(wechat::parse_push_query(request.query), request.body,
                             keys_of(mode, token, aes_key, appid));
  }
};

TEST_F(Push, EachModeAndFormatOpens) {
  std::size_t count = 0;
  for (const std::string_view mode : {"plain", "compatible", "safe"}) {
    for (const std::string_view format : {"xml", "json"}) {
      SCOPED_TRACE(std::string(mode) + " " + std::string(format));
      make_app(mode, format);
      const std::string openid = add_user();
      const json::object said = say(openid, "订单<b>打不开\n\"]]>");
      EXPECT_EQ(said.at("push").at("state"), "delivered");
      const net::Request request = receiver_.wait_for(++count).back();
      const auto opened = open(request, *wechat::parse_mode(mode));
      ASSERT_TRUE(opened) << opened.error().code;
      EXPECT_EQ(opened->encrypted, mode != "plain");
      EXPECT_EQ(opened->format, *wechat::parse_format(format));
      const auto message = wechat::parse_message(opened->format, opened->message);
      ASSERT_TRUE(message);
      EXPECT_EQ(message->from_user_name.str(), openid);
      EXPECT_EQ(message->msg_id, said.at("msg_id").as_string());
      EXPECT_EQ(std::get<wechat::Text>(message->content).content, "订单<b>打不开\n\"]]>");
    }
  }
}

TEST_F(Push, PictureCardAndEventArriveTyped) {
  const std::string openid = add_user();
  const std::string target = path("/users/" + openid + "/messages");
  call("POST", target, {{"event", "user_enter_tempsession"}, {"session_from", "scene=order&id=77"}});
  call("POST", target,
       {{"msgtype", "miniprogrampage"},
        {"miniprogrampage", json::object{{"title", "商品页"}, {"pagepath", "pages/item?id=9"}}}});
  const json::object picture =
      call("POST", target, {{"msgtype", "image"}, {"image", json::object{{"picture", "order"}}}});
  const auto requests = receiver_.wait_for(3);
  ASSERT_EQ(requests.size(), 3U);
  std::vector<wechat::Message> messages;
  for (const net::Request& request : requests) {
    const auto opened = open(request);
    ASSERT_TRUE(opened);
    messages.push_back(wechat::parse_message(opened->format, opened->message).value());
  }
  EXPECT_EQ(std::get<wechat::EnterTempSession>(messages[0].content).session_from, "scene=order&id=77");
  EXPECT_EQ(std::get<wechat::MiniProgramPage>(messages[1].content).page_path, "pages/item?id=9");
  const std::string media_id = std::get<wechat::Image>(messages[2].content).media_id;
  EXPECT_EQ(picture.at("image").at("media_id").as_string(), media_id);
  const auto got = send("/cgi-bin/media/get?access_token=" + stable_token() + "&media_id=" + media_id, {});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->headers.get("content-type"), "image/png");
  EXPECT_TRUE(got->headers.get("content-disposition")->contains(media_id));
}

TEST_F(Push, IsTriedThreeTimesInAll) {
  for (int i = 0; i < 3; ++i) receiver_.will_answer(net::Response::text("busy", 500));
  const json::object said = say(add_user(), "在吗");
  EXPECT_EQ(said.at("push").at("state"), "failed");
  ASSERT_EQ(said.at("push").at("tries").as_array().size(), 3U);
  EXPECT_EQ(said.at("push").at("tries").at(0).at("status"), 500);
  const auto requests = receiver_.wait_for(3);
  EXPECT_EQ(requests[0].body, requests[2].body);
}

TEST_F(Push, StopsAtTheFirstSuccess) {
  receiver_.will_answer(net::Response::dropped());
  const json::object said = say(add_user(), "在吗");
  EXPECT_EQ(said.at("push").at("state"), "delivered");
  const json::array& tries = said.at("push").at("tries").as_array();
  ASSERT_EQ(tries.size(), 2U);
  EXPECT_FALSE(tries[0].at("error").is_null());
  EXPECT_EQ(tries[1].at("body"), "success");
}

TEST_F(Push, AnotherStatusIsNoFailureWhenToldSo) {
  patch({{"push", {{"retry_on_status", false}}}});
  receiver_.will_answer(net::Response::text("", 500));
  EXPECT_EQ(say(add_user(), "在吗").at("push").at("tries").as_array().size(), 1U);
}

TEST_F(Push, SwitchesSpoilIt) {
  struct Case {
    const char* name;
    const char* error;
  };
  std::size_t count = 0;
  for (const Case& c : {Case{"bad_signature", "wechat.bad_signature"}, Case{"old_key", "wechat.bad_ciphertext"}}) {
    json::object push{{"body", R"({"MsgType":"text"})"}};
    push[c.name] = true;
    call("POST", path("/pushes"), push);
    const auto opened = open(receiver_.wait_for(++count).back());
    ASSERT_FALSE(opened) << c.name;
    EXPECT_EQ(opened.error().code, c.error);
  }
}

TEST_F(Push, OldKeyIsTheOneBeforeTheChange) {
  const std::string newer = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
  patch({{"encoding_aes_key", newer}});
  call("POST", path("/pushes"), {{"body", "{}"}, {"old_key", true}});
  const net::Request request = receiver_.wait_for(1).back();
  EXPECT_TRUE(open(request)) << "the old key opens it";
}

TEST_F(Push, DuplicatesAreTheSameBytes) {
  call("POST", path("/pushes"), {{"body", R"({"MsgType":"text"})"}, {"duplicate", 2}});
  const auto requests = receiver_.wait_for(3);
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].body, requests[1].body);
  EXPECT_EQ(requests[0].query, requests[2].query);
}

TEST_F(Push, AHandOverIsShownOnThePhone) {
  for (const std::string_view format : {"xml", "json"}) {
    make_app("safe", format);
    const std::string openid = add_user();
    wechat::Message message;
    message.from_user_name = OpenId(openid);
    message.to_user_name = "gh_x";
    const wechat::Format as = *wechat::parse_format(format);
    const std::string reply = wechat::transfer_customer_service(as, message, 1763701200);
    const std::string key = wechat::decode_aes_key(aes_key).value();
    receiver_.will_answer(net::Response::text(
        wechat::seal_reply(as, reply, token, key, appid, "1763701200", "415670741", "0123456789abcdef")));
    EXPECT_EQ(say(openid, "人工").at("push").at("reply"), "transfer_customer_service") << format;
    const json::array shown = transcript(openid);
    ASSERT_EQ(shown.size(), 2U);
    EXPECT_EQ(shown[1].at("direction"), "note");
    EXPECT_EQ(shown[1].at("msgtype"), "transfer_customer_service");
  }
}

TEST_F(Push, VerifyAsksForTheEchostr) {
  EXPECT_EQ(call("POST", path("/verify"), {}).at("ok"), true);
  const net::Request request = receiver_.wait_for(1).back();
  const auto echo = wechat::verify_url(wechat::parse_push_query(request.query), {token});
  ASSERT_TRUE(echo);
}

TEST_F(Push, WithoutWaitTheAnswerComesAtOnce) {
  const std::string openid = add_user();
  const json::object said = call("POST", path("/users/" + openid + "/messages?wait=false"),
                                 {{"msgtype", "text"}, {"text", json::object{{"content", "在吗"}}}});
  EXPECT_TRUE(said.contains("msg_id"));
  EXPECT_EQ(receiver_.wait_for(1).size(), 1U);
}

}  // namespace
}  // namespace miniops::sandbox::testing
