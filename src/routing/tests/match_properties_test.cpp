// What holds for any queue and any agents: thousands of them, made up from a seed, and the rules once more, as simply
// as they can be said.
#include <set>

#include "base/random.hpp"
#include "routing/tests/routing_fixture.hpp"

namespace miniops::routing::match_properties_test {
namespace {

struct World {
  Snapshot agents;
  std::vector<Waiting> queue;
};

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}

  World world() {
    World out;
    for (int i = 1; i <= 4; ++i) out.agents.groups.push_back(group(i));
    for (int i = 1 + below(12); i > 0; --i) out.agents.agents.push_back(one_agent(i));
    for (int i = below(25); i > 0; --i) out.queue.push_back(one_waiting(i));
    return out;
  }
  template <class T>
  void shuffle(std::vector<T>& all) {
    for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random_.below(i)]);
  }

 private:
  int below(int bound) { return static_cast<int>(random_.below(static_cast<std::uint64_t>(bound))); }
  bool chance(int one_of) { return below(one_of) == 0; }

  Group group(int id) {
    Group out{GroupId(id)};
    out.busy = {static_cast<BusySwitch>(below(3)), below(4), 100 + below(3) * 50};
    out.waiting = below(6);
    return out;
  }
  Agent one_agent(int account) {
    Agent out{AccountId(account)};
    for (int id = 1; id <= 4; ++id)
      if (chance(2)) out.groups.push_back({GroupId(id), !chance(5)});
    for (int id = 1; id <= 2; ++id)
      if (chance(2)) out.skills.push_back({SkillId(id), 1 + below(5)});
    out.languages = {chance(2) ? "zh" : "en"};
    out.limit = below(6);
    out.load = below(4);
    out.presence = chance(5) ? static_cast<Presence>(below(4)) : Presence::online;
    out.assigned_at = now - below(4);
    return out;
  }
  Waiting one_waiting(int id) {
    Waiting out{ConversationId(id)};
    out.waiting_since = now - below(6) * 30 * second_ms;
    out.place = place_of({below(3), out.waiting_since}, 1);
    out.language = chance(2) ? "zh_CN" : "en";
    if (chance(3)) out.last_agent = AccountId(1 + below(12));
    out.last_agent_at = now - below(10) * day_ms;
    out.target.group = GroupId(1 + below(4));
    for (int skill = 1; skill <= 2; ++skill)
      if (chance(4)) out.target.skills.push_back({SkillId(skill), 1 + below(5)});
    out.target.match_language = chance(4);
    out.target.strategy = chance(2) ? Strategy::least_busy : Strategy::round_robin;
    out.target.last_agent_first = chance(2);
    for (int step = below(3), after = 30; step > 0; --step, after += 60)
      out.target.overflow.push_back({after, {GroupId(1 + below(4))}, chance(2), chance(2)});
    return out;
  }

  SeededRandom random_;
};

// ---- the rules once more ----

class Simple {
 public:
  explicit Simple(World world) : world_(std::move(world)) { turns_.resize(world_.agents.agents.size()); }

  // Conversation and agent of each assignment, in order.
  std::vector<std::pair<std::size_t, std::size_t>> all() {
    std::vector<std::pair<std::size_t, std::size_t>> out;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < world_.queue.size(); ++i) order.push_back(i);
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return before(world_.queue[a], world_.queue[b]); });
    for (const std::size_t i : order)
      if (const auto agent = take(world_.queue[i])) out.emplace_back(i, *agent);
    return out;
  }

  // Whether he could take it with so many steps of overflow.
  bool fits(const Waiting& one, std::size_t steps, std::size_t index) const {
    const Agent& agent = world_.agents.agents[index];
    std::set<GroupId> groups{one.target.group};
    bool skills = true, language = one.target.match_language && !one.language.empty();
    for (std::size_t i = 0; i < steps; ++i) {
      const Overflow& step = one.target.overflow[i];
      groups.insert(step.groups.begin(), step.groups.end());
      skills = skills && !step.drop_skills;
      language = language && !step.drop_language;
    }
    if (agent.presence != Presence::online || agent.load >= limit(agent, groups)) return false;
    if (language && !same_language(agent.languages.at(0), one.language)) return false;
    return !skills || std::ranges::all_of(one.target.skills, [&](const SkillNeeded& needed) {
      return std::ranges::any_of(agent.skills, [&](const AgentSkill& skill) {
        return skill.skill == needed.skill && skill.level >= needed.level;
      });
    });
  }
  std::size_t due(const Waiting& one) const {
    std::size_t steps = 0;
    for (const Overflow& step : one.target.overflow)
      if (now - one.waiting_since >= step.after_s * second_ms) ++steps;
    return steps;
  }

 private:
  std::int64_t limit(const Agent& agent, const std::set<GroupId>& groups) const {
    std::int64_t out = 0;
    for (const Membership& one : agent.groups)
      for (const Group& group : world_.agents.groups)
        if (one.on_duty && one.group == group.id && groups.contains(group.id))
          out = std::max(out, limit_in(group, agent));
    return out;
  }
  std::set<GroupId> groups_of(const Waiting& one, std::size_t steps) const {
    std::set<GroupId> groups{one.target.group};
    for (std::size_t i = 0; i < steps; ++i)
      groups.insert(one.target.overflow[i].groups.begin(), one.target.overflow[i].groups.end());
    return groups;
  }

  std::optional<std::size_t> take(const Waiting& one) {
    for (std::size_t steps = 0; steps <= due(one); ++steps) {
      std::optional<std::size_t> best;
      for (std::size_t i = 0; i < turns_.size(); ++i) {
        if (!fits(one, steps, i)) continue;
        if (!best || earlier(one, steps, i, *best)) best = i;
      }
      if (!best) continue;
      Agent& agent = world_.agents.agents[*best];
      ++agent.load;
      agent.assigned_at = now;
      turns_[*best] = ++turn_;
      return best;
    }
    return std::nullopt;
  }
  bool earlier(const Waiting& one, std::size_t steps, std::size_t a, std::size_t b) const {
    const Agent &left = world_.agents.agents[a], &right = world_.agents.agents[b];
    if (one.target.last_agent_first && now - one.last_agent_at <= returning_ms) {
      if (left.account == one.last_agent) return true;
      if (right.account == one.last_agent) return false;
    }
    const auto groups = groups_of(one, steps);
    const std::int64_t share_a = left.load * limit(right, groups), share_b = right.load * limit(left, groups);
    if (one.target.strategy == Strategy::least_busy && share_a != share_b) return share_a < share_b;
    return std::tuple(left.assigned_at, turns_[a], left.account) <
           std::tuple(right.assigned_at, turns_[b], right.account);
  }

  World world_;
  std::vector<int> turns_;
  int turn_ = 0;
};

TEST(AnyQueue, IsMatchedAsTheRulesSay) {
  Maker make(1);
  std::size_t count = 0;
  for (int round = 0; round < 4000; ++round) {
    const World world = make.world();
    std::vector<std::pair<std::size_t, std::size_t>> found;
    for (const Assignment& one : match(world.queue, world.agents, now)) found.emplace_back(one.waiting, one.agent);
    ASSERT_EQ(found, Simple(world).all()) << round;
    count += found.size();
  }
  EXPECT_GT(count, 5000U);
}

TEST(AnyQueue, LeavesNobodyWaitingWhomSomebodyCouldTake) {
  Maker make(2);
  std::size_t left = 0;
  for (int round = 0; round < 2000; ++round) {
    World world = make.world();
    std::set<std::size_t> got;
    for (const Assignment& one : match(world.queue, world.agents, now)) {
      got.insert(one.waiting);
      ++world.agents.agents[one.agent].load;
    }
    const Simple after(world);
    for (std::size_t i = 0; i < world.queue.size(); ++i) {
      if (got.contains(i)) continue;
      ++left;
      for (std::size_t agent = 0; agent < world.agents.agents.size(); ++agent)
        ASSERT_FALSE(after.fits(world.queue[i], after.due(world.queue[i]), agent)) << round;
    }
  }
  EXPECT_GT(left, 1000U);
}

TEST(AnyQueue, TakesNobodyBeyondALimitOrTwice) {
  Maker make(3);
  for (int round = 0; round < 2000; ++round) {
    World world = make.world();
    std::set<std::size_t> seen;
    for (const Assignment& one : match(world.queue, world.agents, now)) {
      ASSERT_TRUE(seen.insert(one.waiting).second);
      Agent& agent = world.agents.agents[one.agent];
      ASSERT_EQ(agent.presence, Presence::online);
      std::int64_t limit = 0;
      for (const Membership& membership : agent.groups)
        limit = std::max(
            limit, limit_in(world.agents.groups.at(static_cast<std::size_t>(membership.group.value() - 1)), agent));
      ASSERT_LE(++agent.load, limit);
    }
  }
}

TEST(AnyQueue, IsMatchedAlikeInWhateverOrderItIsGiven) {
  Maker make(4);
  const auto told = [](const World& world) {
    std::vector<std::tuple<std::int64_t, std::int64_t, Why, int>> out;
    for (const Assignment& one : match(world.queue, world.agents, now))
      out.emplace_back(world.queue[one.waiting].conversation.value(), world.agents.agents[one.agent].account.value(),
                       one.why, one.overflow);
    return out;
  };
  for (int round = 0; round < 2000; ++round) {
    World world = make.world();
    const auto as_given = told(world);
    make.shuffle(world.agents.agents);
    make.shuffle(world.agents.groups);
    make.shuffle(world.queue);
    for (Agent& agent : world.agents.agents) make.shuffle(agent.groups);
    ASSERT_EQ(told(world), as_given) << round;
  }
}

TEST(AnyQueue, IsMatchedFromItsFirstPartAsFarAsThatGoes) {
  Maker make(6);
  std::size_t cut = 0;
  for (int round = 0; round < 2000; ++round) {
    World world = make.world();
    std::ranges::sort(world.queue, before);
    const auto all = match(world.queue, world.agents, now);
    for (std::size_t part = 0; part <= world.queue.size(); ++part) {
      const auto same = [](const Assignment& a, const Assignment& b) {
        return std::tie(a.waiting, a.agent, a.why, a.overflow) == std::tie(b.waiting, b.agent, b.why, b.overflow);
      };
      const auto first = match(std::span(world.queue).first(part), world.agents, now);
      const auto end = std::ranges::find_if(all, [&](const Assignment& one) { return one.waiting >= part; });
      ASSERT_TRUE(std::ranges::equal(first, std::ranges::subrange(all.begin(), end), same)) << round;
      const auto few = match(world.queue, world.agents, now, part);
      ASSERT_TRUE(std::ranges::equal(few, std::span(all).first(std::min(part, all.size())), same)) << round;
      cut += few.size() < all.size() ? 1 : 0;
    }
  }
  ASSERT_GT(cut, 1000U);
}

TEST(AnyQueue, IsExplainedAsItIsMatched) {
  Maker make(5);
  int taken = 0;
  for (int round = 0; round < 2000; ++round) {
    World world = make.world();
    if (world.queue.empty()) continue;
    world.queue.resize(1);
    const auto matched = match(world.queue, world.agents, now);
    const AgentsExplanation why = explain(world.queue[0], world.agents, now);
    ASSERT_EQ(why.candidates.size(), world.agents.agents.size());
    ASSERT_EQ(why.agent.empty(), matched.empty());
    ASSERT_EQ(why.why.has_value(), !matched.empty());
    for (const Candidate& one : why.candidates) {
      ASSERT_EQ(one.obstacle == Obstacle::none, !matched.empty() && one.account == why.agent);
      ASSERT_FALSE(matched.empty() && one.obstacle == Obstacle::taken);
    }
    if (matched.empty()) continue;
    ++taken;
    ASSERT_EQ(why.agent, world.agents.agents[matched[0].agent].account);
    ASSERT_EQ(why.why, matched[0].why);
    ASSERT_EQ(why.overflow, matched[0].overflow);
  }
  EXPECT_GT(taken, 500);
}

}  // namespace
}  // namespace miniops::routing::match_properties_test
