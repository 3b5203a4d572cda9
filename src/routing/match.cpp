#include <numeric>
#include <tuple>

#include "routing/decide.hpp"

namespace miniops::routing {

namespace {

constexpr std::size_t candidates_max = 100;

// ---- what a conversation needs of an agent ----

struct Need {
  std::vector<GroupId> groups{};      // any of them; sorted
  std::vector<SkillNeeded> skills{};  // all of them
  std::string language{};             // empty: any
  Strategy strategy{};
  auto operator<=>(const Need&) const = default;
};

std::size_t due_steps(const Waiting& waiting, TimeMs now) {
  const TimeMs waited = now - waiting.waiting_since;
  const auto later = std::ranges::find_if(waiting.target.overflow,
                                          [&](const Overflow& step) { return step.after_s * second_ms > waited; });
  return static_cast<std::size_t>(later - waiting.target.overflow.begin());
}

// With so many steps of overflow.
Need need_of(const Waiting& waiting, std::size_t steps) {
  const Target& target = waiting.target;
  Need need{{target.group}, target.skills, target.match_language ? waiting.language : "", target.strategy};
  for (const Overflow& step : std::span(target.overflow).first(steps)) {
    need.groups.insert(need.groups.end(), step.groups.begin(), step.groups.end());
    if (step.drop_skills) need.skills.clear();
    if (step.drop_language) need.language.clear();
  }
  std::ranges::sort(need.groups);
  const auto twice = std::ranges::unique(need.groups);
  need.groups.erase(twice.begin(), twice.end());
  return need;
}

const SkillNeeded* missing_skill(const Need& need, const Agent& agent) {
  const auto has = [&](const SkillNeeded& needed) {
    return std::ranges::any_of(agent.skills, [&](const AgentSkill& skill) {
      return skill.skill == needed.skill && skill.level >= needed.level;
    });
  };
  const auto missing = std::ranges::find_if_not(need.skills, has);
  return missing == need.skills.end() ? nullptr : &*missing;
}

bool speaks(const Agent& agent, const std::string& language) {
  return language.empty() || std::ranges::any_of(agent.languages, [&](const std::string& spoken) {
           return same_language(spoken, language);
         });
}

// ---- agents ----

// One whom the need fits, ranked: the smaller comes first. All of it only grows while conversations are given out.
struct Entry {
  std::uint32_t agent = 0;  // index
  std::int64_t load = 0, limit = 0;
  TimeMs assigned_at = 0;
  std::int64_t turn = 0;  // orders those who got one within this match
  AccountId account{};
};

bool less_busy(const Entry& a, const Entry& b) {
  // Shares are compared exactly: a/b < c/d.
  const std::int64_t left = a.load * b.limit, right = b.load * a.limit;
  if (left != right) return left < right;
  return std::tie(a.assigned_at, a.turn, a.account) < std::tie(b.assigned_at, b.turn, b.account);
}

bool longer_ago(const Entry& a, const Entry& b) {
  return std::tie(a.assigned_at, a.turn, a.account) < std::tie(b.assigned_at, b.turn, b.account);
}

// Those whom a need fits, as a heap. Whoever got a conversation through another pool stands too far in front here; as
// ranks only grow, it is enough to look again when he is at the front.
struct Pool {
  bool (*earlier)(const Entry&, const Entry&) = less_busy;
  std::vector<Entry> heap{};

  auto later() const {
    return [earlier = earlier](const Entry& a, const Entry& b) { return earlier(b, a); };
  }
  void order() { std::ranges::make_heap(heap, later()); }
  void pop() {
    std::ranges::pop_heap(heap, later());
    heap.pop_back();
  }
  void push(const Entry& entry) {
    heap.push_back(entry);
    std::ranges::push_heap(heap, later());
  }
};

struct Choice {
  std::uint32_t agent = 0;
  Why why{};
  std::size_t steps = 0;
};

class Matching {
 public:
  Matching(const Snapshot& snapshot, TimeMs now) : snapshot_(snapshot), now_(now) {
    for (const Group& group : snapshot.groups) groups_.emplace(group.id, &group);
    standing_.reserve(snapshot.agents.size());
    for (std::uint32_t i = 0; i < snapshot.agents.size(); ++i) {
      const Agent& agent = snapshot.agents[i];
      standing_.push_back({i, agent.load, agent.limit, agent.assigned_at, 0, agent.account});
      by_account_.emplace(agent.account, i);
      if (agent.presence != Presence::online) continue;
      for (const Membership& membership : agent.groups)
        if (membership.on_duty) present_[membership.group].push_back(i);
    }
  }

  // Gives the conversation to an agent, or to nobody.
  std::optional<Choice> take(const Waiting& waiting) {
    const std::size_t due = due_steps(waiting, now_);
    const auto skipped = relieved(waiting, due);
    for (std::size_t steps = 0; steps <= due; ++steps) {
      const Need need = need_of(waiting, steps);
      auto choice = last_agent(waiting, need, skipped);
      if (!choice) choice = best(need, skipped);
      if (!choice) continue;
      choice->steps = steps;
      assign(choice->agent);
      return choice;
    }
    return std::nullopt;
  }

  // Whom it is not for: who had it until now, while somebody else is there who may have it, if not at once.
  std::optional<std::uint32_t> relieved(const Waiting& waiting, std::size_t due) const {
    const auto found = waiting.relieved.empty() ? by_account_.end() : by_account_.find(waiting.relieved);
    if (found == by_account_.end()) return std::nullopt;
    const Need need = need_of(waiting, due);
    const auto another = [&](std::uint32_t index) {
      if (index == found->second) return false;
      const Obstacle here = obstacle(need, index);
      return here == Obstacle::none || here == Obstacle::full;
    };
    return std::ranges::any_of(present_in(need.groups), another) ? std::optional(found->second) : std::nullopt;
  }

  // Why the need does not fit to him, as he stands; `none` when it does.
  Obstacle obstacle(const Need& need, std::uint32_t index) const {
    const Agent& agent = snapshot_.agents[index];
    const auto belongs = [&](const Membership& membership) {
      return std::ranges::binary_search(need.groups, membership.group);
    };
    if (std::ranges::none_of(agent.groups, belongs)) return Obstacle::other_group;
    const auto limit = limit_of(need, agent);
    if (!limit) return Obstacle::off_duty;
    if (!speaks(agent, need.language)) return Obstacle::language;
    if (missing_skill(need, agent) != nullptr) return Obstacle::skill;
    if (agent.presence != Presence::online) return Obstacle::away;
    return standing_[index].load < *limit ? Obstacle::none : Obstacle::full;
  }

  // The highest of the groups that he is on duty in.
  std::optional<std::int64_t> limit_of(const Need& need, const Agent& agent) const {
    std::optional<std::int64_t> limit;
    for (const Membership& membership : agent.groups) {
      if (!membership.on_duty || !std::ranges::binary_search(need.groups, membership.group)) continue;
      const auto group = groups_.find(membership.group);
      const std::int64_t here = group == groups_.end() ? agent.limit : limit_in(*group->second, agent);
      limit = std::max(limit.value_or(0), here);
    }
    return limit;
  }

 private:
  using Skipped = std::optional<std::uint32_t>;

  std::optional<Choice> last_agent(const Waiting& waiting, const Need& need, Skipped skipped) const {
    if (!waiting.target.last_agent_first || waiting.last_agent.empty()) return std::nullopt;
    if (now_ - waiting.last_agent_at > returning_ms) return std::nullopt;
    const auto found = by_account_.find(waiting.last_agent);
    if (found == by_account_.end() || found->second == skipped) return std::nullopt;
    if (obstacle(need, found->second) != Obstacle::none) return std::nullopt;
    return Choice{found->second, Why::last_agent};
  }

  std::optional<Choice> best(const Need& need, Skipped skipped) {
    Pool& pool = pool_of(need);
    if (!skipped) return front_of(pool, need);
    const auto place = std::ranges::find(pool.heap, *skipped, &Entry::agent);
    if (place == pool.heap.end()) return front_of(pool, need);
    const Entry aside = *place;
    pool.heap.erase(place);
    pool.order();
    const auto choice = front_of(pool, need);
    pool.push(aside);
    return choice;
  }

  std::optional<Choice> front_of(Pool& pool, const Need& need) {
    while (!pool.heap.empty()) {
      Entry front = pool.heap.front();
      const Entry& now = standing_[front.agent];
      const Why why = need.strategy == Strategy::least_busy ? Why::least_busy : Why::round_robin;
      if (front.turn == now.turn) return Choice{front.agent, why};
      pool.pop();
      if (now.load >= front.limit) continue;
      front.load = now.load;
      front.assigned_at = now.assigned_at;
      front.turn = now.turn;
      pool.push(front);
    }
    return std::nullopt;
  }

  Pool& pool_of(const Need& need) {
    const auto [found, fresh] = pools_.try_emplace(need);
    Pool& pool = found->second;
    if (!fresh) return pool;
    pool.earlier = need.strategy == Strategy::least_busy ? less_busy : longer_ago;
    for (const std::uint32_t index : present_in(need.groups)) {
      if (obstacle(need, index) != Obstacle::none) continue;
      pool.heap.push_back(standing_[index]);
      pool.heap.back().limit = limit_of(need, snapshot_.agents[index]).value_or(0);
    }
    pool.order();
    return pool;
  }

  std::vector<std::uint32_t> present_in(const std::vector<GroupId>& groups) const {
    std::vector<std::uint32_t> out;
    for (const GroupId group : groups) {
      const auto found = present_.find(group);
      if (found != present_.end()) out.insert(out.end(), found->second.begin(), found->second.end());
    }
    std::ranges::sort(out);
    const auto twice = std::ranges::unique(out);
    out.erase(twice.begin(), twice.end());
    return out;
  }

  void assign(std::uint32_t agent) {
    Entry& entry = standing_[agent];
    ++entry.load;
    entry.assigned_at = std::max(entry.assigned_at, now_);
    entry.turn = ++turn_;
  }

  const Snapshot& snapshot_;
  const TimeMs now_;
  std::unordered_map<GroupId, const Group*> groups_;
  std::unordered_map<AccountId, std::uint32_t> by_account_;
  std::unordered_map<GroupId, std::vector<std::uint32_t>> present_;  // who is online and on duty
  std::vector<Entry> standing_;                                      // of each agent
  std::map<Need, Pool> pools_;
  std::int64_t turn_ = 0;
};

Candidate candidate_of(const Matching& matching, const Need& need, const Snapshot& snapshot, std::uint32_t index) {
  const Agent& agent = snapshot.agents[index];
  Candidate out{agent.account, matching.obstacle(need, index), agent.presence};
  if (out.obstacle == Obstacle::skill) out.skill = missing_skill(need, agent)->skill;
  if (out.obstacle == Obstacle::none) out.obstacle = Obstacle::taken;
  out.load = agent.load;
  out.limit = matching.limit_of(need, agent).value_or(agent.limit);
  return out;
}

}  // namespace

std::vector<Assignment> match(std::span<const Waiting> waiting, const Snapshot& snapshot, TimeMs now,
                              std::size_t at_most) {
  std::vector<std::size_t> order(waiting.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return before(waiting[a], waiting[b]); });
  Matching matching(snapshot, now);
  std::vector<Assignment> out;
  for (const std::size_t index : order) {
    if (out.size() >= at_most) break;
    const auto choice = matching.take(waiting[index]);
    if (choice) out.push_back({index, choice->agent, choice->why, static_cast<int>(choice->steps)});
  }
  return out;
}

AgentsExplanation explain(const Waiting& waiting, const Snapshot& snapshot, TimeMs now) {
  const auto choice = Matching(snapshot, now).take(waiting);
  const std::size_t steps = choice ? choice->steps : due_steps(waiting, now);
  const Need need = need_of(waiting, steps);
  const Matching before_it(snapshot, now);
  AgentsExplanation out;
  out.overflow = static_cast<int>(steps);
  for (std::uint32_t i = 0; i < snapshot.agents.size(); ++i)
    out.candidates.push_back(candidate_of(before_it, need, snapshot, i));
  if (choice) {
    out.agent = snapshot.agents[choice->agent].account;
    out.why = choice->why;
    out.candidates[choice->agent].obstacle = Obstacle::none;
  }
  std::ranges::sort(out.candidates, [](const Candidate& a, const Candidate& b) {
    return std::tie(a.obstacle, a.account) < std::tie(b.obstacle, b.account);
  });
  if (out.candidates.size() > candidates_max) {
    out.left_out = out.candidates.size() - candidates_max;
    out.candidates.resize(candidates_max);
  }
  return out;
}

}  // namespace miniops::routing
