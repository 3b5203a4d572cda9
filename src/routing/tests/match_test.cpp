// Who gets whom: strategies, limits, skills, overflow, busy mode.
#include "routing/tests/routing_fixture.hpp"

namespace miniops::routing {
namespace {

const std::string in_turn = R"({"group":"1","strategy":"round_robin","last_agent_first":false})";

Agent skilled(std::int64_t account, std::int64_t skill, int level, std::vector<std::int64_t> groups = {1}) {
  Agent out = agent(account, 0, 4, std::move(groups));
  out.skills = {{SkillId(skill), level}};
  return out;
}
Agent last_got(std::int64_t account, TimeMs ago, std::int64_t load = 0) {
  Agent out = agent(account, load);
  out.assigned_at = now - ago;
  return out;
}
Agent in_state(std::int64_t account, Presence presence) {
  Agent out = agent(account);
  out.presence = presence;
  return out;
}
Agent off_duty(std::int64_t account) {
  Agent out = agent(account);
  out.groups[0].on_duty = false;
  return out;
}

// ---- one who waits ----

struct Case {
  std::string name;
  std::vector<Agent> agents;
  std::string to;
  std::int64_t expected;  // 0: nobody
  std::int64_t waited_s = 0;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class OneWaits : public testing::TestWithParam<Case> {};

TEST_P(OneWaits, GoesToWhoFits) {
  const std::vector<Waiting> queue{waiting(1, GetParam().waited_s, GetParam().to)};
  const Snapshot agents = snapshot(GetParam().agents);
  const std::string expected = GetParam().expected == 0 ? "–" : std::to_string(GetParam().expected);
  EXPECT_EQ(assigned(queue, agents), "1→" + expected);
  EXPECT_EQ(explain(queue[0], agents, now).agent, AccountId(GetParam().expected));
}

const std::string plain = R"({"group":"1"})";
const std::string needs_skill = R"({"group":"1","skills":[{"skill":"7","level":3}]})";
const std::string needs_two = R"({"group":"1","skills":[{"skill":"7","level":1},{"skill":"8","level":1}]})";
const std::string widens = R"({"group":"1","overflow":[{"after_s":60,"groups":["2"]},{"after_s":120,"groups":["3"]}]})";
const std::string drops = R"({"group":"1","skills":[{"skill":"7","level":3}],
                              "overflow":[{"after_s":60,"drop_skills":true}]})";

std::string name_of(const testing::TestParamInfo<Case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Strategies, OneWaits,
    testing::Values(Case{"least_by_share", {agent(1, 2, 4), agent(2, 4, 10), agent(3, 1, 2)}, plain, 2},
                    Case{"equal_share_longer_ago", {last_got(1, 5), last_got(2, 9), last_got(3, 7)}, plain, 2},
                    Case{"all_equal_by_account", {agent(3), agent(2), agent(4)}, plain, 2},
                    Case{"in_turn", {last_got(1, 5, 0), last_got(2, 9, 3), last_got(3, 7, 0)}, in_turn, 2},
                    Case{"in_turn_but_full", {last_got(1, 5), last_got(2, 9, 4), last_got(3, 7)}, in_turn, 3}),
    name_of);

INSTANTIATE_TEST_SUITE_P(WhoCan, OneWaits,
                         testing::Values(Case{"nobody_there", {}, plain, 0}, Case{"full", {agent(1, 4, 4)}, plain, 0},
                                         Case{"beyond_the_limit", {agent(1, 9, 4)}, plain, 0},
                                         Case{"no_limit", {agent(1, 0, 0)}, plain, 0},
                                         Case{"busy", {in_state(1, Presence::busy)}, plain, 0},
                                         Case{"away", {in_state(1, Presence::away)}, plain, 0},
                                         Case{"offline", {in_state(1, Presence::offline), agent(2, 3)}, plain, 2},
                                         Case{"other_group", {agent(1, 0, 4, {2})}, plain, 0},
                                         Case{"one_of_his_groups", {agent(1, 0, 4, {2, 1})}, plain, 1},
                                         Case{"off_duty", {off_duty(1), agent(2, 3)}, plain, 2}),
                         name_of);

INSTANTIATE_TEST_SUITE_P(Skills, OneWaits,
                         testing::Values(Case{"level", {skilled(1, 7, 2), skilled(2, 7, 3)}, needs_skill, 2},
                                         Case{"higher", {skilled(1, 7, 5)}, needs_skill, 1},
                                         Case{"other", {skilled(1, 8, 5)}, needs_skill, 0},
                                         Case{"each_of_two", {skilled(1, 7, 5), skilled(2, 8, 5)}, needs_two, 0}),
                         name_of);

INSTANTIATE_TEST_SUITE_P(
    OverflowSteps, OneWaits,
    testing::Values(Case{"not_yet", {agent(1, 0, 4, {2})}, widens, 0, 59},
                    Case{"widened", {agent(1, 0, 4, {2})}, widens, 1, 60},
                    Case{"only_as_far", {agent(1, 0, 4, {3})}, widens, 0, 119},
                    Case{"further", {agent(1, 0, 4, {3})}, widens, 1, 120},
                    Case{"own_group_first", {agent(1, 0, 4, {2}), agent(2, 3, 4, {1})}, widens, 2, 500},
                    Case{"skill_held", {agent(1)}, drops, 0, 59}, Case{"skill_dropped", {agent(1)}, drops, 1, 60},
                    Case{"skilled_first", {agent(1), skilled(2, 7, 3)}, drops, 2, 60}),
    name_of);

// ---- languages ----

TEST(Match, LooksForTheCustomersLanguageWhenItIsKnown) {
  Snapshot agents = snapshot({agent(1), agent(2, 3), agent(3, 3)});
  agents.agents[1].languages = {"en", "ja_JP"};
  agents.agents[2].languages = {"zh-cn"};
  std::vector<Waiting> queue{waiting(1, 0, R"({"group":"1","match_language":true,
                                               "overflow":[{"after_s":60,"drop_language":true}]})")};
  const auto for_language = [&](std::string language) {
    queue[0].language = std::move(language);
    return assigned(queue, agents);
  };
  EXPECT_EQ(for_language("en_GB"), "1→2");
  EXPECT_EQ(for_language("ja_JP"), "1→2");
  EXPECT_EQ(for_language("zh_CN"), "1→3");
  EXPECT_EQ(for_language("zh_TW"), "1→–");
  EXPECT_EQ(for_language(""), "1→1");
  queue[0].waiting_since = now - minute_ms;
  EXPECT_EQ(for_language("zh_TW"), "1→1") << "dropped by now";
  queue[0].target.match_language = false;
  EXPECT_EQ(for_language("en_GB"), "1→1");
}

// ---- who gave it up ----

struct Relief {
  std::string name;
  std::vector<Agent> agents;  // 1 had it
  std::string expected;
  std::string to = R"({"group":"1"})";
  bool last = false;  // 1 is whom the customer had last, too
};

TEST(Match, WhoGaveItUpIsAskedWhenNobodyElseIsThere) {
  const std::vector<Relief> cases{
      {"another, though busier", {agent(1), agent(2, 3)}, "1→2"},
      {"as if it had been theirs", {agent(1), agent(2, 3)}, "1→2", R"({"group":"1"})", true},
      {"the other is full: wait", {agent(1), agent(2, 4)}, "1→–"},
      {"alone", {agent(1)}, "1→1"},
      {"the other is away", {agent(1), in_state(2, Presence::away)}, "1→1"},
      {"the other is off duty", {agent(1), off_duty(2)}, "1→1"},
      {"the other cannot", {skilled(1, 7, 3), agent(2)}, "1→1", needs_skill},
      {"in turn", {last_got(1, 9), last_got(2, 5)}, "1→2", in_turn},
  };
  for (const Relief& one : cases) {
    std::vector<Waiting> queue{waiting(1, 0, one.to)};
    queue[0].relieved = AccountId(1);
    if (one.last) {
      queue[0].last_agent = AccountId(1);
      queue[0].last_agent_at = now;
    }
    EXPECT_EQ(assigned(queue, snapshot(one.agents)), one.expected) << one.name;
  }
}

TEST(Match, WhoGaveOneUpGetsTheOthers) {
  std::vector<Waiting> queue{waiting(1, 30), waiting(2, 20), waiting(3, 10)};
  queue[0].relieved = AccountId(1);
  EXPECT_EQ(assigned(queue, snapshot({agent(1), agent(2)})), "1→2 2→1 3→2");
}

// ---- the last agent ----

class LastAgent : public testing::Test {
 protected:
  LastAgent() {
    queue_[0].last_agent = AccountId(2);
    queue_[0].last_agent_at = now - returning_ms;
  }
  std::vector<Waiting> queue_{waiting(1, 0, plain)};
  Snapshot agents_ = snapshot({agent(1), agent(2, 3)});
};

TEST_F(LastAgent, ComesBeforeTheStrategy) {
  EXPECT_EQ(assigned(queue_, agents_), "1→2");
  EXPECT_EQ(match(queue_, agents_, now).at(0).why, Why::last_agent);
}
TEST_F(LastAgent, WithinSevenDays) { EXPECT_EQ(assigned(queue_, agents_, now + 1), "1→1"); }
TEST_F(LastAgent, OnlyWhenOnline) {
  agents_.agents[1].presence = Presence::away;
  EXPECT_EQ(assigned(queue_, agents_), "1→1");
}
TEST_F(LastAgent, OnlyBelowHisLimit) {
  agents_.agents[1].load = 4;
  EXPECT_EQ(assigned(queue_, agents_), "1→1");
}
TEST_F(LastAgent, OnlyInItsGroup) {
  agents_.agents[1].groups = {{GroupId(2)}};
  EXPECT_EQ(assigned(queue_, agents_), "1→1");
}
TEST_F(LastAgent, NotWhenTheRuleSaysSo) {
  queue_[0].target.last_agent_first = false;
  EXPECT_EQ(assigned(queue_, agents_), "1→1");
}
TEST_F(LastAgent, WhoHasLeftIsNoMatter) {
  queue_[0].last_agent = AccountId(9);
  EXPECT_EQ(assigned(queue_, agents_), "1→1");
}

// ---- several who wait ----

TEST(Match, GivesInTheOrderOfTheQueue) {
  const std::vector<Waiting> queue{waiting(1, 10), waiting(2, 30), waiting(3, 20)};
  EXPECT_EQ(assigned(queue, snapshot({agent(7, 2, 4)})), "1→– 2→7 3→7");
}

TEST(Match, SpreadsAndTakesTurns) {
  std::vector<Waiting> queue;
  for (int i = 1; i <= 5; ++i) queue.push_back(waiting(i, 100 - i));
  EXPECT_EQ(assigned(queue, snapshot({agent(7, 0, 2), agent(8, 0, 4)})), "1→7 2→8 3→8 4→7 5→8");
  for (Waiting& one : queue) one.target = target(in_turn);
  EXPECT_EQ(assigned(queue, snapshot({last_got(7, 5), last_got(8, 9), agent(9)})), "1→9 2→8 3→7 4→9 5→8");
}

TEST(Match, WhomNobodyCanTakeStopsNobody) {
  const std::vector<Waiting> queue{waiting(1, 30, needs_skill), waiting(2, 20, R"({"group":"3"})"), waiting(3, 10)};
  EXPECT_EQ(assigned(queue, snapshot({agent(7)})), "1→– 2→– 3→7");
}

TEST(Match, AnAgentOfSeveralGroupsTakesTheFirstOfAll) {
  const std::vector<Waiting> queue{waiting(1, 10, R"({"group":"1"})"), waiting(2, 20, R"({"group":"2"})"),
                                   waiting(3, 5, R"({"group":"2"})", 1)};
  EXPECT_EQ(assigned(queue, snapshot({agent(7, 3, 4, {1, 2})})), "1→– 2→– 3→7") << "a point is worth a minute";
  EXPECT_EQ(assigned(queue, snapshot({agent(7, 2, 4, {1, 2})})), "1→– 2→7 3→7");
}

TEST(Match, KnowsWhatAnAgentGotThroughAnotherGroup) {
  const std::vector<Waiting> queue{waiting(1, 30, R"({"group":"2"})"), waiting(2, 20, R"({"group":"1"})"),
                                   waiting(3, 10, R"({"group":"2"})"), waiting(4, 5, R"({"group":"1"})")};
  EXPECT_EQ(assigned(queue, snapshot({agent(7, 0, 2, {1, 2}), agent(8, 0, 2, {2})})), "1→7 2→7 3→8 4→–");
}

// ---- busy mode ----

TEST(BusyMode, RaisesTheLimitOfThatGroup) {
  Snapshot agents = snapshot({agent(7, 3, 3, {1, 2})});
  agents.groups[0].busy = {BusySwitch::on, 0, 150};
  const std::vector<Waiting> queue{waiting(1, 30, R"({"group":"2"})"), waiting(2, 20), waiting(3, 10), waiting(4, 5)};
  EXPECT_EQ(assigned(queue, agents), "1→– 2→7 3→7 4→–") << "3 become 5, rounded up";
}

TEST(BusyMode, BeginsByItselfAtALengthOfTheQueue) {
  Snapshot agents = snapshot({agent(7, 4, 4)});
  agents.groups[0].busy = {BusySwitch::automatic, 10, 200};
  agents.groups[0].waiting = 9;
  const std::vector<Waiting> queue{waiting(1)};
  EXPECT_EQ(assigned(queue, agents), "1→–");
  agents.groups[0].waiting = 10;
  EXPECT_EQ(assigned(queue, agents), "1→7");
  agents.groups[0].busy.set = BusySwitch::off;
  EXPECT_EQ(assigned(queue, agents), "1→–");
  agents.groups[0].busy = {BusySwitch::automatic, 0, 200};
  EXPECT_EQ(assigned(queue, agents), "1→–") << "no length is set";
}

// ---- why ----

TEST(Explain, TellsOfEachAgentWhatIsMissing) {
  const auto suits = [](std::int64_t account) {
    Agent out = skilled(account, 7, 3);
    out.languages = {"en"};
    return out;
  };
  Agent low = suits(16), away = suits(17), full = suits(18), second = suits(20), off = suits(14);
  low.skills[0].level = 2;
  away.presence = Presence::away;
  full.load = 4;
  off.groups[0].on_duty = false;
  second.load = 1;
  Waiting one = waiting(1, 0, R"({"group":"1","match_language":true,"skills":[{"skill":"7","level":3}]})");
  one.language = "en_US";
  const AgentsExplanation why =
      explain(one, snapshot({agent(13, 0, 4, {2}), off, agent(15), low, away, full, second, suits(19)}), now);
  EXPECT_EQ(why.agent, AccountId(19));
  EXPECT_EQ(why.why, Why::least_busy);
  std::string told;
  for (const Candidate& candidate : why.candidates)
    told += fmt::format("{} {} ", candidate.account.value(), word(candidate.obstacle));
  EXPECT_EQ(told, "19 none 20 taken 18 full 17 away 16 skill 15 language 14 off_duty 13 other_group ");
  EXPECT_EQ(why.candidates[4].skill, SkillId(7));
  EXPECT_EQ(json::serialize(to_json(why).at("candidates").as_array()[2]),
            R"({"account_id":"18","obstacle":"full","presence":"online","skill":null,"load":4,"limit":4})");
}

TEST(Explain, SaysThatItWaits) {
  const AgentsExplanation why = explain(waiting(1, 70, widens), snapshot({agent(1, 4, 4, {2})}), now);
  EXPECT_TRUE(why.agent.empty());
  EXPECT_FALSE(why.why);
  EXPECT_EQ(why.overflow, 1);
  EXPECT_EQ(why.candidates.at(0).obstacle, Obstacle::full);
  EXPECT_EQ(to_json(why).at("agent"), nullptr);
}

TEST(Explain, IsBounded) {
  std::vector<Agent> many;
  for (int i = 1; i <= 130; ++i) many.push_back(agent(i));
  const AgentsExplanation why = explain(waiting(1), snapshot(many), now);
  EXPECT_EQ(why.candidates.size(), 100U);
  EXPECT_EQ(why.left_out, 30U);
  EXPECT_EQ(why.candidates.front().account, why.agent);
}

}  // namespace
}  // namespace miniops::routing
