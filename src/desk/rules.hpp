// Automatic replies 自动回复: keywords, greeting on entry, out of hours, default. Pure; the dry run and the real thing
// call the same function.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "desk/outgoing.hpp"

namespace re2 {
class RE2;
}

namespace miniops::desk {

using RuleId = NumberId<struct RuleIdTag>;

enum class RuleKind { greeting, keyword, out_of_hours, default_ };  // in the order they are tried
enum class MatchKind { contains, equals, regex };
std::string_view to_string(RuleKind kind);
std::string_view to_string(MatchKind kind);

struct Rule {
  RuleId id;
  std::string name;
  RuleKind kind = RuleKind::keyword;
  MatchKind match = MatchKind::contains;
  std::vector<std::string> patterns{};  // keyword rules: any of them
  json::array replies{};                // in the API's form
  std::int64_t priority = 0;            // higher first, within a kind
  std::int64_t pause_s = 0;             // the same customer is not answered again by this rule within it
  bool enabled = true;
  TimeMs updated_at = 0;
};

inline constexpr std::size_t replies_max = 5;

json::object to_json(const Rule& rule);
// Reads a whole rule, or (`base`) the fields that change. request.invalid, desk.invalid_regex
Result<Rule> parse_rule(const json::value& body, const Rule* base);

// What happened, as far as rules ask.
struct RuleFacts {
  bool entered = false;               // user_enter_tempsession, not a message
  std::optional<std::string> text{};  // of a text message
  bool open_now = true;
  bool with_agent = false;  // somebody is answering this customer
};

struct Considered {
  const Rule* rule;
  bool matched;
  std::string why;  // for a person
};

// The rules of one mini program, compiled. Immutable; safe from any thread.
class RuleSet {
 public:
  RuleSet() = default;
  explicit RuleSet(std::vector<Rule> rules);

  // The rule that answers, or nullptr. A keyword rule always answers; the out-of-hours and default replies only while
  // no agent has the customer. A rule that matches but pauses answers with silence: nothing of lower rank speaks for
  // it. `paused` is asked at most once. With `considered`, every rule is explained in the given language ("zh", "en").
  const Rule* decide(const RuleFacts& facts, const std::function<bool(const Rule&)>& paused,
                     std::vector<Considered>* considered = nullptr, std::string_view language = "zh") const;

  const std::vector<Rule>& rules() const { return rules_; }
  // What the rule sends, decoded.
  const std::vector<ToSend>& replies_of(const Rule& rule) const;

 private:
  enum class Why { matches, disabled, other_event, not_text, no_pattern, open_now, with_agent, paused, not_reached };
  static std::string_view words_for(Why why, std::string_view language);
  Why test(std::size_t index, const RuleFacts& facts, std::string_view folded) const;
  bool matches_text(std::size_t index, std::string_view text, std::string_view folded) const;

  std::vector<Rule> rules_;  // in the order they are tried
  std::vector<std::vector<std::string>> folded_patterns_;
  std::vector<std::vector<std::shared_ptr<const re2::RE2>>> expressions_;
  std::vector<std::vector<ToSend>> replies_;
};

}  // namespace miniops::desk
