// An observer on a fresh database, fed as the loader feeds it.
#pragma once

#include "issues/observer.hpp"
#include "issues/store.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::identity {
std::span<const sql::Migration> migrations();
}
namespace miniops::issues {
std::span<const sql::Migration> migrations();

inline constexpr TimeMs noon = 1795237200000;
inline const AppId app{"wx1"};

// Remembers what it was told; may fail on demand.
class Heard final : public Listener {
 public:
  void on_issue(sql::Transaction& tx, const IssueEvent& event) override {
    EXPECT_TRUE(tx.query_one("SELECT 1 FROM issues_issues WHERE id = $1", {event.issue}).has_value());
    events.push_back(event);
  }
  // "created #1 TypeError: a", one a line.
  std::string words() {
    std::string out;
    for (const IssueEvent& event : std::exchange(events, {}))
      out += fmt::format("{} #{} {}\n", event.what == IssueEvent::What::created ? "created" : "regressed", event.number,
                         event.title);
    return out;
  }
  std::vector<IssueEvent> events;
};

inline telemetry::Record error_of(std::string function, std::string release = "1.0", TimeMs at = noon) {
  telemetry::Record record;
  record.kind = telemetry::Kind::error;
  record.protocol = "miniops";
  record.name = "TypeError";
  record.text = function + " failed";
  record.level = telemetry::Level::error;
  record.page = "pages/index/index";
  record.release = std::move(release);
  record.client_time = record.time = record.received_at = at;
  record.session = "s-1";
  record.user.device_id = "d1";
  record.properties = json::serialize(
      json::object{{"stack", fmt::format("TypeError: x\n    at {} (pages/index/index.js:12:9)", function)}});
  return record;
}

class IssuesTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), migrations()});
    clock_.set(noon);
    version_.emplace(db());
    start();
  }
  // As a process starts.
  void start(std::vector<Rule> with_rules = rules(), std::int64_t keys = keys_max) {
    shelf_.emplace(Shelf::Collaborators{db(), *version_, *blobs_});
    observer_.emplace(Observer::Collaborators{db(), *version_, ids_, clock_, *shelf_, &heard_, keys},
                      std::move(with_rules));
  }
  std::vector<std::int64_t> look(const std::vector<telemetry::Record>& records, const AppId& appid = app) {
    std::vector<const telemetry::Record*> pointers;
    for (const auto& record : records) pointers.push_back(&record);
    std::vector<telemetry::Additions> out(records.size());
    const auto looked = observer_->look(appid, pointers, out);
    EXPECT_TRUE(looked) << looked.error().message;
    std::vector<std::int64_t> issues;
    for (const auto& one : out) issues.push_back(one.issue);
    return issues;
  }
  std::int64_t look_one(const telemetry::Record& record) { return look({record}).front(); }
  void flush() { ASSERT_TRUE(sql::run(observer_->flush())); }

  template <class F>
  auto read(F closure) {
    return db().read_blocking(closure).value();
  }
  Issue issue(std::int64_t id) {
    return *read([&](sql::Transaction& tx) -> Result<std::optional<Issue>> { return store::find(tx, app, id); });
  }
  Handling handling(std::int64_t id) { return issue(id).handling; }
  // What a person decides, and what the observer learns by the version.
  void decide(std::int64_t id, const std::function<void(Handling&)>& change) {
    const auto written = db().write_blocking([&](sql::Transaction& tx) -> Result<void> {
      auto found = store::find(tx, app, id);
      change(found->handling);
      store::save_handling(tx, *found);
      sql::raise_config_version(tx);
      return {};
    });
    ASSERT_TRUE(written);
    sql::run(version_->refresh());
  }
  std::vector<std::string> history(std::int64_t id) {
    std::vector<std::string> out;
    for (const Activity& one : read([&](sql::Transaction& tx) -> Result<std::vector<Activity>> {
           return store::activity_of(tx, id, std::nullopt, 100);
         }))
      out.insert(out.begin(), one.what);
    return out;
  }
  std::int64_t count(const std::string& table) { return query("SELECT count(*) FROM " + table).front().integer(0); }

  sql::TemporaryFolder folder_;
  std::unique_ptr<Blobs> blobs_ = open_file_blobs(folder_.path() / "blobs", 1);
  std::optional<sql::ConfigVersion> version_;
  std::optional<Shelf> shelf_;
  std::optional<Observer> observer_;
  Heard heard_;
};

}  // namespace miniops::issues
