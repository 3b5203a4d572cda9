// Rules, agents and customers as tests write them. Group 1 is the default one.
#pragma once

#include <gmock/gmock.h>

#include "routing/decide.hpp"

namespace miniops::routing {

inline constexpr TimeMs now = 1763701200000;  // 2025-11-21, a Friday, 13:00 in China

inline Rule rule(std::int64_t id, std::string_view condition, std::string_view target = R"({"group":"2"})") {
  const std::string text = fmt::format(R"({{"name":"r{}","condition":{},"target":{}}})", id, condition, target);
  auto parsed = parse_rule(json::parse(text));
  if (!parsed) throw std::runtime_error(text + ": " + parsed.error().fields.at(0).pointer);
  parsed->id = RuleId(id);
  return *parsed;
}

inline Target target(std::string_view text) {
  auto parsed = parse_target(json::parse(text));
  if (!parsed) throw std::runtime_error(parsed.error().fields.at(0).pointer);
  return *parsed;
}

inline RuleSet rules_of(std::vector<Rule> rules) {
  return RuleSet(std::move(rules), {GroupId(1), GroupId(2), GroupId(3)}, GroupId(1));
}

// Online, in group 1, without anybody.
inline Agent agent(std::int64_t account, std::int64_t load = 0, std::int64_t limit = 4,
                   std::vector<std::int64_t> groups = {1}) {
  Agent out{AccountId(account)};
  for (const std::int64_t group : groups) out.groups.push_back({GroupId(group)});
  out.load = load;
  out.limit = limit;
  out.presence = Presence::online;
  return out;
}

inline Snapshot snapshot(std::vector<Agent> agents) {
  return {{{GroupId(1)}, {GroupId(2)}, {GroupId(3)}}, std::move(agents)};
}

// Has waited for so long.
inline Waiting waiting(std::int64_t conversation, std::int64_t seconds = 0,
                       std::string_view to = R"({"group":"1","last_agent_first":false})", std::int64_t priority = 0) {
  Waiting out{ConversationId(conversation)};
  out.waiting_since = now - seconds * second_ms;
  out.place = place_of({priority, out.waiting_since}, 1);
  out.target = target(to);
  return out;
}

// Who got each conversation: "1→7 2→–".
inline std::string assigned(const std::vector<Waiting>& queue, const Snapshot& agents, TimeMs at = now) {
  std::map<std::int64_t, std::int64_t> got;
  for (const Waiting& one : queue) got[one.conversation.value()] = 0;
  for (const Assignment& each : match(queue, agents, at))
    got[queue[each.waiting].conversation.value()] = agents.agents[each.agent].account.value();
  std::string out;
  for (const auto& [conversation, account] : got)
    out += fmt::format("{}{}→{}", out.empty() ? "" : " ", conversation, account == 0 ? "–" : std::to_string(account));
  return out;
}

}  // namespace miniops::routing
