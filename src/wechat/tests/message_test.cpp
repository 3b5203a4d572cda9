#include "wechat/message.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"

namespace miniops::wechat {
namespace {

Message read(Format format, std::string_view body) {
  auto message = parse_message(format, body);
  EXPECT_TRUE(message) << message.error().message << "\n" << body;
  return message.value_or(Message{});
}

constexpr std::string_view text_xml =
    "<xml><ToUserName><![CDATA[gh_0a1b2c3d4e5f]]></ToUserName><FromUserName><![CDATA[oTESTuser0001]]></FromUserName>"
    "<CreateTime>1763701200</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[订单打不开]]></Content>"
    "<MsgId>24512345678901234</MsgId></xml>";

TEST(ParseMessage, ReadsATextInXml) {
  const Message m = read(Format::xml, text_xml);
  EXPECT_EQ(m.to_user_name, "gh_0a1b2c3d4e5f");
  EXPECT_EQ(m.from_user_name.str(), "oTESTuser0001");
  EXPECT_EQ(m.create_time, 1763701200);
  EXPECT_EQ(m.msg_type, "text");
  EXPECT_EQ(m.msg_id, "24512345678901234");
  EXPECT_EQ(std::get<Text>(m.content).content, "订单打不开");
  EXPECT_TRUE(is_customer_message(m));
  EXPECT_EQ(dedup_key(m, text_xml), "m:24512345678901234");
}

TEST(ParseMessage, ReadsTheOthersInJson) {
  const Message image =
      read(Format::json, R"({"ToUserName":"gh_1","FromUserName":"u","CreateTime":1763701260,"MsgType":"image",)"
                         R"("PicUrl":"http://mmbiz.qpic.cn/x/0","MediaId":"MEDIA_A1","MsgId":24512345678901235})");
  EXPECT_EQ(std::get<Image>(image.content).pic_url, "http://mmbiz.qpic.cn/x/0");
  EXPECT_EQ(std::get<Image>(image.content).media_id, "MEDIA_A1");
  EXPECT_EQ(image.msg_id, "24512345678901235") << "a double would say …236";
  EXPECT_EQ(image.media_ids, std::vector<std::string>{"MEDIA_A1"});

  const Message page =
      read(Format::json, R"({"ToUserName":"gh_1","FromUserName":"u","CreateTime":1,"MsgType":"miniprogrampage",)"
                         R"("MsgId":3,"Title":"商品页","AppId":"wx01","PagePath":"pages/item/item?id=9",)"
                         R"("ThumbUrl":"https:\/\/mmbiz.qlogo.cn\/t","ThumbMediaId":"MEDIA_T1"})");
  const auto& card = std::get<MiniProgramPage>(page.content);
  EXPECT_EQ(card.title, "商品页");
  EXPECT_EQ(card.appid, "wx01");
  EXPECT_EQ(card.page_path, "pages/item/item?id=9");
  EXPECT_EQ(card.thumb_url, "https://mmbiz.qlogo.cn/t");
  EXPECT_EQ(page.media_ids, std::vector<std::string>{"MEDIA_T1"});

  const Message location =
      read(Format::json, R"({"FromUserName":"u","MsgType":"location","Location_X":23.10,"Location_Y":"113.3",)"
                         R"("Scale":20,"Label":"广州","MsgId":4})");
  EXPECT_EQ(std::get<Location>(location.content).latitude, "23.10") << "as it came";
  EXPECT_EQ(std::get<Location>(location.content).longitude, "113.3");

  const Message link = read(Format::json, R"({"FromUserName":"u","MsgType":"link","Title":"t","Description":"d",)"
                                          R"("Url":"https://x","MsgId":5})");
  EXPECT_EQ(std::get<Link>(link.content).url, "https://x");
}

TEST(ParseMessage, ReadsAnEntryEvent) {
  const std::string body = R"({"ToUserName":"gh_1","FromUserName":"u","CreateTime":1763701100,"MsgType":"event",)"
                           R"("Event":"user_enter_tempsession","SessionFrom":"scene=order&id=77"})";
  const Message m = read(Format::json, body);
  EXPECT_EQ(std::get<EnterTempSession>(m.content).session_from, "scene=order&id=77");
  EXPECT_TRUE(is_event(m));
  EXPECT_FALSE(is_customer_message(m));
  EXPECT_EQ(m.msg_id, "");
  EXPECT_EQ(dedup_key(m, body), "e:" + hex(sha256(body)));
}

TEST(ParseMessage, ReadsSubscribeEventsInAllShapes) {
  const std::string_view bodies[] = {
      "<xml><FromUserName>u</FromUserName><MsgType>event</MsgType><Event>subscribe_msg_popup_event</Event>"
      "<SubscribeMsgPopupEvent><List><TemplateId>A</TemplateId><SubscribeStatusString>accept</SubscribeStatusString>"
      "<PopupScene>0</PopupScene></List><List><TemplateId>B</TemplateId>"
      "<SubscribeStatusString>reject</SubscribeStatusString><PopupScene>0</PopupScene></List></SubscribeMsgPopupEvent>"
      "</xml>",
      R"({"FromUserName":"u","CreateTime":"1763701301","MsgType":"event","Event":"subscribe_msg_popup_event","List":[)"
      R"({"TemplateId":"A","SubscribeStatusString":"accept","PopupScene":"0"},)"
      R"({"TemplateId":"B","SubscribeStatusString":"reject","PopupScene":0}]})"};
  for (std::string_view body : bodies) {
    const Message m = read(body[0] == '<' ? Format::xml : Format::json, body);
    const auto& event = std::get<SubscribeEvent>(m.content);
    EXPECT_EQ(event.event, "subscribe_msg_popup_event");
    ASSERT_EQ(event.items.size(), 2U);
    EXPECT_EQ(event.items[0].template_id, "A");
    EXPECT_EQ(event.items[0].status, "accept");
    EXPECT_EQ(event.items[1].status, "reject");
    EXPECT_EQ(event.items[1].popup_scene, "0");
  }
  const Message sent = read(Format::json, R"({"FromUserName":"u","CreateTime":"1763701302","MsgType":"event",)"
                                          R"("Event":"subscribe_msg_sent_event","List":{"TemplateId":"A",)"
                                          R"("MsgID":"1864323726461255680","ErrorCode":"0","ErrorStatus":"success"}})");
  EXPECT_EQ(sent.create_time, 1763701302);
  const auto& item = std::get<SubscribeEvent>(sent.content).items.at(0);
  EXPECT_EQ(item.msg_id, "1864323726461255680");
  EXPECT_EQ(item.error_code, "0");
  EXPECT_EQ(item.error_status, "success");
}

TEST(ParseMessage, ReadsWhatPeopleTookBack) {
  const auto event = [](const Message& m) { return std::get<AuthorizationEvent>(m.content); };
  const Message revoked =
      read(Format::json, R"({"ToUserName":"gh_1","FromUserName":"oSYS","CreateTime":1763701510,"MsgType":"event",)"
                         R"("Event":"user_authorization_revoke","OpenID":"oTESTuser0001","RevokeInfo":"6,8"})");
  EXPECT_EQ(event(revoked).openid, OpenId("oTESTuser0001"));
  EXPECT_EQ(event(revoked).revoke_info, "6,8");
  const Message modified = read(Format::xml,
                                "<xml><FromUserName>oSYS</FromUserName><MsgType>event</MsgType>"
                                "<Event>user_info_modified</Event><openid>oTESTuser0001</openid></xml>");
  EXPECT_EQ(event(modified).openid, OpenId("oTESTuser0001"));
  EXPECT_FALSE(is_customer_message(modified));
}

TEST(ParseMessage, KeepsWhatItDoesNotKnow) {
  const Message voice = read(Format::xml,
                             "<xml><FromUserName>u</FromUserName><MsgType>voice</MsgType><MediaId>V1</MediaId>"
                             "<Deep><ThumbMediaId>T1</ThumbMediaId></Deep><MediaId>V1</MediaId><MsgId>9</MsgId></xml>");
  EXPECT_TRUE(std::holds_alternative<Unsupported>(voice.content));
  EXPECT_EQ(voice.media_ids, (std::vector<std::string>{"V1", "T1"}));
  EXPECT_TRUE(is_customer_message(voice));
  const Message info =
      read(Format::xml, "<xml><AppId>wx1</AppId><CreateTime>7</CreateTime><InfoType>authorized</InfoType></xml>");
  EXPECT_EQ(info.msg_type, "InfoType:authorized");
  EXPECT_EQ(info.to_user_name, "wx1");
  EXPECT_FALSE(is_customer_message(info));
  const Message cloud =
      read(Format::json, R"({"FromUserName":"u","MsgType":"text","Content":"c","MsgId":"49d72d67_1763701800"})");
  EXPECT_EQ(cloud.msg_id, "49d72d67_1763701800");
  const Message huge =
      read(Format::json, R"({"FromUserName":"u","MsgType":"text","Content":"c","MsgId":99999999999999999999999})");
  EXPECT_EQ(huge.msg_id, "99999999999999999999999");
  const Message cased =
      read(Format::json, R"({"FromUserName":"u","MsgType":"Event","Event":"user_info_modified","OpenID":"u"})");
  EXPECT_EQ(cased.msg_type, "Event");
  EXPECT_TRUE(is_event(cased));
}

TEST(ParseMessage, TwoEventsOfOneSecondDiffer) {
  const std::string one = R"({"FromUserName":"u","CreateTime":1,"MsgType":"event","Event":"a"})";
  const std::string two = R"({"FromUserName":"u","CreateTime":1,"MsgType":"event","Event":"b"})";
  EXPECT_NE(dedup_key(read(Format::json, one), one), dedup_key(read(Format::json, two), two));
}

std::string xml_with(std::string_view inner) {
  return "<xml><FromUserName>u</FromUserName><MsgType>text</MsgType>" + std::string(inner) + "</xml>";
}

TEST(ParseMessage, RefusesHostileXml) {
  std::string deep;
  for (int i = 0; i < 32; ++i) deep += "<a>";
  for (int i = 0; i < 32; ++i) deep += "</a>";
  std::string very_deep;
  for (int i = 0; i < 150000; ++i) very_deep += "<a>";
  const std::string bodies[] = {
      "",
      " ",
      "xml",
      "<xml>",
      "<xml/>",
      "<xml></yml>",
      "<!DOCTYPE xml [<!ENTITY a \"b\">]>" + xml_with("<Content>&a;</Content>"),
      "<!DOCTYPE xml SYSTEM \"file:///etc/passwd\">" + xml_with(""),
      "<?xml version=\"1.0\"?><!DOCTYPE a>" + xml_with(""),
      xml_with("<!ENTITY a \"b\">"),
      xml_with("<!ELEMENT a>"),
      xml_with(deep),
      xml_with(very_deep),
      xml_with("<Content>" + std::string(1 << 20, 'a') + "</Content>"),
      xml_with("<Content>\xff</Content>"),
      xml_with("<Content>\xed\xa0\x80</Content>"),
      xml_with(std::string("<Content>a\0b</Content>", 22)),
      xml_with("<Content>&#0;</Content>"),
      xml_with("<Content>&#x0;</Content>"),
      xml_with("<Content>&#xD800;</Content>"),
      xml_with("<Content>&#x110000;</Content>"),
      xml_with("<Content>&#4294967296;</Content>"),
      xml_with("<Content>&#;</Content>"),
      xml_with("<Content a='&#0;'/>"),
      xml_with("<Content><![CDATA[never ends</Content>"),
      xml_with("<Content a=\"never ends></Content>"),
      xml_with("</xml><xml>"),
      xml_with("") + "<again/>",
      xml_with("") + "text behind",
      "text before" + xml_with(""),
      "<xml><MsgType>text</MsgType></xml>",
      "<xml><FromUserName>u</FromUserName></xml>",
      "<xml><FromUserName></FromUserName><MsgType>text</MsgType></xml>",
      "<xml><FromUserName>" + std::string(129, 'u') + "</FromUserName><MsgType>text</MsgType></xml>",
  };
  for (const std::string& body : bodies)
    EXPECT_EQ(parse_message(Format::xml, body).error().code, "wechat.malformed") << body.substr(0, 200);
}

TEST(ParseMessage, TakesHarmlessXml) {
  struct Case {
    const char *inner, *content;
  };
  const Case cases[] = {
      {"<Content><![CDATA[<!DOCTYPE html><b>&a;</b>]]></Content>", "<!DOCTYPE html><b>&a;</b>"},
      {"<Content><![CDATA[a]]]]><![CDATA[>b]]></Content>", "a]]>b"},
      {"<Content>&lt;&amp;&#65;&#x4f60;</Content>", "<&A你"},
      {"<Content> </Content>", " "},
      {"<Content><![CDATA[ a\r\nb ]]></Content>", " a\r\nb "},
      {"<!-- <!DOCTYPE --><Content x='>'>c</Content>", "c"},
      {"<?pi <!ENTITY ?><Content>c</Content>", "c"},
      {"<Content/>", ""},
      {"", ""},
  };
  for (const Case& c : cases)
    EXPECT_EQ(std::get<Text>(read(Format::xml, xml_with(c.inner)).content).content, c.content) << c.inner;
  read(Format::xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml_with("") + "\n<!-- end -->\n");
}

TEST(ParseMessage, RefusesHostileJson) {
  const std::string bodies[] = {
      "",
      "[]",
      "7",
      R"({"FromUserName":"u"})",
      R"({"MsgType":"text"})",
      R"({"FromUserName":"","MsgType":"text"})",
      R"({"FromUserName":{"a":1},"MsgType":"text"})",
      R"({"FromUserName":"u","MsgType":"text","MsgType":"event"})",
      R"({"FromUserName":"u","MsgType":"text","Content":"\u0000"})",
      R"({"FromUserName":"u","MsgType":"text","Content":)" + std::string(40, '[') + std::string(40, ']') + "}",
      "{\"FromUserName\":\"u\",\"MsgType\":\"text\",\"Content\":\"\xff\"}",
      "{\"FromUserName\":\"u\",\"MsgType\":\"text\",\"Content\":\"" + std::string(1 << 20, 'a') + "\"}",
  };
  for (const std::string& body : bodies)
    EXPECT_EQ(parse_message(Format::json, body).error().code, "wechat.malformed") << body.substr(0, 200);
}

TEST(ParseMessage, ToleratesWrongTypesInsideContent) {
  const Message m =
      read(Format::json,
           R"({"FromUserName":"u","MsgType":"text","Content":[1,{"MediaId":"x"}],"MsgId":null,"CreateTime":-5})");
  EXPECT_EQ(std::get<Text>(m.content).content, "");
  EXPECT_EQ(m.msg_id, "");
  EXPECT_EQ(m.create_time, 0);
  EXPECT_EQ(m.media_ids, std::vector<std::string>{"x"});
}

// ---- building ----

std::vector<Message> one_of_each() {
  Message m;
  m.to_user_name = "gh_1";
  m.from_user_name = OpenId("oUSER");
  m.create_time = 1763701200;
  m.msg_id = "24512345678901235";
  std::vector<Message> out;
  const auto add = [&](std::string type, Content content) {
    m.msg_type = std::move(type);
    m.content = std::move(content);
    out.push_back(m);
  };
  add("text", Text{"你好 ]]> <b>&amp; \"quoted\" \\ \n]]>"});
  add("image", Image{"http://x/0?a=1&b=2", "M1"});
  add("miniprogrampage", MiniProgramPage{"t", "wx1", "pages/a?b=c", "http://x", "T1"});
  add("link", Link{"t", "d", "https://x"});
  add("location", Location{"23.10", "113.30", "20", "广州"});
  m.msg_id.clear();
  const auto add_event = [&](std::string event, Content content) {
    m.event = std::move(event);
    add("event", std::move(content));
  };
  add_event("user_enter_tempsession", EnterTempSession{"scene=order&id=77"});
  add_event("subscribe_msg_change_event",
            SubscribeEvent{"subscribe_msg_change_event", {{"A", "reject", "", "", "", ""}}});
  add_event("subscribe_msg_popup_event",
            SubscribeEvent{"subscribe_msg_popup_event",
                           {{"A", "accept", "0", "", "", ""}, {"B", "reject", "0", "", "", ""}}});
  add_event("subscribe_msg_sent_event",
            SubscribeEvent{"subscribe_msg_sent_event", {{"A", "", "", "1864323726461255680", "0", "success"}}});
  add_event("user_authorization_revoke", AuthorizationEvent{OpenId("oUSER"), "6,8"});
  add_event("user_authorization_cancellation", AuthorizationEvent{OpenId("oUSER"), ""});
  add_event("debug_demo", Unsupported{});
  return out;
}

TEST(BuildMessage, IsReadBackTheSame) {
  for (const Message& message : one_of_each()) {
    for (Format format : {Format::xml, Format::json}) {
      const std::string body = build_message(format, message);
      const Message back = read(format, body);
      EXPECT_EQ(back.to_user_name, message.to_user_name);
      EXPECT_EQ(back.from_user_name, message.from_user_name);
      EXPECT_EQ(back.create_time, message.create_time);
      EXPECT_EQ(back.msg_type, message.msg_type);
      EXPECT_EQ(back.event, message.event);
      EXPECT_EQ(back.msg_id, message.msg_id);
      EXPECT_EQ(back.content.index(), message.content.index());
      EXPECT_EQ(build_message(format, back), body);
    }
  }
}

TEST(BuildMessage, LooksLikeWeChats) {
  Message m = read(Format::xml, text_xml);
  EXPECT_EQ(build_message(Format::xml, m), text_xml);
  EXPECT_EQ(build_message(Format::json, m),
            R"({"ToUserName":"gh_0a1b2c3d4e5f","FromUserName":"oTESTuser0001","CreateTime":1763701200,)"
            R"("MsgType":"text","Content":"订单打不开","MsgId":24512345678901234})");
  m.msg_id = "49d7_1";
  EXPECT_TRUE(build_message(Format::json, m).ends_with(R"("MsgId":"49d7_1"})"));
}

TEST(TransferCustomerService, AnswersTheSender) {
  const Message m = read(Format::xml, text_xml);
  EXPECT_EQ(transfer_customer_service(Format::xml, m, 17),
            "<xml><ToUserName><![CDATA[oTESTuser0001]]></ToUserName><FromUserName><![CDATA[gh_0a1b2c3d4e5f]]>"
            "</FromUserName><CreateTime>17</CreateTime><MsgType><![CDATA[transfer_customer_service]]></MsgType></xml>");
  EXPECT_EQ(transfer_customer_service(Format::json, m, 17),
            R"({"ToUserName":"oTESTuser0001","FromUserName":"gh_0a1b2c3d4e5f","CreateTime":17,)"
            R"("MsgType":"transfer_customer_service"})");
}

}  // namespace
}  // namespace miniops::wechat
