// New, the same, back again, ignored, merged, split: in the order of the spool, whatever is repeated.
#include "issues/tests/issues_fixture.hpp"
#include "issues/tests/maps.hpp"

namespace miniops::issues {
namespace {

class ObserverTest : public IssuesTest {};

using Words = std::vector<std::string>;

TEST_P(ObserverTest, ANewErrorIsAnIssueAndTheSameIsThatIssue) {
  const auto issues = look({error_of("buy"), error_of("buy"), error_of("pay")});
  EXPECT_EQ(issues[0], issues[1]);
  EXPECT_NE(issues[0], issues[2]);
  EXPECT_EQ(heard_.words(), "created #1 TypeError: buy failed\ncreated #2 TypeError: pay failed\n");
  EXPECT_EQ(look_one(error_of("buy")), issues[0]);
  EXPECT_EQ(heard_.words(), "");
  const Issue made = issue(issues[0]);
  EXPECT_EQ(made.headline.culprit, "buy (pages/index/index.js)");
  EXPECT_EQ(made.first_release, "1.0");
  EXPECT_EQ(made.first_seen_at, noon);
  EXPECT_EQ(made.handling.state, Workflow::found);
  EXPECT_EQ(history(made.id), Words{"created"});
}

TEST_P(ObserverTest, OnlyErrorsHaveIssues) {
  telemetry::Record log = error_of("buy");
  log.kind = telemetry::Kind::log;
  EXPECT_EQ(look_one(log), 0);
  EXPECT_EQ(count("issues_issues"), 0);
}

TEST_P(ObserverTest, WhatIsLoadedAgainChangesNothing) {
  const std::vector<telemetry::Record> records{error_of("buy"), error_of("pay", "1.1", noon + 5)};
  const auto before = look(records);
  const std::string told = heard_.words();
  start();  // a process that died before its load was stored
  EXPECT_EQ(look(records), before);
  EXPECT_EQ(heard_.words(), "");
  EXPECT_EQ(count("issues_issues"), 2);
  EXPECT_EQ(count("issues_keys"), 2);
  EXPECT_EQ(count("issues_activity"), 2);
  EXPECT_EQ(count("issues_releases"), 2);
}

TEST_P(ObserverTest, EachMiniProgramHasItsOwn) {
  const std::int64_t one = look_one(error_of("buy"));
  const std::int64_t other = look({error_of("buy")}, AppId("wx2")).front();
  EXPECT_NE(one, other);
  EXPECT_EQ(heard_.words(), "created #1 TypeError: buy failed\ncreated #1 TypeError: buy failed\n");
}

// ---- regression ----

TEST_P(ObserverTest, AFixedIssueRegressesInANewerReleaseAndOnlyOnce) {
  const std::int64_t id = look_one(error_of("buy", "1.9"));
  look_one(error_of("pay", "1.10", noon + 1));  // newer by time, older as a text
  heard_.words();
  decide(id, [](Handling& handling) { resolve(handling, Workflow::fixed, "1.9", noon + 10); });
  look({error_of("buy", "1.9", noon + 20)});
  EXPECT_EQ(heard_.words(), "") << "phones with the old release";
  look({error_of("buy", "1.10", noon + 9)});
  EXPECT_EQ(heard_.words(), "") << "received before it was fixed";
  look({error_of("buy", "1.10", noon + 30), error_of("buy", "1.10", noon + 31)});
  EXPECT_EQ(heard_.words(), "regressed #1 TypeError: buy failed\n");
  EXPECT_EQ(handling(id).state, Workflow::found);
  EXPECT_EQ(handling(id).regressed_at, noon + 30);
  EXPECT_EQ(history(id), (Words{"created", "regressed"}));
  start();
  look({error_of("buy", "1.10", noon + 30), error_of("buy", "1.10", noon + 31)});
  EXPECT_EQ(heard_.words(), "") << "loaded again";
}

TEST_P(ObserverTest, AReleaseThatComesBringsTheFixesThatWereMadeForIt) {
  const std::int64_t id = look_one(error_of("buy", "1.0"));
  decide(id, [](Handling& handling) { resolve(handling, Workflow::fixed, "1.1", noon + 10); });
  look_one(error_of("buy", "1.0", noon + 20));
  EXPECT_EQ(handling(id).state, Workflow::fixed);
  telemetry::Record launch = error_of("", "1.1", noon + 30);
  launch.kind = telemetry::Kind::event;
  look({launch});
  EXPECT_EQ(handling(id).state, Workflow::released);
  EXPECT_EQ(history(id), (Words{"created", "released"}));
  heard_.words();
  look({error_of("buy", "1.1", noon + 40)});
  EXPECT_EQ(heard_.words(), "") << "in the release of the fix: not newer than it";
  look({error_of("buy", "1.2", noon + 50)});
  EXPECT_EQ(heard_.words(), "regressed #1 TypeError: buy failed\n");
}

TEST_P(ObserverTest, ReleasesAreOrderedByWhenTheyCame) {
  look({error_of("one", "2.0", noon), error_of("one", "1.0", noon), error_of("one", "", noon)});
  look({error_of("one", "1.5", noon - 1000)});
  const auto releases =
      read([](sql::Transaction& tx) -> Result<std::vector<Release>> { return store::releases(tx, app); });
  Words names;
  for (const Release& release : releases) names.push_back(release.name);
  EXPECT_EQ(names, (Words{"2.0", "1.0", "1.5"}));
}

// ---- ignored ----

TEST_P(ObserverTest, AnIgnoredIssueIsSilentUntilATime) {
  const std::int64_t id = look_one(error_of("buy", "1.0"));
  look_one(error_of("pay", "1.1", noon + 1));
  heard_.words();
  decide(id, [](Handling& handling) {
    resolve(handling, Workflow::fixed, "1.0", noon + 5);
    handling.ignored = Ignoring{.until_at = noon + 100};
  });
  look({error_of("buy", "1.1", noon + 50)});
  EXPECT_EQ(heard_.words(), "");
  look({error_of("buy", "1.1", noon + 100)});
  EXPECT_EQ(heard_.words(), "regressed #1 TypeError: buy failed\n") << "awake, and it is back";
  EXPECT_EQ(history(id), (Words{"created", "unignored", "regressed"}));
}

TEST_P(ObserverTest, AnIgnoredIssueIsSilentForSoManyEvents) {
  const std::int64_t id = look_one(error_of("buy"));
  decide(id, [](Handling& handling) { handling.ignored = Ignoring{.until_count = 5}; });
  flush();  // what was before counts, too: it was not yet written
  const double before = handling(id).ignored->seen;
  telemetry::Record sampled = error_of("buy", "1.0", noon + 1);
  sampled.weight = 2;
  look({sampled});
  flush();
  EXPECT_EQ(handling(id).ignored->seen, before + 2);
  look({sampled, sampled});
  flush();
  EXPECT_FALSE(handling(id).ignored);
  EXPECT_EQ(history(id), (Words{"created", "unignored"}));
}

TEST_P(ObserverTest, AnIgnoredIssueIsSilentUntilTheNextRelease) {
  const std::int64_t id = look_one(error_of("buy", "1.0"));
  decide(id, [](Handling& handling) { handling.ignored = Ignoring{.until_release = true, .after_release = "1.0"}; });
  look({error_of("buy", "1.0", noon + 1)});
  EXPECT_TRUE(handling(id).ignored);
  look({error_of("buy", "1.1", noon + 2)});
  EXPECT_FALSE(handling(id).ignored);
}

// ---- keys that moved ----

TEST_P(ObserverTest, AMergedKeyLeadsToWhatItWasMergedInto) {
  const auto issues = look({error_of("buy"), error_of("pay")});
  ASSERT_TRUE(db().write_blocking([&](sql::Transaction& tx) -> Result<void> {
    store::move_key(tx, issues[1], issues[0], false);
    sql::raise_config_version(tx);
    return {};
  }));
  sql::run(version_->refresh());
  EXPECT_EQ(look_one(error_of("pay")), issues[0]);
  start();
  EXPECT_EQ(look_one(error_of("pay")), issues[0]);
}

Key key_v2(const Failure& failure, const std::string&) { return {2, "message", {{"type", failure.thrown().type}}}; }

TEST_P(ObserverTest, UnderANewRuleOldKeysLeadToTheirIssue) {
  const auto before = look({error_of("buy")});
  heard_.words();
  start({&key_v1, &key_v2});
  // The first that comes takes its issue along; what the new rule puts together with it joins.
  EXPECT_EQ(look({error_of("buy"), error_of("fresh")}), (std::vector<std::int64_t>{before[0], before[0]}));
  EXPECT_EQ(heard_.words(), "");
  EXPECT_EQ(count("issues_keys"), 2);
}

TEST_P(ObserverTest, WhatWasSplitOffIsNeverMergedByARule) {
  const auto before = look({error_of("buy"), error_of("pay")});
  ASSERT_TRUE(db().write_blocking([&](sql::Transaction& tx) -> Result<void> {
    store::move_key(tx, before[1], before[1], true);
    return {};
  }));
  start({&key_v1, &key_v2});
  EXPECT_EQ(look({error_of("buy"), error_of("pay"), error_of("fresh")}),
            (std::vector<std::int64_t>{before[0], before[1], before[0]}));
  EXPECT_EQ(look_one(error_of("pay")), before[1]);
}

// ---- what is written once a minute ----

TEST_P(ObserverTest, WhenAnIssueWasSeenLastIsWrittenByFlush) {
  const std::int64_t id = look_one(error_of("buy"));
  look({error_of("buy", "1.1", noon + 7), error_of("buy", "1.0", noon + 3)});
  EXPECT_EQ(issue(id).last_seen_at, noon) << "known issues cost no SQL";
  const auto seen = sql::run(observer_->flush());
  ASSERT_TRUE(seen);
  EXPECT_EQ(*seen, (std::vector<IssuePlace>{{app, id}}));
  EXPECT_EQ(issue(id).last_seen_at, noon + 7);
  EXPECT_EQ(issue(id).last_release, "1.1");
  EXPECT_TRUE(sql::run(observer_->flush())->empty());
}

TEST_P(ObserverTest, ATimeThatCouldNotBeWrittenIsWrittenLater) {
  const std::int64_t id = look_one(error_of("buy", "1.0", noon + 7));
  execute("ALTER TABLE issues_issues RENAME TO hidden");
  EXPECT_FALSE(sql::run(observer_->flush()));
  execute("ALTER TABLE hidden RENAME TO issues_issues");
  look_one(error_of("buy", "1.0", noon + 3));
  flush();
  EXPECT_EQ(issue(id).last_seen_at, noon + 7);
}

// ---- bounds ----

TEST_P(ObserverTest, TooManyIssuesAreOneOfEachKind) {
  start(rules(), 3);
  std::vector<telemetry::Record> records;
  for (const char* function : {"one", "two", "three", "four", "five"}) records.push_back(error_of(function));
  telemetry::Record request = error_of("");
  request.name = "request_failed";
  request.properties = R"({"method":"GET","url":"https://a.example/x","status":500})";
  records.push_back(request);
  const auto issues = look(records);
  EXPECT_EQ(issues[3], issues[4]);
  EXPECT_NE(issues[3], issues[5]);
  EXPECT_EQ(issue(issues[3]).headline.title, "(其他)");
  EXPECT_EQ(issue(issues[5]).nature.kind, Kind::network);
  EXPECT_EQ(look(records), issues);
  EXPECT_EQ(count("issues_keys"), 5);
}

TEST_P(ObserverTest, IssuesThatNobodyTouchedForLongMakeRoom) {
  start(rules(), 2);
  const auto old = look({error_of("one"), error_of("two")});
  decide(old[1], [](Handling& handling) { handling.tracker_url = "https://tracker.example/1"; });
  clock_.advance(forgotten_after_ms + day_ms);
  const std::int64_t fresh = look_one(error_of("three", "1.0", clock_.now()));
  EXPECT_EQ(issue(fresh).headline.title, "TypeError: three failed");
  EXPECT_EQ(query("SELECT 1 FROM issues_issues WHERE id = $1", {old[0]}).size(), 0u);
  EXPECT_EQ(issue(old[1]).handling.tracker_url, "https://tracker.example/1");
  // Its key is free: it becomes one of the others, and not a broken link.
  EXPECT_EQ(issue(look_one(error_of("one", "1.0", clock_.now()))).headline.title, "(其他)");
}

TEST_P(ObserverTest, ManyNewIssuesAreLearntInSeveralTransactions) {
  std::vector<telemetry::Record> records;
  for (int i = 0; i < 230; ++i) records.push_back(error_of(fmt::format("function{}x", i)));
  const auto issues = look(records);
  EXPECT_EQ(std::set<std::int64_t>(issues.begin(), issues.end()).size(), 230u);
  EXPECT_EQ(heard_.events.size(), 230u);
  EXPECT_EQ(heard_.events.back().number, 230);
}

TEST_P(ObserverTest, WhenTheDatabaseFailsNothingIsRemembered) {
  execute("ALTER TABLE issues_keys RENAME TO hidden");
  std::vector<telemetry::Record> records{error_of("buy")};
  std::vector<const telemetry::Record*> pointers{records.data()};
  std::vector<telemetry::Additions> out(1);
  EXPECT_FALSE(observer_->look(app, pointers, out));
  execute("ALTER TABLE hidden RENAME TO issues_keys");
  EXPECT_NE(look_one(records.front()), 0);
  EXPECT_EQ(heard_.words(), "created #1 TypeError: buy failed\n");
}

// ---- source maps at load time ----

TEST_P(ObserverTest, WithMapsTheGroupIsThatOfTheSource) {
  json::object map = made::map_of({"webpack://shop/./src/cart.ts"}, {{0, 1000, 0, 6, 2, 0}, {0, 2000, 0, 20, 0, 1}},
                                  {"total", "addToCart"});
  const auto name = sql::run(blobs_->put(json::serialize(map)));
  ASSERT_TRUE(name);
  const auto minified = [](const char* release, int column) {
    telemetry::Record record = error_of("", release);
    record.properties = json::serialize(
        json::object{{"stack", fmt::format("TypeError: x\n    at t (https://usr/appservice.app.js:1:{})\n"
                                           "    at e (https://usr/appservice.app.js:1:2001)",
                                           column)}});
    return record;
  };
  const std::int64_t without = look_one(minified("1.0", 1001));
  ASSERT_TRUE(db().write_blocking([&](sql::Transaction& tx) -> Result<void> {
    MapEntry entry;
    entry.id = ids_.next();
    entry.release = "1.1";
    entry.layer = Layer::wechat;
    entry.file = "app-service.js";
    entry.sha256 = *name;
    store::put_map(tx, app, entry);
    sql::raise_config_version(tx);
    return {};
  }));
  sql::run(version_->refresh());
  const std::int64_t with = look_one(minified("1.1", 1001));
  EXPECT_NE(with, without);
  EXPECT_EQ(issue(with).headline.culprit, "addToCart (src/cart.ts)");
  EXPECT_EQ(look_one(minified("1.0", 1001)), without) << "another release has no maps";
}

MINIOPS_ON_BOTH_ENGINES(ObserverTest);

}  // namespace
}  // namespace miniops::issues
