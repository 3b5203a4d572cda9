// How much may wait, and how long what was read is kept.
#include "storage/spool/tests/fixture.hpp"

namespace miniops::spool {

namespace {

class RetentionTest : public SpoolTest {
 protected:
  // One block each, so that segment N holds block N.
  void write_segments(int count) {
    options_.segment_bytes = 1;
    open();
    for (int i = 1; i <= count; ++i) append(fmt::format("{:100}", i));
  }
  std::vector<std::string> files() { return disk_.list(folder).value(); }
};

TEST_F(RetentionTest, TooMuchUnreadIsRefusedUntilTheLoaderIsThere) {
  constexpr std::int64_t one = 100 + std::int64_t{frame_bytes};
  options_.unread_bytes_max = 5 * one;
  const std::string block(100, 'x');
  open();
  spool_->release({});
  for (int i = 0; i < 5; ++i) append(block);
  EXPECT_EQ(spool_->figures().unread_bytes, 5 * one);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(code_of(spool_->append_blocking(block)), "storage.spool_full");
  EXPECT_FALSE(spool_->figures().writable);
  EXPECT_NE(spool_->figures().problem, "");
  const Reading reading = spool_->read({}, 2 * one);
  spool_->release(reading.next);
  EXPECT_EQ(spool_->figures().unread_bytes, 3 * one);
  EXPECT_TRUE(spool_->figures().writable);
  append(block);
  append(block);
  EXPECT_EQ(code_of(spool_->append_blocking(block)), "storage.spool_full");
  // After a restart too.
  open();
  spool_->release(reading.next);
  EXPECT_EQ(code_of(spool_->append_blocking(block)), "storage.spool_full");
  spool_->release(read_all().next);
  append(block);
  EXPECT_EQ(read_all().blocks.size(), 8U);
}

TEST_F(RetentionTest, UntilTheLoaderSaysWhereItIsAllIsBounded) {
  options_.unread_bytes_max = 10'000;
  options_.kept_bytes_max = 20'000;
  int appended = 0;
  for (int processes = 0; processes < 10; ++processes) {
    open();
    while (spool_->append_blocking(std::string(1000, 'x'))) ++appended;
    EXPECT_EQ(code_of(spool_->append_blocking(std::string(1000, 'x'))), "storage.spool_full");
  }
  EXPECT_GT(appended, 10);
  EXPECT_LE(spool_->figures().bytes, 30'000);
  EXPECT_GT(spool_->figures().unread_bytes, options_.unread_bytes_max);
  spool_->release(read_all().next);
  EXPECT_TRUE(spool_->append_blocking("x"));
}

TEST_F(RetentionTest, WhatWasReadGoesWhenItIsOld) {
  options_.kept_ms = 1000;
  options_.segment_bytes = 1;
  open();
  for (int i = 1; i <= 6; ++i) {
    append(std::to_string(i));
    clock_.advance(100);
  }
  struct Step {
    TimeMs advance;
    Position loaded;
    std::int64_t oldest;
  };
  // Segment N was finished when N+1 began, at N · 100 ms; now it is 600 ms.
  const Step steps[] = {
      {0, {6, 9999}, 1},  // all is read, nothing old
      {499, {6, 9999}, 1},
      {1, {1, 9999}, 1},  // old, but the loader stands in it
      {0, {2, 0}, 2},
      {0, {6, 9999}, 2},
      {100, {1, 0}, 2},  // the store was put back: the loader will read it
                         // again
      {0, {6, 9999}, 3},
      {299, {6, 9999}, 5},
      {1, {6, 9999}, 6},
      {1'000'000, {6, 9999}, 6},  // the newest stays
  };
  for (const Step& step : steps) {
    clock_.advance(step.advance);
    spool_->release(step.loaded);
    EXPECT_EQ(spool_->oldest(), (Position{step.oldest, first_frame})) << "at step " << &step - steps;
    EXPECT_EQ(files().front(), segment_name(step.oldest));
    EXPECT_EQ(files().size(), static_cast<std::size_t>(7 - step.oldest));
    EXPECT_EQ(spool_->figures().segments, 7 - step.oldest);
  }
}

TEST_F(RetentionTest, WhatWasReadGoesWhenItIsTooMuch) {
  write_segments(10);
  const std::int64_t one = static_cast<std::int64_t>(disk_.content(file(1)).size());
  options_.kept_bytes_max = 4 * one;
  open();
  spool_->release({3, first_frame});
  EXPECT_EQ(spool_->oldest().segment, 3) << "what is not read stays";
  spool_->release({8, first_frame});
  EXPECT_EQ(spool_->oldest().segment, 7);
  EXPECT_LE(spool_->figures().bytes, options_.kept_bytes_max);
  EXPECT_EQ(spool_->figures().bytes, disk_.bytes_used());
  EXPECT_EQ(texts(read_all()).front(), fmt::format("{:100}", 7));
  EXPECT_TRUE(read_all().damage.empty()) << "what was released is not missing";
  EXPECT_TRUE(read_all({8, first_frame}).damage.empty());
}

TEST_F(RetentionTest, ANumberIsNeverUsedAgain) {
  options_.kept_ms = 0;
  write_segments(3);
  spool_->release({3, 9999});
  EXPECT_EQ(files(), std::vector<std::string>{segment_name(3)});
  open();
  EXPECT_EQ(append("again").segment, 4);
  spool_->release({4, 9999});
  open();
  EXPECT_EQ(append("and again").segment, 5);
}

// The event store came back from a backup, the spool's folder did not.
TEST_F(RetentionTest, AnEmptiedFolderGoesOnWhereTheLoaderLooks) {
  open();
  const Position loaded{57, 123'456};
  spool_->release(loaded);
  EXPECT_EQ(append("a").segment, 58);
  append("b");
  EXPECT_EQ(texts(read_all(loaded)), (Texts{"a", "b"}));
  open();
  spool_->release(loaded);
  EXPECT_EQ(append("c").segment, 59);
  EXPECT_EQ(texts(read_all(loaded)), (Texts{"a", "b", "c"}));
}

TEST_F(RetentionTest, ALoaderThatIsFarAheadLeavesTheNewest) {
  options_.kept_ms = 0;
  write_segments(3);
  spool_->release({57, 123'456});
  EXPECT_EQ(files(), std::vector<std::string>{segment_name(3)});
  EXPECT_EQ(spool_->figures().unread_bytes, 0);
  open();
  EXPECT_EQ(append("a").segment, 4) << "the loader has not yet said where it is";
}

TEST_F(RetentionTest, WhatWasAppendedBeforeTheLoaderSaidSoIsLeft) {
  open();
  EXPECT_EQ(append("a").segment, 1);
  const Position loaded{5, 100};
  spool_->release(loaded);
  EXPECT_EQ(append("b").segment, 6) << "the open segment is closed";
  EXPECT_EQ(texts(read_all(loaded)), Texts{"b"});
}

TEST_F(RetentionTest, WithLittleTrafficASegmentLastsNoLongerThanItIsKept) {
  options_.kept_ms = hour_ms;
  open();
  EXPECT_EQ(append("a").segment, 1);
  clock_.advance(hour_ms - 1);
  EXPECT_EQ(append("b").segment, 1);
  clock_.advance(1);
  EXPECT_EQ(append("c").segment, 2);
  EXPECT_EQ(texts(read_all()), (Texts{"a", "b", "c"}));
}

TEST_F(RetentionTest, ASegmentOfUnknownAgeIsRatherKept) {
  options_.kept_ms = 1000;
  write_segments(3);
  disk_.overwrite(file(2), 0, "XXXX");
  disk_.overwrite(file(2), second_copy, "XXXX");
  clock_.advance(500);
  open();
  spool_->release({3, first_frame});
  clock_.advance(999);
  spool_->release({3, first_frame});
  EXPECT_EQ(spool_->oldest().segment, 1);
  clock_.advance(1);
  spool_->release({3, first_frame});
  EXPECT_EQ(spool_->oldest().segment, 3);
}

TEST_F(RetentionTest, WhatCannotBeRemovedIsTriedAgain) {
  options_.kept_ms = 0;
  write_segments(3);
  disk_.set_broken({.removals = true});
  spool_->release({3, first_frame});
  EXPECT_EQ(spool_->figures().segments, 3);
  disk_.set_broken({});
  spool_->release({3, first_frame});
  EXPECT_EQ(files(), std::vector<std::string>{segment_name(3)});
}

TEST_F(RetentionTest, WhatWasReadGoesAtOnceWhenItMust) {
  open();
  append("a");
  append("b");
  spool_->release(read_all().next);
  EXPECT_EQ(spool_->drop_read(), 0) << "the newest holds the place of the numbers";
  const Position behind = append("c");
  EXPECT_EQ(behind.segment, 2);
  EXPECT_EQ(spool_->drop_read(), 0) << "the loader still stands in the first";
  spool_->release(read_all().next);
  EXPECT_EQ(spool_->drop_read(), 1);
  EXPECT_EQ(files(), std::vector<std::string>{segment_name(2)});
  append("d");
  EXPECT_EQ(texts(read_all(behind)), (Texts{"c", "d"}));
  open();
  EXPECT_EQ(texts(read_all(behind)), (Texts{"c", "d"}));
}

TEST_F(RetentionTest, WhatWasNotReadIsNeverDropped) {
  write_segments(4);
  spool_->release({3, first_frame});
  EXPECT_EQ(spool_->drop_read(), 2);
  EXPECT_EQ(read_all({3, first_frame}).blocks.size(), 2U);
  disk_.set_broken({.removals = true});
  spool_->release({4, first_frame});
  EXPECT_EQ(spool_->drop_read(), 0);
  EXPECT_EQ(spool_->figures().segments, 2);
}

TEST_F(RetentionTest, OldestIsNothingInAnEmptySpool) {
  open();
  EXPECT_EQ(spool_->oldest(), Position{});
  EXPECT_EQ(spool_->figures().segments, 0);
  spool_->release({});
  append("a");
  EXPECT_EQ(spool_->oldest(), (Position{1, first_frame}));
}

}  // namespace

}  // namespace miniops::spool
