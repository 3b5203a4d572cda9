#include "issues/handling.hpp"

#include <gtest/gtest.h>

#include "issues/severity.hpp"

namespace miniops::issues::handling_test {
namespace {

constexpr TimeMs noon = 1795237200000;

ReleaseOrder releases() {
  ReleaseOrder order;
  order.put("1.9", 1);
  order.put("1.10", 2);  // by time; "1.10" < "1.9" as texts
  order.put("hotfix", 3);
  return order;
}

Handling fixed_in(std::string release) {
  Handling handling;
  resolve(handling, Workflow::fixed, std::move(release), noon);
  return handling;
}

TEST(Handling, ReleasesAreOrderedByTheirPlaceAndNotByName) {
  const ReleaseOrder order = releases();
  EXPECT_TRUE(order.is_newer("1.10", "1.9"));
  EXPECT_TRUE(order.is_newer("hotfix", "1.10"));
  EXPECT_FALSE(order.is_newer("1.9", "1.9"));
  EXPECT_FALSE(order.is_newer("2.0", "1.9")) << "was not seen yet";
  EXPECT_FALSE(order.is_newer("1.9", "2.0"));
  EXPECT_EQ(order.newest(), "hotfix");
  EXPECT_EQ(ReleaseOrder().newest(), "");
}

TEST(Handling, AFixedIssueThatIsBackRegresses) {
  struct Case {
    std::string what;
    Handling handling;
    Sighting sighting;
    Verdict expected;
  };
  Handling open;
  const Case cases[] = {
      {"an open one", open, {"1.10", noon + 1, noon + 1}, Verdict::nothing},
      {"an older release", fixed_in("1.10"), {"1.9", noon + 1, noon + 1}, Verdict::nothing},
      {"the release of the fix itself", fixed_in("1.10"), {"1.10", noon + 1, noon + 1}, Verdict::nothing},
      {"a newer release", fixed_in("1.9"), {"1.10", noon + 1, noon + 1}, Verdict::regress},
      {"received before the decision", fixed_in("1.9"), {"1.10", noon - 1, noon - 1}, Verdict::nothing},
      {"a phone that is late", fixed_in("1.9"), {"1.10", noon - hour_ms, noon + 1}, Verdict::regress},
      {"a fix in the future", fixed_in("2.0"), {"hotfix", noon + 1, noon + 1}, Verdict::nothing},
      {"no release is known of it", fixed_in("1.9"), {"", noon + 1, noon + 1}, Verdict::nothing},
      {"without releases, after", fixed_in(""), {"", noon + 1, noon + 1}, Verdict::regress},
      {"without releases, before and late", fixed_in(""), {"", noon - 1, noon + 1}, Verdict::nothing},
  };
  for (const Case& one : cases) EXPECT_EQ(judge(one.handling, one.sighting, releases()), one.expected) << one.what;
}

TEST(Handling, AnIgnoredIssueIsSilentUntilTheFirstConditionComesTrue) {
  const auto ignored = [](Ignoring how) {
    Handling handling = fixed_in("1.9");
    handling.ignored = std::move(how);
    return handling;
  };
  const Sighting newer{"hotfix", noon, noon};
  EXPECT_EQ(judge(ignored({.until_at = noon + 1}), newer, releases()), Verdict::nothing);
  EXPECT_EQ(judge(ignored({.until_at = noon}), newer, releases()), Verdict::wake);
  EXPECT_EQ(judge(ignored({.until_count = 5}), newer, releases()), Verdict::nothing);
  EXPECT_EQ(judge(ignored({.until_release = true, .after_release = "1.10"}), newer, releases()), Verdict::wake);
  EXPECT_EQ(judge(ignored({.until_release = true, .after_release = "hotfix"}), newer, releases()), Verdict::nothing);
  EXPECT_EQ(judge(ignored({.until_at = noon + 1, .until_release = true, .after_release = "1.10"}), newer, releases()),
            Verdict::wake);

  EXPECT_FALSE(is_silent(Handling{}, noon));
  EXPECT_TRUE(is_silent(ignored({.until_at = noon + 1}), noon));
  EXPECT_FALSE(is_silent(ignored({.until_at = noon}), noon));
  EXPECT_TRUE(is_silent(ignored({.until_count = 5, .seen = 4}), noon));
  EXPECT_FALSE(is_silent(ignored({.until_count = 5, .seen = 5}), noon));
  EXPECT_TRUE(is_silent(ignored({.until_release = true}), noon));
}

TEST(Handling, AStepCanBeToldAndTakenBack) {
  Handling before;
  before.tracker_url = "https://tracker.example/1";
  Handling after = before;
  resolve(after, Workflow::released, "1.9", noon);
  after.assignee = Assignee{identity::AccountId(7), "小王"};
  after.severity = Severity::p1;
  after.ignored = Ignoring{noon, 5, 2.5, true, "1.9"};

  const json::object from = difference(before, after);
  const json::object to = difference(after, before);
  EXPECT_FALSE(from.contains("tracker_url")) << "it did not change";
  // As it comes back from the store.
  const json::object stored = json::parse(json::serialize(to)).as_object();
  EXPECT_EQ(with(stored, before), after);
  EXPECT_EQ(with(json::parse(json::serialize(from)).as_object(), after), before);
  EXPECT_TRUE(difference(after, after).empty());
}

TEST(Handling, WhatRegressedIsOpenAgain) {
  Handling handling = fixed_in("1.9");
  regress(handling, noon + 5);
  EXPECT_EQ(handling.state, Workflow::found);
  EXPECT_EQ(handling.regressed_at, noon + 5);
  EXPECT_EQ(handling.resolved_at, 0);
  resolve(handling, Workflow::fixed, "1.10", noon + 9);
  EXPECT_EQ(handling.regressed_at, 0);
}

TEST(Severity, FollowsReachAndNature) {
  struct Case {
    std::string what;
    Nature nature;
    Reach reach;
    Severity expected;
    std::vector<std::string> codes;
  };
  const Nature plain{};
  const Nature handled{.handled = true};
  const Nature warning{.level = telemetry::Level::warn};
  const Nature payment{.kind = Kind::api, .key_job = true};
  const Nature refused{.kind = Kind::api, .refused = true, .key_job = true};
  const Case cases[] = {
      {"nobody yet", plain, {0, 0}, Severity::p3, {"reach_low"}},
      {"everybody", plain, {100, 0.2}, Severity::p0, {"reach_5"}},
      {"everybody, who are few", plain, {10, 0.2}, Severity::p1, {"reach_5", "few_users"}},
      {"one person", plain, {1, 0.5}, Severity::p3, {"reach_5", "few_users"}},
      {"one in a hundred", plain, {50, 0.01}, Severity::p1, {"reach_1"}},
      {"one in a thousand", plain, {50, 0.001}, Severity::p2, {"reach_01"}},
      {"caught", handled, {100, 0.2}, Severity::p1, {"reach_5", "mild"}},
      {"a warning", warning, {0, 0}, Severity::p3, {"reach_low", "mild"}},
      {"payment", payment, {0, 0}, Severity::p2, {"reach_low", "key_job"}},
      {"payment of everybody", payment, {100, 0.2}, Severity::p0, {"reach_5", "key_job"}},
      {"a login that people refuse", refused, {100, 0.2}, Severity::p1, {"reach_5", "mild"}},
  };
  for (const Case& one : cases) {
    const Judgement judged = judge_severity(one.nature, one.reach);
    EXPECT_EQ(judged.severity, one.expected) << one.what;
    std::vector<std::string> codes;
    for (const SeverityReason& reason : judged.reasons) codes.push_back(reason.code);
    EXPECT_EQ(codes, one.codes) << one.what;
  }
}

}  // namespace
}  // namespace miniops::issues::handling_test
