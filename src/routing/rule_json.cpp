#include <set>

#include "base/text.hpp"
#include "routing/errors.hpp"
#include "routing/rule.hpp"

namespace miniops::routing {

namespace {

constexpr std::size_t name_chars_max = 64;
constexpr std::size_t skills_max = 8, steps_max = 5, groups_max = 10;
constexpr std::int64_t wait_s_max = 2 * day_ms / second_ms;  // the window is over by then

// ---- reading ----

template <class Id>
Id read_id(JsonInput& in, std::string_view key) {
  if (!in.has(key)) in.mistake(key, "Is required.");
  return Id(in.optional_id(key).value_or(0));
}

std::vector<SkillNeeded> read_skills(JsonInput& in) {
  std::vector<SkillNeeded> out;
  std::set<SkillId> seen;
  for (JsonInput& item : in.optional_objects("skills", skills_max)) {
    const SkillNeeded needed{read_id<SkillId>(item, "skill"), static_cast<int>(item.integer("level", 1, 5))};
    if (!needed.skill.empty() && !seen.insert(needed.skill).second) item.mistake("skill", "is here twice");
    out.push_back(needed);
  }
  return out;
}

std::vector<GroupId> read_groups(JsonInput& in) {
  std::vector<GroupId> out;
  for (const std::string& text : in.optional_texts("groups", groups_max, {1, 20})) {
    const auto id = parse_as<GroupId>(text);
    if (!id) in.mistake("groups", "must be ids: decimal numbers as texts");
    if (id && std::ranges::find(out, *id) == out.end()) out.push_back(*id);
  }
  return out;
}

std::vector<Overflow> read_overflow(JsonInput& in) {
  std::vector<Overflow> out;
  for (JsonInput& item : in.optional_objects("overflow", steps_max)) {
    Overflow step{item.integer("after_s", 1, wait_s_max), read_groups(item),
                  item.optional_boolean("drop_skills").value_or(false),
                  item.optional_boolean("drop_language").value_or(false)};
    if (!out.empty() && step.after_s <= out.back().after_s)
      item.mistake("after_s", "must be later than the step before");
    if (step.groups.empty() && !step.drop_skills && !step.drop_language)
      item.mistake("groups", "are expected, or something to drop: the step allows nothing");
    out.push_back(std::move(step));
  }
  return out;
}

Target read_target(JsonInput& in) {
  Target out{read_id<GroupId>(in, "group"), read_skills(in)};
  out.match_language = in.optional_boolean("match_language").value_or(false);
  const auto strategy = in.optional_choice("strategy", {strategy_words[0], strategy_words[1]});
  if (strategy) out.strategy = parse_word<Strategy>(*strategy).value_or(Strategy::least_busy);
  out.last_agent_first = in.optional_boolean("last_agent_first").value_or(true);
  out.priority = in.optional_integer("priority", 0, priority_max).value_or(0);
  out.overflow = read_overflow(in);
  return out;
}

template <class T>
Result<T> finished(JsonInput& in, T out) {
  if (auto ok = in.finish(); !ok) return fail(errors::invalid_rule(std::move(ok.error().fields)));
  return out;
}

// ---- writing ----

json::object step_json(const Overflow& step) {
  json::array groups;
  for (const GroupId group : step.groups) groups.emplace_back(group.str());
  return {{"after_s", step.after_s},
          {"groups", std::move(groups)},
          {"drop_skills", step.drop_skills},
          {"drop_language", step.drop_language}};
}

}  // namespace

json::object target_json(const Target& target) {
  json::array skills, overflow;
  for (const SkillNeeded& needed : target.skills)
    skills.push_back(json::object{{"skill", needed.skill.str()}, {"level", needed.level}});
  for (const Overflow& step : target.overflow) overflow.push_back(step_json(step));
  return {{"group", target.group.str()},
          {"skills", std::move(skills)},
          {"match_language", target.match_language},
          {"strategy", word(target.strategy)},
          {"last_agent_first", target.last_agent_first},
          {"priority", target.priority},
          {"overflow", std::move(overflow)}};
}

json::object rule_json(const Rule& rule) {
  return {{"name", rule.name},
          {"enabled", rule.enabled},
          {"condition", condition_json(rule.condition)},
          {"target", target_json(rule.target)}};
}

Result<Target> parse_target(const json::value& body) {
  JsonInput in(body);
  Target target = read_target(in);
  return finished(in, std::move(target));
}

Result<Rule> parse_rule(const json::value& body) {
  JsonInput in(body);
  Rule rule{{}, in.text("name", {1, name_chars_max}), in.optional_boolean("enabled").value_or(true)};
  rule.condition = read_condition(in, "condition");
  JsonInput target = in.object("target");
  rule.target = read_target(target);
  return finished(in, std::move(rule));
}

}  // namespace miniops::routing
