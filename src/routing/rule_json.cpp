#include <set>

#include "base/text.hpp"
#include "routing/errors.hpp"
#include "routing/rule.hpp"

namespace miniops::routing {

namespace {

using enum Comparison;

constexpr std::size_t texts_max = 20, text_chars_max = 200, key_chars_max = 64, name_chars_max = 64;
constexpr std::size_t skills_max = 8, steps_max = 5, groups_max = 10;
constexpr std::int64_t wait_s_max = 2 * day_ms / second_ms;  // the window is over by then

// What names level or identity must be signed.
constexpr std::array<std::string_view, 5> signed_only{"level", "unionid", "outside_id", "login_id", "phone"};

bool takes(Field field, Comparison comparison) {
  const auto one_of = [comparison](std::initializer_list<Comparison> all) {
    return std::ranges::find(all, comparison) != all.end();
  };
  switch (field) {
    case Field::page:
      return one_of({is, is_not, starts_with});
    case Field::parameter:
    case Field::signed_parameter:
      return one_of({is, is_not, starts_with, set, not_set});
    case Field::tag:
      return one_of({has, has_not});
    case Field::level:
      return one_of({is, at_least, at_most});
    case Field::text:
      return one_of({is, has, has_not});
    case Field::time:
      return one_of({within, outside});
    case Field::open:
      return comparison == is;
    case Field::waiting:
      return one_of({at_least, at_most});
    case Field::msgtype:
    case Field::language:
      return one_of({is, is_not});
  }
  return false;
}

bool has_key(Field field) { return field == Field::parameter || field == Field::signed_parameter; }

// ---- reading ----

class ConditionReader {
 public:
  Condition read(JsonInput& in, int depth) {
    if (in.has("all")) return list(in, "all", Condition::Kind::all, depth);
    if (in.has("any")) return list(in, "any", Condition::Kind::any, depth);
    return comparison(in);
  }

 private:
  Condition list(JsonInput& in, std::string_view key, Condition::Kind kind, int depth) {
    Condition out{kind};
    if (depth == depth_max) {
      in.optional_value(key);
      in.mistake(key, "is more than 4 levels deep");
      return out;
    }
    auto parts = in.optional_objects(key, comparisons_max);
    if (parts.empty()) in.mistake(key, "must be a list that is not empty");
    for (JsonInput& part : parts) out.parts.push_back(read(part, depth + 1));
    return out;
  }

  Condition comparison(JsonInput& in) {
    if (++comparisons_ == comparisons_max + 1) in.mistake("", "is one of more than 30 comparisons");
    const std::string field_text = in.text("field", {1, 32}), op_text = in.text("op", {1, 32});
    const auto field = parse_word<Field>(field_text);
    const auto op = parse_word<Comparison>(op_text);
    if (!field && !field_text.empty()) in.mistake("field", "is no field that rules ask for");
    if (!op && !op_text.empty()) in.mistake("op", "is no comparison");
    if (!field || !op) {
      in.optional_value("key");
      in.optional_value("value");
      return {};
    }
    if (!takes(*field, *op)) in.mistake("op", fmt::format("{} is not compared in this way", word(*field)));
    Condition out{Condition::Kind::comparison, {}, *field, *op};
    if (has_key(*field)) out.key = key(in, *field);
    out.value = value(in, *field, *op);
    return out;
  }

  static std::string key(JsonInput& in, Field field) {
    std::string name = in.text("key", {1, key_chars_max});
    if (field == Field::parameter && std::ranges::find(signed_only, name) != signed_only.end())
      in.mistake("key", "counts only when it is signed: ask for the signed_parameter");
    return name;
  }

  static Value value(JsonInput& in, Field field, Comparison op) {
    if (op == set || op == not_set) return {};
    switch (field) {
      case Field::level:
        return in.integer("value", 0, 9);
      case Field::waiting:
        return in.integer("value", 1, wait_s_max);
      case Field::open:
        return in.boolean("value");
      case Field::time:
        return hours(in);
      default:
        return texts(in, field);
    }
  }

  static Value hours(JsonInput& in) {
    const json::value* given = in.optional_value("value");
    if (given == nullptr) {
      in.mistake("value", "Is required.");
      return {};
    }
    auto calendar = calendar::parse_calendar(*given);
    if (calendar) return std::move(*calendar);
    for (const FieldError& field : calendar.error().fields)
      in.mistake("value", fmt::format("{}: {}", field.pointer, field.message));
    return {};
  }

  static std::vector<std::string> texts(JsonInput& in, Field field) {
    auto texts = in.optional_texts("value", texts_max, {1, text_chars_max});
    if (texts.empty()) in.mistake("value", "must be a list of texts that is not empty");
    // These would be left with nothing, and nothing is found everywhere.
    const std::string_view dropped = field == Field::page ? "/" : " \t\r\n";
    for (const std::string& text : texts)
      if (text.find_first_not_of(dropped) == std::string::npos) in.mistake("value", "has a text that says nothing");
    return texts;
  }

  std::size_t comparisons_ = 0;
};

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

json::array texts_json(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

json::value value_json(const Value& value) {
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) return texts_json(*texts);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  if (const auto* hours = std::get_if<calendar::Calendar>(&value)) return calendar::to_json(*hours);
  return nullptr;
}

json::object condition_json(const Condition& condition) {
  if (condition.kind == Condition::Kind::comparison) {
    json::object out{{"field", word(condition.field)}, {"op", word(condition.comparison)}};
    if (has_key(condition.field)) out["key"] = condition.key;
    if (!std::holds_alternative<std::monostate>(condition.value)) out["value"] = value_json(condition.value);
    return out;
  }
  json::array parts;
  for (const Condition& part : condition.parts) parts.push_back(condition_json(part));
  json::object out;
  out[condition.kind == Condition::Kind::all ? "all" : "any"] = std::move(parts);
  return out;
}

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
  const bool everything = rule.condition == Condition{};
  return {{"name", rule.name},
          {"enabled", rule.enabled},
          {"condition", everything ? json::value(nullptr) : json::value(condition_json(rule.condition))},
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
  JsonInput condition = in.object("condition", false);
  if (in.has("condition")) rule.condition = ConditionReader().read(condition, 1);
  JsonInput target = in.object("target");
  rule.target = read_target(target);
  return finished(in, std::move(rule));
}

}  // namespace miniops::routing
