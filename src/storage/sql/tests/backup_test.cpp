#include <atomic>
#include <fstream>
#include <thread>

#include "storage/testing/engines.hpp"

namespace miniops::sql::backup_test {

namespace {

using Done = Result<std::int64_t>;

constexpr Migration tables[] = {
    {"backup", 1, "0001_tables.sql", Migration::For::any,
     "CREATE TABLE debit (id BIGINT PRIMARY KEY);\nCREATE TABLE credit (id BIGINT PRIMARY KEY);\n"}};

std::int64_t count(Database& database, const std::string& table) {
  const auto closure = [&](Transaction& tx) -> Done { return tx.query("SELECT COUNT(*) FROM " + table)[0].integer(0); };
  return database.read_blocking(closure).value();
}

TEST(Backup, IsOfOneMomentWhileWritesRun) {
  const TemporaryFolder folder;
  const ManualClock clock;
  const auto file = folder.path() / "miniops.db";
  auto database = std::move(*open("sqlite:" + file.string(), clock));
  ASSERT_TRUE(migrate(*database, {tables}));
  std::atomic<bool> stop = false;
  std::atomic<std::int64_t> written = 0;
  std::thread writer([&] {
    for (std::int64_t id = 0; !stop; ++id) {
      const auto done = database->write_blocking([id](Transaction& tx) -> Done {
        tx.execute("INSERT INTO debit VALUES ($1)", {id});
        return tx.execute("INSERT INTO credit VALUES ($1)", {id});
      });
      if (done) ++written;
    }
  });
  for (int i = 0; i < 3; ++i) {
    while (written < 20 * (i + 1)) std::this_thread::yield();
    const std::int64_t before = written;
    const auto copy = folder.path() / "copy.db";
    ASSERT_TRUE(backup_sqlite(file, copy));
    auto copied = std::move(*open("sqlite:" + copy.string(), clock));
    EXPECT_GE(count(*copied, "debit"), before);
    EXPECT_EQ(count(*copied, "debit"), count(*copied, "credit"));
    EXPECT_TRUE(migrate(*copied, {tables}));
  }
  stop = true;
  writer.join();
}

TEST(Backup, OfWhatIsNoDatabaseFailsAndLeavesNothing) {
  const TemporaryFolder folder;
  EXPECT_EQ(backup_sqlite(folder.path() / "absent.db", folder.path() / "copy.db").error().code,
            "storage.backup_failed");
  std::ofstream(folder.path() / "text.db") << std::string(5000, 'x');
  EXPECT_EQ(backup_sqlite(folder.path() / "text.db", folder.path() / "copy.db").error().code, "storage.backup_failed");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "copy.db"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "absent.db"));
}

}  // namespace

}  // namespace miniops::sql::backup_test
