// Routing as a function: 500 agents in 10 groups, 50 rules, customers of all kinds. Each decision is route() and the
// conversation's part of match(), in batches as a transaction takes them.
//
//   routing --decisions 200000 --batch 50
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

#include "team.hpp"

namespace {

using namespace miniops;
using namespace miniops::bench;

double seconds_since(std::chrono::steady_clock::time_point from) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"routing as a function"};
  std::size_t decisions = 200'000, batch = 50;
  app.add_option("--decisions", decisions)->check(CLI::Range(1, 100'000'000));
  app.add_option("--batch", batch)->check(CLI::Range(1, 100'000));
  CLI11_PARSE(app, argc, argv);

  Team team;
  const Snapshot snapshot = team.snapshot();
  std::vector<GroupId> all;
  for (const Group& group : snapshot.groups) all.push_back(group.id);
  const RuleSet set(team.list(), all, GroupId(1));
  std::vector<Facts> customers;
  for (int i = 0; i < 5000; ++i) customers.push_back(team.facts());

  std::size_t by_rule = 0, assigned = 0, done = 0;
  double route_seconds = 0, match_seconds = 0;
  std::vector<Waiting> queue;
  while (done < decisions) {
    queue.clear();
    const auto started = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < batch; ++i) {
      const Facts& facts = customers[(done + i) % customers.size()];
      Placement placed = route(facts, set, now);
      by_rule += placed.rule.empty() ? 0 : 1;
      Waiting one{ConversationId(static_cast<std::int64_t>(done + i))};
      one.place = place_of({placed.priority, facts.waiting_since}, 1);
      one.waiting_since = facts.waiting_since;
      one.language = facts.language;
      one.last_agent = AccountId(static_cast<std::int64_t>(1 + i % agents));
      one.last_agent_at = now - static_cast<TimeMs>(i % 14) * day_ms;
      one.target = std::move(placed.target);
      queue.push_back(std::move(one));
    }
    route_seconds += seconds_since(started);
    const auto routed = std::chrono::steady_clock::now();
    assigned += match(queue, snapshot, now).size();
    match_seconds += seconds_since(routed);
    done += batch;
  }
  const auto per_second = [&](double seconds) { return static_cast<double>(done) / seconds; };
  fmt::print(
      "{{\"decisions\":{},\"batch\":{},\"by_rule\":{},\"assigned\":{},\"route_per_second\":{:.0f},"
      "\"match_per_second\":{:.0f},\"per_second\":{:.0f}}}\n",
      done, batch, by_rule, assigned, per_second(route_seconds), per_second(match_seconds),
      per_second(route_seconds + match_seconds));
  return 0;
}
