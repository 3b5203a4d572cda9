// A disk that is full or fails: what was acknowledged stays, the rest fails as a whole, and it goes on by itself.
#include <thread>

#include "storage/spool/tests/fixture.hpp"

namespace miniops::spool {

namespace {

class FaultsTest : public SpoolTest {
 protected:
  // Appends these while a first one holds the writer in its sync, so that they make one group; all their codes.
  std::vector<std::string> append_together(const Texts& blocks) {
    disk_.hold_syncs(true);
    boost::asio::io_context context;
    std::vector<std::string> codes(blocks.size());
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      boost::asio::co_spawn(context, note_code(blocks[i], codes[i]), [](std::exception_ptr problem) {
        if (problem) std::rethrow_exception(problem);
      });
      context.poll();
      if (i == 0) disk_.await_held_sync();
    }
    disk_.hold_syncs(false);
    context.restart();
    context.run();
    return codes;
  }
  Task<void> note_code(std::string block, std::string& code) {
    code = code_of(co_await spool_->append(std::move(block)));
  }

  // All that are expected, in their order, now and after a restart and a power cut.
  void expect_exactly(const Texts& blocks) {
    EXPECT_EQ(texts(read_all()), blocks);
    EXPECT_TRUE(read_all().damage.empty());
    crash();
    open();
    EXPECT_EQ(texts(read_all()), blocks);
    EXPECT_TRUE(read_all().damage.empty());
  }
};

TEST_F(FaultsTest, AFullDiskRefusesAndRecoversByItselfWithWhateverRoomThereWas) {
  for (std::int64_t room = 0; room < first_frame + 700; room += room < first_frame - 300 ? 500 : 13) {
    disk_.replace(file(1), "");
    spool_.reset();
    for (const int number : {1, 2, 3}) ASSERT_TRUE(disk_.remove(file(number)));
    open();
    append("first");
    const std::int64_t limit = disk_.bytes_used() + room;
    disk_.limit_room(limit);
    Texts stored = {"first"};
    int refused = 0;
    for (int i = 0; refused < 4 && i < 100; ++i) {
      const std::string block = fmt::format("{:100}", i);
      const auto appended = spool_->append_blocking(block);
      if (appended) stored.push_back(block);
      if (!appended) EXPECT_EQ(appended.error().code, "storage.spool_full");
      refused += appended ? 0 : 1;
      EXPECT_EQ(spool_->figures().writable, appended.has_value());
      EXPECT_EQ(spool_->figures().problem.empty(), appended.has_value());
    }
    ASSERT_GT(refused, 0) << room;
    EXPECT_LE(disk_.bytes_used(), limit);
    EXPECT_LE(disk_.list(folder)->size(), 2U) << "a file for each refusal";
    EXPECT_EQ(texts(read_all()), stored) << room;
    disk_.limit_room(std::nullopt);
    append(stored.emplace_back("there is room again"));
    EXPECT_TRUE(spool_->figures().writable);
    EXPECT_EQ(texts(read_all()), stored) << room;
    EXPECT_TRUE(read_all().damage.empty()) << room;
    close();
    open();
    EXPECT_EQ(texts(read_all()), stored) << room;
    EXPECT_TRUE(read_all().damage.empty()) << room;
  }
}

TEST_F(FaultsTest, ASegmentThatGetsNoBlockDoesNotStay) {
  open();
  disk_.limit_room(first_frame + 50);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(code_of(spool_->append_blocking(std::string(100, 'x'))), "storage.spool_full");
    EXPECT_TRUE(disk_.list(folder)->empty());
    EXPECT_FALSE(spool_->wait({}, 0));
    EXPECT_EQ(spool_->read({}, 100).next, Position{});
  }
  disk_.limit_room(std::nullopt);
  EXPECT_EQ(append("a").segment, 1);
  expect_exactly({"a"});
}

TEST_F(FaultsTest, OnAFullDiskWhatWasReadMakesRoom) {
  options_.segment_bytes = 1;
  open();
  for (const char* block : {"1", "2", "3", "4"}) append(block);
  disk_.limit_room(disk_.bytes_used());
  EXPECT_EQ(code_of(spool_->append_blocking("5")), "storage.spool_full") << "nothing was read: nothing may go";
  EXPECT_EQ(spool_->oldest().segment, 1);
  spool_->release({3, first_frame});
  EXPECT_EQ(spool_->oldest().segment, 1) << "it is not old";
  EXPECT_EQ(code_of(spool_->append_blocking("6")), "storage.spool_full") << "it makes room for the next";
  EXPECT_EQ(spool_->oldest().segment, 2);
  append("7");
  EXPECT_EQ(texts(read_all()), (Texts{"2", "3", "4", "7"}));
  EXPECT_TRUE(read_all().damage.empty());
}

TEST_F(FaultsTest, ASyncThatFailsFailsItsGroupAndNoOther) {
  open();
  append("before");
  disk_.set_broken({.syncs = true});
  EXPECT_EQ(append_together({"a", "b", "c"}),
            (Texts{"storage.spool_unavailable", "storage.spool_unavailable", "storage.spool_unavailable"}));
  EXPECT_FALSE(spool_->figures().writable);
  disk_.set_broken({});
  EXPECT_EQ(append("behind").segment, 2) << "never again into a segment whose sync failed";
  EXPECT_TRUE(spool_->figures().writable);
  expect_exactly({"before", "behind"});
}

TEST_F(FaultsTest, WhateverFailsIsToldAndNothingIsLost) {
  struct Case {
    const char* what;
    PowercutSpoolDisk::Broken broken;
  };
  const Case cases[] = {{"appends", {.appends = true}},
                        {"creates", {.creates = true}},
                        {"syncs", {.syncs = true}},
                        {"appends and removals", {.appends = true, .removals = true}},
                        {"syncs and removals", {.syncs = true, .removals = true}},
                        {"creates and opens", {.creates = true, .opens = true}}};
  Texts stored;
  for (const std::int64_t segment_bytes : {std::int64_t{1}, std::int64_t{1} << 20}) {
    options_.segment_bytes = segment_bytes;
    for (const Case& one : cases) {
      open();
      append(stored.emplace_back(fmt::format("before {}", one.what)));
      disk_.set_broken(one.broken);
      for (int i = 0; i < 5; ++i) {
        const auto appended = spool_->append_blocking("while");
        if (appended) stored.push_back("while");  // into the segment that is open
        if (!appended) EXPECT_EQ(appended.error().code, "storage.spool_unavailable") << one.what;
        EXPECT_EQ(spool_->figures().writable, appended.has_value());
      }
      disk_.set_broken({});
      append(stored.emplace_back(fmt::format("behind {}", one.what)));
      append(stored.emplace_back("and on"));
      EXPECT_EQ(texts(read_all()), stored) << one.what;
      EXPECT_TRUE(read_all().damage.empty()) << one.what;
    }
  }
  expect_exactly(stored);
}

TEST_F(FaultsTest, AnEndThatCannotBeWrittenLosesNothing) {
  open();
  append("a");
  disk_.set_broken({.appends = true});
  close();
  disk_.set_broken({});
  open();
  append("b");
  disk_.set_broken({.syncs = true});
  close();
  disk_.set_broken({});
  open();
  expect_exactly({"a", "b"});
}

TEST_F(FaultsTest, ANameThatIsTakenIsPassedOver) {
  open();
  disk_.replace(file(1), "somebody else's");
  EXPECT_EQ(code_of(spool_->append_blocking("a")), "storage.spool_unavailable");
  EXPECT_EQ(append("b").segment, 2);
  EXPECT_EQ(disk_.content(file(1)), "somebody else's");
  EXPECT_EQ(texts(read_all()), Texts{"b"});
  EXPECT_TRUE(read_all().damage.empty());
}

TEST_F(FaultsTest, ASegmentThatSomebodyRemovedIsNotWrittenToAnyMore) {
  open();
  append("a");
  ASSERT_TRUE(disk_.remove(file(1)));
  EXPECT_TRUE(read_all().blocks.empty());  // finds it gone
  append("b");
  expect_exactly({"b"});
}

TEST_F(FaultsTest, WhenMoreWaitsThanTheDiskTakesAppendsAreRefused) {
  options_.queue_bytes_max = 3 * (100 + std::int64_t{frame_bytes});
  open();
  append("first");
  const std::string block(100, 'x');
  const std::string refused = "storage.spool_unavailable";
  EXPECT_EQ(append_together({block, block, block, block, block}), (Texts{"", "", "", refused, refused}));
  EXPECT_EQ(append_together({block, block, block}), (Texts{"", "", ""}));
  EXPECT_EQ(read_all().blocks.size(), 7U);
}

TEST_F(FaultsTest, AFolderThatCannotBeHadIsUnusable) {
  disk_.cut();
  const auto opened = Spool::open(disk_, folder, clock_, options_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "storage.spool_unusable");
}

}  // namespace

}  // namespace miniops::spool
