// Appending, syncing in groups, reading behind.
#include <latch>
#include <thread>

#include "storage/spool/append_queue.hpp"
#include "storage/spool/tests/fixture.hpp"

namespace miniops::spool {

namespace {

TEST_F(SpoolTest, BlocksOfEverySizeComeBack) {
  options_.segment_bytes = 3 << 20;
  open();
  std::vector<Position> places;
  Texts written;
  for (const std::size_t size :
       {0U, 1U, 47U, 48U, 49U, 4095U, 4096U, 16'384U, 65'535U, 65'536U, 1'048'576U, 8'388'608U, 3U}) {
    std::string block(size, 'x');
    for (std::size_t i = 0; i < size; ++i) block[i] = static_cast<char>(i * 31 + i / 256);
    clock_.advance(10);
    places.push_back(append(block));
    written.push_back(std::move(block));
  }
  const TimeMs last = clock_.now();
  for (int round = 0; round < 2; ++round) {
    const Reading reading = read_all();
    EXPECT_TRUE(texts(reading) == written) << "in round " << round;
    EXPECT_TRUE(reading.damage.empty());
    ASSERT_EQ(reading.blocks.size(), places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      const Block& block = reading.blocks[i];
      EXPECT_EQ(block.at, places[i]);
      EXPECT_EQ(block.appended_at, last - 10 * static_cast<TimeMs>(places.size() - 1 - i));
      EXPECT_EQ(block.next, (Position{places[i].segment, places[i].offset + std::int64_t{frame_bytes} +
                                                             static_cast<std::int64_t>(block.bytes.size())}));
    }
    open();
  }
}

TEST_F(SpoolTest, ABlockThatIsTooLargeIsRefusedAtOnce) {
  options_.block_bytes_max = 100;
  open();
  EXPECT_EQ(code_of(spool_->append_blocking(std::string(101, 'x'))), "storage.spool_block_too_large");
  append(std::string(100, 'x'));
  EXPECT_EQ(read_all().blocks.size(), 1U);
  EXPECT_EQ(disk_.syncs(), 2);  // the segment's header, the block
}

TEST_F(SpoolTest, ManyThreadsAppendAndEachBlockIsReadOnceInTheOrderOfItsThread) {
  options_.segment_bytes = 20'000;
  open();
  constexpr int threads_count = 8;
  constexpr int each = 200;
  std::vector<std::thread> threads;
  for (int t = 0; t < threads_count; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < each; ++i)
        EXPECT_TRUE(
            spool_->append_blocking(fmt::format("{} {} {}", t, i, std::string(static_cast<std::size_t>(i), '.'))));
    });
  // The loader reads while they append.
  std::map<int, int> next;
  int blocks = 0;
  Position at;
  while (blocks < threads_count * each) {
    if (!spool_->wait(at, 1000)) continue;
    const Reading reading = spool_->read(at, 5000);
    EXPECT_TRUE(reading.damage.empty());
    for (const Block& block : reading.blocks) {
      int thread = 0;
      int number = 0;
      ASSERT_EQ(std::sscanf(block.bytes.c_str(), "%d %d", &thread, &number), 2);
      EXPECT_EQ(number, next[thread]++);
      EXPECT_GE(block.at, at);
      at = block.next;
      ++blocks;
    }
    at = reading.next;
  }
  for (auto& thread : threads) thread.join();
  EXPECT_FALSE(spool_->wait(at, 0));
  const Figures figures = spool_->figures();
  EXPECT_EQ(figures.appended_blocks, threads_count * each);
  EXPECT_LE(figures.syncs, threads_count * each);
  EXPECT_GT(figures.segments, 5);
  EXPECT_TRUE(figures.writable);
}

Task<void> append_and_note(Spool& spool, std::string block, std::vector<std::string>& noted, std::thread::id& on) {
  const auto appended = co_await spool.append(block);
  noted.push_back(appended ? block : appended.error().code);
  on = std::this_thread::get_id();
}

TEST_F(SpoolTest, WhatComesDuringASyncIsSyncedTogether) {
  open();
  append("first");
  const std::int64_t before = disk_.syncs();
  disk_.hold_syncs(true);
  boost::asio::io_context context;
  std::vector<std::string> noted;
  std::thread::id on;
  const auto spawn = [&](const std::string& block) {
    boost::asio::co_spawn(context, append_and_note(*spool_, block, noted, on), [](std::exception_ptr problem) {
      if (problem) std::rethrow_exception(problem);
    });
    context.poll();  // up to its queue
  };
  spawn("0");
  disk_.await_held_sync();
  for (int i = 1; i <= 10; ++i) spawn(std::to_string(i));
  EXPECT_TRUE(noted.empty()) << "answered before it was synced";
  EXPECT_EQ(texts(read_all()), Texts{"first"}) << "read before it was synced";
  disk_.hold_syncs(false);
  context.restart();
  context.run();
  EXPECT_EQ(disk_.syncs(), before + 2);
  EXPECT_EQ(noted, (Texts{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}));
  EXPECT_EQ(on, std::this_thread::get_id()) << "resumed elsewhere than on its own executor";
  EXPECT_EQ(texts(read_all()), (Texts{"first", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}));
}

TEST_F(SpoolTest, AGroupEndsAtItsSize) {
  options_.group_bytes = 3 * 148;
  open();
  append("first");
  const std::int64_t before = disk_.syncs();
  disk_.hold_syncs(true);
  boost::asio::io_context context;
  std::vector<std::string> noted;
  std::thread::id on;
  for (int i = 0; i < 10; ++i) {
    boost::asio::co_spawn(context, append_and_note(*spool_, std::string(100, 'x'), noted, on),
                          [](std::exception_ptr) {});
    context.poll();
    if (i == 0) disk_.await_held_sync();
  }
  disk_.hold_syncs(false);
  context.restart();
  context.run();
  EXPECT_EQ(noted.size(), 10U);
  EXPECT_EQ(disk_.syncs(), before + 4);  // the first, then three times three
}

TEST(AppendQueue, GivesWhatItHoldsWhenItIsClosedAndThenNothing) {
  AppendQueue queue;
  for (const char* block : {"a", "b", "c"}) {
    Pending pending{block, 0, 0, {}};
    EXPECT_TRUE(queue.push(pending));
  }
  queue.close();
  Pending late{"late", 0, 0, {}};
  EXPECT_FALSE(queue.push(late));
  EXPECT_EQ(late.block, "late") << "it can still be answered";
  EXPECT_EQ(queue.take(2 * (1 + std::int64_t{frame_bytes})).size(), 2U);
  EXPECT_EQ(queue.take(1).size(), 1U);
  EXPECT_TRUE(queue.take(1).empty());
  EXPECT_EQ(queue.bytes(), 3 * (1 + std::int64_t{frame_bytes})) << "until they are answered";
}

TEST_F(SpoolTest, WhatIsQueuedIsSyncedBeforeTheEnd) {
  open();
  append("first");
  disk_.hold_syncs(true);
  boost::asio::io_context context;
  std::vector<std::string> noted;
  std::thread::id on;
  for (const char* block : {"a", "b"}) {
    boost::asio::co_spawn(context, append_and_note(*spool_, block, noted, on), [](std::exception_ptr) {});
    context.poll();
  }
  disk_.await_held_sync();
  std::thread closing([&] { close(); });
  disk_.hold_syncs(false);
  closing.join();
  context.restart();
  context.run();
  EXPECT_EQ(noted, (Texts{"a", "b"}));
  open();
  EXPECT_EQ(texts(read_all()), (Texts{"first", "a", "b"}));
}

TEST_F(SpoolTest, EveryProcessWritesIntoSegmentsOfItsOwn) {
  open();
  EXPECT_EQ(append("a").segment, 1);
  EXPECT_EQ(append("b").segment, 1);
  const Position behind = read_all().next;
  close();
  const std::string first = disk_.content(file(1));
  open();
  EXPECT_TRUE(disk_.content(file(2)).empty()) << "a segment is made when it is needed";
  EXPECT_EQ(append("c").segment, 2);
  crash();
  open();
  EXPECT_EQ(append("d").segment, 3);
  EXPECT_EQ(disk_.content(file(1)), first);
  EXPECT_EQ(texts(read_all()), (Texts{"a", "b", "c", "d"}));
  EXPECT_EQ(texts(read_all(behind)), (Texts{"c", "d"}));
  EXPECT_TRUE(read_all().damage.empty());
}

TEST_F(SpoolTest, SegmentsFollowOneAnotherAtTheirSize) {
  options_.segment_bytes = first_frame + 300;
  open();
  Texts written;
  for (int i = 0; i < 20; ++i) append(written.emplace_back(fmt::format("{:100}", i)));
  EXPECT_EQ(spool_->figures().segments, 7);  // three blocks each
  EXPECT_EQ(texts(read_all()), written);
  for (const std::size_t at_once : {std::size_t{0}, std::size_t{1}, std::size_t{149}, std::size_t{1 << 20}}) {
    Position at;
    std::size_t read = 0;
    int readings = 0;
    while (spool_->wait(at, 0)) {
      const Reading reading = spool_->read(at, at_once);
      read += reading.blocks.size();
      at = reading.next;
      ++readings;
    }
    EXPECT_EQ(read, written.size());
    if (at_once == 1 << 20) EXPECT_EQ(readings, 1);
    if (at_once == 1) EXPECT_GE(readings, 20);
  }
  // From every block on.
  const Reading all = read_all();
  for (std::size_t i = 0; i < all.blocks.size(); ++i) {
    EXPECT_EQ(texts(read_all(all.blocks[i].at)),
              Texts(written.begin() + static_cast<std::ptrdiff_t>(i), written.end()));
    EXPECT_EQ(read_all(all.blocks[i].next).blocks.size(), written.size() - 1 - i);
  }
}

TEST_F(SpoolTest, WaitReturnsWhenThereIsSomethingOrAtTheEnd) {
  open();
  EXPECT_FALSE(spool_->wait({}, 0));
  EXPECT_FALSE(spool_->wait({5, 5}, 0));
  EXPECT_TRUE(spool_->read({}, 100).blocks.empty());
  std::thread appends([&] { append("a"); });
  EXPECT_TRUE(spool_->wait({}, 1'000'000));
  appends.join();
  const Position behind = read_all().next;
  EXPECT_FALSE(spool_->wait(behind, 0));
  std::thread stops([&] { spool_->stop(); });
  EXPECT_FALSE(spool_->wait(behind, 1'000'000));
  stops.join();
  EXPECT_FALSE(spool_->wait(behind, 1'000'000)) << "stopped for good";
  EXPECT_TRUE(spool_->wait({}, 1'000'000));
  append("b");
  EXPECT_EQ(texts(read_all(behind)), Texts{"b"}) << "only waiting is over";
}

}  // namespace

}  // namespace miniops::spool
