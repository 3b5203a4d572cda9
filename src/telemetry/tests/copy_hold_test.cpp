// A backup of the event store while the server runs: the loader holds still, and a copy counts only when it did.
#include "telemetry/copy_hold.hpp"

#include "telemetry/tests/loader_fixture.hpp"

namespace miniops::telemetry {
namespace {

class CopyHoldTest : public LoaderTest {
 protected:
  CopyHold ask() {
    auto asked = CopyHold::ask(db(), clock_, static_cast<std::int64_t>(random_.number() >> 1));
    EXPECT_TRUE(asked);
    sql::run(version_->refresh());
    return std::move(*asked);
  }
  // The loader's thread; it holds still inside.
  std::thread tending() {
    return std::thread([this] {
      const auto tended = loader_->tend();
      EXPECT_TRUE(tended) << tended.error().message;
      went_on_ = true;
    });
  }
  static void wait_until(const std::function<bool()>& so) {
    while (!so()) std::this_thread::yield();
  }
  static void wait_for_stillness(CopyHold& hold) {
    wait_until([&] { return *hold.still(); });
  }

  std::atomic<bool> went_on_{false};
};

TEST_P(CopyHoldTest, TheFilesAreWholeWhileTheLoaderHoldsStill) {
  append({record("Buy", 1), record("Buy", 2)});
  load_all();
  auto hold = ask();
  EXPECT_FALSE(*hold.still());
  auto loader = tending();
  wait_for_stillness(hold);
  EXPECT_TRUE(hold.renew());
  std::filesystem::copy(folder_.path() / "events", folder_.path() / "copy", std::filesystem::copy_options::recursive);
  EXPECT_FALSE(went_on_);
  EXPECT_TRUE(hold.finish());
  loader.join();
  append({record("Buy", 3)});
  load_all();
  EXPECT_EQ(rows().size(), 3u);
  // The copy, as a server opens it.
  loader_.reset();
  events_.reset();
  std::filesystem::remove_all(folder_.path() / "events");
  std::filesystem::rename(folder_.path() / "copy", folder_.path() / "events");
  events_ = std::make_unique<LazyEvents>(events::Options{folder_.path() / "events"}, db());
  EXPECT_EQ(rows().size(), 2u);
}

TEST_P(CopyHoldTest, ABackupThatIsNotHeardOfIsNotWaitedFor) {
  append({record("Buy", 1)});
  load_all();
  auto hold = ask();
  auto loader = tending();
  wait_for_stillness(hold);
  clock_.advance(29 * second_ms);
  EXPECT_TRUE(hold.renew());
  clock_.advance(29 * second_ms);
  EXPECT_FALSE(went_on_);
  clock_.advance(second_ms);
  loader.join();
  const auto finished = hold.finish();
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code, "telemetry.copy_interrupted");
}

TEST_P(CopyHoldTest, AServerThatStopsEndsTheCopy) {
  auto hold = ask();
  auto loader = tending();
  wait_for_stillness(hold);
  loader_->stop();
  loader.join();
  EXPECT_FALSE(hold.finish());
}

TEST_P(CopyHoldTest, AWithdrawnOrOldRequestIsNotServed) {
  auto hold = ask();
  EXPECT_TRUE(hold.withdraw());
  EXPECT_FALSE(*loader_->tend());
  auto forgotten = ask();
  clock_.advance(10 * minute_ms);
  EXPECT_FALSE(*loader_->tend());
  EXPECT_FALSE(*forgotten.still());
}

MINIOPS_ON_BOTH_ENGINES(CopyHoldTest);

}  // namespace
}  // namespace miniops::telemetry
