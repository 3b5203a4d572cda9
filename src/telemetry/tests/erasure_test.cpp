// Deleting a person: whatever dies when, in the end nothing of them is left, and the report says what was done.
#include <fstream>

#include "telemetry/tests/loader_fixture.hpp"

namespace miniops::telemetry {
namespace {

const std::string secret = "oPERSONwhoWantsToBeForgotten";

class ErasureTest : public LoaderTest {
 protected:
  Record by(const UserIds& user, std::uint8_t id, Kind kind = Kind::event) {
    Record one = record("Buy", id);
    one.user = user;
    one.kind = kind;
    one.trace = user.login_id.empty() && user.openid != secret ? "" : secret;
    return one;
  }
  // Two devices of one who logged in, and somebody else's.
  void report_something() {
    append({by({"", "", "", "phone-a"}, 1), by({"", "", "", "phone-b"}, 2), by({"", "", "", "other"}, 3)});
    append({by({"u-1", "", secret, "phone-a"}, 4), by({"u-1", "", secret, "phone-b"}, 5, Kind::log)});
    load_all();
  }
  std::int64_t ask(const store::PersonId& named) {
    Erasure wanted;
    wanted.id = ids_.next();
    wanted.appid = app;
    wanted.named = named;
    wanted.hash = hash_of(named.id);
    wanted.asked_by = "li";
    wanted.asked_at = clock_.now();
    const auto asked = db().write_blocking([&](sql::Transaction& tx) -> Result<void> {
      store::insert_erasure(tx, wanted);
      sql::raise_config_version(tx);
      return {};
    });
    EXPECT_TRUE(asked);
    return wanted.id;
  }
  Erasure erasure(std::int64_t id) {
    return *db().read_blocking(
        [&](sql::Transaction& tx) -> Result<Erasure> { return store::erasure(tx, app, id).value(); });
  }
  // As the loader's thread goes on; at most so many pieces. False: there is nothing more to do.
  bool go_on(int pieces = 1000) {
    sql::run(version_->refresh());
    for (bool idle = false;;) {
      if (pieces-- == 0) return true;
      const auto tended = loader_->tend();
      EXPECT_TRUE(tended) << tended.error().message;
      if (!tended) return false;
      const auto stored = loader_->step();
      EXPECT_TRUE(stored);
      if (!*tended && !*stored && std::exchange(idle, true)) return false;
    }
  }
  // Of the event store and the spool.
  int files_with(std::string_view bytes) const {
    int found = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      if (std::string(std::istreambuf_iterator<char>(in), {}).find(bytes) != std::string::npos) ++found;
    }
    return found;
  }
  double counted(Kind kind) {
    const auto points = (*events_->get())
                            ->breakdown({{number_, static_cast<std::int32_t>(kind), noon - day_ms, noon + day_ms},
                                         events::Measure::count,
                                         events::Field::name});
    return points->empty() ? 0 : points->front().value;
  }
  void expect_all_gone(std::int64_t id, int spool_segments = -1) {
    const Erasure done = erasure(id);
    EXPECT_EQ(done.state, Erasure::State::done);
    EXPECT_EQ(done.named.id, "");
    EXPECT_TRUE(done.persons.empty());
    EXPECT_EQ(done.finished_at, clock_.now());
    EXPECT_EQ(done.report.at("people").as_int64(), 2);
    EXPECT_EQ(done.report.at("ids").as_int64(), 4);
    EXPECT_EQ(json::serialize(done.report.at("rows")), R"({"event":3,"log":1})");
    EXPECT_EQ(done.report.at("days").as_int64(), 2);
    if (spool_segments >= 0) EXPECT_EQ(done.report.at("spool_segments").as_int64(), spool_segments);
    EXPECT_EQ(rows().size(), 1u);
    EXPECT_EQ(rows(Kind::log).size(), 0u);
    EXPECT_EQ(counted(Kind::event), 4);
    EXPECT_EQ(counted(Kind::log), 1);
    EXPECT_EQ(query("SELECT id FROM telemetry_people").size(), 1u);
    EXPECT_TRUE(query("SELECT person FROM telemetry_person_merges").empty());
    EXPECT_EQ(files_with(secret), 0);
  }
};

TEST_P(ErasureTest, OtherModulesForgetThemToo) {
  struct Keeper final : PersonKeeper {
    std::string_view name() const override { return "other"; }
    Result<std::int64_t> forget(const AppId& appid, std::string_view id_kind, const std::string& id) override {
      if (failures-- > 0) return fail(ErrorKind::unavailable, "other.unavailable", "not now");
      asked.insert(fmt::format("{} {} {}", appid.str(), id_kind, id));
      return 2;
    }
    int failures = 1;
    std::set<std::string> asked;
  };
  Keeper keeper;
  loader_->add_keeper(keeper);
  report_something();
  const auto id = ask({"device", "phone-b"});
  sql::run(version_->refresh());
  int failed = 0;
  for (int i = 0; i < 20 && failed == 0; ++i) {
    if (!loader_->tend()) ++failed;
    (void)loader_->step();
  }
  EXPECT_EQ(failed, 1);
  EXPECT_NE(erasure(id).state, Erasure::State::done);
  clock_.advance(minute_ms);
  go_on();
  expect_all_gone(id);
  EXPECT_TRUE(keeper.asked.contains(fmt::format("wx1 openid {}", secret))) << *keeper.asked.begin();
  EXPECT_EQ(keeper.asked.size(), 4u);
  EXPECT_EQ(json::serialize(erasure(id).report.at("elsewhere")), R"({"other":10})");
}

TEST_P(ErasureTest, WhoIsHeldWaitsAndKeepsNobodyElseWaiting) {
  struct Keeper final : PersonKeeper {
    std::string_view name() const override { return "law"; }
    Result<bool> held(const AppId&, std::string_view id_kind, const std::string& id) override {
      return holds && id_kind == "device" && id == "phone-b";
    }
    Result<std::int64_t> forget(const AppId&, std::string_view, const std::string&) override { return 0; }
    bool holds = true;
  };
  Keeper keeper;
  loader_->add_keeper(keeper);
  report_something();
  const auto kept = ask({"device", "phone-b"});
  const auto other = ask({"device", "nobody's"});
  go_on();
  EXPECT_EQ(erasure(kept).state, Erasure::State::waiting);
  EXPECT_EQ(erasure(kept).named.id, "phone-b") << "it is still to be done";
  EXPECT_EQ(erasure(other).state, Erasure::State::done);
  keeper.holds = false;
  const auto raised = db().write_blocking([](sql::Transaction& tx) -> Result<void> {
    sql::raise_config_version(tx);
    return {};
  });
  ASSERT_TRUE(raised);
  go_on();
  expect_all_gone(kept);
}

TEST_P(ErasureTest, NothingOfThemIsLeft) {
  report_something();
  const auto id = ask({"device", "phone-b"});  // whatever id: the person goes
  append({by({"", "", secret, ""}, 6)});       // acknowledged before, and not yet loaded
  EXPECT_GT(files_with(secret), 0);
  go_on();
  const Erasure done = erasure(id);
  EXPECT_EQ(json::serialize(done.report.at("rows")), R"({"event":4,"log":1})");
  EXPECT_EQ(done.report.at("spool_segments").as_int64(), 1);
  EXPECT_EQ(done.hash, hash_of("phone-b"));
  EXPECT_EQ(files_with(secret), 0);
  EXPECT_EQ(rows().size(), 1u);
  EXPECT_FALSE(go_on(3));
}

TEST_P(ErasureTest, ItGoesOnWhereverItWasInterrupted) {
  bool more = true;
  for (int pieces = 0; more; ++pieces) {
    ASSERT_LT(pieces, 100);
    report_something();
    const auto id = ask({"openid", secret});
    more = go_on(pieces);
    start_after_kill();
    go_on();
    expect_all_gone(id, more ? -1 : 1);
    // The next round begins with nobody.
    execute("DELETE FROM telemetry_people");
    execute("DELETE FROM telemetry_erasures");
    spool_.reset();
    loader_.reset();
    events_.reset();
    std::filesystem::remove_all(folder_.path() / "events");
    std::filesystem::remove_all(folder_.path() / "spool");
    start();
  }
}

TEST_P(ErasureTest, WhoComesBackIsSomebodyNew) {
  report_something();
  const std::int64_t before = rows().front().person;
  ask({"login", "u-1"});
  go_on();
  append({by({"u-1", "", "", "phone-a"}, 9)});
  load_all();
  std::set<std::int64_t> people;
  for (const auto& row : rows()) people.insert(row.person);
  EXPECT_EQ(people.size(), 2u);
  EXPECT_FALSE(people.contains(before) && people.contains(0));
  start();
  load_all();
  EXPECT_EQ(rows().size(), 2u);
}

TEST_P(ErasureTest, AnIdThatNobodyHasIsNoError) {
  report_something();
  const auto id = ask({"openid", "nobody"});
  go_on();
  const Erasure done = erasure(id);
  EXPECT_EQ(done.state, Erasure::State::done);
  EXPECT_EQ(done.report.at("people").as_int64(), 0);
  EXPECT_EQ(done.report.at("days").as_int64(), 0);
  EXPECT_EQ(rows().size(), 4u);
}

TEST_P(ErasureTest, ManyAreDeletedTogether) {
  std::vector<Record> records;
  for (std::uint8_t i = 1; i <= 20; ++i) records.push_back(by({"", "", "o" + std::to_string(i), ""}, i));
  append(std::move(records));
  load_all();
  std::vector<std::int64_t> asked;
  for (int i = 1; i <= 15; ++i) asked.push_back(ask({"openid", "o" + std::to_string(i)}));
  go_on();
  for (const std::int64_t id : asked) {
    EXPECT_EQ(erasure(id).state, Erasure::State::done);
    EXPECT_EQ(json::serialize(erasure(id).report.at("rows")), R"({"event":1})");
  }
  EXPECT_EQ(rows().size(), 5u);
}

TEST_P(ErasureTest, BeforeAnythingCameThereIsNothingToDo) {
  const auto id = ask({"openid", secret});
  go_on();
  EXPECT_EQ(erasure(id).state, Erasure::State::done);
}

MINIOPS_ON_BOTH_ENGINES(ErasureTest);

}  // namespace
}  // namespace miniops::telemetry
