#include "routing/agents.hpp"

namespace miniops::routing {

namespace {

char plain(char c) {
  if (c == '-') return '_';
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool is_busy(const Group& group) {
  if (group.busy.set != BusySwitch::automatic) return group.busy.set == BusySwitch::on;
  return group.busy.from_waiting > 0 && group.waiting >= group.busy.from_waiting;
}

std::int64_t limit_in(const Group& group, const Agent& agent) {
  if (!is_busy(group)) return agent.limit;
  const std::int64_t percent = std::clamp<std::int64_t>(group.busy.limit_percent, 100, 300);
  return (agent.limit * percent + 99) / 100;
}

bool same_language(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (a.empty() || !std::ranges::equal(a, b.substr(0, a.size()), {}, plain, plain)) return false;
  return a.size() == b.size() || plain(b[a.size()]) == '_';
}

}  // namespace miniops::routing
