#include "quick_replies/macro.hpp"

#include "quick_replies/errors.hpp"
#include "quick_replies/variables.hpp"

namespace miniops::quick_replies {

namespace {

constexpr std::int64_t level_max = 9;
constexpr std::size_t tags_max = 20;
constexpr std::int64_t park_minutes_max = 30 * 24 * 60;

enum class Holds { text, tag, tier, number, id, wrap_up };

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
                                                     {"account_id", Holds::id},
                                                     {"group_id", Holds::id},
                                                     {"tier", Holds::tier},
                                                     {"minutes", Holds::number, park_minutes_max},
                                                     {"reason_id", Holds::wrap_up}}};

const Form& form_of(StepKind kind) { return forms[static_cast<std::size_t>(kind)]; }

bool sends(StepKind kind) { return kind == StepKind::send_text || kind == StepKind::send_reply; }

bool ends(StepKind kind) { return kind >= StepKind::transfer_agent; }

Step read_step(JsonInput& in) {
  const std::string kind = in.choice("kind", {"send_text", "send_reply", "note", "add_tag", "remove_tag", "set_level",
                                              "transfer_agent", "transfer_group", "transfer_tier", "park", "close"});
  Step step{parse_word<StepKind>(kind).value_or(StepKind::close)};
  const Form& form = form_of(step.kind);
  if (form.holds == Holds::text) step.text = in.text(form.key, {1, content_rule.chars_max});
  if (form.holds == Holds::tag) step.text = in.text(form.key, {1, 32});
  if (form.holds == Holds::tier) step.text = in.choice(form.key, {"ordinary", "expert"});
  if (form.holds == Holds::number) step.number = in.integer(form.key, 0, form.number_max);
  if (form.holds == Holds::id) {
    step.number = in.optional_id(form.key).value_or(0);
    if (!in.has(form.key)) in.mistake(form.key, "must be an id");
  }
  if (form.holds == Holds::wrap_up) {
    step.number = in.optional_id(form.key).value_or(0);
    step.tags = in.optional_texts("tags", tags_max, {1, 32});
  }
  return step;
}

}  // namespace

MacroPatch read_macro(JsonInput& in) {
  MacroPatch patch;
  if (const auto scope = in.optional_choice("scope", {"personal", "shared"})) patch.shared = *scope == "shared";
  patch.name = in.optional_text("name", {1, 64});
  if (!in.has("actions")) return patch;
  patch.steps.emplace();
  for (JsonInput& step : in.optional_objects("actions", steps_max)) patch.steps->push_back(read_step(step));
  return patch;
}

Result<void> check_steps(const std::vector<Step>& steps) {
  if (steps.empty()) return fail(errors::invalid_macro("it does nothing"));
  if (steps.size() > steps_max) return fail(errors::invalid_macro("it has more than 10 actions"));
  if (std::ranges::count_if(steps, [](const Step& step) { return sends(step.kind); }) >
      static_cast<std::ptrdiff_t>(messages_max))
    return fail(errors::invalid_macro("it sends more than 5 messages"));
  for (const Step& step : steps) {
    if (ends(step.kind) && &step != &steps.back())
      return fail(errors::invalid_macro("transferring, parking and closing come last"));
    if (step.kind != StepKind::send_text) continue;
    if (auto ok = check_variables(step.text); !ok) return ok;
  }
  return {};
}

json::array to_json(const std::vector<Step>& steps) {
  json::array out;
  for (const Step& step : steps) {
    const Form& form = form_of(step.kind);
    json::object one{{"kind", word(step.kind)}};
    if (form.holds == Holds::text || form.holds == Holds::tag || form.holds == Holds::tier) one[form.key] = step.text;
    if (form.holds == Holds::number) one[form.key] = step.number;
    if (form.holds == Holds::id || (form.holds == Holds::wrap_up && step.number != 0))
      one[form.key] = std::to_string(step.number);
    if (!step.tags.empty()) one["tags"] = json::array(step.tags.begin(), step.tags.end());
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<Step> stored_steps(const std::string& text) {
  const json::value body = json::object{{"actions", json::parse(text)}};
  JsonInput in(body);
  return read_macro(in).steps.value_or(std::vector<Step>{});
}

}  // namespace miniops::quick_replies
