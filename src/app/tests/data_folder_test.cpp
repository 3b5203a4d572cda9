#include "app/data_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "storage/testing/engines.hpp"

namespace miniops::app {
namespace {

namespace fs = std::filesystem;

class DataFolderTest : public testing::Test {
 protected:
  fs::path data() const { return folder_.path() / "data"; }
  static fs::perms mode(const fs::path& path) { return fs::status(path).permissions() & fs::perms::all; }
  sql::TemporaryFolder folder_;
  SystemRandom random_;
};

TEST_F(DataFolderTest, IsMadePrivateAndLocked) {
  auto first = DataFolder::open(data());
  ASSERT_TRUE(first);
  EXPECT_EQ(mode(data()), fs::perms::owner_all);
  const auto second = DataFolder::open(data());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "app.data_in_use");
}

TEST_F(DataFolderTest, IsFreeAgainAfterwards) {
  {
    ASSERT_TRUE(DataFolder::open(data()));
  }
  EXPECT_TRUE(DataFolder::open(data()));
}

TEST_F(DataFolderTest, SaysWhatIsWrongWithAFile) {
  std::ofstream(folder_.path() / "file") << "x";
  const auto opened = DataFolder::open(folder_.path() / "file" / "data");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "app.data_unusable");
}

TEST_F(DataFolderTest, TheMasterKeyIsMadeOnceAndPrivate) {
  auto folder = DataFolder::open(data());
  const auto key = master_key(data(), "", random_);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->size(), 32u);
  EXPECT_EQ(mode(data() / "master.key"), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(*master_key(data(), "", random_), *key);
}

TEST_F(DataFolderTest, AStoreWithoutItsKeyIsRefused) {
  auto folder = DataFolder::open(data());
  std::ofstream(data() / "miniops.db") << "x";
  const auto key = master_key(data(), "", random_);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code, "app.master_key_unusable");
  EXPECT_FALSE(fs::exists(data() / "master.key"));
}

TEST_F(DataFolderTest, AGivenKeyFileMustBeThereAndWhole) {
  auto folder = DataFolder::open(data());
  EXPECT_FALSE(master_key(data(), (data() / "none").string(), random_));
  std::ofstream(data() / "short") << "abcd\n";
  EXPECT_FALSE(master_key(data(), (data() / "short").string(), random_));
  std::ofstream(data() / "good") << std::string(64, 'a') << "\n";
  EXPECT_TRUE(master_key(data(), (data() / "good").string(), random_));
}

}  // namespace
}  // namespace miniops::app
