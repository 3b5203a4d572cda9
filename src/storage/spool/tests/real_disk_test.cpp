// The disk that is used, and the spool on it.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "storage/spool/tests/fixture.hpp"

namespace miniops::spool {

namespace {

namespace fs = std::filesystem;

class RealDiskTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "miniops-spool-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  static mode_t mode(const fs::path& path) {
    struct stat about{};
    return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 0777 : 0;
  }

  std::unique_ptr<Disk> disk_ = real_disk();
  fs::path folder_;
};

TEST_F(RealDiskTest, FilesAreAppendedToAndReadInPieces) {
  const fs::path path = folder_ / "file";
  const auto written = disk_->create(path).value();
  ASSERT_TRUE(written->append("abc"));
  ASSERT_TRUE(written->append(""));
  ASSERT_TRUE(written->append(std::string(3'000'000, 'd')));
  ASSERT_TRUE(written->sync());
  EXPECT_EQ(written->size(), 3'000'003);
  EXPECT_EQ(mode(path), 0600U);
  const auto read = disk_->open(path).value();
  struct Case {
    std::int64_t offset;
    std::size_t size;
    std::string bytes;
  };
  const Case cases[] = {{0, 3, "abc"},        {1, 3, "bcd"},      {2, 0, ""},        {0, 0, ""},
                        {3'000'001, 9, "dd"}, {3'000'003, 9, ""}, {9'000'000, 9, ""}};
  for (const Case& one : cases) EXPECT_EQ(read->read(one.offset, one.size), one.bytes) << one.offset;
  EXPECT_EQ(read->read(0, 4'000'000).value().size(), 3'000'003U);
  EXPECT_EQ(read->append("x").error().code, "storage.spool_unavailable") << "it is open for reading";
}

TEST_F(RealDiskTest, WhatFailsSaysWhy) {
  const fs::path path = folder_ / "file";
  ASSERT_TRUE(disk_->create(path));
  const auto codes = [](const auto& result) { return result ? std::string() : result.error().code; };
  EXPECT_EQ(codes(disk_->create(path)), "storage.spool_unavailable") << "it exists";
  EXPECT_EQ(codes(disk_->open(folder_ / "other")), "storage.spool_unavailable");
  EXPECT_EQ(codes(disk_->list(folder_ / "other")), "storage.spool_unavailable");
  EXPECT_EQ(codes(disk_->make_folder(path)), "storage.spool_unavailable");
  EXPECT_EQ(codes(disk_->make_folder(path / "below")), "storage.spool_unavailable");
  EXPECT_EQ(codes(disk_->open(folder_).value()->read(0, 10)), "storage.spool_unavailable");
  EXPECT_NE(disk_->create(path).error().message.find(path.string()), std::string::npos);
}

TEST_F(RealDiskTest, FoldersAreMadeWithThoseAbove) {
  const fs::path path = folder_ / "a" / "b" / "c";
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(disk_->make_folder(path));
  EXPECT_EQ(mode(path), 0700U);
  EXPECT_TRUE(disk_->make_folder(folder_ / "with a slash" / ""));
  EXPECT_EQ(disk_->list(path), std::vector<std::string>{});
  ASSERT_TRUE(disk_->create(path / "x"));
  EXPECT_EQ(disk_->list(path), std::vector<std::string>{"x"});
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(disk_->remove(path / "x")) << "no error when it is not there";
  EXPECT_EQ(disk_->list(path), std::vector<std::string>{});
}

TEST_F(RealDiskTest, TheSpoolRunsOnIt) {
  const SystemClock clock;
  Options options;
  options.segment_bytes = 100'000;
  options.kept_ms = 0;
  Texts written;
  Position at;
  for (int process = 0; process < 3; ++process) {
    const auto spool = Spool::open(*disk_, folder_ / "spool", clock, options).value();
    spool->release(at);
    for (int i = 0; i < 10; ++i) {
      written.push_back(std::string(20'000, static_cast<char>('a' + i)));
      ASSERT_TRUE(spool->append_blocking(written.back()));
    }
    Texts read;
    while (spool->wait(at, 0)) {
      const Reading reading = spool->read(at, 50'000);
      for (const Block& block : reading.blocks) read.push_back(block.bytes);
      EXPECT_TRUE(reading.damage.empty());
      at = reading.next;
    }
    EXPECT_EQ(read, Texts(written.end() - 10, written.end()));
    spool->release(at);
    EXPECT_EQ(spool->figures().segments, 1);
  }
  for (const auto& entry : fs::directory_iterator(folder_ / "spool")) EXPECT_EQ(mode(entry.path()), 0600U);
}

}  // namespace

}  // namespace miniops::spool
