#include "desk/assignment.hpp"

namespace miniops::desk {

namespace {

constexpr std::array<std::string_view, 3> presences = {"online", "busy", "offline"};

bool is_free(const AgentLoad& agent) { return agent.presence == Presence::online && agent.load < agent.load_max; }

// Shares are compared exactly: a/b < c/d.
bool better(const AgentLoad& a, const AgentLoad& b) {
  const std::int64_t left = a.load * b.load_max;
  const std::int64_t right = b.load * a.load_max;
  if (left != right) return left < right;
  if (a.assigned_at != b.assigned_at) return a.assigned_at < b.assigned_at;
  return a.account < b.account;
}

std::optional<std::size_t> least_loaded(const std::vector<AgentLoad>& agents) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < agents.size(); ++i) {
    if (is_free(agents[i]) && (!best || better(agents[i], agents[*best]))) best = i;
  }
  return best;
}

std::optional<std::size_t> agent_before(const std::vector<AgentLoad>& agents, const Conversation& conversation,
                                        TimeMs now) {
  if (conversation.last_agent.empty() || now - conversation.last_agent_at > returning_ms) return std::nullopt;
  for (std::size_t i = 0; i < agents.size(); ++i) {
    if (agents[i].account == conversation.last_agent && is_free(agents[i])) return i;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Presence presence) { return presences[static_cast<std::size_t>(presence)]; }

std::optional<Presence> parse_presence(std::string_view text) {
  for (std::size_t i = 0; i < presences.size(); ++i) {
    if (presences[i] == text) return static_cast<Presence>(i);
  }
  return std::nullopt;
}

std::vector<Assignment> assign_queue(std::vector<AgentLoad> agents, const std::vector<Conversation>& queue,
                                     TimeMs now) {
  std::vector<Assignment> decisions;
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const auto before = agent_before(agents, queue[i], now);
    const auto chosen = before ? before : least_loaded(agents);
    if (!chosen) break;
    decisions.push_back({i, *chosen, before ? "returning" : "least_load"});
    ++agents[*chosen].load;
    agents[*chosen].assigned_at = now;
  }
  return decisions;
}

}  // namespace miniops::desk
