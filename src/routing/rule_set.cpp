#include "base/text.hpp"
#include "calendar/business_time.hpp"
#include "routing/compiled.hpp"

namespace miniops::routing {

namespace {

class Compiler {
 public:
  explicit Compiler(RuleSet::Compiled& out) : out_(out) {}

  Node node(const Condition& condition) {
    Node node{&condition};
    for (const Condition& part : condition.parts) node.parts.push_back(this->node(part));
    if (condition.kind != Condition::Kind::comparison) return node;
    if (const auto* hours = std::get_if<calendar::Calendar>(&condition.value))
      node.hours = &out_.hours.emplace_back(*hours);
    if (const auto* texts = std::get_if<std::vector<std::string>>(&condition.value)) take_texts(node, *texts);
    return node;
  }

 private:
  void take_texts(Node& node, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      if (node.condition->field == Field::page) {
        node.texts.emplace_back(plain_page(text));
      } else if (node.condition->field == Field::text) {
        if (plain_text(text).empty()) continue;
        node.texts.push_back(plain_text(text));
        node.keywords.push_back(out_.keywords.add(node.texts.back()));
      } else {
        node.texts.push_back(text);
      }
    }
  }

  RuleSet::Compiled& out_;
};

Target without_others(Target target, const std::vector<GroupId>& groups) {
  const auto gone = [&](GroupId group) { return std::ranges::find(groups, group) == groups.end(); };
  for (Overflow& step : target.overflow) std::erase_if(step.groups, gone);
  return target;
}

}  // namespace

bool Hours::open(TimeMs now) const {
  const std::int64_t minute = now / minute_ms;
  const std::int64_t last = last_.load(std::memory_order_relaxed);
  if (last >> 1 == minute) return (last & 1) != 0;
  const bool open = calendar::open_at(calendar_, now);
  last_.store(minute << 1 | (open ? 1 : 0), std::memory_order_relaxed);
  return open;
}

std::string_view plain_page(std::string_view page) {
  return page.substr(std::min(page.find_first_not_of('/'), page.size()));
}

std::string plain_text(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return fold(text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1));
}

namespace {

// Until so many seconds are over, or from then on.
void add_waits(const Condition& condition, std::vector<TimeMs>& waits) {
  for (const Condition& part : condition.parts) add_waits(part, waits);
  const bool waiting = condition.kind == Condition::Kind::comparison && condition.field == Field::waiting;
  const auto* seconds = std::get_if<std::int64_t>(&condition.value);
  if (!waiting || seconds == nullptr) return;
  const TimeMs wait = (*seconds + (condition.comparison == Comparison::at_most ? 1 : 0)) * second_ms;
  if (wait > 0) waits.push_back(wait);
}

}  // namespace

RuleSet::RuleSet(std::vector<Rule> rules, std::vector<GroupId> groups, GroupId default_group) {
  auto compiled = std::make_shared<Compiled>();
  compiled->rules = std::move(rules);
  compiled->fallback.group = default_group;
  groups.push_back(default_group);
  Compiler compiler(*compiled);
  for (const Rule& rule : compiled->rules) {
    compiled->conditions.push_back(compiler.node(rule.condition));
    compiled->targets.push_back(without_others(rule.target, groups));
    compiled->has_group.push_back(std::ranges::find(groups, rule.target.group) != groups.end());
    if (rule.enabled) add_waits(rule.condition, compiled->waits);
  }
  std::ranges::sort(compiled->waits);
  compiled_ = std::move(compiled);
}

const std::vector<Rule>& RuleSet::rules() const { return compiled_->rules; }

std::span<const TimeMs> RuleSet::waits() const { return compiled_->waits; }

}  // namespace miniops::routing
