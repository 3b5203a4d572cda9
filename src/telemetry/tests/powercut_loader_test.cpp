// The power goes while phones send and the loader stores: through the spool, whose disk forgets what was not synced,
// and the event store, which may come back as it was a while ago. What was acknowledged is stored once.
//
// LOADER_POWER_CUTS=500 telemetry_tests --gtest_filter='*PowerCutLoader*'     (5 seeds by default)
#include <array>
#include <cstdlib>
#include <cstring>

#include "storage/testing/powercut_spool_disk.hpp"
#include "telemetry/tests/loader_fixture.hpp"

namespace miniops::telemetry {

namespace {

std::uint64_t seeds() {
  const char* wanted = std::getenv("LOADER_POWER_CUTS");
  return wanted == nullptr ? 5 : std::strtoull(wanted, nullptr, 10);
}

// A phone keeps what was not acknowledged and sends it again; what it sent of two protocols is told apart in two ways:
// by numbered batches, and by the id of each record.
struct Phone {
  bool numbered = false;
  std::string name;
  std::int64_t sent = 0;
  std::string pending{};                // a block that waits for its answer
  std::vector<std::string> in_it{};     // the texts of its records
  std::vector<std::string> accepted{};  // those of acknowledged blocks
};

class PowerCutLoaderTest : public LoaderTest {
 protected:
  void begin_seed(std::uint64_t seed) {
    seed_ = seed;
    auto disk = std::make_unique<spool::PowercutSpoolDisk>(seed);
    power_ = disk.get();
    loader_.reset();
    spool_.reset();
    disk_ = std::move(disk);
    start();
    ASSERT_TRUE(loader_->begin());
  }

  void write_block(Phone& phone) const {
    Block block{app, phone.numbered ? "miniops" : "sentry", noon, {}};
    for (int i = 0; i < 3; ++i) {
      Record one = record("Line", 0);
      one.kind = Kind::log;
      one.text = fmt::format("s{} {} {}-{}", seed_, phone.name, phone.sent, i);
      const std::size_t hash = std::hash<std::string>{}(one.text);
      std::memcpy(one.id.data(), &hash, sizeof hash);
      one.protocol = block.protocol;
      phone.in_it.push_back(one.text);
      block.decoded.records.push_back(std::move(one));
    }
    if (phone.numbered) block.decoded.batch = BatchNumber{fmt::format("{} {}", seed_, phone.name), ++phone.sent};
    if (!phone.numbered) ++phone.sent;
    phone.pending = encode(block);
  }

  void send(Phone& phone) {
    if (phone.pending.empty()) write_block(phone);
    if (!spool_->append_blocking(phone.pending)) return;
    std::ranges::move(phone.in_it, std::back_inserter(phone.accepted));
    phone.in_it.clear();
    phone.pending.clear();
  }

  // Phones and loader take turns as the seed decides, until the power goes. `keep_at`: before this step of the loader
  // the store is kept as it is, to come back so.
  void run_until_cut(std::span<Phone> phones, SeededRandom& random, int keep_at) {
    for (int step = 0; power_->has_power();) {
      if (random.below(8) > 0) {
        send(phones[random.below(phones.size())]);
      } else {
        if (step++ == keep_at) keep_store();
        (void)loader_->step();
      }
    }
  }

  std::filesystem::path kept() const { return folder_.path() / "kept"; }
  void keep_store() {
    std::filesystem::remove_all(kept());
    const auto store = folder_.path() / "events";
    if (std::filesystem::exists(store)) std::filesystem::copy(store, kept(), std::filesystem::copy_options::recursive);
  }

  // As after the cut: the store as it is on the disk at this moment, unless an older one was kept.
  void power_on() {
    if (!std::filesystem::exists(kept())) keep_store();
    loader_.reset();
    spool_.reset();
    events_.reset();
    std::filesystem::remove_all(folder_.path() / "events");
    if (std::filesystem::exists(kept())) std::filesystem::rename(kept(), folder_.path() / "events");
    power_->power_on();
    start();
    ASSERT_TRUE(loader_->begin());
  }

  std::map<std::string, int> stored() {
    events::RowsQuestion question{{number_, static_cast<std::int32_t>(Kind::log), noon - day_ms, noon + day_ms},
                                  1'000'000};
    question.scope.text_contains = fmt::format("s{} ", seed_);
    std::map<std::string, int> times;
    const auto found = (*events_->get())->rows(question);
    EXPECT_TRUE(found);
    for (const auto& row : *found) ++times[row.text];
    return times;
  }

  std::uint64_t seed_ = 0;
  spool::PowercutSpoolDisk* power_ = nullptr;
};

TEST_P(PowerCutLoaderTest, WhatWasAcknowledgedIsStoredOnce) {
  std::size_t acknowledged = 0;
  int cuts = 0, came_back_older = 0;
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    begin_seed(seed);
    SeededRandom random(seed);
    std::array phones{Phone{true, "own-1"}, Phone{true, "own-2"}, Phone{false, "sentry-1"}};
    for (int round = 0; round < 3; ++round, ++cuts) {
      power_->cut_after(static_cast<int>(20 + random.below(100)));
      run_until_cut(phones, random, random.below(3) == 0 ? static_cast<int>(random.below(4)) : -1);
      if (std::filesystem::exists(kept())) ++came_back_older;
      power_on();
      if (HasFailure()) return;
    }
    for (Phone& phone : phones)
      if (!phone.pending.empty()) {
        ASSERT_TRUE(spool_->append_blocking(phone.pending));
        std::ranges::move(phone.in_it, std::back_inserter(phone.accepted));
      }
    load_all();
    const auto times = stored();
    for (const Phone& phone : phones) {
      acknowledged += phone.accepted.size();
      for (const std::string& text : phone.accepted) EXPECT_TRUE(times.contains(text)) << "lost: " << text;
    }
    for (const auto& [text, count] : times) EXPECT_EQ(count, 1) << text;
    if (HasFailure()) return;
  }
  std::printf("%llu seeds, %d cuts (%d times the store came back older), %zu records acknowledged, each stored once\n",
              static_cast<unsigned long long>(seeds()), cuts, came_back_older, acknowledged);
  EXPECT_GT(acknowledged, seeds() * 10);
  if (seeds() >= 10) EXPECT_GT(came_back_older, 0);
}

MINIOPS_ON_BOTH_ENGINES(PowerCutLoaderTest);

}  // namespace

}  // namespace miniops::telemetry
