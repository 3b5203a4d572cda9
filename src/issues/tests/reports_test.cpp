// What people look at: figures from a real event store, filled by the loader with the observer in it.
#include "issues/issues.hpp"
#include "issues/service.hpp"
#include "issues/tests/maps.hpp"
#include "issues/tests/reports_fixture.hpp"
#include "issues/views.hpp"

namespace miniops::issues {
namespace {

using telemetry::Kind;

using Words = std::vector<std::string>;

TEST_P(ReportsTest, TheListHasTheFiguresOfItsPage) {
  Record sampled = error_by("buy", "a");
  sampled.weight = 4;
  load({sampled, error_by("buy", "b"), error_by("buy", "b"), error_by("pay", "c", "1.0", noon - day_ms),
        of(Kind::session, "start", "a"), of(Kind::session, "start", "b"), of(Kind::session, "start", "c"),
        of(Kind::session, "start", "d")});
  const IssuePage page = list(question());
  ASSERT_EQ(titles(page), (Words{"buy failed", "pay failed"}));
  const IssueFigures& buy = page.items[0].figures;
  EXPECT_EQ(buy.figures.events, 6);
  EXPECT_EQ(buy.figures.users, 2);
  EXPECT_EQ(buy.figures.sessions, 2);
  EXPECT_EQ(buy.session_share, 0.5);
  double trend = 0;
  for (const auto& [at, events] : buy.trend) trend += events;
  EXPECT_EQ(trend, 6);
  const json::object shown = Views(access(), noon).row(page.items[0], span(), page.trend_interval_ms);
  const auto& points = shown.at("figures").at("trend").as_array();
  EXPECT_GT(points.size(), 10u) << "also those that are empty";
  double all = 0;
  for (const auto& point : points) all += point.at("events").to_number<double>();
  EXPECT_EQ(all, 6) << "each point of the event store has its place";
}

TEST_P(ReportsTest, TheListIsFilteredAndSorted) {
  load({error_by("buy", "a", "1.0", noon - 3000), error_by("buy", "a", "1.1", noon - 2000), error_by("buy", "b"),
        error_by("pay", "a", "1.1", noon - 1000), error_by("pay", "b", "1.1", noon - 900),
        error_by("pay", "c", "1.1", noon - 800), error_by("show", "a", "1.0", noon + 50)});
  flush();
  const auto sorted = [&](ListSort sort) {
    ListQuestion asked = question();
    asked.sort = sort;
    return titles(list(asked));
  };
  EXPECT_EQ(sorted(ListSort::last_seen), (Words{"show failed", "buy failed", "pay failed"}));
  EXPECT_EQ(sorted(ListSort::first_seen), (Words{"show failed", "pay failed", "buy failed"}));
  EXPECT_EQ(sorted(ListSort::users).front(), "pay failed");
  EXPECT_EQ(sorted(ListSort::events).back(), "show failed");

  const auto filtered = [&](const std::function<void(ListQuestion&)>& set) {
    ListQuestion asked = question();
    set(asked);
    return titles(list(asked));
  };
  decide(issue_called("pay"), [](Handling& handling) {
    handling.state = Workflow::located;
    handling.severity = Severity::p0;
    handling.assignee = Assignee{identity::AccountId(7), "x"};
  });
  decide(issue_called("buy"), [](Handling& handling) { handling.ignored = Ignoring{.until_at = noon + hour_ms}; });
  EXPECT_EQ(filtered([](auto& q) { q.filter.states = {Workflow::located}; }), Words{"pay failed"});
  EXPECT_EQ(filtered([](auto& q) { q.filter.severities = {Severity::p0}; }), Words{"pay failed"});
  EXPECT_EQ(filtered([](auto& q) { q.filter.assignee = identity::AccountId(7); }), Words{"pay failed"});
  EXPECT_EQ(filtered([](auto& q) { q.filter.assignee = identity::AccountId(); }), Words{"show failed"});
  EXPECT_EQ(filtered([](auto& q) { q.filter.kinds = {issues::Kind::api}; }), Words{});
  EXPECT_EQ(filtered([](auto& q) { q.filter.text = "SHOW"; }), Words{"show failed"});
  EXPECT_EQ(filtered([](auto& q) { q.filter.text = "100%_"; }), Words{});
  EXPECT_EQ(filtered([](auto&) {}), (Words{"show failed", "pay failed"})) << "ignored ones are not shown";
  EXPECT_EQ(filtered([](auto& q) { q.filter.ignored = store::Ignored::only; }), Words{"buy failed"});
  EXPECT_EQ(filtered([](auto& q) { q.filter.now = noon + hour_ms; }).size(), 3u) << "its time is up";
  EXPECT_EQ(filtered([](auto& q) { q.filter.first_release = "1.1"; }), Words{"pay failed"});
  EXPECT_EQ(filtered([](auto& q) {
              q.release = "1.1";
              q.filter.ignored = store::Ignored::yes;
            }),
            (Words{"buy failed", "pay failed"}));
}

TEST_P(ReportsTest, TheListComesInPages) {
  std::vector<Record> records;
  for (int i = 0; i < 5; ++i)
    for (int n = 0; n <= i; ++n) records.push_back(error_by(fmt::format("step{}x", i), "a", "1.0", noon + i));
  load(records);
  for (const ListSort sort : {ListSort::last_seen, ListSort::events}) {
    ListQuestion asked = question();
    asked.sort = sort;
    asked.limit = 2;
    Words all;
    for (int page_number = 0; page_number < 4; ++page_number) {
      const IssuePage page = list(asked);
      for (const auto& title : titles(page)) all.push_back(title);
      if (!page.next) break;
      asked.after = page.next;
    }
    EXPECT_EQ(all, (Words{"step4x failed", "step3x failed", "step2x failed", "step1x failed", "step0x failed"}));
  }
}

TEST_P(ReportsTest, WhatWasMergedCountsTogetherAndPeopleOnce) {
  load({error_by("buy", "a"), error_by("buy", "b"), error_by("pay", "a"), of(Kind::session, "start", "a"),
        of(Kind::session, "start", "b")});
  const std::int64_t buy = issue_called("buy");
  const std::int64_t pay = issue_called("pay");
  identity::Settings settings;
  settings.data_folder = folder_.path();
  identity::Service identity(db(), *version_, clock_, random_, ids_, workers_, settings);
  Service service({db(), *version_, clock_, ids_, identity});
  ASSERT_TRUE(sql::run(service.merge(access(), buy, {pay})));
  for (const ListSort sort : {ListSort::last_seen, ListSort::events}) {
    ListQuestion asked = question();
    asked.sort = sort;
    const IssuePage page = list(asked);
    ASSERT_EQ(page.items.size(), 1u);
    EXPECT_EQ(page.items[0].merged, 1);
    EXPECT_EQ(page.items[0].figures.figures.events, 3);
    EXPECT_EQ(page.items[0].figures.figures.users, 2);
    EXPECT_EQ(page.items[0].figures.session_share, 1.0);
  }
  const auto detail = sql::run(reports_->get(access(), pay, span()));
  ASSERT_TRUE(detail);
  EXPECT_EQ(detail->row.issue.id, buy) << "an old number leads on";
  EXPECT_EQ(detail->merged_from.size(), 1u);
  EXPECT_EQ(detail->keys.size(), 2u);
}

TEST_P(ReportsTest, AnIssueSaysWhyItIsOne) {
  load({error_by("buy", "a", "1.0", noon - 10), error_by("buy", "a", "1.1", noon - 5), error_by("buy", "b", "1.1")});
  const auto detail = sql::run(reports_->get(access(), issue_called("buy"), span()));
  ASSERT_TRUE(detail);
  ASSERT_EQ(detail->keys.size(), 1u);
  EXPECT_EQ(detail->keys[0].key.rule, "stack");
  EXPECT_EQ(detail->keys[0].key.parts.back(), (KeyPart{"frame", "buy in pages/index/index.js"}));
  EXPECT_EQ(detail->releases, (std::vector<std::pair<std::string, double>>{{"1.1", 2}, {"1.0", 1}}));
  EXPECT_EQ(detail->row.issue.computed.reasons.front().code, "reach_low");
  EXPECT_EQ(sql::run(reports_->get(access(), 77, span())).error().code, "issues.not_found");
}

TEST_P(ReportsTest, TagsHaveALiftAgainstEverybody) {
  std::vector<Record> records;
  for (int i = 0; i < 40; ++i) {
    const std::string person = "p" + std::to_string(i);
    Record session = of(Kind::session, "start", person);
    session.device.model = i % 4 == 0 ? "Old" : "New";
    session.network = "wifi";
    records.push_back(session);
    if (i >= 30) continue;
    Record error = error_by("buy", person);
    error.device.model = "Old";
    error.network = "wifi";
    records.push_back(error);
  }
  load(records);
  const auto tags = sql::run(reports_->tags(access(), issue_called("buy"), span()));
  ASSERT_TRUE(tags) << tags.error().message;
  std::map<std::string, Tag> by_name;
  for (const Tag& tag : *tags) by_name[tag.name] = tag;
  const TagValue old = by_name.at("model").values.front();
  EXPECT_EQ(old.value, "Old");
  EXPECT_EQ(old.share, 1);
  EXPECT_EQ(old.everybody_share, 0.25);
  EXPECT_EQ(old.lift, 4);
  EXPECT_EQ(by_name.at("network").values.front().lift, 1);
  EXPECT_FALSE(by_name.at("page").values.front().everybody_share) << "no event of anybody is known";
  EXPECT_FALSE(by_name.contains("region"));
}

TEST_P(ReportsTest, OfFewEventsNoLiftIsSaid) {
  load({error_by("buy", "a"), of(Kind::session, "start", "a"), of(Kind::session, "start", "b")});
  const auto tags = sql::run(reports_->tags(access(), issue_called("buy"), span()));
  ASSERT_TRUE(tags);
  EXPECT_EQ(tags->front().name, "release");
  EXPECT_EQ(tags->front().values.front().everybody_share, 1);
  EXPECT_FALSE(tags->front().values.front().lift);
}

TEST_P(ReportsTest, ReleasesHaveAHealth) {
  Record warning = error_by("warn", "d");
  warning.level = telemetry::Level::warn;
  Record crashed = of(Kind::session, "crashed", "e");
  Record first = of(Kind::session, "start", "a", "0.9", noon - 3 * day_ms);
  load({first, of(Kind::session, "start", "a"), of(Kind::session, "end", "a"), of(Kind::session, "start", "b"),
        of(Kind::session, "start", "c"), of(Kind::session, "start", "d"), crashed, error_by("buy", "a"),
        error_by("buy", "a"), warning});
  const auto releases = sql::run(reports_->releases(access(), {noon - 7 * day_ms, noon + 1}));
  ASSERT_TRUE(releases) << releases.error().message;
  ASSERT_EQ(releases->size(), 2u);
  const ReleaseHealth& newest = releases->front();
  EXPECT_EQ(newest.release.name, "1.0");
  EXPECT_EQ(newest.sessions, 5);
  EXPECT_DOUBLE_EQ(*newest.crash_free_sessions, 0.6) << "one with an error, one that Sentry calls crashed";
  EXPECT_DOUBLE_EQ(*newest.crash_free_users, 0.8);
  EXPECT_EQ(newest.adoption, 1.0);
  EXPECT_EQ(newest.new_issues, 2);
  EXPECT_EQ(releases->back().crash_free_sessions, 1.0);
  EXPECT_EQ(releases->back().adoption, 0.0);
}

// ---- events ----

TEST_P(ReportsTest, EventsComeInBothOrdersInPages) {
  std::vector<Record> records;
  for (int i = 0; i < 5; ++i) records.push_back(error_by("buy", "a", i < 3 ? "1.0" : "1.1", noon + i));
  load(records);
  const std::int64_t id = issue_called("buy");
  const auto times = [&](EventsQuestion asked) {
    std::vector<TimeMs> out;
    for (int pages = 0; pages < 5; ++pages) {
      const auto page = sql::run(pages_->list(access(), id, asked));
      EXPECT_TRUE(page) << page.error().message;
      for (const auto& row : page->items) out.push_back(row.row.time - noon);
      if (!page->next) break;
      asked.after = page->next;
    }
    return out;
  };
  EXPECT_EQ(times({.span = span(), .limit = 2}), (std::vector<TimeMs>{4, 3, 2, 1, 0}));
  EXPECT_EQ(times({.span = span(), .oldest_first = true, .limit = 2}), (std::vector<TimeMs>{0, 1, 2, 3, 4}));
  EXPECT_EQ(times({.span = span(), .release = "1.1", .limit = 2}), (std::vector<TimeMs>{4, 3}));
}

TEST_P(ReportsTest, OneEventHasItsPathSignalsAndNeighbours) {
  Record before = error_by("buy", "a", "1.0", noon - 60);
  Record here = error_by("buy", "a", "1.0", noon - 40);
  here.properties = json::serialize(
      json::object{{"stack", "TypeError: x\n    at buy (pages/index/index.js:12:9)"},
                   {"breadcrumbs", json::array{json::object{{"t", noon - 50}, {"type", "tap"}, {"text", "buy"}}}}});
  Record after = error_by("buy", "b", "1.0", noon - 20);
  Record view = of(Kind::event, "page_view", "a", "1.0", noon - 70);
  view.page = "pages/home";
  Record other_view = of(Kind::event, "page_view", "b", "1.0", noon - 70);
  Record later_view = of(Kind::event, "page_view", "a", "1.0", noon - 10);
  Record slow = of(Kind::performance, "request", "a", "1.0", noon - 45);
  slow.value = 3000;
  Record yesterday = of(Kind::log, "log", "a", "1.0", noon - day_ms);
  load({before, here, after, view, other_view, later_view, slow, yesterday});
  const std::int64_t id = issue_called("buy");
  const auto newest = sql::run(pages_->get(access(), id, "newest"));
  ASSERT_TRUE(newest) << newest.error().message;
  EXPECT_EQ(newest->row.row.time, noon - 20);
  EXPECT_FALSE(newest->newer);
  const auto middle = sql::run(pages_->get(access(), id, *newest->older));
  ASSERT_TRUE(middle);
  EXPECT_EQ(middle->row.row.time, noon - 40);
  ASSERT_EQ(middle->path.size(), 1u) << "of this session, before it";
  EXPECT_EQ(middle->path[0].page, "pages/home");
  Words signals;
  for (const auto& [kind, row] : middle->signals) signals.push_back(std::string(to_string(kind)));
  EXPECT_EQ(signals, (Words{"event", "error", "performance", "event"}));
  EXPECT_EQ(sql::run(pages_->get(access(), id, "oldest"))->row.row.time, noon - 60);
  EXPECT_EQ(event_name(sql::run(pages_->get(access(), id, *middle->newer))->row), event_name(newest->row));
  for (const char* bad : {"", "nothing", "MTIzNA"})
    EXPECT_EQ(sql::run(pages_->get(access(), id, bad)).error().code, "issues.event_not_found") << bad;

  const json::object shown = Views(access(), noon).detail(*middle);
  EXPECT_EQ(shown.at("breadcrumbs").at(0).at("text"), "buy");
  EXPECT_EQ(shown.at("breadcrumbs").at(0).at("at"), noon - 50);
  EXPECT_EQ(shown.at("mapping"), "no_maps");
  EXPECT_EQ(shown.at("exceptions").at(0).at("frames").at(0).at("function"), "buy");
}

TEST_P(ReportsTest, WhoSeesNoPersonalDataReadsItMasked) {
  Record error = error_by("buy", "a");
  error.text = "用户 13812345678 失败";
  error.properties = R"~({"stack":"TypeError: x\n    at buy (pages/index/index.js:12:9)","phone":"13812345678"})~";
  load({error});
  const std::int64_t id = list(question()).items.at(0).issue.id;
  identity::Caller caller;
  caller.roles[app] = identity::Role::developer;
  const Access developer = *caller.access(app, identity::Permission::telemetry_read);
  const auto detail = sql::run(pages_->get(developer, id, "newest"));
  ASSERT_TRUE(detail);
  const std::string shown = json::serialize(Views(developer, noon).detail(*detail));
  EXPECT_EQ(shown.find("13812345678"), std::string::npos);
  const std::string title = json::serialize(Views(developer, noon).issue(issue(id)));
  EXPECT_EQ(title.find("13812345678"), std::string::npos);
  caller.roles[app] = identity::Role::admin;
  const Access admin = *caller.access(app, identity::Permission::telemetry_read);
  EXPECT_NE(json::serialize(Views(admin, noon).issue(issue(id))).find("13812345678"), std::string::npos);
}

// ---- source maps ----

Record minified(const char* release = "1.0") {
  Record record = error_of("", release);
  record.properties = json::serialize(json::object{
      {"stack", "TypeError: x\n    at t (https://usr/appservice.app.js:1:1001)\n    at WAService.js:1:5"}});
  return record;
}

TEST_P(ReportsTest, OldErrorsAreReadAnewAfterALateUpload) {
  load({minified()});
  const std::int64_t id = list(question()).items.at(0).issue.id;
  EXPECT_EQ(sql::run(pages_->get(access(), id, "newest"))->stack.mapping, Mapping::no_maps);
  clock_.advance(5);
  json::object build = made::map_of({"src/cart.ts"}, {{4, 2, 0, 6, 2, 0}}, {"total"});
  build["sourcesContent"] = json::array{"1\n2\n3\n4\n5\n6\nreturn total(items);\n8"};
  const auto wechat = made::map_of({"pages/cart.js"}, {{0, 1000, 0, 4, 2}});
  const auto first =
      sql::run(maps_->upload(access(), "shop@1.0", Layer::wechat, "appservice.app.js", json::serialize(wechat)));
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->entry.release, "1.0");
  EXPECT_EQ(first->entry.file, "app-service.js");
  EXPECT_EQ(first->sources, 1);
  const auto halfway = sql::run(pages_->get(access(), id, "newest"))->stack;
  EXPECT_EQ(halfway.exceptions[0].frames[0].source, (SourcePosition{"pages/cart.js", 5, 3}));
  ASSERT_TRUE(sql::run(maps_->upload(access(), "1.0", Layer::build, "dist/pages/cart.js", json::serialize(build))));
  const auto whole = sql::run(pages_->get(access(), id, "newest"))->stack;
  EXPECT_EQ(whole.mapping, Mapping::mapped);
  const ReadFrame& frame = whole.exceptions[0].frames[0];
  EXPECT_EQ(frame.frame.file, "app-service.js") << "as the phone said it";
  EXPECT_EQ(frame.source, (SourcePosition{"src/cart.ts", 7, 3}));
  EXPECT_EQ(frame.between, (SourcePosition{"pages/cart.js", 5, 3}));
  EXPECT_EQ(frame.context.first, 2);
  EXPECT_EQ(frame.context.lines.at(5), "return total(items);");
  EXPECT_TRUE(sql::run(reports_->get(access(), id, span()))->maps_came_later);
  EXPECT_EQ(list(question()).items.size(), 1u) << "groups stay";
}

TEST_P(ReportsTest, UploadsAreListedReplacedAndRemoved) {
  const std::string map = json::serialize(made::map_of({"a.ts"}, {{0, 0, 0, 0, 0}}));
  const std::string other = json::serialize(made::map_of({"a.ts", "b.ts"}, {{0, 0, 0, 0, 0}}));
  const auto first = sql::run(maps_->upload(access(), "1.0", Layer::build, "a.js", map));
  EXPECT_FALSE(first->replaced);
  const auto again = sql::run(maps_->upload(access(), "1.0", Layer::build, "a.js", other));
  EXPECT_TRUE(again->replaced);
  ASSERT_TRUE(sql::run(maps_->upload(access(), "1.0", Layer::wechat, "a.js", map)));
  ASSERT_TRUE(sql::run(maps_->upload(access(), "1.1", Layer::build, "a.js", map)));
  EXPECT_EQ(sql::run(maps_->list(access(), std::nullopt, std::nullopt, 10))->items.size(), 3u);
  EXPECT_EQ(sql::run(maps_->list(access(), "1.0", std::nullopt, 10))->items.size(), 2u);
  const auto page = sql::run(maps_->list(access(), std::nullopt, std::nullopt, 2));
  EXPECT_EQ(sql::run(maps_->list(access(), std::nullopt, page->next, 2))->items.size(), 1u);
  EXPECT_TRUE(sql::run(maps_->remove(access(), again->entry.id)));
  EXPECT_EQ(sql::run(maps_->remove(access(), again->entry.id)).error().code, "issues.map_not_found");
  EXPECT_EQ(sql::run(maps_->remove(Access::system(AppId("wx2"), "t"), page->items[0].id)).error().code,
            "issues.map_not_found");
  EXPECT_EQ(sql::run(maps_->upload(access(), "1.0", Layer::build, "a.js", "{}")).error().code, "issues.bad_source_map");
}

TEST_P(ReportsTest, TheDoctorTriesTheMapsOnTheErrorsOfTheRelease) {
  load({minified(), minified("1.1")});
  const auto none = sql::run(maps_->examine(access(), "1.0"));
  ASSERT_TRUE(none) << none.error().message;
  EXPECT_EQ(none->findings.front().code, "no_maps");
  EXPECT_EQ(none->positions, 1);
  const std::string map = json::serialize(made::map_of({"pages/cart.js"}, {{0, 1000, 0, 4, 2}}));
  ASSERT_TRUE(sql::run(maps_->upload(access(), "1.0", Layer::wechat, "app-service.js", map)));
  const auto report = sql::run(maps_->examine(access(), "1.0"));
  EXPECT_EQ(report->mapped, 1);
  Words codes;
  for (const Finding& finding : report->findings) codes.push_back(finding.code);
  EXPECT_EQ(codes, (Words{"no_content", "fits"}));
}

// ---- the loop ----

TEST_P(ReportsTest, SeverityFollowsTheReach) {
  identity::Settings settings;
  settings.data_folder = folder_.path();
  identity::Service identity(db(), *version_, clock_, random_, ids_, workers_, settings);
  Issues issues({db(), *version_, clock_, ids_, *blobs_, identity, *telemetry_, &heard_});
  loader_->add_observer(issues.observer());
  std::vector<Record> records;
  for (int i = 0; i < 40; ++i) records.push_back(of(Kind::session, "start", "p" + std::to_string(i)));
  for (int i = 0; i < 25; ++i) records.push_back(error_by("buy", "p" + std::to_string(i)));
  load(records);
  ASSERT_TRUE(sql::run(issues.step()));
  const Issue found = issue(issue_called("buy"));
  EXPECT_EQ(found.computed.severity, Severity::p0);
  EXPECT_EQ(found.computed.reasons.front().code, "reach_5");
  EXPECT_EQ(query("SELECT severity FROM issues_issues").front().text(0), "P0");
  EXPECT_EQ(found.severity_at, noon);
  issues.stop();
}

MINIOPS_ON_BOTH_ENGINES(ReportsTest);

}  // namespace
}  // namespace miniops::issues
