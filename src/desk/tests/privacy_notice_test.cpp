#include "desk/privacy_notice.hpp"

#include "desk/tests/desk_fixture.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string link = "https://shop.example/privacy";

TEST(PrivacyNotice, IsCarriedByTheFirstTextThatHasRoom) {
  Settings settings;
  settings.privacy_link = link;
  settings.privacy_version = "2";
  const auto saying = [](const std::string& text) {
    return parse_to_send({{"msgtype", "text"}, {"text", {{"content", text}}}}, false).value();
  };
  ToSend picture;
  picture.message = wechat::SendImage{};
  std::vector<ToSend> replies{picture, saying(std::string(2040, 'x')), saying("欢迎"), saying("再见")};
  EXPECT_TRUE(carry_notice(replies, settings, "zh"));
  EXPECT_EQ(replies[2].text, "欢迎\n隐私政策：" + link);
  EXPECT_EQ(replies[3].text, "再见");
  EXPECT_TRUE(carries_notice(replies[2], settings));
  EXPECT_FALSE(carries_notice(replies[3], settings));
  std::vector<ToSend> pictures{picture};
  EXPECT_FALSE(carry_notice(pictures, settings, "zh"));
}

class PrivacyNoticeTest : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    add_rule({{"name", "欢迎"},
              {"kind", "greeting"},
              {"replies", json::array{json::object{{"msgtype", "text"}, {"text", {{"content", "您好"}}}}}}});
    publish("1");
  }
  void publish(const std::string& version) {
    Settings settings;
    settings.privacy_link = version.empty() ? "" : link;
    settings.privacy_version = version;
    must(sql::run(desk_->settings().set_settings(admin(), settings)));
  }
  // What the last greeting says.
  std::string greeted() {
    execute("UPDATE gateway_outbox SET unfinished = 0, reserved = 0, state = 'sent'");  // nothing waits to be sent
    enters("o1", "pages/a");
    clock_.advance(hour_ms);
    return query("SELECT message FROM gateway_outbox ORDER BY seq DESC LIMIT 1")[0].text(0);
  }
  MessageId last() { return MessageId(query("SELECT id FROM gateway_outbox ORDER BY seq DESC LIMIT 1")[0].integer(0)); }
  std::vector<std::string> given() {
    std::vector<std::string> out;
    for (const PrivacyNotice& one : must(sql::run(service().customer(admin(), OpenId("o1")))).notices)
      out.push_back(one.version + " " + one.state);
    return out;
  }
};

TEST_P(PrivacyNoticeTest, AVersionIsShownOnceAndKeptWithItsTime) {
  EXPECT_THAT(greeted(), HasSubstr(link));
  EXPECT_THAT(given(), ElementsAre("1 sending"));
  EXPECT_THAT(greeted(), Not(HasSubstr(link))) << "it is on its way";
  const MessageId carried(query("SELECT message_id FROM desk_privacy_notices")[0].integer(0));
  const TimeMs accepted = clock_.now();
  deliver(carried, gateway::DeliveryState::sent, 1);
  EXPECT_THAT(given(), ElementsAre("1 shown"));
  EXPECT_EQ(query("SELECT at FROM desk_privacy_notices")[0].integer(0), accepted);
  EXPECT_THAT(greeted(), Not(HasSubstr(link)));

  publish("2");
  EXPECT_THAT(greeted(), HasSubstr(link));
  EXPECT_THAT(given(), ElementsAre("2 sending", "1 shown"));
  publish("");
  EXPECT_THAT(greeted(), Not(HasSubstr(link)));
  says("o1", "你好");
  const auto piece = must(sql::run(desk_->conversation_keeper().exported({AppId("wxapp"), OpenId("o1")}, "")));
  EXPECT_THAT(piece.lines, HasSubstr(R"("kind":"privacy_notice")"));
}

TEST_P(PrivacyNoticeTest, OneThatDidNotArriveIsCarriedAgain) {
  greeted();
  deliver(last(), gateway::DeliveryState::failed, 1, 0, "expired");
  EXPECT_THAT(given(), ElementsAre("1 failed"));
  EXPECT_THAT(greeted(), HasSubstr(link));
  EXPECT_THAT(given(), ElementsAre("1 sending"));
}

TEST_P(PrivacyNoticeTest, OtherRepliesCarryNone) {
  add_rule({{"name", "默认"},
            {"kind", "default"},
            {"replies", json::array{json::object{{"msgtype", "text"}, {"text", {{"content", "稍等"}}}}}}});
  says("o1", "在吗");
  EXPECT_THAT(query("SELECT message FROM gateway_outbox")[0].text(0), Not(HasSubstr(link)));
  EXPECT_THAT(given(), IsEmpty());
}

MINIOPS_ON_BOTH_ENGINES(PrivacyNoticeTest);

}  // namespace
}  // namespace miniops::desk
