#include <ranges>

#include "base/text.hpp"
#include "routing/compiled.hpp"

namespace miniops::routing {

namespace {

constexpr std::size_t texts_looked_at = 5, chars_looked_at = 2000;
constexpr std::size_t compared_max = 500, seen_chars_max = 100;

// What a comparison found. `seen` belongs to the facts or to the rule.
struct Found {
  bool held = false;
  bool trusted = true;
  std::string_view seen{};
};

// The first text of the list for which `fits` holds.
template <class Fits>
std::optional<std::string_view> first_of(const std::vector<std::string>& texts, Fits fits) {
  const auto found = std::ranges::find_if(texts, fits);
  return found == texts.end() ? std::nullopt : std::optional<std::string_view>(*found);
}

using Tell = std::function<void(const Condition&, const Found&)>;

bool compare(Comparison comparison, std::int64_t is, std::int64_t wanted) {
  if (comparison == Comparison::at_least) return is >= wanted;
  return comparison == Comparison::at_most ? is <= wanted : is == wanted;
}

// One conversation, as many rules ask about it.
class Evaluation {
 public:
  Evaluation(const Facts& facts, const RuleSet::Compiled& rules, TimeMs now)
      : facts_(facts), rules_(rules), now_(now) {}

  // Stops where it is decided, unless it is to be told: then all comparisons are.
  bool holds(const Node& node, const Tell* tell) {
    if (node.condition->kind == Condition::Kind::comparison) {
      const Found found = ask(node);
      if (tell != nullptr) (*tell)(*node.condition, found);
      return found.held;
    }
    const bool all = node.condition->kind == Condition::Kind::all;
    bool out = all;
    for (const Node& part : node.parts) {
      if (holds(part, tell) == all) continue;
      out = !all;
      if (tell == nullptr) break;
    }
    return out;
  }

  std::int64_t waited_s() const {
    return facts_.waiting_since == 0 ? 0 : std::max<TimeMs>(0, now_ - facts_.waiting_since) / second_ms;
  }

 private:
  Found ask(const Node& node) {
    const Condition& condition = *node.condition;
    switch (condition.field) {
      case Field::page:
        return page(node);
      case Field::parameter:
      case Field::signed_parameter:
        return parameter(node);
      case Field::tag:
        return tag(node);
      case Field::level:
        return number(condition, facts_.level);
      case Field::text:
        return text(node);
      case Field::time: {
        const bool open = node.hours != nullptr && node.hours->open(now_);
        return {open == (condition.comparison == Comparison::within), true, open ? "within" : "outside"};
      }
      case Field::open:
        return {condition.value == Value(facts_.open), true, facts_.open ? "true" : "false"};
      case Field::waiting:
        return number(condition, waited_s());
      case Field::msgtype:
        return word_of(node, facts_.msgtype);
      case Field::language:
        return language(node);
    }
    return {};
  }

  static Found number(const Condition& condition, std::int64_t is) {
    const auto* wanted = std::get_if<std::int64_t>(&condition.value);
    return {wanted != nullptr && compare(condition.comparison, is, *wanted)};
  }

  // The page comes with session-from. Unless the rule names a query, any is the same page.
  Found page(const Node& node) const {
    const std::string_view whole = plain_page(facts_.page), path = whole.substr(0, whole.find('?'));
    const bool starts = node.condition->comparison == Comparison::starts_with;
    const auto fits = [&](std::string_view wanted) {
      if (starts) return whole.starts_with(wanted);
      return wanted == (wanted.contains('?') ? whole : path);
    };
    const bool found = first_of(node.texts, fits).has_value();
    return {found == (node.condition->comparison != Comparison::is_not), false, facts_.page};
  }

  Found parameter(const Node& node) const {
    const Condition& condition = *node.condition;
    const Parameter* one = nullptr;
    for (const Parameter& given : facts_.parameters) {
      if (given.name != condition.key || (condition.field == Field::signed_parameter && !given.is_signed)) continue;
      if (one == nullptr || given.is_signed) one = &given;
    }
    const bool trusted = one != nullptr && one->is_signed;
    const std::string_view value = one != nullptr ? std::string_view(one->value) : std::string_view();
    if (condition.comparison == Comparison::set) return {one != nullptr, trusted, value};
    if (condition.comparison == Comparison::not_set) return {one == nullptr, trusted, value};
    const bool starts = condition.comparison == Comparison::starts_with;
    const auto fits = [&](std::string_view wanted) { return starts ? value.starts_with(wanted) : value == wanted; };
    const bool found = one != nullptr && first_of(node.texts, fits);
    return {found == (condition.comparison != Comparison::is_not), trusted, value};
  }

  Found tag(const Node& node) const {
    const auto found = first_of(node.texts, [&](const std::string& wanted) {
      return std::ranges::find(facts_.tags, wanted) != facts_.tags.end();
    });
    return {found.has_value() == (node.condition->comparison == Comparison::has), true, found.value_or("")};
  }

  Found text(const Node& node) {
    read_texts();
    if (node.condition->comparison == Comparison::is) {
      const auto whole = first_of(
          node.texts, [&](const std::string& wanted) { return std::ranges::find(texts_, wanted) != texts_.end(); });
      return {whole.has_value(), true, whole.value_or("")};
    }
    const auto found = std::ranges::find_if(node.keywords, [&](std::uint32_t number) { return keywords_[number]; });
    const bool has = found != node.keywords.end();
    const std::string_view seen =
        has ? std::string_view(node.texts[static_cast<std::size_t>(found - node.keywords.begin())]) : "";
    return {has == (node.condition->comparison == Comparison::has), true, seen};
  }

  static Found word_of(const Node& node, std::string_view is) {
    const bool found = std::ranges::find(node.texts, is) != node.texts.end();
    return {found == (node.condition->comparison == Comparison::is), true, is};
  }

  Found language(const Node& node) const {
    const auto fits = [&](std::string_view wanted) { return same_language(wanted, facts_.language); };
    const bool found = first_of(node.texts, fits).has_value();
    return {found == (node.condition->comparison == Comparison::is), true, facts_.language};
  }

  // Once, when the first rule asks for them.
  void read_texts() {
    if (texts_read_) return;
    texts_read_ = true;
    keywords_.resize(rules_.keywords.size());
    for (const std::string& text : facts_.texts | std::views::take(texts_looked_at)) {
      texts_.push_back(plain_text(truncate_chars(text, chars_looked_at)));
      rules_.keywords.find(texts_.back(), keywords_);
    }
  }

  const Facts& facts_;
  const RuleSet::Compiled& rules_;
  const TimeMs now_;
  bool texts_read_ = false;
  std::vector<std::string> texts_;
  std::vector<bool> keywords_;  // which of all rules' occur
};

// Writes down what was compared.
class Teller {
 public:
  Teller(Explanation& out, const Facts& facts, std::int64_t waited_s) : out_(out), facts_(facts), waited_s_(waited_s) {}

  void begin(RuleId rule) {
    out_.considered.push_back({rule});
    index_ = 0;
  }
  void end(Verdict verdict) { out_.considered.back().verdict = verdict; }

  void operator()(const Condition& condition, const Found& found) {
    const std::size_t index = index_++;
    if (told_ == compared_max) {
      out_.cut = true;
      return;
    }
    ++told_;
    out_.considered.back().compared.push_back({index, condition.field, condition.comparison, condition.key,
                                               seen(condition.field, found), found.held, found.trusted});
  }

 private:
  std::string seen(Field field, const Found& found) const {
    if (field == Field::level) return std::to_string(facts_.level);
    if (field == Field::waiting) return std::to_string(waited_s_);
    return truncate_chars(found.seen, seen_chars_max);
  }

  Explanation& out_;
  const Facts& facts_;
  const std::int64_t waited_s_;
  std::size_t index_ = 0, told_ = 0;
};

Verdict judge(const RuleSet::Compiled& rules, std::size_t rule, Evaluation& evaluation, const Tell* tell) {
  if (!rules.rules[rule].enabled) return Verdict::disabled;
  if (!rules.has_group[rule]) return Verdict::no_group;
  return evaluation.holds(rules.conditions[rule], tell) ? Verdict::matches : Verdict::does_not_match;
}

std::optional<std::size_t> first_match(const RuleSet::Compiled& rules, Evaluation& evaluation) {
  for (std::size_t i = 0; i < rules.rules.size(); ++i)
    if (judge(rules, i, evaluation, nullptr) == Verdict::matches) return i;
  return std::nullopt;
}

std::optional<std::size_t> first_match_told(const RuleSet::Compiled& rules, Evaluation& evaluation, Teller& teller) {
  const Tell tell = std::ref(teller);
  std::optional<std::size_t> chosen;
  for (std::size_t i = 0; i < rules.rules.size(); ++i) {
    teller.begin(rules.rules[i].id);
    const Verdict verdict = chosen ? Verdict::not_reached : judge(rules, i, evaluation, &tell);
    teller.end(verdict);
    if (verdict == Verdict::matches) chosen = i;
  }
  return chosen;
}

}  // namespace

Placement route(const Facts& facts, const RuleSet& rules, TimeMs now, Explanation* explanation) {
  const RuleSet::Compiled& compiled = rules.compiled();
  Evaluation evaluation(facts, compiled, now);
  std::optional<std::size_t> chosen;
  if (explanation == nullptr) {
    chosen = first_match(compiled, evaluation);
  } else {
    *explanation = {};
    Teller teller(*explanation, facts, evaluation.waited_s());
    chosen = first_match_told(compiled, evaluation, teller);
  }
  Placement out{{}, chosen ? compiled.targets[*chosen] : compiled.fallback};
  if (chosen) out.rule = compiled.rules[*chosen].id;
  out.priority = std::clamp<std::int64_t>(facts.priority + out.target.priority, 0, priority_max);
  if (explanation != nullptr) {
    explanation->rule = out.rule;
    explanation->group = out.target.group;
    explanation->priority = out.priority;
  }
  return out;
}

std::vector<Considered> consider(const Facts& facts, const RuleSet& rules, TimeMs now) {
  const RuleSet::Compiled& compiled = rules.compiled();
  Evaluation evaluation(facts, compiled, now);
  Explanation told;
  Teller teller(told, facts, evaluation.waited_s());
  const Tell tell = std::ref(teller);
  for (std::size_t i = 0; i < compiled.rules.size(); ++i) {
    teller.begin(compiled.rules[i].id);
    teller.end(judge(compiled, i, evaluation, &tell));
  }
  return std::move(told.considered);
}

}  // namespace miniops::routing
