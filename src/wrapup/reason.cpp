#include "wrapup/reason.hpp"

#include <algorithm>

namespace miniops::wrapup {

namespace {

constexpr std::size_t rules_max = 50;
constexpr std::size_t tags_suggested_max = 20;

std::vector<std::int64_t> read_rules(JsonInput& in) {
  std::vector<std::int64_t> rules;
  for (const std::string& text : in.optional_texts("rule_ids", rules_max, {1, 20})) {
    const auto id = parse_id(text);
    if (!id) in.mistake("rule_ids", "must be ids");
    rules.push_back(id.value_or(0));
  }
  return rules;
}

template <class T>
bool contains(const std::vector<T>& all, const T& one) {
  return std::ranges::find(all, one) != all.end();
}

}  // namespace

ReasonPatch read_reason(JsonInput& in, bool is_new) {
  ReasonPatch patch;
  if (is_new) {
    patch.parent = ReasonId(in.optional_id("parent_id").value_or(0));
    patch.name = in.text("name", {1, 32});
  } else {
    patch.name = in.optional_text("name", {1, 32});
    patch.archived = in.optional_boolean("archived");
  }
  if (in.has("rule_ids")) patch.rules = read_rules(in);
  if (in.has("tags")) patch.tags = in.optional_texts("tags", tags_suggested_max, {1, 32});
  return patch;
}

const Reason* find(const Reasons& reasons, ReasonId id) {
  const auto found = std::ranges::find(reasons, id, &Reason::id);
  return found == reasons.end() ? nullptr : &*found;
}

bool choosable(const Reasons& reasons, const Reason& reason) {
  if (reason.archived) return false;
  if (const Reason* above = find(reasons, reason.parent); above != nullptr && above->archived) return false;
  return std::ranges::none_of(reasons, [&](const Reason& one) { return one.parent == reason.id && !one.archived; });
}

std::string path_of(const Reasons& reasons, const Reason& reason) {
  const Reason* above = find(reasons, reason.parent);
  return above == nullptr ? reason.name : above->name + " / " + reason.name;
}

ReasonId suggested(const Reasons& reasons, std::int64_t rule, const std::vector<std::string>& tags) {
  for (const Reason& one : reasons)
    if (rule != 0 && contains(one.rules, rule) && choosable(reasons, one)) return one.id;
  for (const std::string& tag : tags)
    for (const Reason& one : reasons)
      if (contains(one.tags, tag) && choosable(reasons, one)) return one.id;
  return {};
}

json::object to_json(const Reasons& reasons, const Reason& reason) {
  json::array rules;
  for (const std::int64_t rule : reason.rules) rules.emplace_back(std::to_string(rule));
  return {{"id", reason.id.str()},
          {"parent_id", reason.parent.empty() ? json::value(nullptr) : json::value(reason.parent.str())},
          {"name", reason.name},
          {"rule_ids", std::move(rules)},
          {"tags", json::array(reason.tags.begin(), reason.tags.end())},
          {"archived", reason.archived},
          {"used", reason.used},
          {"choosable", choosable(reasons, reason)}};
}

}  // namespace miniops::wrapup
