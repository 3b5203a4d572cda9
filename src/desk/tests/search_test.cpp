#include "desk/tests/desk_fixture.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SearchTest : public DeskTest {
 protected:
  std::vector<std::string> find(const Access& as, const std::string& words) {
    const auto found = must(sql::run(service().search(as, words, {}, 50)));
    EXPECT_EQ(found.not_indexed, 0);
    std::vector<std::string> all;
    for (const auto& one : found.page.items) {
      const auto shown = to_json(one.message, Viewer{as.sees_personal_data(), "zh"});
      all.emplace_back(shown.at(one.message.msgtype).at("content").get_string());
    }
    return all;
  }
  // Analysts read conversations, but no personal data.
  static Access without_personal_data() {
    identity::Caller caller;
    caller.account = AccountId(8);
    caller.roles[AppId("wxapp")] = identity::Role::admin;
    caller.scopes = std::set{identity::Permission::desk_read};
    return caller.access(AppId("wxapp"), identity::Permission::desk_read).value();
  }
};

TEST_P(SearchTest, TwoChineseCharactersAreFoundNewestFirst) {
  says("o1", "我的订单打不开");
  says("o2", "查询订单");
  says("o3", "你好");
  EXPECT_EQ(must(sql::run(service().search(admin(), "订单", {}, 50))).not_indexed, 3) << "it says so";
  index_all();
  EXPECT_THAT(find(admin(), "订单"), ElementsAre("查询订单", "我的订单打不开"));
  EXPECT_THAT(find(admin(), "打不开"), ElementsAre("我的订单打不开"));
  EXPECT_THAT(find(admin(), "退款"), IsEmpty());
}

TEST_P(SearchTest, PagesAreStable) {
  for (int i = 0; i < 5; ++i) says("o" + std::to_string(i), "订单" + std::to_string(i));
  index_all();
  std::vector<std::string> seen;
  MessageId before;
  for (;;) {
    const auto found = must(sql::run(service().search(admin(), "订单", before, 2)));
    for (const auto& one : found.page.items) seen.push_back(content(one.message));
    if (!found.page.next) break;
    before = MessageId(found.page.next->second);
  }
  EXPECT_THAT(seen, ElementsAre("订单4", "订单3", "订单2", "订单1", "订单0"));
}

TEST_P(SearchTest, PersonalDataAreNotFoundByThoseWhoMayNotSeeThem) {
  says("o1", "我的手机 13812345678 请回电");
  index_all();
  EXPECT_THAT(find(admin(), "13812345678"), ElementsAre("我的手机 138****5678 请回电"));
  EXPECT_THAT(find(without_personal_data(), "13812345678"), IsEmpty());
  EXPECT_THAT(find(without_personal_data(), "回电"), ElementsAre("我的手机 138****5678 请回电"));
}

TEST_P(SearchTest, AnswersAreMasked) {
  says("o1", "身份证 11010519491231002X");
  const Conversation conversation = only();
  const Viewer nobody{};
  const auto message = json::serialize(to_json(messages(conversation.id).at(0), nobody));
  EXPECT_THAT(message, testing::Not(testing::HasSubstr("19491231002")));
  const auto shown = json::serialize(to_json(conversation, gateway::Budget{}, {}, nobody));
  EXPECT_THAT(shown, testing::Not(testing::HasSubstr("19491231002")));
  EXPECT_THAT(shown, testing::HasSubstr(conversation.id.str())) << "ids are no bank cards";
}

TEST_P(SearchTest, ConversationsAreFoundByCustomerAndByMessage) {
  says("o-alpha", "蓝色的杯子");
  says("o-beta", "红色的杯子");
  must(sql::run(service().change_customer(access_of(1), OpenId("o-beta"), {.nickname = "陈小明"})));
  index_all();
  auto openids = [&](const std::string& words) {
    std::vector<std::string> found;
    for (const auto& one : conversations({}, words)) found.push_back(one.openid.str());
    return found;
  };
  EXPECT_THAT(openids("小明"), ElementsAre("o-beta"));
  EXPECT_THAT(openids("蓝色"), ElementsAre("o-alpha"));
  EXPECT_THAT(openids("杯子"), ElementsAre("o-beta", "o-alpha"));
  EXPECT_THAT(openids("o-alpha"), ElementsAre("o-alpha"));
  EXPECT_THAT(openids("绿色"), IsEmpty());
  must(sql::run(service().change_customer(access_of(1), OpenId("o-beta"), {.nickname = "王大"})));
  EXPECT_THAT(openids("小明"), IsEmpty());
}

TEST_P(SearchTest, CustomersHaveTheirSourcesNotesAndTags) {
  enters("o1", "pages/a");
  says("o1", "hi");
  must(sql::run(service().change_customer(access_of(1), OpenId("o1"),
                                          {.note = "老客户", .tags = std::vector<std::string>{"VIP"}})));
  const auto customer = must(sql::run(service().customer(access_of(1), OpenId("o1"))));
  EXPECT_EQ(customer.thread.note, "老客户");
  EXPECT_EQ(customer.thread.tags, R"(["VIP"])");
  EXPECT_EQ(customer.thread.conversations, 1);
  EXPECT_THAT(customer.sources, ElementsAre("pages/a"));
  EXPECT_EQ(code_of(sql::run(service().customer(access_of(1), OpenId("nobody")))), "desk.not_found");
  EXPECT_EQ(code_of(sql::run(service().customer(access_of(1, identity::Role::admin, "wxother"), OpenId("o1")))),
            "desk.not_found");
}

MINIOPS_ON_BOTH_ENGINES(SearchTest);

}  // namespace
}  // namespace miniops::desk
