// The requests that sentry-miniapp 0.11.0 and 1.19 really sent: each is accounted for, item by item.
#include <gtest/gtest.h>

#include "telemetry/tests/decoded.hpp"

namespace miniops::telemetry::sentry_samples_test {
namespace {

using testing::losses;
using testing::names;
using testing::properties;
using testing::property;

constexpr TimeMs received = 1795237780000;

std::vector<Decoded> replay(const std::string& file) {
  const bool store = file.contains("store");
  std::vector<Decoded> out;
  for (const testing::Sample& sample : testing::samples(file)) {
    Arrival arrival;
    arrival.received_at = received;
    arrival.query = sample.query;
    EXPECT_EQ(sentry_key(sample.query, "", sample.body), "a1b2c3d4e5f60718293a4b5c6d7e8f90");
    auto decoded = store ? decode_sentry_store(sample.body, arrival) : decode_sentry_envelope(sample.body, arrival);
    EXPECT_TRUE(decoded) << decoded.error().message;
    if (decoded) testing::expect_tidy(*decoded);
    out.push_back(std::move(decoded).value_or(Decoded{}));
  }
  return out;
}

struct Expected {
  std::string names;
  std::string losses = "";
  std::string event_id = "";
};

void expect_all(const std::string& file, const std::vector<Expected>& expected) {
  const auto requests = replay(file);
  ASSERT_EQ(requests.size(), expected.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    EXPECT_EQ(names(requests[i]), expected[i].names) << i;
    EXPECT_EQ(losses(requests[i]), expected[i].losses) << i;
    EXPECT_EQ(requests[i].event_id, expected[i].event_id) << i;
  }
}

TEST(SentrySamples, TheStoreIsAccountedFor) {
  expect_all("sentry-miniapp-0.11.0-store", {{"error TypeError", "", "580fd7fe78294b4a844607ab6b12ec56"},
                                             {"log log", "", "cafbe555448042b49a72d79c256ccbdb"},
                                             {"error TypeError", "", "b4811bd169524371965aa7daef265a87"},
                                             {"error Error", "", "4c88c78748b94e69a9c2ccdfb92c5864"},
                                             {"error PageNotFound", "", "1e1682fe3bc7411a94945578e51c51b5"},
                                             {"error MemoryWarning", "", "8bc8ced199c3423da9991b8d5772d6b4"}});
}

TEST(SentrySamples, TheEnvelopesAreAccountedFor) {
  const std::string launch = "performance Navigation: appLaunch\nperformance navigation\nperformance render";
  expect_all("sentry-miniapp-1.19-envelope",
             {{"feedback feedback", "", "c4fc970bbfe94414a27f31925692c246"},
              {"error TypeError", "", "83cefa820a18452d977fe25ef57eabae"},
              {"log log", "", "64bf84a812ff4c9780be50cabda21dbe"},
              {"log log"},
              {"performance pages/index/index\nperformance request", "", "315d084b68244cfd9dfbc4c7243b09ec"},
              {"error ReferenceError", "", "43315aa89b1b4e159f3c7e4a08b90bea"},
              {"error Error", "", "9cda1a62736742c59e5bce08efc401a8"},
              {"error PageNotFound", "", "51498169020a4bfc9beba4cf165afe2f"},
              {"error MemoryWarning", "", "c11b0f94268f42d7a252435b8623dc81"},
              {"session ok"},
              {launch, "", "7c8cb2f1959047e6bc79e858ddf948fe"},
              {"session ok"},
              {"log log", "refused attachment_not_kept attachment 1", "ddea3ac7feed447fa8f4470856597068"},
              {"session crashed"},
              {"error ReferenceError", "", "6496314994374dd38840274d1258fc9a"},
              {"session crashed"},
              {"", "client_dropped before_send error 1"}});
}

TEST(SentrySamples, AnErrorOf011IsRepaired) {
  const Record r = replay("sentry-miniapp-0.11.0-store").at(2).records.at(0);
  EXPECT_EQ(hex({r.id.data(), r.id.size()}), "b4811bd169524371965aa7daef265a87");
  EXPECT_EQ(r.text, "Cannot read property 'price' of undefined");
  EXPECT_EQ(r.level, Level::error);
  EXPECT_EQ(r.client_time, 0) << "0.11.0 sends no time";
  EXPECT_EQ(r.time, received);
  EXPECT_EQ(r.protocol, "sentry");
  EXPECT_EQ(r.sdk, "sentry.javascript.miniapp/0.11.0");
  EXPECT_EQ(r.release, "1.4.2");
  EXPECT_EQ(r.build, Build::release);
  EXPECT_EQ(r.page, "pages/index/index") << "of the page stack";
  EXPECT_EQ(r.device, (Device{"HUAWEI", "ALN-AL00", "", "Android", "12", "8.0.50", "3.6.0"}));
  EXPECT_EQ(r.user.login_id, "oABC-openid");
  const json::object all = properties(r);
  EXPECT_EQ(all.at("handled"), false);
  EXPECT_EQ(all.at("release"), "shop@1.4.2");
  EXPECT_EQ(json::serialize(all.at("routers")), R"(["pages/index/index"])") << "without the pages' options";
  EXPECT_EQ(json::serialize(all.at("extra")), R"({"cart":3})");
  EXPECT_EQ(json::serialize(all.at("exception").at(0).at("frames")),
            R"([{"filename":"app:///WASubContext.js","function":"HTMLElement.<anonymous>","lineno":1,"colno":2,)"
            R"("in_app":false},{"filename":"app:///pages/index/index.js","function":"Object.buy","lineno":12,)"
            R"("colno":9,"in_app":true}])");
  EXPECT_EQ(json::serialize(all.at("exception").at(0).at("mechanism")), R"({"type":"onerror","handled":false})");
  EXPECT_FALSE(r.properties.contains("[undefined]"));
}

TEST(SentrySamples, ARejectionOf011IsTheSdksOwnStack) {
  const Record r = replay("sentry-miniapp-0.11.0-store").at(3).records.at(0);
  EXPECT_EQ(r.text, "timeout");
  const json::object all = properties(r);
  EXPECT_EQ(all.at("handled"), false);
  EXPECT_EQ(all.at("mechanism"), "onunhandledrejection");
  for (const json::value& frame : all.at("exception").at(0).at("frames").as_array())
    EXPECT_EQ(frame.at("in_app"), false);
}

TEST(SentrySamples, TagsOf011DoNotStick) {
  const auto requests = replay("sentry-miniapp-0.11.0-store");
  EXPECT_EQ(property(requests.at(4).records.at(0), "tags"), R"({"page":"index","pagenotfound":"pages/gone/gone"})");
  EXPECT_EQ(property(requests.at(5).records.at(0), "tags"), R"({"page":"index","memory-warning":"10"})");
  EXPECT_EQ(requests.at(4).records.at(0).text, "页面无法找到: pages/gone/gone");
}

TEST(SentrySamples, ATransactionOf119IsTakenApart) {
  const auto requests = replay("sentry-miniapp-1.19-envelope");
  const Decoded& request = requests.at(4);
  EXPECT_NEAR(request.records.at(0).value.value_or(0), 7.303, 0.002);
  EXPECT_EQ(request.records.at(0).page, "pages/index/index");
  EXPECT_EQ(property(request.records.at(0), "op"), R"("ui.load")");
  const Record& span = request.records.at(1);
  EXPECT_EQ(span.network, "wifi");
  EXPECT_EQ(span.trace, "40e2b6188fbc4bb9ad8947151ef934f5");
  EXPECT_NEAR(span.value.value_or(0), 5.88, 0.002);
  EXPECT_EQ(property(span, "method"), R"("GET")");
  EXPECT_EQ(property(span, "status"), "200");
  EXPECT_EQ(property(span, "url"), R"("https://api.shop.example/order")");
  const Decoded& launch = requests.at(10);
  EXPECT_EQ(launch.records.at(0).value, 800);
  EXPECT_EQ(launch.records.at(1).value, 800);
  EXPECT_EQ(launch.records.at(2).value, 200);
  EXPECT_EQ(launch.records.at(2).client_time, 1795237776654);
  EXPECT_EQ(properties(launch.records.at(1)).at("data").at("navigation.name"), "appLaunch");
}

TEST(SentrySamples, TheSessionOf119) {
  const auto requests = replay("sentry-miniapp-1.19-envelope");
  const Record& begin = requests.at(9).records.at(0);
  EXPECT_EQ(begin.session, "a79107b0682d4d50bd053062276b7900");
  EXPECT_EQ(begin.user.login_id, "oABC-openid");
  EXPECT_EQ(begin.release, "1.4.2");
  EXPECT_EQ(property(begin, "init"), "true");
  const Record& crash = requests.at(13).records.at(0);
  const Record& hide = requests.at(15).records.at(0);
  EXPECT_EQ(crash.value, 14);
  EXPECT_EQ(hide.value, 311) << "it crashes once more when it is hidden";
  EXPECT_EQ(property(hide, "errors"), "1");
  EXPECT_NE(crash.id, requests.at(11).records.at(0).id) << "of the same millisecond";
  EXPECT_NE(crash.id, hide.id);
}

TEST(SentrySamples, SmallItemsOf119) {
  const auto requests = replay("sentry-miniapp-1.19-envelope");
  const Record& feedback = requests.at(0).records.at(0);
  EXPECT_EQ(feedback.text, "页面卡住了");
  EXPECT_EQ(property(feedback, "contact_email"), R"("z@example.com")");
  const Record& line = requests.at(3).records.at(0);
  EXPECT_EQ(line.text, "用户完成支付");
  EXPECT_EQ(line.level, Level::info);
  EXPECT_EQ(line.release, "1.4.2");
  EXPECT_EQ(line.trace, "40e2b6188fbc4bb9ad8947151ef934f5");
  EXPECT_EQ(property(line, "orderId"), R"("o1")");
  EXPECT_EQ(property(line, "sentry.release"), "(none)");
  EXPECT_EQ(requests.at(12).losses.at(0).example, "log.txt");
}

}  // namespace
}  // namespace miniops::telemetry::sentry_samples_test
