// A loader with its stores, which can be restarted.
#pragma once

#include "storage/testing/engines.hpp"
#include "telemetry/loader.hpp"

namespace miniops::telemetry {

std::span<const sql::Migration> migrations();

inline constexpr TimeMs noon = 1795237200000;  // 2026-11-21T05:00:00Z
inline const AppId app{"wx1"};

class LoaderTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open(sets());
    clock_.set(noon);
    const auto key = db().write_blocking([&](sql::Transaction& tx) -> Result<ProjectKey> {
      ProjectKey wanted;
      wanted.id = ids_.next();
      wanted.appid = app;
      wanted.key = "k";
      return store::add_key(tx, wanted);
    });
    number_ = key->app;
    start();
  }

  virtual std::vector<std::span<const sql::Migration>> sets() const { return {migrations()}; }

  // As a process starts: everything is read from the disk.
  void start() {
    loader_.reset();
    spool_.reset();
    events_.reset();
    version_.emplace(db());
    events::Options options{folder_.path() / "events"};
    events_ = std::make_unique<LazyEvents>(options, db());
    spool_ = std::move(*spool::Spool::open(*disk_, folder_.path() / "spool", clock_));
    loader_ = std::make_unique<Loader>(Loader::Collaborators{db(), *events_, *spool_, ids_, clock_, *version_, 0});
  }

  // As a process that was killed: nothing is closed in order.
  void start_after_kill() {
    const auto left = folder_.path() / "left";
    std::filesystem::create_directory(left);
    for (const std::string part : {"events", "spool"})
      if (std::filesystem::exists(folder_.path() / part))
        std::filesystem::copy(folder_.path() / part, left / part, std::filesystem::copy_options::recursive);
    loader_.reset();
    spool_.reset();
    events_.reset();
    for (const std::string part : {"events", "spool"}) std::filesystem::remove_all(folder_.path() / part);
    for (const auto& part : std::filesystem::directory_iterator(left))
      std::filesystem::rename(part.path(), folder_.path() / part.path().filename());
    std::filesystem::remove(left);
    start();
  }

  Record record(std::string name, std::uint8_t id, TimeMs at = noon) const {
    Record one;
    one.id[0] = static_cast<char>(id);
    one.name = std::move(name);
    one.protocol = "sentry";
    one.client_time = one.time = at;
    one.received_at = clock_.now();
    one.user.device_id = "d1";
    one.page = "pages/index";
    one.session = "s-1";
    return one;
  }
  void append(std::vector<Record> records, std::optional<BatchNumber> batch = {}) {
    Block block{app, "sentry", clock_.now(), {}};
    block.decoded.records = std::move(records);
    block.decoded.batch = std::move(batch);
    append(encode(block));
  }
  void append(std::string bytes) { ASSERT_TRUE(spool_->append_blocking(std::move(bytes))); }
  void load_all() {
    for (;;) {
      const auto stored = loader_->step();
      ASSERT_TRUE(stored) << stored.error().message;
      if (!*stored) return;
    }
  }
  std::vector<events::FoundRow> rows(Kind kind = Kind::event) {
    const auto found =
        (*events_->get())
            ->rows({{number_, static_cast<std::int32_t>(kind), noon - 40 * day_ms, noon + 40 * day_ms}, 1000});
    EXPECT_TRUE(found);
    return *found;
  }
  std::int64_t ledger(std::string_view reason, std::int32_t of = -1) {
    std::int64_t count = 0;
    const auto sums = (*events_->get())->ledger(of < 0 ? number_ : of, noon - day_ms, noon + 40 * day_ms);
    for (const auto& sum : *sums)
      if (sum.reason == reason) count += sum.count;
    return count;
  }

  sql::TemporaryFolder folder_;
  std::unique_ptr<spool::Disk> disk_ = spool::real_disk();
  std::unique_ptr<LazyEvents> events_;
  std::unique_ptr<spool::Spool> spool_;
  std::optional<sql::ConfigVersion> version_;
  std::unique_ptr<Loader> loader_;
  std::int32_t number_ = 0;
};

}  // namespace miniops::telemetry
