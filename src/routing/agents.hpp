// The agents and groups of one mini program at one moment, as routing sees them. Values; the caller takes them from
// its tables in the transaction that assigns. No order of theirs matters.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/words.hpp"
#include "routing/ids.hpp"

namespace miniops::routing {

// Only who is online gets customers; busy: keeps those he has.
enum class Presence { online, busy, away, offline };

struct AgentSkill {
  SkillId skill{};
  int level = 1;  // 1 … 5
};

struct Membership {
  GroupId group{};
  bool on_duty = true;  // by the shifts of that group, now
};

struct Agent {
  AccountId account{};
  std::vector<Membership> groups{};
  std::vector<AgentSkill> skills{};
  std::vector<std::string> languages{};  // "zh", "en_US"; "zh" speaks zh_CN and zh_TW
  std::int64_t load = 0, limit = 0;      // limit: without busy mode
  Presence presence = Presence::offline;
  TimeMs assigned_at = 0;  // when he got the last conversation
};

// Busy mode 忙时模式: more conversations for each agent.
enum class BusySwitch { off, on, automatic };
struct BusyMode {
  BusySwitch set = BusySwitch::off;
  std::int64_t from_waiting = 0;     // automatic: with so many in the group's queue
  std::int64_t limit_percent = 150;  // 100 … 300 of each agent's limit, rounded up
};

struct Group {
  GroupId id{};
  BusyMode busy{};
  std::int64_t waiting = 0;  // how many are in its queue
};

struct Snapshot {
  std::vector<Group> groups{};
  std::vector<Agent> agents{};
};

bool is_busy(const Group& group);
// What the agent may have at once when a conversation comes through this group.
std::int64_t limit_in(const Group& group, const Agent& agent);
// Case and the separator do not matter; one without a region covers all of them.
bool same_language(std::string_view a, std::string_view b);

inline constexpr std::array<std::string_view, 4> presence_words{"online", "busy", "away", "offline"};
inline constexpr std::array<std::string_view, 3> busy_switch_words{"off", "on", "automatic"};
inline std::span<const std::string_view> words_of(Presence) { return presence_words; }
inline std::span<const std::string_view> words_of(BusySwitch) { return busy_switch_words; }

}  // namespace miniops::routing
