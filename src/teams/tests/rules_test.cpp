// Routing rules: their order, also when several people move them, and what is said of them.
#include <thread>

#include "teams/tests/teams_fixture.hpp"

namespace miniops::teams {
namespace {

using testing::ElementsAre;

class RulesTest : public TeamsTest {
 protected:
  std::string move(RuleId id, RuleId before = {}) {
    return code_of(sql::run(service_->move_rule(access(), id, before)));
  }
  std::string remove(RuleId id) { return code_of(sql::run(service_->remove_rule(access(), id))); }
  RuleShown rule(RuleId id) { return must(sql::run(service_->rule(access(), id))); }
  Result<RuleShown> change(RuleId id, std::int64_t version, const std::string& patch) {
    return sql::run(service_->change_rule(access(), id, version, json::parse(patch).as_object()));
  }
  std::vector<std::int64_t> positions() {
    std::vector<std::int64_t> out;
    for (const auto& row : query("SELECT position FROM teams_rules ORDER BY position")) out.push_back(row.integer(0));
    return out;
  }
  void expect_no_gaps() {
    const auto all = positions();
    for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], static_cast<std::int64_t>(i));
  }
};

TEST_P(RulesTest, AreAddedAndMovedBeforeOthers) {
  const RuleId a = add_rule("a"), b = add_rule("b"), c = add_rule("c");
  EXPECT_EQ(order(), "abc");
  add_rule("x", b);
  EXPECT_EQ(order(), "axbc");
  struct Case {
    RuleId id, before;
    std::string expected;
  };
  const std::vector<Case> cases{{c, a, "caxb"}, {c, {}, "axbc"}, {a, c, "xbac"}, {a, a, "xbac"},
                                {b, c, "xabc"}, {b, c, "xabc"},  {b, a, "xbac"}, {a, {}, "xbca"}};
  for (const Case& one : cases) {
    EXPECT_EQ(move(one.id, one.before), "ok");
    EXPECT_EQ(order(), one.expected);
  }
  EXPECT_EQ(move(a, RuleId(12345)), "teams.not_found");
  EXPECT_EQ(move(RuleId(12345), a), "teams.not_found");
  EXPECT_EQ(code_of(sql::run(service_->move_rule(access(bank), a, {}))), "teams.not_found");
  EXPECT_EQ(order(), "xbca");
  EXPECT_EQ(rule(a).position, 3U);
  EXPECT_EQ(rule(a).placed.version, 1) << "it says the same, wherever it stands";
}

// Against a plain list.
TEST_P(RulesTest, AnySequenceOfChangesKeepsTheOrder) {
  SeededRandom random(7);
  std::vector<std::pair<RuleId, std::string>> model;
  const auto text = [&] {
    std::string out;
    for (const auto& [id, name] : model) out += name;
    return out;
  };
  for (int step = 0; step < 60; ++step) {
    const auto at = model.empty() ? 0 : static_cast<std::ptrdiff_t>(random.below(model.size()));
    const auto to = model.empty() ? 0 : static_cast<std::ptrdiff_t>(random.below(model.size()));
    const auto what = model.size() < 3 ? 0U : random.below(4);
    if (what == 0) {
      const std::string name = fmt::format("{} ", step);
      const RuleId before = model.empty() ? RuleId() : model[static_cast<std::size_t>(to)].first;
      model.insert(model.begin() + to, {add_rule(name, before), name});
    } else if (what == 1) {
      ASSERT_EQ(remove(model[static_cast<std::size_t>(at)].first), "ok");
      model.erase(model.begin() + at);
    } else {
      const auto moved = model[static_cast<std::size_t>(at)];
      const RuleId before = model[static_cast<std::size_t>(to)].first;
      ASSERT_EQ(move(moved.first, before), "ok");
      if (at != to) {
        model.erase(model.begin() + at);
        model.insert(std::ranges::find(model, before, [](const auto& one) { return one.first; }), moved);
      }
    }
    ASSERT_EQ(order(), text()) << "step " << step;
    expect_no_gaps();
  }
}

TEST_P(RulesTest, TwoWhoMoveAtOnceLoseNone) {
  std::vector<RuleId> ids;
  for (const char* name : {"a", "b", "c", "d", "e"}) ids.push_back(add_rule(name));
  const auto mover = [&](std::uint64_t seed) {
    SeededRandom random(seed);
    for (int i = 0; i < 15; ++i) {
      const RuleId id = ids[random.below(ids.size())];
      const RuleId before = random.below(5) == 0 ? RuleId() : ids[random.below(ids.size())];
      std::string code = "storage.conflict";
      while (code == "storage.conflict") code = move(id, before);
      EXPECT_EQ(code, "ok");
    }
  };
  std::thread first(mover, 1U), second(mover, 2U);
  first.join();
  second.join();
  expect_no_gaps();
  std::string names = order();
  std::ranges::sort(names);
  EXPECT_EQ(names, "abcde");
  EXPECT_EQ(rows("audit_entries WHERE action = 'teams.routing_rule.move'"), 30);
}

TEST_P(RulesTest, AChangeIsOfTheVersionThatWasSeenAndKeepsTheRest) {
  const RuleId id = add_rule("退货");
  const GroupId sales = add_group("售前").id;
  const auto off = must(change(id, 1, R"({"enabled":false})"));
  EXPECT_FALSE(off.placed.rule.enabled);
  EXPECT_EQ(off.placed.rule.name, "退货");
  EXPECT_EQ(off.placed.version, 2);
  EXPECT_EQ(off.placed.updated_by, "wang");
  EXPECT_EQ(code_of(change(id, 1, R"({"enabled":true})")), "teams.changed");
  const auto moved = must(change(id, 2, fmt::format(R"({{"condition":null,"target":{{"group":"{}"}}}})", sales.str())));
  EXPECT_EQ(moved.placed.rule.condition, routing::Condition{});
  EXPECT_EQ(moved.placed.rule.target.group, sales);
  EXPECT_FALSE(moved.placed.rule.enabled);
  EXPECT_EQ(setup()->rules().rules().front().target.group, sales) << "it acts at once";
  EXPECT_EQ(code_of(change(id, 3, R"({"name":""})")), "routing.invalid_rule");
  EXPECT_EQ(code_of(change(id, 3, R"({"colour":"red"})")), "routing.invalid_rule");
  EXPECT_EQ(code_of(change(RuleId(12345), 1, "{}")), "teams.not_found");
  EXPECT_EQ(rule(id).placed.version, 3);
}

TEST_P(RulesTest, GoOnlyWhereSomebodyIsLookedFor) {
  const GroupId elsewhere = add_group("别处", bank).id;
  const auto added = [&](GroupId group, const std::string& more = "") {
    return code_of(try_add_rule(rule_body("a", group, more)));
  };
  EXPECT_EQ(added(elsewhere), "teams.no_such_target");
  EXPECT_EQ(added(default_group, R"(,"overflow":[{"after_s":60,"groups":["12345"]}])"), "teams.no_such_target");
  EXPECT_EQ(added(default_group, R"(,"skills":[{"skill":"12345","level":1}])"), "teams.no_such_target");
  EXPECT_EQ(added(default_group), "ok");
  const RuleId id = must(sql::run(service_->rules(access()))).front().placed.rule.id;
  EXPECT_EQ(code_of(change(id, 1, R"({"target":{"group":"12345"}})")), "teams.no_such_target");
  EXPECT_EQ(code_of(try_add_rule(rule_body("b", default_group), RuleId(12345))), "teams.not_found");
  EXPECT_EQ(rows("teams_rules"), 1);
}

TEST_P(RulesTest, WarningsComeWithEachRead) {
  account("li");
  const GroupId empty = add_group("没有人").id;
  const auto all = must(try_add_rule(json::parse(R"({"name":"全部","condition":null,"target":{"group":"1"}})")));
  EXPECT_TRUE(all.warnings.empty()) << "the last one may match everything, and li works in the default group";
  const auto late = must(try_add_rule(rule_body("晚", empty)));
  std::vector<std::string> said;
  for (const RuleShown& one : must(sql::run(service_->rules(access()))))
    for (const routing::Warning& warning : one.warnings)
      said.push_back(one.placed.rule.name + " " + std::string(word(warning.kind)));
  EXPECT_THAT(said, testing::UnorderedElementsAre("全部 matches_everything", "晚 unreachable", "晚 empty_group"));
  EXPECT_EQ(move(late.placed.rule.id, all.placed.rule.id), "ok");
  EXPECT_TRUE(rule(all.placed.rule.id).warnings.empty());
  EXPECT_EQ(rule(late.placed.rule.id).warnings.size(), 1U);
}

TEST_P(RulesTest, AMiniProgramHasAsManyAsRoutingTakes) {
  auto placed = must(try_add_rule(rule_body("a", default_group))).placed;
  within([&](sql::Transaction& tx) {
    for (std::size_t i = 1; i + 1 < routing::rules_max; ++i) {
      placed.rule.id = RuleId(static_cast<std::int64_t>(i));
      store::insert_rule(tx, shop, placed, i);
    }
  });
  EXPECT_EQ(code_of(try_add_rule(rule_body("last", default_group))), "ok");
  EXPECT_EQ(code_of(try_add_rule(rule_body("more", default_group))), "teams.too_many");
  EXPECT_EQ(code_of(try_add_rule(rule_body("more", default_group), {}, bank)), "ok");
}

MINIOPS_ON_BOTH_ENGINES(RulesTest);

}  // namespace
}  // namespace miniops::teams
