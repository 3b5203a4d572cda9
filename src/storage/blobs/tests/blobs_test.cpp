#include "storage/blobs/blobs.hpp"

#include <fstream>

#include "base/encoding.hpp"
#include "storage/testing/engines.hpp"

namespace miniops {

namespace {

class FileBlobsTest : public testing::Test {
 protected:
  sql::TemporaryFolder folder_;
  std::unique_ptr<Blobs> blobs_ = open_file_blobs(folder_.path() / "blobs");
};

TEST_F(FileBlobsTest, BytesComeBackUnderTheirHash) {
  std::string picture("\x89PNG\0\r\n", 7);
  picture.resize(300'000, 'x');
  const auto name = sql::run(blobs_->put(picture));
  ASSERT_TRUE(name);
  EXPECT_EQ(*name, hex(sha256(picture)));
  EXPECT_EQ(sql::run(blobs_->put(picture)).value(), *name);
  blobs_ = open_file_blobs(folder_.path() / "blobs");
  EXPECT_EQ(sql::run(blobs_->get(*name)).value(), picture);
  EXPECT_EQ(sql::run(blobs_->get(sql::run(blobs_->put("")).value())).value(), "");
}

TEST_F(FileBlobsTest, OnlyNamesThatPutGaveAreLookedUp) {
  std::ofstream(folder_.path() / "secret") << "secret";
  const std::string unknown(64, 'a');
  for (const std::string& name : {unknown, std::string("../secret"), std::string(), std::string(64, '/'),
                                  std::string(64, 'A'), std::string("..") + std::string(62, '/'), unknown + "a"})
    EXPECT_EQ(sql::run(blobs_->get(name)).error().code, "storage.blob_missing") << name;
}

TEST_F(FileBlobsTest, OnlyWhatNobodyPutLatelyIsRemoved) {
  const auto name = sql::run(blobs_->put("bytes")).value();
  EXPECT_FALSE(sql::run(blobs_->remove(name)).value());
  blobs_ = open_file_blobs(folder_.path() / "blobs", 1, std::chrono::seconds(0));
  EXPECT_TRUE(sql::run(blobs_->remove(name)).value());
  EXPECT_EQ(sql::run(blobs_->get(name)).error().code, "storage.blob_missing");
  EXPECT_TRUE(sql::run(blobs_->remove(name)).value()) << "it is gone";
  EXPECT_TRUE(sql::run(blobs_->remove("../secret")).value()) << "no name of ours";
}

TEST_F(FileBlobsTest, AFolderThatCannotBeWrittenSaysSo) {
  std::ofstream(folder_.path() / "file") << "in the way";
  const auto blocked = open_file_blobs(folder_.path() / "file" / "blobs");
  EXPECT_EQ(sql::run(blocked->put("x")).error().code, "storage.unavailable");
}

TEST_F(FileBlobsTest, WhatWasNotFinishedIsCleared) {
  std::ofstream(folder_.path() / "blobs" / "unfinished" / "left") << "half";
  blobs_ = open_file_blobs(folder_.path() / "blobs");
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path() / "blobs" / "unfinished"));
}

TEST_F(FileBlobsTest, ManyAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        const auto name = sql::run(blobs_->put(fmt::format("blob {}", i)));
        if (name && sql::run(blobs_->get(*name)) == fmt::format("blob {}", i)) ++good;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 100);
}

}  // namespace

}  // namespace miniops
