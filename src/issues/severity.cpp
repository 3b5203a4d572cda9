#include "issues/severity.hpp"

#include <algorithm>

namespace miniops::issues {

namespace {

// A share of the sessions, with how many users it takes to be sure of it.
struct SeverityStep {
  double share;
  double users;
  std::string_view code;
  std::string_view words;
};
constexpr std::array<SeverityStep, 3> steps{{{0.05, 20, "reach_5", "in at least 5 % of the sessions"},
                                             {0.01, 5, "reach_1", "in at least 1 % of the sessions"},
                                             {0.001, 2, "reach_01", "in at least 0.1 % of the sessions"}}};

constexpr std::array<std::string_view, 4> key_apis{"login", "requestPayment", "checkSession", "requestVirtualPayment"};

Judgement by_reach(const Reach& reach) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (reach.session_share < steps[i].share) continue;
    Judgement out;
    out.reasons.push_back({std::string(steps[i].code), std::string(steps[i].words)});
    std::size_t step = i;
    while (step < steps.size() && reach.users < steps[step].users) ++step;
    if (step > i)
      out.reasons.push_back({"few_users", fmt::format("of {:.0f} users only: that many may be chance", reach.users)});
    out.severity = static_cast<Severity>(step);
    return out;
  }
  return {Severity::p3, {{"reach_low", "in less than 0.1 % of the sessions"}}};
}

}  // namespace

Nature nature_of(const Failure& failure, telemetry::Level level) {
  const bool key_api = failure.kind == Kind::api && std::ranges::find(key_apis, failure.api) != key_apis.end();
  return {failure.kind, level, failure.handled, failure.refused, key_api || failure.kind == Kind::blank_screen};
}

Judgement judge_severity(const Nature& nature, const Reach& reach) {
  Judgement out = by_reach(reach);
  int step = static_cast<int>(out.severity);
  const bool key = nature.key_job && !nature.refused;
  if (key) {
    --step;
    out.reasons.push_back({"key_job", "login, payment, or an empty page: one worse"});
  }
  const bool mild = nature.handled || nature.refused ||
                    (nature.level != telemetry::Level::none && nature.level < telemetry::Level::error);
  if (mild && !key) {
    ++step;
    out.reasons.push_back({"mild", "caught by the program, refused by the user, or a warning: one better"});
  }
  out.severity = static_cast<Severity>(std::clamp(step, 0, 3));
  return out;
}

json::array to_json(const std::vector<SeverityReason>& reasons) {
  json::array out;
  for (const SeverityReason& reason : reasons)
    out.push_back(json::object{{"code", reason.code}, {"text", reason.text}});
  return out;
}

}  // namespace miniops::issues
