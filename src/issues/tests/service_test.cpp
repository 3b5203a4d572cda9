// What people do with issues, and that it can be told and taken back.
#include "issues/service.hpp"

#include "identity/audit_log.hpp"
#include "issues/tests/issues_fixture.hpp"

namespace miniops::issues {
namespace {

using identity::AccountId;

class ServiceTest : public IssuesTest {
 protected:
  void SetUp() override {
    IssuesTest::SetUp();
    identity::Settings settings;
    settings.password_cost = {64, 1};
    settings.data_folder = folder_.path();
    identity_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    identity::NewMember wanted{"wang", identity::Role::developer, "correct-horse-7", "小王"};
    wang_ = sql::run(identity_->add_member(system(), wanted)).value().account;
    service_.emplace(Service::Collaborators{db(), *version_, clock_, ids_, *identity_});
  }
  static Access system() { return Access::system(app, "test"); }

  Result<Issue> change(std::int64_t id, Change change) {
    auto done = sql::run(service_->change(system(), {id}, std::move(change)));
    if (!done) return std::unexpected(done.error());
    return std::move(done->front());
  }
  std::vector<Activity> activity(std::int64_t id) {
    return sql::run(service_->activity(system(), id, std::nullopt, 100)).value().items;
  }
  template <class T>
  static std::string code(const Result<T>& result) {
    return result ? "ok" : result.error().code;
  }
  std::int64_t audited(const std::string& action) {
    return query("SELECT count(*) FROM audit_entries WHERE action = $1", {action}).front().integer(0);
  }
  std::int64_t key_of(std::int64_t issue, std::size_t number = 0) {
    return read([&](sql::Transaction& tx) -> Result<std::vector<StoredKey>> { return store::keys_of(tx, issue, 10); })
        .at(number)
        .id;
  }

  net::Workers workers_{1, 16};
  std::optional<identity::Service> identity_;
  std::optional<Service> service_;
  AccountId wang_;
};

TEST_P(ServiceTest, AnIssueGoesThroughTheWorkflow) {
  const std::int64_t id = look_one(error_of("buy", "1.0"));
  for (const Workflow state : {Workflow::classified, Workflow::located}) {
    const auto done = change(id, {.state = state});
    ASSERT_TRUE(done);
    EXPECT_EQ(done->handling.state, state);
    EXPECT_EQ(done->handling.resolved_at, 0);
  }
  const auto fixed = change(id, {.state = Workflow::fixed});
  EXPECT_EQ(fixed->handling.fixed_in, "1.0") << "the newest release";
  EXPECT_EQ(fixed->handling.resolved_at, noon);
  clock_.advance(5);
  const auto released = change(id, {.state = Workflow::released});
  EXPECT_EQ(released->handling.resolved_at, noon) << "the fix is the same";
  const auto reopened = change(id, {.state = Workflow::found});
  EXPECT_EQ(reopened->handling.fixed_in, "");
  EXPECT_EQ(reopened->handling.resolved_at, 0);
  EXPECT_EQ(activity(id).size(), 6u);
  EXPECT_EQ(audited("issues.issue.change"), 5);
}

TEST_P(ServiceTest, ResolvedInAReleaseThatWasSeenIsReleasedElseFixed) {
  const std::int64_t id = look_one(error_of("buy", "1.0"));
  EXPECT_EQ(change(id, {.resolve = true})->handling.state, Workflow::released);
  EXPECT_EQ(change(id, {.resolve = true, .fixed_in = "1.1"})->handling.state, Workflow::fixed);
  EXPECT_EQ(change(id, {.resolve = true, .fixed_in = "1.0"})->handling.fixed_in, "1.0");
  const std::int64_t nameless = look({error_of("pay", "")}, AppId("wx2")).front();
  const auto done =
      sql::run(service_->change(Access::system(AppId("wx2"), "test"), {nameless}, {.resolve = true})).value().front();
  EXPECT_EQ(done.handling.state, Workflow::released);
  EXPECT_EQ(done.handling.fixed_in, "");
}

TEST_P(ServiceTest, WhatIsDecidedActsOnWhatIsLoadedNext) {
  const std::int64_t id = look_one(error_of("buy", "1.0"));
  ASSERT_TRUE(change(id, {.resolve = true}));
  heard_.words();
  look({error_of("buy", "1.1", noon + 1)});
  EXPECT_EQ(heard_.words(), "regressed #1 TypeError: buy failed\n");
}

TEST_P(ServiceTest, AssigneeSeverityTrackerAndIgnoringAreSetAndTakenAway) {
  const std::int64_t id = look_one(error_of("buy", "1.0"));
  Change all;
  all.assignee = wang_;
  all.severity = Severity::p0;
  all.tracker_url = "https://tracker.example/7";
  all.ignored = Ignoring{.until_at = noon + hour_ms, .until_release = true};
  const auto set = change(id, all);
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->handling.assignee->name, "小王");
  EXPECT_EQ(set->severity(), Severity::p0);
  EXPECT_EQ(set->handling.ignored->after_release, "1.0");
  EXPECT_EQ(issue(id).handling, set->handling) << "as it is stored";
  EXPECT_EQ(query("SELECT severity FROM issues_issues").front().text(0), "P0");

  Change none;
  none.assignee.emplace();
  none.severity.emplace();
  none.tracker_url.emplace();
  none.ignored.emplace();
  EXPECT_EQ(change(id, none)->handling, Handling{});
  EXPECT_EQ(query("SELECT severity FROM issues_issues").front().text(0), "P3");

  Change stranger;
  stranger.assignee = AccountId(123);
  EXPECT_EQ(code(change(id, stranger)), "issues.unknown_assignee");
}

TEST_P(ServiceTest, SeveralAreChangedTogetherOrNone) {
  const auto ids = look({error_of("buy"), error_of("pay")});
  EXPECT_EQ(code(sql::run(service_->change(system(), {ids[0], 12345}, {.state = Workflow::located}))),
            "issues.not_found");
  EXPECT_EQ(handling(ids[0]).state, Workflow::found);
  EXPECT_TRUE(sql::run(service_->change(system(), ids, {.state = Workflow::located})));
  EXPECT_EQ(handling(ids[1]).state, Workflow::located);
  EXPECT_EQ(activity(ids[0]).size(), 2u);
  EXPECT_TRUE(sql::run(service_->change(system(), ids, {.state = Workflow::located})));
  EXPECT_EQ(activity(ids[0]).size(), 2u) << "what changes nothing is no step";
}

TEST_P(ServiceTest, AnotherMiniProgramsIssueIsNotFound) {
  const std::int64_t id = look_one(error_of("buy"));
  const Access other = Access::system(AppId("wx2"), "test");
  EXPECT_EQ(code(sql::run(service_->change(other, {id}, {.state = Workflow::located}))), "issues.not_found");
  EXPECT_EQ(code(sql::run(service_->comment(other, id, "hello"))), "issues.not_found");
  EXPECT_EQ(code(sql::run(service_->activity(other, id, std::nullopt, 10))), "issues.not_found");
  EXPECT_EQ(code(sql::run(service_->merge(other, id, {id}))), "issues.not_found");
}

// ---- merge and split ----

TEST_P(ServiceTest, MergedIssuesAreOneUntilItIsUndone) {
  const auto ids = look({error_of("buy", "1.0", noon - 50), error_of("pay", "1.1", noon - 90), error_of("show")});
  const auto one = sql::run(service_->merge(system(), ids[0], {ids[1], ids[2]}));
  ASSERT_TRUE(one) << one.error().message;
  EXPECT_EQ(one->first_seen_at, noon - 90);
  EXPECT_EQ(one->first_release, "1.1");
  EXPECT_EQ(issue(ids[1]).merged_into, ids[0]);
  heard_.words();
  EXPECT_EQ(look({error_of("pay"), error_of("show")}), (std::vector<std::int64_t>{ids[0], ids[0]}));
  EXPECT_EQ(heard_.words(), "");
  // The old number still leads to it.
  EXPECT_EQ(change(ids[1], {.state = Workflow::located})->id, ids[0]);

  EXPECT_EQ(code(sql::run(service_->merge(system(), ids[0], {ids[0]}))), "issues.cannot_merge");
  EXPECT_EQ(code(sql::run(service_->merge(system(), ids[0], {ids[1]}))), "issues.cannot_merge");
  EXPECT_EQ(code(sql::run(service_->merge(system(), ids[1], {ids[0]}))), "issues.cannot_merge");

  std::vector<std::int64_t> steps;
  for (const Activity& step : activity(ids[0]))
    if (step.what == "merged") steps.push_back(step.id);
  ASSERT_EQ(steps.size(), 2u);
  for (const std::int64_t step : steps) EXPECT_TRUE(sql::run(service_->undo(system(), ids[0], step)));
  EXPECT_EQ(look({error_of("pay"), error_of("show")}), (std::vector<std::int64_t>{ids[1], ids[2]}));
  EXPECT_EQ(code(sql::run(service_->undo(system(), ids[0], steps[0]))), "issues.cannot_undo");
}

TEST_P(ServiceTest, APartOfAPartComesBackWithIt) {
  const auto ids = look({error_of("one"), error_of("two"), error_of("three")});
  ASSERT_TRUE(sql::run(service_->merge(system(), ids[1], {ids[2]})));
  ASSERT_TRUE(sql::run(service_->merge(system(), ids[0], {ids[1]})));
  EXPECT_EQ(issue(ids[2]).merged_into, ids[0]);
  EXPECT_EQ(look_one(error_of("three")), ids[0]);
  ASSERT_TRUE(sql::run(service_->undo(system(), ids[0], activity(ids[0]).front().id)));
  EXPECT_EQ(issue(ids[1]).merged_into, 0);
  EXPECT_EQ(issue(ids[2]).merged_into, ids[1]);
  EXPECT_EQ(look_one(error_of("three")), ids[1]);
}

TEST_P(ServiceTest, ASplitKeyHasItsOwnIssueForGood) {
  const auto ids = look({error_of("buy"), error_of("pay")});
  const std::int64_t pay_key = key_of(ids[1]);
  ASSERT_TRUE(sql::run(service_->merge(system(), ids[0], {ids[1]})));
  const auto own = sql::run(service_->split(system(), ids[0], pay_key));
  ASSERT_TRUE(own) << own.error().message;
  EXPECT_EQ(own->id, ids[1]) << "the issue that it had before stands by itself again";
  EXPECT_EQ(look_one(error_of("pay")), ids[1]);
  EXPECT_EQ(code(sql::run(service_->split(system(), ids[0], pay_key))), "issues.cannot_split");
  EXPECT_EQ(code(sql::run(service_->split(system(), ids[0], key_of(ids[0])))), "issues.cannot_split") << "its only key";
  // A person may merge it all the same.
  ASSERT_TRUE(sql::run(service_->merge(system(), ids[0], {ids[1]})));
  EXPECT_EQ(look_one(error_of("pay")), ids[0]);
}

TEST_P(ServiceTest, TheFirstKeyOfAnIssueCanBeSplitOff) {
  const auto ids = look({error_of("buy"), error_of("pay")});
  const std::int64_t buy_key = key_of(ids[0]);
  ASSERT_TRUE(sql::run(service_->merge(system(), ids[0], {ids[1]})));
  const auto own = sql::run(service_->split(system(), ids[0], buy_key));
  ASSERT_TRUE(own);
  EXPECT_NE(own->id, ids[0]);
  EXPECT_EQ(own->number, 3);
  EXPECT_EQ(own->headline.culprit, "buy in pages/index/index.js") << "as its key says";
  EXPECT_EQ(look({error_of("buy"), error_of("pay")}), (std::vector<std::int64_t>{own->id, ids[0]}));
}

// ---- back ----

TEST_P(ServiceTest, AChangeIsTakenBackWhileNothingChangedItAgain) {
  const std::int64_t id = look_one(error_of("buy", "1.0"));
  ASSERT_TRUE(change(id, {.resolve = true}));
  ASSERT_TRUE(change(id, {.severity = Severity::p0}));
  const auto steps = activity(id);
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_TRUE(sql::run(service_->undo(system(), id, steps[1].id))) << "the severity is another thing";
  EXPECT_EQ(handling(id).state, Workflow::found);
  EXPECT_EQ(handling(id).severity, Severity::p0);
  EXPECT_EQ(code(sql::run(service_->undo(system(), id, steps[1].id))), "issues.cannot_undo");
  EXPECT_EQ(code(sql::run(service_->undo(system(), id, steps[2].id))), "issues.cannot_undo") << "created";
  EXPECT_EQ(code(sql::run(service_->undo(system(), id, 99))), "issues.cannot_undo");
  EXPECT_EQ(activity(id).front().what, "undone");
}

TEST_P(ServiceTest, IgnoringIsTakenBackAlsoWhenEventsWereCounted) {
  const std::int64_t id = look_one(error_of("buy"));
  Change ignore;
  ignore.ignored = Ignoring{.until_count = 100};
  ASSERT_TRUE(change(id, ignore));
  look_one(error_of("buy"));
  flush();
  EXPECT_GT(handling(id).ignored->seen, 0);
  EXPECT_TRUE(sql::run(service_->undo(system(), id, activity(id).front().id)));
  EXPECT_FALSE(handling(id).ignored);
}

// ---- comments, releases ----

TEST_P(ServiceTest, CommentsAndStepsAreOneHistoryInPages) {
  const std::int64_t id = look_one(error_of("buy"));
  for (int i = 0; i < 4; ++i) {
    clock_.advance(1);
    ASSERT_TRUE(sql::run(service_->comment(system(), id, fmt::format("comment {}", i))));
  }
  const auto first = sql::run(service_->activity(system(), id, std::nullopt, 3)).value();
  ASSERT_EQ(first.items.size(), 3u);
  EXPECT_EQ(first.items[0].text, "comment 3");
  const auto second = sql::run(service_->activity(system(), id, first.next, 3)).value();
  ASSERT_EQ(second.items.size(), 2u);
  EXPECT_EQ(second.items[1].what, "created");
  EXPECT_FALSE(second.next);
  EXPECT_EQ(audited("issues.issue.comment"), 4);
}

TEST_P(ServiceTest, PeoplePutReleasesIntoAnotherOrder) {
  look({error_of("one", "1.0", noon), error_of("one", "1.2", noon + 1), error_of("one", "1.1", noon + 2),
        error_of("one", "2.0", noon + 3)});
  const auto ordered = sql::run(service_->order_releases(system(), {"1.1", "1.2"}));
  ASSERT_TRUE(ordered);
  EXPECT_EQ(*ordered, (std::vector<std::string>{"1.0", "1.1", "1.2", "2.0"}));
  const std::int64_t id = look_one(error_of("two", "1.1", noon + 4));
  ASSERT_TRUE(change(id, {.resolve = true, .fixed_in = "1.1"}));
  heard_.words();
  look({error_of("two", "1.2", noon + 5)});
  EXPECT_EQ(heard_.words(), "regressed #2 TypeError: two failed\n") << "by the new order";
  EXPECT_EQ(code(sql::run(service_->order_releases(system(), {"1.1", "9"}))), "issues.unknown_release");
  EXPECT_EQ(code(sql::run(service_->order_releases(system(), {"1.1", "1.1"}))), "request.invalid");
}

MINIOPS_ON_BOTH_ENGINES(ServiceTest);

}  // namespace
}  // namespace miniops::issues
