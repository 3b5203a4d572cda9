// An observer in a real loader before a real event store, and what reads from both.
#pragma once

#include "issues/event_pages.hpp"
#include "issues/map_service.hpp"
#include "issues/reports.hpp"
#include "issues/tests/issues_fixture.hpp"
#include "telemetry/loader.hpp"

namespace miniops::telemetry {
std::span<const sql::Migration> migrations();
}
namespace miniops::issues {

using telemetry::Record;

class ReportsTest : public IssuesTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), telemetry::migrations(), migrations()});
    clock_.set(noon);
    version_.emplace(db());
    start();
    telemetry::ProjectKey key;
    key.id = ids_.next();
    key.appid = app;
    key.key = "k";
    ASSERT_TRUE(db().write_blocking(
        [&](sql::Transaction& tx) -> Result<telemetry::ProjectKey> { return telemetry::store::add_key(tx, key); }));
    events_ = std::make_unique<telemetry::LazyEvents>(events::Options{folder_.path() / "events"}, db());
    spool_ = std::move(*spool::Spool::open(*disk_, folder_.path() / "spool", clock_));
    loader_ = std::make_unique<telemetry::Loader>(
        telemetry::Loader::Collaborators{db(), *events_, *spool_, ids_, clock_, *version_, 0});
    loader_->add_observer(*observer_);
    telemetry_ = std::make_unique<telemetry::Service>(
        telemetry::Service::Collaborators{db(), *version_, clock_, random_, ids_, workers_, *events_, *loader_});
    reports_.emplace(Reports::Collaborators{db(), clock_, *telemetry_});
    pages_.emplace(EventPages::Collaborators{db(), clock_, *telemetry_, workers_, *shelf_});
    maps_.emplace(MapService::Collaborators{db(), *version_, clock_, ids_, workers_, *blobs_, *shelf_, *telemetry_});
  }

  void load(std::vector<Record> records) {
    for (Record& record : records) {
      record.id[0] = static_cast<char>(++number_);
      record.id[1] = static_cast<char>(number_ >> 8);
    }
    telemetry::Block block{app, "miniops", clock_.now(), {}};
    block.decoded.records = std::move(records);
    ASSERT_TRUE(spool_->append_blocking(telemetry::encode(block)));
    for (;;) {
      const auto stored = loader_->step();
      ASSERT_TRUE(stored) << stored.error().message;
      if (!*stored) return;
    }
  }
  static Record of(telemetry::Kind kind, std::string name, std::string person, std::string release = "1.0",
                   TimeMs at = noon) {
    Record record = error_of("", std::move(release), at);
    record.kind = kind;
    record.name = std::move(name);
    record.level = telemetry::Level::none;
    record.properties = "{}";
    record.user.device_id = person;
    record.session = "s-" + person;
    return record;
  }
  static Record error_by(std::string function, std::string person, std::string release = "1.0", TimeMs at = noon) {
    Record record = error_of(std::move(function), std::move(release), at);
    record.user.device_id = person;
    record.session = "s-" + person;
    return record;
  }
  static Access access() { return Access::system(app, "test"); }
  ListQuestion question() const {
    ListQuestion asked;
    asked.filter.from = noon - 7 * day_ms;
    asked.filter.to = noon + day_ms;
    asked.filter.now = clock_.now();
    return asked;
  }
  Span span() const { return {noon - 7 * day_ms, noon + day_ms}; }
  IssuePage list(ListQuestion asked) {
    auto page = sql::run(reports_->list(access(), std::move(asked)));
    EXPECT_TRUE(page) << page.error().message;
    return page ? std::move(*page) : IssuePage{};
  }
  static std::vector<std::string> titles(const IssuePage& page) {
    std::vector<std::string> out;
    for (const IssueRow& row : page.items) out.push_back(row.issue.headline.title.substr(11));
    return out;
  }
  std::int64_t issue_called(const std::string& function) {
    for (const IssueRow& row : list(question()).items)
      if (row.issue.headline.title == "TypeError: " + function + " failed") return row.issue.id;
    ADD_FAILURE() << function;
    return 0;
  }

  std::unique_ptr<spool::Disk> disk_ = spool::real_disk();
  net::Workers workers_{2, 32};
  std::unique_ptr<telemetry::LazyEvents> events_;
  std::unique_ptr<spool::Spool> spool_;
  std::unique_ptr<telemetry::Loader> loader_;
  std::unique_ptr<telemetry::Service> telemetry_;
  std::optional<Reports> reports_;
  std::optional<EventPages> pages_;
  std::optional<MapService> maps_;
  int number_ = 0;
};

}  // namespace miniops::issues
