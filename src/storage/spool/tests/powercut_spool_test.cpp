// kill -9 proves no durability, since the kernel keeps what it was given. This disk forgets.
#include <atomic>
#include <cstdlib>
#include <set>
#include <thread>

#include "base/random.hpp"
#include "storage/spool/tests/fixture.hpp"

namespace miniops::spool {

namespace {

using Ids = std::set<std::uint64_t>;

// A block is made of its id: what is read can be compared byte for byte.
std::string block_of(std::uint64_t id) {
  std::string block = fmt::format("{} ", id);
  const std::size_t size = block.size() + id * 7919 % 3001;
  while (block.size() < size) block.push_back(static_cast<char>(block.size() * 31 + id));
  return block;
}

class PowerCutTest : public SpoolTest {
 protected:
  // Four threads append until the power goes; what was acknowledged is returned.
  Ids append_until_cut() {
    std::mutex mutex;
    Ids acknowledged;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        while (disk->has_power()) {
          const std::uint64_t id = next_id_++;
          if (!spool_->append_blocking(block_of(id))) continue;
          const std::lock_guard lock(mutex);
          acknowledged.insert(id);
        }
      });
    for (auto& thread : threads) thread.join();
    return acknowledged;
  }

  // Reads all there is from `from` on and adds it to `read`; what comes twice or is not what was appended fails.
  Position read_into(Ids& read, Position from) {
    Position at = from;
    while (spool_->wait(at, 0)) {
      const Reading reading = spool_->read(at, 10'000);
      for (const Block& block : reading.blocks) {
        const std::uint64_t id = std::strtoull(block.bytes.c_str(), nullptr, 10);
        EXPECT_TRUE(id < next_id_ && block.bytes == block_of(id)) << "what was never appended";
        EXPECT_TRUE(read.insert(id).second) << id << " was read twice";
        ++blocks_;
      }
      for (const Damage& damage : reading.damage) {
        EXPECT_EQ(damage.what, "torn");
        ++torn_;
      }
      at = reading.next;
      if (!reading.problem.empty()) break;  // the power is gone
    }
    return at;
  }

  void reopen() {
    spool_.reset();
    disk->power_on();
    auto opened = Spool::open(*disk, folder, clock_, options_);
    if (!opened) throw std::runtime_error(opened.error().message);
    spool_ = std::move(*opened);
  }

  // Now and then the disk is full or fails to sync before the power goes.
  void trouble(SeededRandom& random) {
    disk->limit_room(std::nullopt);
    disk->set_broken({});
    const auto kind = random.below(4);
    if (kind == 0) disk->limit_room(disk->bytes_used() + static_cast<std::int64_t>(random.below(60'000)));
    if (kind == 1) disk->set_broken({.syncs = true});
  }

  std::unique_ptr<PowercutSpoolDisk> disk;
  std::atomic<std::uint64_t> next_id_ = 0;
  std::size_t blocks_ = 0;
  std::size_t torn_ = 0;
};

std::uint64_t seeds() {
  const char* wanted = std::getenv("SPOOL_POWER_CUTS");
  return wanted == nullptr ? 100 : std::strtoull(wanted, nullptr, 10);
}

void expect_all(const Ids& acknowledged, const Ids& read, std::uint64_t seed) {
  for (const std::uint64_t id : acknowledged) EXPECT_TRUE(read.contains(id)) << "seed " << seed << " lost " << id;
}

TEST_F(PowerCutTest, WhatWasAcknowledgedIsReadExactlyOnce) {
  std::size_t total = 0;
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    disk = std::make_unique<PowercutSpoolDisk>(seed);
    SeededRandom random(seed);
    options_.segment_bytes = static_cast<std::int64_t>(5'000 + random.below(40'000));
    options_.group_bytes = static_cast<std::int64_t>(1 + random.below(20'000));
    Ids acknowledged;
    for (int round = 0; round < 4; ++round) {
      reopen();
      Ids read;
      read_into(read, {});
      expect_all(acknowledged, read, seed);
      trouble(random);
      disk->cut_after(static_cast<int>(1 + random.below(150)));
      acknowledged.merge(append_until_cut());
    }
    total += acknowledged.size();
    spool_.reset();
  }
  std::printf("%llu seeds, %zu blocks acknowledged, none lost; %zu torn groups\n",
              static_cast<unsigned long long>(seeds()), total, torn_);
  EXPECT_GT(total, seeds() * 10);
  if (seeds() >= 50) EXPECT_GT(torn_, 0U) << "this disk tears nothing";
}

// A loader that goes on from where it was, and releases what it read, while blocks are appended.
TEST_F(PowerCutTest, ALoaderThatFollowsReadsEverythingOnce) {
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    disk = std::make_unique<PowercutSpoolDisk>(seed);
    SeededRandom random(seed);
    options_.segment_bytes = static_cast<std::int64_t>(5'000 + random.below(40'000));
    options_.kept_bytes_max = static_cast<std::int64_t>(random.below(100'000));
    Ids acknowledged;
    Ids loaded;  // with its position in a store that does not forget
    Position at;
    for (int round = 0; round < 4; ++round) {
      reopen();
      spool_->release(at);
      trouble(random);
      disk->cut_after(static_cast<int>(1 + random.below(150)));
      std::thread loader([&] {
        while (disk->has_power()) {
          at = read_into(loaded, at);
          spool_->release(at);
          (void)spool_->wait(at, 1);
        }
      });
      acknowledged.merge(append_until_cut());
      loader.join();
    }
    disk->limit_room(std::nullopt);
    disk->set_broken({});
    reopen();
    at = read_into(loaded, at);
    expect_all(acknowledged, loaded, seed);
    spool_.reset();
  }
  EXPECT_GT(blocks_, seeds() * 10);
}

// The proof is worth something only if this disk does lose what was not synced.
TEST_F(PowerCutTest, TheDiskForgetsWhatWasNotSynced) {
  int lost = 0;
  int torn = 0;
  int names = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    PowercutSpoolDisk forgetful(seed);
    const auto path = file(1);
    {
      auto made = forgetful.create(path).value();
      ASSERT_TRUE(made->append(std::string(1000, 'a')) && made->sync());
      ASSERT_TRUE(made->append(std::string(4000, 'b')));
      forgetful.cut_after(1);
      EXPECT_FALSE(forgetful.create(file(2)));
    }
    forgetful.power_on();
    const std::string left = forgetful.content(path);
    EXPECT_TRUE(left.starts_with(std::string(1000, 'a')));
    if (left.size() == 1000) ++lost;
    if (left.size() > 1000 && left.find('\0') != std::string::npos) ++torn;
    if (forgetful.list(folder)->size() == 2) ++names;
  }
  EXPECT_GT(lost, 10);
  EXPECT_GT(torn, 10);
  EXPECT_GT(names, 10);
  EXPECT_LT(names, 90);
}

}  // namespace

}  // namespace miniops::spool
