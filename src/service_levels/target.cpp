#include "service_levels/target.hpp"

namespace miniops::service_levels {

namespace {

constexpr std::size_t group_chars_max = 64;

json::value span_or_null(TimeMs ms) { return ms == 0 ? json::value(nullptr) : json::value(ms); }

json::object to_json(const Target& target) {
  return {{"group", target.group},
          {"priority", target.priority ? json::value(*target.priority) : json::value(nullptr)},
          {"first_answer_ms", span_or_null(target.first_answer_ms)},
          {"next_answer_ms", span_or_null(target.next_answer_ms)},
          {"resolution_ms", span_or_null(target.resolution_ms)},
          {"business", target.business}};
}

auto place_of(const Target& target) { return std::pair(target.group, target.priority.value_or(-1)); }

Target read_target(JsonInput& in) {
  const auto ms = [&in](std::string_view key) {
    return in.optional_integer(key, target_ms_min, target_ms_max).value_or(0);
  };
  Target target;
  target.group = in.optional_text("group", {0, group_chars_max}).value_or("");
  target.priority = in.optional_integer("priority", 0, priority_max);
  target.first_answer_ms = ms("first_answer_ms");
  target.next_answer_ms = ms("next_answer_ms");
  target.resolution_ms = ms("resolution_ms");
  target.business = in.optional_boolean("business").value_or(true);
  return target;
}

Warnings read_warnings(JsonInput in) {
  Warnings warnings;
  warnings.half_percent = static_cast<int>(in.integer("half_percent", 0, 99));
  warnings.most_percent = static_cast<int>(in.integer("most_percent", 0, 99));
  if (warnings.half_percent != 0 && warnings.most_percent != 0 && warnings.half_percent >= warnings.most_percent)
    in.mistake("most_percent", "must be more than half_percent");
  return warnings;
}

}  // namespace

TimeMs target_ms(const Target& target, Kind kind) {
  switch (kind) {
    case Kind::first_answer:
      return target.first_answer_ms;
    case Kind::next_answer:
      return target.next_answer_ms;
    case Kind::resolution:
      return target.resolution_ms;
  }
  return 0;
}

json::object to_json(const Targets& targets) {
  json::array items;
  for (const Target& target : targets.items) items.push_back(to_json(target));
  return {
      {"version", targets.version},
      {"warnings", {{"half_percent", targets.warnings.half_percent}, {"most_percent", targets.warnings.most_percent}}},
      {"items", std::move(items)},
      {"updated_by", targets.updated_by},
      {"updated_at", span_or_null(targets.updated_at)}};
}

Result<Targets> parse_targets(const json::value& body) {
  JsonInput in(body);
  Targets targets;
  targets.version = in.integer("version", 0, std::numeric_limits<std::int64_t>::max() - 1);
  targets.warnings = read_warnings(in.object("warnings"));
  if (!in.has("items")) in.mistake("items", "Is required.");
  for (JsonInput& item : in.optional_objects("items", targets_max)) {
    Target target = read_target(item);
    if (std::ranges::find(targets.items, place_of(target), place_of) != targets.items.end())
      item.mistake("group", "this group and priority are here twice");
    targets.items.push_back(std::move(target));
  }
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  std::ranges::sort(targets.items, {}, place_of);
  return targets;
}

}  // namespace miniops::service_levels
