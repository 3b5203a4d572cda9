#include "desk/assignment.hpp"

#include <gmock/gmock.h>

namespace miniops::desk {
namespace {

constexpr TimeMs now = 1763701200000;

AgentLoad agent(std::int64_t id, Presence presence, std::int64_t load, std::int64_t load_max, TimeMs assigned_at = 0) {
  return {AccountId(id), "a" + std::to_string(id), presence, load, load_max, assigned_at};
}

Conversation waiting(std::int64_t last_agent = 0, TimeMs ago = 0) {
  Conversation conversation;
  conversation.last_agent = AccountId(last_agent);
  conversation.last_agent_at = now - ago;
  return conversation;
}

struct Case {
  std::string name;
  std::vector<AgentLoad> agents;
  std::vector<Conversation> queue;
  std::vector<std::int64_t> expected;  // the agent of each conversation, as far as there is one
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class AssignmentTest : public testing::TestWithParam<Case> {};

TEST_P(AssignmentTest, Decides) {
  std::vector<std::int64_t> got;
  for (const Assignment& one : assign_queue(GetParam().agents, GetParam().queue, now)) {
    EXPECT_EQ(one.conversation, got.size()) << "nobody is passed over";
    got.push_back(GetParam().agents[one.agent].account.value());
  }
  EXPECT_EQ(got, GetParam().expected);
}

using enum Presence;

INSTANTIATE_TEST_SUITE_P(
    Table, AssignmentTest,
    testing::Values(
        Case{"nobody_there", {}, {waiting()}, {}},
        Case{"offline_and_busy_get_none", {agent(1, offline, 0, 5), agent(2, busy, 0, 5)}, {waiting()}, {}},
        Case{"full_gets_none", {agent(1, online, 5, 5)}, {waiting()}, {}},
        Case{"over_the_limit_gets_none", {agent(1, online, 7, 5)}, {waiting()}, {}},
        Case{"least_share_not_least_count", {agent(1, online, 2, 4), agent(2, online, 3, 10)}, {waiting()}, {2}},
        Case{"equal_share_longest_idle", {agent(1, online, 0, 5, 20), agent(2, online, 0, 5, 10)}, {waiting()}, {2}},
        Case{"equal_all_smallest_id", {agent(2, online, 0, 5), agent(1, online, 0, 5)}, {waiting()}, {1}},
        Case{"spreads", {agent(1, online, 0, 2), agent(2, online, 0, 2)}, {waiting(), waiting(), waiting()}, {1, 2, 1}},
        Case{"stops_when_full", {agent(1, online, 0, 1)}, {waiting(), waiting()}, {1}},
        Case{"returning_customer", {agent(1, online, 0, 5), agent(2, online, 4, 5)}, {waiting(2, day_ms)}, {2}},
        Case{"returning_but_offline", {agent(1, online, 0, 5), agent(2, offline, 0, 5)}, {waiting(2, day_ms)}, {1}},
        Case{"returning_but_busy", {agent(1, online, 0, 5), agent(2, busy, 0, 5)}, {waiting(2, day_ms)}, {1}},
        Case{"returning_but_full", {agent(1, online, 0, 5), agent(2, online, 5, 5)}, {waiting(2, day_ms)}, {1}},
        Case{"returning_after_a_week", {agent(1, online, 0, 5), agent(2, online, 4, 5)}, {waiting(2, 8 * day_ms)}, {1}},
        Case{"returning_to_one_who_left", {agent(1, online, 0, 5)}, {waiting(9, day_ms)}, {1}}),
    [](const auto& which) { return which.param.name; });

}  // namespace
}  // namespace miniops::desk
