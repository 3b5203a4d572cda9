#include "alerts/json_words.hpp"
#include "alerts/rule.hpp"

namespace miniops::alerts {

namespace {

using events::Field;

constexpr TimeMs week_ms = 7 * day_ms;
constexpr double largest = 1e15;
constexpr std::array<std::pair<std::string_view, Field>, 8> columns{{{"page", Field::page},
                                                                     {"release", Field::release},
                                                                     {"region", Field::region},
                                                                     {"network", Field::network},
                                                                     {"name", Field::name},
                                                                     {"scene", Field::scene},
                                                                     {"client", Field::client},
                                                                     {"device", Field::device}}};

// ---- reading ----

RecordScope read_scope(JsonInput& watch) {
  JsonInput in = watch.object("scope", false);
  RecordScope scope;
  scope.page_prefixes = in.optional_texts("page_prefixes", 20, {1, 200});
  scope.releases = in.optional_texts("releases", 20, {0, 200});
  scope.regions = in.optional_texts("regions", 40, {0, 200});
  scope.networks = in.optional_texts("networks", 10, {0, 200});
  scope.builds = in.optional_texts("builds", 4, {0, 10});
  return scope;
}

Statistic read_statistic(JsonInput& in, std::initializer_list<Statistic> allowed) {
  const auto chosen = optional_word<Statistic>(in, "statistic");
  if (!chosen) return *allowed.begin();
  if (std::ranges::find(allowed, *chosen) == allowed.end()) in.mistake("statistic", "does not go with this kind");
  return *chosen;
}

void read_business(JsonInput& in, Watch& watch) {
  watch.of = word_of<BusinessFigure>(in, "of");
  if (watch.of == BusinessFigure::people) {
    watch.statistic = Statistic::people;
    return;
  }
  watch.event = in.text("event", {1, 200});
  watch.statistic = read_statistic(in, {Statistic::count, Statistic::people});
  if (watch.of == BusinessFigure::event_ratio) watch.per_event = in.text("per_event", {1, 200});
}

Per read_per(JsonInput& in, Per besides) {
  const Per per = optional_word<Per>(in, "per").value_or(Per::sessions);
  if (per != Per::sessions && per != besides) in.mistake("per", "does not go with this kind");
  return per;
}

Watch read_watch(JsonInput& in, RuleKind kind) {
  using enum Statistic;
  Watch watch;
  switch (kind) {
    case RuleKind::performance:
      watch.metric = in.text("metric", {1, 200});
      watch.statistic = read_statistic(in, {p75, mean, p50, p90, p95, p99, slow});
      if (watch.statistic == slow) watch.slow_ms = optional_number(in, "slow_ms", 1, 600'000).value_or(0);
      break;
    case RuleKind::error_rate:
      watch.names = in.optional_texts("names", 20, {1, 200});
      watch.per = read_per(in, Per::people);
      break;
    case RuleKind::error_count:
      watch.names = in.optional_texts("names", 20, {1, 200});
      watch.statistic = read_statistic(in, {count, sessions, people});
      break;
    case RuleKind::new_issue:
    case RuleKind::regressed_issue:
      watch.names = in.optional_texts("names", 20, {1, 200});
      break;
    case RuleKind::traffic:
      watch.statistic = read_statistic(in, {sessions, people, count});
      break;
    case RuleKind::request_failure_rate:
      watch.url_contains = in.optional_text("url_contains", {0, 200}).value_or("");
      watch.per = read_per(in, Per::requests);
      break;
    case RuleKind::business:
      read_business(in, watch);
      break;
    case RuleKind::log_match:
      watch.query = in.text("query", {1, 2000});
      watch.statistic = read_statistic(in, {count, sessions, people});
      break;
    case RuleKind::saved_query:
      if (!in.has("query_id")) in.mistake("query_id", "is missing");
      watch.query_id = in.optional_id("query_id").value_or(0);
      watch.statistic = read_statistic(in, {count, sessions, people});
      break;
    case RuleKind::health:
      watch.figure = in.text("figure", {1, 100});
      return watch;
  }
  watch.scope = read_scope(in);
  return watch;
}

Condition read_condition(JsonInput& in, const Rule& rule) {
  Condition condition;
  condition.type = word_of<ConditionType>(in, "type");
  condition.direction = word_of<Direction>(in, "direction");
  condition.min_sample = optional_number(in, "min_sample", 1, 1e6).value_or(shape_of(rule) == Shape::level ? 1 : 20);
  if (condition.type == ConditionType::fixed) {
    if (!in.has("threshold")) in.mistake("threshold", "is missing");
    condition.threshold = optional_number(in, "threshold", -largest, largest).value_or(0);
    if (condition.direction == Direction::either) in.mistake("direction", "a threshold lies above or below");
    return condition;
  }
  if (rule.kind == RuleKind::health) in.mistake("type", "the server's own figures have no past: static only");
  condition.percent = optional_number(in, "percent", 1, 10000).value_or(50);
  condition.least = optional_number(in, "least", 0, largest).value_or(0);
  if (condition.type == ConditionType::change) {
    condition.against = word_of<Against>(in, "against");
  } else {
    condition.sensitivity = optional_word<Sensitivity>(in, "sensitivity").value_or(Sensitivity::medium);
  }
  return condition;
}

std::optional<Field> read_column(JsonInput& in, RuleKind kind) {
  const auto name = in.optional_text("group_by", {1, 20});
  if (!name) return std::nullopt;
  if (is_event(kind) || kind == RuleKind::health) in.mistake("group_by", "does not go with this kind");
  for (const auto& [known, field] : columns)
    if (known == *name) return field;
  in.mistake("group_by", "is no column to group by");
  return std::nullopt;
}

void read_timing(JsonInput& in, Rule& rule) {
  rule.window_ms = in.optional_integer("window_ms", minute_ms, day_ms).value_or(rule.window_ms);
  if (rule.window_ms % minute_ms != 0) in.mistake("window_ms", "must be whole minutes");
  rule.for_ms = in.optional_integer("for_ms", 0, day_ms).value_or(rule.for_ms);
  rule.clear_ms =
      in.optional_integer("clear_ms", minute_ms, week_ms).value_or(is_event(rule.kind) ? day_ms : rule.clear_ms);
}

void read_handling(JsonInput& in, Rule& rule) {
  rule.severity = word_of<Severity>(in, "severity");
  rule.priority = word_of<Priority>(in, "priority");
  rule.no_data = optional_word<Policy>(in, "no_data").value_or(rule.no_data);
  rule.too_little_data = optional_word<Policy>(in, "too_little_data").value_or(rule.too_little_data);
  rule.query_failed = optional_word<Policy>(in, "query_failed").value_or(rule.query_failed);
  rule.receivers = in.optional_texts("receivers", 10, {1, 64});
  for (const std::string& name : in.optional_texts("inhibits", kind_count, {1, 32})) {
    const auto kind = parse_word<RuleKind>(name);
    if (!kind) in.mistake("inhibits", "names no kind of rule");
    rule.inhibits.push_back(kind.value_or(RuleKind::health));
  }
  rule.advice = in.optional_text("advice", {0, 2000}).value_or("");
}

// ---- writing ----

void write_names(json::object& out, const Watch& watch) {
  if (!watch.names.empty()) out["names"] = texts(watch.names);
}

json::object scope_json(const RecordScope& scope) {
  json::object out;
  const auto add = [&](std::string_view key, const std::vector<std::string>& all) {
    if (!all.empty()) out[key] = texts(all);
  };
  add("page_prefixes", scope.page_prefixes);
  add("releases", scope.releases);
  add("regions", scope.regions);
  add("networks", scope.networks);
  add("builds", scope.builds);
  return out;
}

}  // namespace

std::string_view column_word(std::optional<Field> field) {
  for (const auto& [name, known] : columns)
    if (field == known) return name;
  return "";
}

json::object watch_json(const Rule& rule) {
  const Watch& watch = rule.watch;
  json::object out;
  switch (rule.kind) {
    case RuleKind::performance:
      out = {{"metric", watch.metric}, {"statistic", word(watch.statistic)}};
      if (watch.slow_ms > 0) out["slow_ms"] = watch.slow_ms;
      break;
    case RuleKind::error_rate:
      out = {{"per", word(watch.per)}};
      write_names(out, watch);
      break;
    case RuleKind::error_count:
      out = {{"statistic", word(watch.statistic)}};
      write_names(out, watch);
      break;
    case RuleKind::new_issue:
    case RuleKind::regressed_issue:
      write_names(out, watch);
      break;
    case RuleKind::traffic:
      out = {{"statistic", word(watch.statistic)}};
      break;
    case RuleKind::request_failure_rate:
      out = {{"per", word(watch.per)}};
      if (!watch.url_contains.empty()) out["url_contains"] = watch.url_contains;
      break;
    case RuleKind::business:
      out = {{"of", word(watch.of)}};
      if (watch.of == BusinessFigure::people) break;
      out["event"] = watch.event;
      out["statistic"] = word(watch.statistic);
      if (watch.of == BusinessFigure::event_ratio) out["per_event"] = watch.per_event;
      break;
    case RuleKind::log_match:
      out = {{"query", watch.query}, {"statistic", word(watch.statistic)}};
      break;
    case RuleKind::saved_query:
      out = {{"query_id", std::to_string(watch.query_id)}, {"statistic", word(watch.statistic)}};
      break;
    case RuleKind::health:
      return {{"figure", watch.figure}};
  }
  if (watch.scope != RecordScope{}) out["scope"] = scope_json(watch.scope);
  return out;
}

json::value condition_json(const Rule& rule) {
  if (is_event(rule.kind)) return nullptr;
  const Condition& condition = rule.condition;
  json::object out{
      {"type", word(condition.type)}, {"direction", word(condition.direction)}, {"min_sample", condition.min_sample}};
  if (condition.type == ConditionType::fixed) {
    out["threshold"] = condition.threshold;
    return out;
  }
  out["percent"] = condition.percent;
  out["least"] = condition.least;
  if (condition.type == ConditionType::change) {
    out["against"] = word(condition.against);
  } else {
    out["sensitivity"] = word(condition.sensitivity);
  }
  return out;
}

json::object definition_of(const Rule& rule) {
  json::array inhibits;
  for (const RuleKind kind : rule.inhibits) inhibits.push_back(json::value(word(kind)));
  json::object out{{"name", rule.name},
                   {"kind", word(rule.kind)},
                   {"enabled", rule.enabled},
                   {"watch", watch_json(rule)},
                   {"window_ms", rule.window_ms},
                   {"for_ms", rule.for_ms},
                   {"clear_ms", rule.clear_ms},
                   {"severity", word(rule.severity)},
                   {"priority", word(rule.priority)},
                   {"no_data", word(rule.no_data)},
                   {"too_little_data", word(rule.too_little_data)},
                   {"query_failed", word(rule.query_failed)},
                   {"receivers", texts(rule.receivers)},
                   {"inhibits", std::move(inhibits)},
                   {"advice", rule.advice}};
  if (!is_event(rule.kind)) out["condition"] = condition_json(rule);
  if (rule.group_by) out["group_by"] = column_word(rule.group_by);
  return out;
}

Result<Rule> parse_rule(const json::value& definition) {
  JsonInput in(definition);
  Rule rule;
  rule.name = in.text("name", {1, 64});
  rule.kind = word_of<RuleKind>(in, "kind");
  rule.enabled = in.optional_boolean("enabled").value_or(true);
  JsonInput watch = in.object("watch", !is_event(rule.kind));
  rule.watch = read_watch(watch, rule.kind);
  if (!is_event(rule.kind)) {
    JsonInput condition = in.object("condition");
    rule.condition = read_condition(condition, rule);
  }
  rule.group_by = read_column(in, rule.kind);
  read_timing(in, rule);
  read_handling(in, rule);
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  return rule;
}

Result<Rule> patched(const Rule& rule, const json::value& patch) {
  json::value definition = definition_of(rule);
  if (const json::object* members = patch.if_object()) {
    for (const auto& [key, value] : *members) definition.as_object()[key] = value;
  } else {
    definition = patch;  // for parse_rule to refuse
  }
  auto changed = parse_rule(definition);
  if (!changed) return changed;
  if (changed->kind != rule.kind)
    return fail(
        Error{"request.invalid", "some fields are wrong", ErrorKind::invalid, {{"/kind", "cannot be changed"}}});
  changed->id = rule.id;
  changed->appid = rule.appid;
  changed->default_key = rule.default_key;
  changed->created_at = rule.created_at;
  changed->updated_at = rule.updated_at;
  return changed;
}

}  // namespace miniops::alerts
