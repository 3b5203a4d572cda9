#include "issues/handling.hpp"

#include <algorithm>

namespace miniops::issues {

namespace {

json::value shown(const std::optional<Assignee>& assignee) {
  if (!assignee) return nullptr;
  return json::object{{"id", assignee->id.str()}, {"name", assignee->name}};
}

json::value shown(const std::optional<Ignoring>& ignored) {
  if (!ignored) return nullptr;
  return json::object{{"until_at", ignored->until_at},
                      {"until_count", ignored->until_count},
                      {"seen", ignored->seen},
                      {"until_release", ignored->until_release},
                      {"after_release", ignored->after_release}};
}

json::object all_of(const Handling& handling) {
  return {{"state", to_string(handling.state)},
          {"fixed_in", handling.fixed_in},
          {"resolved_at", handling.resolved_at},
          {"regressed_at", handling.regressed_at},
          {"assignee", shown(handling.assignee)},
          {"severity", handling.severity ? json::value(to_string(*handling.severity)) : json::value(nullptr)},
          {"ignored", shown(handling.ignored)},
          {"tracker_url", handling.tracker_url}};
}

std::string text_of(const json::value& value) { return value.is_string() ? std::string(value.as_string()) : ""; }
std::int64_t number_of(const json::value& value) { return value.is_int64() ? value.as_int64() : 0; }

std::optional<Assignee> assignee_of(const json::value& value) {
  if (!value.is_object()) return std::nullopt;
  const auto id = parse_id(text_of(value.at("id")));
  return id ? std::optional(Assignee{identity::AccountId(*id), text_of(value.at("name"))}) : std::nullopt;
}

std::optional<Ignoring> ignoring_of(const json::value& value) {
  if (!value.is_object()) return std::nullopt;
  const json::object& object = value.as_object();
  return Ignoring{number_of(object.at("until_at")), number_of(object.at("until_count")),
                  object.at("seen").to_number<double>(), object.at("until_release").as_bool(),
                  text_of(object.at("after_release"))};
}

}  // namespace

std::int64_t ReleaseOrder::place(const std::string& release) const {
  const auto found = places_.find(release);
  return found == places_.end() ? 0 : found->second;
}

bool ReleaseOrder::is_newer(const std::string& release, const std::string& than) const {
  return knows(release) && knows(than) && place(release) > place(than);
}

std::string ReleaseOrder::newest() const {
  const auto found = std::ranges::max_element(places_, {}, [](const auto& one) { return one.second; });
  return found == places_.end() ? std::string() : found->first;
}

std::int64_t ReleaseOrder::last_place() const { return place(newest()); }

json::object difference(const Handling& of, const Handling& from) {
  const json::object before = all_of(from);
  json::object out;
  for (const auto& [name, value] : all_of(of))
    if (before.at(name) != value) out[name] = value;
  return out;
}

Handling with(const json::object& difference, Handling handling) {
  json::object all = all_of(handling);
  for (const auto& [name, value] : difference) all[name] = value;
  Handling out;
  out.state = parse_workflow(text_of(all.at("state"))).value_or(handling.state);
  out.fixed_in = text_of(all.at("fixed_in"));
  out.resolved_at = number_of(all.at("resolved_at"));
  out.regressed_at = number_of(all.at("regressed_at"));
  out.assignee = assignee_of(all.at("assignee"));
  out.severity = parse_severity(text_of(all.at("severity")));
  out.ignored = ignoring_of(all.at("ignored"));
  out.tracker_url = text_of(all.at("tracker_url"));
  return out;
}

void resolve(Handling& handling, Workflow state, std::string fixed_in, TimeMs now) {
  handling.state = state;
  handling.fixed_in = std::move(fixed_in);
  handling.resolved_at = now;
  handling.regressed_at = 0;
}

Verdict judge(const Handling& handling, const Sighting& sighting, const ReleaseOrder& releases) {
  if (const auto& ignored = handling.ignored) {
    const bool by_time = ignored->until_at > 0 && sighting.received_at >= ignored->until_at;
    const bool by_release =
        ignored->until_release &&
        (ignored->after_release.empty() ? !sighting.release.empty()
                                        : releases.is_newer(sighting.release, ignored->after_release));
    return by_time || by_release ? Verdict::wake : Verdict::nothing;
  }
  if (!is_resolved(handling.state) || sighting.received_at < handling.resolved_at) return Verdict::nothing;
  // Without releases only time tells: what happened before the fix and arrives after it says nothing.
  const bool back = handling.fixed_in.empty() ? sighting.time > handling.resolved_at
                                              : releases.is_newer(sighting.release, handling.fixed_in);
  return back ? Verdict::regress : Verdict::nothing;
}

bool is_silent(const Handling& handling, TimeMs now) {
  const auto& ignored = handling.ignored;
  if (!ignored) return false;
  const bool time_is_up = ignored->until_at > 0 && now >= ignored->until_at;
  const bool count_is_up = ignored->until_count > 0 && ignored->seen >= static_cast<double>(ignored->until_count);
  return !time_is_up && !count_is_up;
}

void regress(Handling& handling, TimeMs at) {
  handling.state = Workflow::found;
  handling.fixed_in.clear();
  handling.resolved_at = 0;
  handling.regressed_at = at;
}

}  // namespace miniops::issues
