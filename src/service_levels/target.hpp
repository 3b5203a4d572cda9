// What a mini program promises: targets by group and priority, and when to warn. Values and their form; pure.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "service_levels/clock.hpp"

namespace miniops::service_levels {

// The most specific one holds, whole: of the group and priority, of the group, of the priority, of all.
struct Target {
  std::string group{};                     // empty: every group
  std::optional<std::int64_t> priority{};  // nullopt: every priority
  // 0: none, and then there is no such clock.
  TimeMs first_answer_ms = 0, next_answer_ms = 0, resolution_ms = 0;
  bool business = true;  // the group's working time counts; else all time
  bool operator==(const Target&) const = default;
};
TimeMs target_ms(const Target& target, Kind kind);

// In per cent of a target; 0: no such warning. half < most when there are both.
struct Warnings {
  int half_percent = 50, most_percent = 80;
  bool operator==(const Warnings&) const = default;
};

// All of a mini program, which are changed as one.
struct Targets {
  std::int64_t version = 0;  // 0: nobody has set any
  Warnings warnings{};
  std::vector<Target> items{};  // by group, then priority, the general ones first
  std::string updated_by{};
  TimeMs updated_at = 0;
};
inline constexpr std::size_t targets_max = 200;
inline constexpr TimeMs target_ms_min = second_ms, target_ms_max = 90 * day_ms;
inline constexpr std::int64_t priority_max = 1000;

json::object to_json(const Targets& targets);
// {version, warnings: {half_percent, most_percent}, items: [{group, priority, first_answer_ms, …, business}, …]}
// Fails with request.invalid, which points at what is wrong.
Result<Targets> parse_targets(const json::value& body);

}  // namespace miniops::service_levels
