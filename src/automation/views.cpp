#include "automation/views.hpp"

#include "base/mask.hpp"

namespace miniops::automation {

namespace {

json::value or_null(TimeMs at) { return at == 0 ? json::value(nullptr) : json::value(at); }

json::array to_json(const std::vector<Warning>& warnings) {
  json::array out;
  for (const Warning& one : warnings) {
    const bool broken = one.kind == WarningKind::broken;
    out.push_back(
        json::object{{"kind", word(one.kind)}, {"action", broken ? json::value(one.step) : json::value(nullptr)}});
  }
  return out;
}

json::array to_json(const std::vector<Compared>& compared) {
  json::array out;
  for (const Compared& one : compared)
    out.push_back(json::object{{"index", one.index},
                               {"field", word(one.field)},
                               {"op", word(one.comparison)},
                               {"key", one.key},
                               {"held", one.held}});
  return out;
}

std::string_view result_word(const StepResult& step) {
  if (!step.refused.empty()) return "refused";
  return step.effect ? "done" : "no_effect";
}

}  // namespace

json::object to_json(const RuleShown& shown) {
  json::object out = rule_json(shown.placed.rule);
  out["id"] = shown.placed.rule.id.str();
  out["position"] = shown.position;
  out["version"] = shown.placed.version;
  out["paused_at"] = or_null(shown.placed.paused_at);
  out["warnings"] = to_json(shown.warnings);
  out["updated_by"] = shown.placed.updated_by;
  out["updated_at"] = shown.placed.updated_at;
  return out;
}

json::object to_json(const LogEntry& entry) {
  json::array actions;
  for (const StepResult& one : entry.steps)
    actions.push_back(json::object{{"kind", word(one.kind)},
                                   {"result", result_word(one)},
                                   {"code", one.refused.empty() ? json::value(nullptr) : json::value(one.refused)}});
  return {{"id", entry.id.str()},
          {"at", entry.at},
          {"rule_id", entry.rule.str()},
          {"rule_name", entry.rule_name},
          {"conversation_id", std::to_string(entry.conversation)},
          {"event", word(entry.event)},
          {"outcome", word(entry.outcome)},
          {"actions", std::move(actions)},
          {"compared", to_json(entry.compared)}};
}

json::object to_json(const DryRun& run, bool personal_data) {
  json::array items;
  std::int64_t fired = 0, firings = 0;
  for (const Tried& one : run.tried) {
    fired += one.firings > 0 ? 1 : 0;
    firings += one.firings;
    const std::string& name = one.conversation->nickname;
    items.push_back(json::object{{"conversation_id", std::to_string(one.conversation->id)},
                                 {"nickname", personal_data ? name : mask_personal_data(name)},
                                 {"opened_at", one.conversation->opened_at},
                                 {"events", one.events},
                                 {"firings", one.firings},
                                 {"fired_at", or_null(one.fired_at)},
                                 {"compared", to_json(one.compared)}});
  }
  return {{"conversations", std::ssize(run.tried)},
          {"fired", fired},
          {"firings", firings},
          {"warnings", to_json(run.warnings)},
          {"items", std::move(items)}};
}

}  // namespace miniops::automation
