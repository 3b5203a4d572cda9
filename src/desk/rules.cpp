#include "desk/rules.hpp"

#include <re2/re2.h>

#include "base/text.hpp"

namespace miniops::desk {

namespace {

constexpr std::array<std::string_view, 4> kinds = {"greeting", "keyword", "out_of_hours", "default"};
constexpr std::array<std::string_view, 3> matches = {"contains", "equals", "regex"};
constexpr std::size_t patterns_max = 50;
constexpr std::int64_t expression_bytes_max = 1 << 20;

std::shared_ptr<const re2::RE2> compile(const std::string& pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(false);
  options.set_max_mem(expression_bytes_max);
  return std::make_shared<const re2::RE2>(pattern, options);
}

template <class Enum, std::size_t N>
Enum value_of(const std::array<std::string_view, N>& words, std::string_view text) {
  const auto found = std::ranges::find(words, text);
  return static_cast<Enum>(found == words.end() ? 0 : found - words.begin());
}

// The replies as they came, each checked.
Result<json::array> read_replies(const json::value* given) {
  Error error{"request.invalid", "the replies cannot be sent", ErrorKind::invalid};
  if (given == nullptr || !given->is_array() || given->get_array().empty() || given->get_array().size() > replies_max) {
    error.fields.push_back({"/replies", "must be a list of 1 to 5 messages"});
    return fail(std::move(error));
  }
  const json::array& replies = given->get_array();
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const std::string pointer = "/replies/" + std::to_string(i);
    const json::object* reply = replies[i].if_object();
    auto sending = reply != nullptr ? parse_to_send(*reply, false) : fail(error);
    if (sending) continue;
    if (sending.error().fields.empty()) error.fields.push_back({pointer, sending.error().message});
    for (const FieldError& field : sending.error().fields) {
      error.fields.push_back({pointer + field.pointer, field.message});
    }
  }
  if (!error.fields.empty()) return fail(std::move(error));
  return replies;
}

Result<void> check_patterns(const Rule& rule) {
  if (rule.kind == RuleKind::keyword && rule.patterns.empty()) {
    Error error{"request.invalid", "a keyword rule needs keywords", ErrorKind::invalid};
    error.fields.push_back({"/patterns", "must not be empty"});
    return fail(std::move(error));
  }
  if (rule.match != MatchKind::regex) return {};
  for (std::size_t i = 0; i < rule.patterns.size(); ++i) {
    const auto expression = compile(rule.patterns[i]);
    if (expression->ok()) continue;
    Error error{"desk.invalid_regex", "not a regular expression: " + expression->error(), ErrorKind::invalid};
    error.fields.push_back({"/patterns/" + std::to_string(i), expression->error()});
    return fail(std::move(error));
  }
  return {};
}

}  // namespace

std::string_view to_string(RuleKind kind) { return kinds[static_cast<std::size_t>(kind)]; }
std::string_view to_string(MatchKind kind) { return matches[static_cast<std::size_t>(kind)]; }

json::object to_json(const Rule& rule) {
  json::array patterns;
  for (const std::string& pattern : rule.patterns) patterns.emplace_back(pattern);
  return {{"id", rule.id.str()},
          {"name", rule.name},
          {"kind", to_string(rule.kind)},
          {"match", to_string(rule.match)},
          {"patterns", std::move(patterns)},
          {"replies", rule.replies},
          {"priority", rule.priority},
          {"pause_s", rule.pause_s},
          {"enabled", rule.enabled},
          {"updated_at", rule.updated_at}};
}

Result<Rule> parse_rule(const json::value& body, const Rule* base) {
  JsonInput in(body);
  Rule rule = base != nullptr ? *base : Rule{};
  auto given = [&](std::string_view key) { return base == nullptr || in.has(key); };
  if (given("name")) rule.name = in.text("name", {1, 64});
  if (given("kind")) {
    rule.kind = value_of<RuleKind>(kinds, in.choice("kind", {"keyword", "greeting", "out_of_hours", "default"}));
  }
  if (auto match = in.optional_choice("match", {"contains", "equals", "regex"})) {
    rule.match = value_of<MatchKind>(matches, *match);
  }
  if (in.has("patterns")) rule.patterns = in.optional_texts("patterns", patterns_max, {1, 256});
  const json::value* replies = in.optional_value("replies");
  rule.priority = in.optional_integer("priority", 0, 1000).value_or(rule.priority);
  rule.pause_s = in.optional_integer("pause_s", 0, 604800).value_or(rule.pause_s);
  rule.enabled = in.optional_boolean("enabled").value_or(rule.enabled);
  if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
  if (replies != nullptr || base == nullptr) {
    auto read = read_replies(replies);
    if (!read) return std::unexpected(read.error());
    rule.replies = std::move(*read);
  }
  if (auto ok = check_patterns(rule); !ok) return std::unexpected(ok.error());
  return rule;
}

RuleSet::RuleSet(std::vector<Rule> rules) : rules_(std::move(rules)) {
  std::ranges::sort(rules_, [](const Rule& a, const Rule& b) {
    if (a.kind != b.kind) return a.kind < b.kind;
    if (a.priority != b.priority) return a.priority > b.priority;
    return a.id < b.id;
  });
  for (const Rule& rule : rules_) {
    auto& folded = folded_patterns_.emplace_back();
    auto& expressions = expressions_.emplace_back();
    for (const std::string& pattern : rule.patterns) {
      folded.push_back(fold(trimmed(pattern)));
      if (rule.match == MatchKind::regex) expressions.push_back(compile(pattern));
    }
    auto& replies = replies_.emplace_back();
    for (const json::value& reply : rule.replies) {
      auto sending = reply.is_object() ? parse_to_send(reply.get_object(), false) : fail(Error{});
      if (sending) replies.push_back(std::move(*sending));
    }
  }
}

const Rule* RuleSet::decide(const RuleFacts& facts, const std::function<bool(const Rule&)>& paused,
                            std::vector<Considered>* considered, std::string_view language) const {
  const std::string folded = facts.text ? fold(trimmed(*facts.text)) : std::string();
  const Rule* fired = nullptr;
  bool decided = false;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (decided && considered == nullptr) break;
    Why why = decided ? Why::not_reached : test(i, facts, folded);
    const bool matched = why == Why::matches;
    if (matched) {
      decided = true;
      if (rules_[i].pause_s > 0 && paused(rules_[i])) {
        why = Why::paused;
      } else {
        fired = &rules_[i];
      }
    }
    if (considered != nullptr) considered->push_back({&rules_[i], matched, std::string(words_for(why, language))});
  }
  return fired;
}

const std::vector<ToSend>& RuleSet::replies_of(const Rule& rule) const {
  return replies_.at(static_cast<std::size_t>(&rule - rules_.data()));
}

RuleSet::Why RuleSet::test(std::size_t index, const RuleFacts& facts, std::string_view folded) const {
  const Rule& rule = rules_[index];
  if (!rule.enabled) return Why::disabled;
  if (facts.entered != (rule.kind == RuleKind::greeting)) return Why::other_event;
  switch (rule.kind) {
    case RuleKind::greeting:
      return Why::matches;
    case RuleKind::keyword:
      if (!facts.text) return Why::not_text;
      return matches_text(index, trimmed(*facts.text), folded) ? Why::matches : Why::no_pattern;
    case RuleKind::out_of_hours:
      if (facts.open_now) return Why::open_now;
      break;
    case RuleKind::default_:
      break;
  }
  return facts.with_agent ? Why::with_agent : Why::matches;
}

bool RuleSet::matches_text(std::size_t index, std::string_view text, std::string_view folded) const {
  switch (rules_[index].match) {
    case MatchKind::contains:
      return std::ranges::any_of(folded_patterns_[index], [&](const std::string& pattern) {
        return !pattern.empty() && folded.find(pattern) != std::string_view::npos;
      });
    case MatchKind::equals:
      return std::ranges::any_of(folded_patterns_[index],
                                 [&](const std::string& pattern) { return folded == pattern; });
    case MatchKind::regex:
      return std::ranges::any_of(expressions_[index], [&](const auto& expression) {
        return expression->ok() && re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *expression);
      });
  }
  return false;
}

std::string_view RuleSet::words_for(Why why, std::string_view language) {
  struct Words {
    std::string_view zh, en;
  };
  static constexpr std::array<Words, 9> all = {{
      {"匹配", "matches"},
      {"已停用", "is switched off"},
      {"只用于另一类事件", "is for another kind of event"},
      {"不是文本消息", "the message is no text"},
      {"没有命中关键词", "no keyword is found"},
      {"现在是工作时间", "it is working time"},
      {"已有客服在接待", "an agent has this customer"},
      {"命中，但仍在静默时间内", "matches, but pauses for this customer"},
      {"已由前面的规则处理", "a rule before it has answered"},
  }};
  const Words& words = all[static_cast<std::size_t>(why)];
  return language == "en" ? words.en : words.zh;
}

}  // namespace miniops::desk
