#include "telemetry/keys.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "storage/testing/engines.hpp"
#include "telemetry/store.hpp"

namespace miniops::telemetry {

std::span<const sql::Migration> migrations();

namespace {

class ProjectKeysTest : public sql::EngineTest {
 protected:
  void SetUp() override { open({migrations()}); }

  void add(const std::string& key) {
    auto made = db().write_blocking([&](sql::Transaction& tx) -> Result<ProjectKey> {
      ProjectKey wanted;
      wanted.id = ids_.next();
      wanted.appid = AppId("wx1");
      wanted.key = key;
      sql::raise_config_version(tx);
      return store::add_key(tx, wanted);
    });
    ASSERT_TRUE(made) << made.error().message;
  }
};

TEST_P(ProjectKeysTest, AKeyThatWasJustMadeIsKnownToAllWhoComeAtOnce) {
  sql::ConfigVersion version(db());
  ProjectKeys keys(db(), version);
  add("first");
  sql::run(version.refresh());
  ASSERT_NE(*sql::run(keys.find("first")), nullptr);

  add("second");
  sql::run(version.refresh());
  int known = 0;
  boost::asio::io_context io;
  for (int i = 0; i < 5; ++i)
    boost::asio::co_spawn(
        io, keys.find("second"),
        [&](const std::exception_ptr& problem, Result<std::shared_ptr<const ProjectKeys::Found>> found) {
          if (!problem && found && *found) ++known;
        });
  io.run();
  EXPECT_EQ(known, 5);
  EXPECT_EQ(*sql::run(keys.find("third")), nullptr);
}

MINIOPS_ON_BOTH_ENGINES(ProjectKeysTest);

}  // namespace

}  // namespace miniops::telemetry
