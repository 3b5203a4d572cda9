#include "app/config.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "storage/testing/engines.hpp"

namespace miniops::app {
namespace {

using Values = std::map<std::string, std::string>;

class ConfigTest : public testing::Test {
 protected:
  std::filesystem::path file(std::string_view content) {
    const auto path = folder_.path() / "miniops.toml";
    std::ofstream(path) << content;
    return path;
  }
  sql::TemporaryFolder folder_;
};

TEST_F(ConfigTest, DefaultsAreThere) {
  const auto config = Config::load("", {}, {});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->text("listen"), "127.0.0.1:8080");
  EXPECT_EQ(config->integer("wechat.window.message_count"), 5);
  EXPECT_TRUE(config->list("server.trusted_proxies").empty());
}

TEST_F(ConfigTest, FlagThenEnvironmentThenFile) {
  const auto path = file("data = \"from-file\"\ndatabase = \"from-file\"\nlisten = \"127.0.0.1:1\"\n");
  const Values environment{{"data", "from-environment"}, {"database", "from-environment"}};
  const auto config = Config::load(path, {{"data", "from-flag"}}, environment);
  ASSERT_TRUE(config);
  EXPECT_EQ(config->text("data"), "from-flag");
  EXPECT_EQ(config->text("database"), "from-environment");
  EXPECT_EQ(config->text("listen"), "127.0.0.1:1");
}

TEST_F(ConfigTest, ListsComeFromArraysAndCommas) {
  const auto path = file("[server]\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n");
  const std::vector<std::string> expected{"10.0.0.0/8", "::1"};
  EXPECT_EQ(Config::load(path, {}, {})->list("server.trusted_proxies"), expected);
  EXPECT_EQ(Config::load("", {{"server.trusted_proxies", "10.0.0.0/8,::1"}}, {})->list("server.trusted_proxies"),
            expected);
}

struct BadFile {
  std::string_view name, content, expected;
};
class BadConfig : public ConfigTest, public testing::WithParamInterface<BadFile> {};

TEST_P(BadConfig, NamesTheKeyAndTheLine) {
  const auto config = Config::load(file(GetParam().content), {}, {});
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, "app.config_invalid");
  EXPECT_NE(config.error().message.find(GetParam().expected), std::string::npos) << config.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Files, BadConfig,
    testing::Values(
        BadFile{"UnknownKey", "[wechat]\napi_bose = 1\n", ":2: wechat.api_bose: no such setting"},
        BadFile{"WrongType", "listen = 8080\n", ":1: listen: a value of the wrong type"},
        BadFile{"NotANumber", "[server]\nthreads = \"two\"\n", ":2: server.threads"},
        BadFile{"Negative", "[server]\nthreads = -1\n", ":2: server.threads"},
        BadFile{"BadLevel", "[log]\nlevel = \"loud\"\n", ":2: log.level: 'loud'"},
        BadFile{"Acknowledges", "[gateway]\nrefuse_with_status = 200\n", ":2: gateway.refuse_with_status: '200'"},
        BadFile{"BadAddress", "listen = \"here\"\n", ":1: listen: 'here' is no address:port"},
        BadFile{"MovesTheTime", "[tests]\nclock_file = \"clock\"\n", ":2: tests.clock_file: only as a flag"},
        BadFile{"NotToml", "listen = \"127\n", ":1:"},
        BadFile{"CommaInList", "[server]\ntrusted_proxies = [\"a,b\"]\n", ":2: server.trusted_proxies"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(ConfigTest, MistakesOfFlagsAndVariablesNameThem) {
  const auto flag = Config::load("", {{"server.threads", "x"}}, {});
  ASSERT_FALSE(flag);
  EXPECT_NE(flag.error().message.find("--server-threads"), std::string::npos);
  const auto variable = Config::load("", {}, {{"server.threads", "x"}});
  ASSERT_FALSE(variable);
  EXPECT_NE(variable.error().message.find("MINIOPS_SERVER_THREADS"), std::string::npos);
}

TEST_F(ConfigTest, TimeIsMovedByAFlagAlone) {
  EXPECT_EQ(Config::load("", {{"tests.clock_file", "clock"}}, {})->text("tests.clock_file"), "clock");
  const auto variable = Config::load("", {}, {{"tests.clock_file", "clock"}});
  ASSERT_FALSE(variable);
  EXPECT_NE(variable.error().message.find("MINIOPS_TESTS_CLOCK_FILE"), std::string::npos);
}

struct Address {
  std::string_view text, host;
  int port;  // -1: refused
};

TEST(ParseListen, TakesAddressesAndRefusesTheRest) {
  const Address cases[] = {{"127.0.0.1:8080", "127.0.0.1", 8080},
                           {"[::1]:80", "::1", 80},
                           {":9", "0.0.0.0", 9},
                           {"host:0", "host", 0},
                           {"host", "", -1},
                           {"host:", "", -1},
                           {"host:65536", "", -1},
                           {"host:8a", "", -1},
                           {"host:-1", "", -1}};
  for (const Address& one : cases) {
    const auto listen = parse_listen(one.text);
    ASSERT_EQ(listen.has_value(), one.port >= 0) << one.text;
    if (!listen) continue;
    EXPECT_EQ(listen->host, one.host);
    EXPECT_EQ(listen->port, one.port);
  }
}

}  // namespace
}  // namespace miniops::app
