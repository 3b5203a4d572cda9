// From the spool into the event store: once, in order, whatever dies in between.
#include <sys/resource.h>

#include <csignal>

#include "telemetry/tests/loader_fixture.hpp"

namespace miniops::telemetry {
namespace {

// While it lives no file of this process grows past this size: to who writes, a full disk.
class FilesEndAt {
 public:
  explicit FilesEndAt(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FilesEndAt() {
    setrlimit(RLIMIT_FSIZE, &before_);
    (void)std::signal(SIGXFSZ, signal_before_);
  }
  FilesEndAt(const FilesEndAt&) = delete;
  FilesEndAt& operator=(const FilesEndAt&) = delete;

 private:
  rlimit before_{};
  void (*signal_before_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

TEST_P(LoaderTest, WithoutTelemetryTheStoreStaysClosed) {
  EXPECT_FALSE(*loader_->step());
  EXPECT_FALSE(events_->opened());
}

TEST_P(LoaderTest, RecordsBecomeRows) {
  append({record("Buy", 1), record("View", 2)});
  append({record("Buy", 3)});
  load_all();
  const auto found = rows();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].page, 2);
  EXPECT_NE(found[0].person, 0);
  EXPECT_EQ(found[0].person, found[2].person);
  EXPECT_EQ(loader_->figures().loaded_records, 3);
  EXPECT_EQ(loader_->figures().waiting_bytes, 0);
}

TEST_P(LoaderTest, WhatIsSentAgainIsStoredOnce) {
  append({record("Buy", 1)});
  append({record("Buy", 1), record("Buy", 2)});
  load_all();
  start();
  append({record("Buy", 2)});
  append({record("Buy", 5)}, BatchNumber{"install-1", 1});
  append({record("Buy", 5)}, BatchNumber{"install-1", 1});
  append({record("Buy", 6)}, BatchNumber{"install-1", 2});
  load_all();
  EXPECT_EQ(rows().size(), 4u);
  EXPECT_EQ(ledger("sent_again"), 2);
  EXPECT_EQ(ledger("batch_sent_again"), 1);
}

TEST_P(LoaderTest, ARestartLoadsNothingTwiceAndForgetsNothing) {
  append({record("Buy", 1)});
  load_all();
  append({record("Buy", 2)});
  start();  // what was appended and not loaded is still in the spool
  append({record("Buy", 3)});
  load_all();
  EXPECT_EQ(rows().size(), 3u);
  start();
  load_all();
  EXPECT_EQ(rows().size(), 3u);
}

TEST_P(LoaderTest, TheStoreCanBeBuiltAgainFromTheSpool) {
  append({record("Buy", 1), record("Buy", 2)});
  load_all();
  loader_.reset();
  events_.reset();
  std::filesystem::remove_all(folder_.path() / "events");
  start();
  load_all();
  EXPECT_EQ(rows().size(), 2u);
}

TEST_P(LoaderTest, AnEmptiedSpoolGoesOnBehindTheStore) {
  append({record("Buy", 1), record("Buy", 2)});
  load_all();
  loader_.reset();
  spool_.reset();
  std::filesystem::remove_all(folder_.path() / "spool");
  start();
  ASSERT_TRUE(events_->exists());
  ASSERT_TRUE(loader_->begin());
  append({record("Buy", 3)});
  load_all();
  EXPECT_EQ(rows().size(), 3u);
}

TEST_P(LoaderTest, AMonthsTurnSplitsAChunk) {
  append({record("Buy", 1)});
  clock_.set(noon + 12 * day_ms);
  append({record("Buy", 2), record("Buy", 1)});  // 1: longer ago than ids are remembered
  load_all();
  start();
  load_all();
  EXPECT_EQ(rows().size(), 3u);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "events" / "2026-11.duckdb"));
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "events" / "2026-12.duckdb"));
}

TEST_P(LoaderTest, LossesReachTheLedger) {
  Block block{app, "sensors", clock_.now(), {}};
  block.decoded.losses = {{Fate::client_dropped, "queue_overflow", "log", 7, ""},
                          {Fate::quarantined, "bad_json", "", 1, "{oops"}};
  append(encode(block));
  append(encode(block));
  load_all();
  EXPECT_EQ(ledger("queue_overflow"), 14);
  EXPECT_EQ(ledger("bad_json"), 2);
}

TEST_P(LoaderTest, ABlockOfAnUnknownVersionIsSetAsideAndTheRestGoesOn) {
  append("MB9 from the future");
  append({record("Buy", 1)});
  load_all();
  EXPECT_EQ(rows().size(), 1u);
  EXPECT_EQ(ledger("unknown_block", 0), 1);
}

// Wherever the event store's files were when the disk was full, their making included.
TEST_P(LoaderTest, AFullDiskHoldsTheLoaderUpAndLosesNothing) {
  std::uint8_t id = 0;
  for (const bool anew : {true, false}) {
    for (const rlim_t bytes : {0u, 4096u, 8192u, 12288u, 14000u, 65536u, 300000u, 530000u}) {
      SCOPED_TRACE(fmt::format("files end at {}, {}", bytes, anew ? "a new store" : "a store of before"));
      if (anew) {
        loader_.reset();
        events_.reset();
        std::filesystem::remove_all(folder_.path() / "events");
        start();
      }
      append({record("Buy", ++id), record("View", ++id)});
      {
        const FilesEndAt full(bytes);
        for (int tries = 0; tries < 3; ++tries) (void)loader_->step();
      }
      append({record("Buy", ++id)});
      bool stored = false;
      for (int tries = 0; tries < 3 && !stored; ++tries) stored = loader_->step().has_value();
      ASSERT_TRUE(stored);
      load_all();
      EXPECT_EQ(rows().size(), id);
      EXPECT_EQ(ledger("store_refused"), 0);
    }
  }
}

// Two engines on the same files would destroy them.
TEST_P(LoaderTest, WhileAnOldStoreIsHeldNoSecondOneOpens) {
  append({record("Buy", 1)});
  load_all();
  auto held = *events_->get();
  events_->drop();
  const auto second = events_->get();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "storage.events_unavailable");
  append({record("Buy", 2)});
  EXPECT_FALSE(loader_->step());
  held.reset();
  load_all();
  EXPECT_EQ(rows().size(), 2u);
}

// No decoder hands such a record out; should one ever, the spool must not stand still.
TEST_P(LoaderTest, ABlockThatTheStoreRefusesIsSetAside) {
  append({record("Buy", 1)});
  Record wrong = record("Buy", 2);
  wrong.name = "\xff\xfe";  // PostgreSQL takes no such text; SQLite does
  append({wrong});
  append({record("Buy", 3)});
  for (int i = 0; i < 20; ++i) {
    const auto stored = loader_->step();
    if (stored && !*stored) break;
  }
  EXPECT_EQ(loader_->figures().waiting_bytes, 0);
  const bool refused = GetParam() == sql::Engine::postgres;
  EXPECT_EQ(rows().size(), refused ? 2u : 3u);
  EXPECT_EQ(ledger("store_refused"), refused ? 1 : 0);
}

TEST_P(LoaderTest, ManyNamesAreFoldedAndCounted) {
  std::vector<Record> many;
  for (int i = 0; i < 2100; ++i) {
    Record one = record("event " + std::to_string(i), 0);
    one.id[1] = static_cast<char>(i & 0xff);
    one.id[2] = static_cast<char>(i >> 8);
    many.push_back(std::move(one));
  }
  append(std::move(many));
  load_all();
  EXPECT_EQ(ledger("too_many_names"), 100);
  const auto others =
      (*events_->get())->rows({{number_, 1, noon - 1, noon + 1, {{events::Field::name, {std::int64_t{1}}}}}, 1000});
  EXPECT_EQ(others->size(), 100u);
}

TEST_P(LoaderTest, PeopleWhoTurnOutToBeOneCountOnceForThePastToo) {
  Record login = record("Buy", 1);
  login.user = {"u1", "", "", "d1"};
  Record stranger = record("Buy", 2);
  stranger.user = {"", "", "", "d2"};
  append({login, stranger});
  load_all();
  const auto people = [&] {
    return (*events_->get())
        ->series({{number_, 1, noon - 1, noon + 1}, events::Measure::people, day_ms})
        ->front()
        .value;
  };
  EXPECT_EQ(people(), 2);
  Record same = record("Buy", 3);
  same.user = {"u1", "", "", "d2"};
  append({same});
  load_all();
  EXPECT_EQ(people(), 1);
  start();
  load_all();
  EXPECT_EQ(people(), 1);  // merges are kept
}

TEST_P(LoaderTest, EachMiniProgramKeepsItsDays) {
  append({record("Buy", 1)});
  load_all();
  const auto keep = [&](std::int64_t days) {
    Settings settings;
    settings.keep_days[Kind::event] = days;
    ASSERT_TRUE(db().write_blocking([&](sql::Transaction& tx) -> Result<void> {
      store::put_settings(tx, app, settings);
      return {};
    }));
  };
  keep(30);
  clock_.advance(20 * day_ms);
  ASSERT_TRUE(loader_->forget_old());
  EXPECT_EQ(rows().size(), 1u);
  keep(7);
  ASSERT_TRUE(loader_->forget_old());
  EXPECT_EQ(rows().size(), 0u);
}

TEST(BlockEncoding, ComesBackAsItWas) {
  Block block{app, "miniops", noon, {}};
  Record one;
  one.name = "购买";
  one.text = std::string("a\nb\0c", 5);
  one.value = 1.5;
  block.decoded.records = {one, one};
  block.decoded.losses = {{Fate::folded, "too_many_names", "event", 3, "\"quoted\"\n"}};
  block.decoded.batch = {{"install-1", 12}};
  const std::string bytes = encode(block);
  const auto back = decode_block(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->appid, app);
  EXPECT_EQ(back->decoded.records, block.decoded.records);
  EXPECT_EQ(back->decoded.losses.at(0).example, "\"quoted\"\n");
  EXPECT_EQ(back->decoded.batch->number, 12);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_block(bytes.substr(0, size)) &&
                 decode_block(bytes.substr(0, size))->decoded.records.size() == 2);
}

MINIOPS_ON_BOTH_ENGINES(LoaderTest);

}  // namespace
}  // namespace miniops::telemetry
