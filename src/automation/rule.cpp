#include "automation/rule.hpp"

#include "quick_replies/variables.hpp"
#include "routing/rule.hpp"

namespace miniops::automation {

namespace {

constexpr std::size_t name_chars_max = 64, text_chars_max = 2048, tag_chars_max = 32;
constexpr std::int64_t level_max = 9, park_minutes_max = 30 * 24 * 60;

enum class Holds { text, tag, tier, number, id, nothing };

// What a step says besides its kind, and under which key.
struct Form {
  std::string_view key;
  Holds holds;
  std::int64_t number_max = 0;
};
constexpr std::array<Form, step_words.size()> forms{{{"text", Holds::text},
                                                     {"quick_reply_id", Holds::id},
                                                     {"text", Holds::text},
                                                     {"tag", Holds::tag},
                                                     {"tag", Holds::tag},
                                                     {"level", Holds::number, level_max},
                                                     {"priority", Holds::number, routing::priority_max},
                                                     {"text", Holds::text},
                                                     {"account_id", Holds::id},
                                                     {"group_id", Holds::id},
                                                     {"tier", Holds::tier},
                                                     {"minutes", Holds::number, park_minutes_max},
                                                     {"", Holds::nothing}}};

const Form& form_of(StepKind kind) { return forms[static_cast<std::size_t>(kind)]; }
bool ends(StepKind kind) { return kind >= StepKind::transfer_agent; }

std::size_t chars_max_of(StepKind kind) { return kind == StepKind::notify_supervisor ? 200 : text_chars_max; }

Step read_step(JsonInput& in) {
  const std::string text = in.text("kind", {1, 32});
  const auto kind = parse_word<StepKind>(text);
  if (!kind) {
    if (!text.empty()) in.mistake("kind", "is nothing that rules do");
    for (const std::string_view key : {"text", "tag", "tier", "level", "priority", "minutes", "account_id", "group_id",
                                       "quick_reply_id", "reason_id"})
      in.optional_value(key);
    return {};
  }
  Step step{*kind};
  const Form& form = form_of(*kind);
  if (form.holds == Holds::text) step.text = in.text(form.key, {1, chars_max_of(*kind)});
  if (form.holds == Holds::tag) step.text = in.text(form.key, {1, tag_chars_max});
  if (form.holds == Holds::tier) step.text = in.choice(form.key, {"ordinary", "expert"});
  if (form.holds == Holds::number) step.number = in.integer(form.key, 0, form.number_max);
  if (form.holds == Holds::id) {
    step.number = in.optional_id(form.key).value_or(0);
    if (!in.has(form.key)) in.mistake(form.key, "must be an id");
  }
  if (*kind == StepKind::close) step.number = in.optional_id("reason_id").value_or(0);
  if (*kind == StepKind::send_text)
    if (auto ok = quick_replies::check_variables(step.text); !ok) in.mistake("text", ok.error().message);
  return step;
}

// What a closed conversation cannot have done to it.
bool needs_open(StepKind kind) { return sends(kind) || ends(kind); }

std::vector<Step> read_steps(JsonInput& in, EventKind when) {
  std::vector<Step> steps;
  auto given = in.optional_objects("actions", steps_max);
  if (given.empty()) in.mistake("actions", "must be a list that is not empty");
  int messages = 0;
  for (std::size_t i = 0; i < given.size(); ++i) {
    JsonInput& one = given[i];
    steps.push_back(read_step(one));
    const StepKind kind = steps.back().kind;
    if (sends(kind) && ++messages == messages_max + 1) one.mistake("kind", "is one of more than 3 messages");
    if (ends(kind) && i + 1 < given.size()) one.mistake("kind", "transferring, parking and closing come last");
    if (when == EventKind::closed && needs_open(kind)) one.mistake("kind", "cannot be done when it is closed");
  }
  return steps;
}

Trigger read_trigger(JsonInput& in) {
  const std::string text = in.text("event", {1, 32});
  const auto kind = parse_word<EventKind>(text);
  if (!kind && !text.empty()) in.mistake("event", "is no event that rules know");
  Trigger out{kind.value_or(EventKind::opened)};
  const bool timed = is_timed(out.kind), scored = out.kind == EventKind::scored;
  out.minutes = timed ? in.integer("minutes", 1, minutes_max) : in.optional_integer("minutes", 0, 0).value_or(0);
  const auto score = in.optional_integer("score_max", 1, 5);
  if (score && !scored && *score != 5) in.mistake("score_max", "is asked of scores only");
  out.score_max = static_cast<int>(score.value_or(5));
  return out;
}

json::object step_json(const Step& step) {
  const Form& form = form_of(step.kind);
  json::object out{{"kind", word(step.kind)}};
  if (form.holds == Holds::text || form.holds == Holds::tag || form.holds == Holds::tier) out[form.key] = step.text;
  if (form.holds == Holds::number) out[form.key] = step.number;
  if (form.holds == Holds::id) out[form.key] = std::to_string(step.number);
  if (step.kind == StepKind::close && step.number != 0) out["reason_id"] = std::to_string(step.number);
  return out;
}

}  // namespace

Result<Rule> parse_rule(const json::value& body) {
  JsonInput in(body);
  Rule rule{{}, in.text("name", {1, name_chars_max}), in.optional_boolean("enabled").value_or(true)};
  JsonInput when = in.object("when");
  rule.when = read_trigger(when);
  rule.condition = routing::read_condition(in, "condition");
  rule.steps = read_steps(in, rule.when.kind);
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  return rule;
}

json::object rule_json(const Rule& rule) {
  json::object when{{"event", word(rule.when.kind)}};
  if (is_timed(rule.when.kind)) when["minutes"] = rule.when.minutes;
  if (rule.when.kind == EventKind::scored) when["score_max"] = rule.when.score_max;
  json::array actions;
  for (const Step& step : rule.steps) actions.push_back(step_json(step));
  return {{"name", rule.name},
          {"enabled", rule.enabled},
          {"when", std::move(when)},
          {"condition", routing::condition_json(rule.condition)},
          {"actions", std::move(actions)}};
}

bool matches_everything(const Rule& rule) {
  const bool narrow = is_timed(rule.when.kind) || (rule.when.kind == EventKind::scored && rule.when.score_max < 5);
  return !narrow && routing::always_holds(rule.condition);
}

}  // namespace miniops::automation
