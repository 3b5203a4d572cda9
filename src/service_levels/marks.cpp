#include "service_levels/marks.hpp"

#include "service_levels/store.hpp"

namespace miniops::service_levels {

std::vector<Mark> marks_of(std::span<const ServiceClock> clocks, TimeMs now) {
  std::vector<Mark> out;
  for (const ServiceClock& clock : clocks) {
    if (!clock.open()) continue;
    const bool paused = !clock.runs();
    out.push_back(
        {clock.kind, level_shown(clock, now), paused, clock.due_at, paused ? clock.target_ms - clock.used_ms : 0});
  }
  std::ranges::sort(out, {}, [](const Mark& mark) { return std::tuple(mark.due_at == 0, mark.due_at, mark.kind); });
  return out;
}

std::map<ConversationId, std::vector<Mark>> marks(sql::Transaction& tx, std::span<const ConversationId> conversations,
                                                  TimeMs now) {
  std::map<ConversationId, std::vector<ServiceClock>> clocks;
  for (ServiceClock& clock : store::open_clocks(tx, conversations))
    clocks[clock.conversation].push_back(std::move(clock));
  std::map<ConversationId, std::vector<Mark>> out;
  for (const auto& [conversation, own] : clocks) out[conversation] = marks_of(own, now);
  return out;
}

}  // namespace miniops::service_levels
