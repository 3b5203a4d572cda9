#include "telemetry/masking.hpp"

#include <re2/re2.h>

#include <array>

#include "base/mask.hpp"
#include "base/text.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::size_t rules_max = 20;
constexpr std::int64_t pattern_memory_max = 1 << 20;
constexpr std::string_view hidden = "***";

struct Switch {
  std::string_view name;
  bool MaskingSettings::* value;
};
constexpr std::array<Switch, 5> switches{{{"phones", &MaskingSettings::phones},
                                          {"id_cards", &MaskingSettings::id_cards},
                                          {"bank_cards", &MaskingSettings::bank_cards},
                                          {"emails", &MaskingSettings::emails},
                                          {"tokens", &MaskingSettings::tokens}}};

// Names of what opens doors. As the name of a property, its value is hidden whole.
constexpr std::string_view secret_names =
    "access[_-]?token|refresh[_-]?token|id[_-]?token|session[_-]?key|session[_-]?token|app[_-]?secret|"
    "client[_-]?secret|secret[_-]?key|private[_-]?key|api[_-]?key|password|passwd|pwd|authorization";
std::string secret_in_text() {
  return "(?i)\\b(" + std::string(secret_names) + R"()("?\s*[:=]\s*"?)(?:(?:Bearer|Basic)\s+)?[^\s"'&,;}]+)";
}
constexpr std::string_view bearer = R"((?i)\b(Bearer)\s+[A-Za-z0-9._~+/-]{8,}=*)";
constexpr std::string_view email =
    R"(\b([A-Za-z0-9])[A-Za-z0-9._%+-]{0,63}@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24})\b)";

RE2::Options options_of_patterns() {
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(pattern_memory_max);
  return options;
}

// Why a rule cannot be used; "" when it can.
std::string_view problem_of(const MaskingRule& rule) {
  const RE2 pattern(rule.pattern, options_of_patterns());
  if (!pattern.ok()) return "is no regular expression of RE2, or too large";
  if (rule.pattern.contains("\\C")) return "must not take characters apart with \\C";
  if (RE2::PartialMatch("", pattern)) return "must not match an empty text";
  std::string problem;
  return pattern.CheckRewriteString(rule.replacement, &problem) ? "" : "has a replacement that names a missing group";
}

bool wanted(const MaskingSettings& settings, PersonalData kind) {
  switch (kind) {
    case PersonalData::phone:
      return settings.phones;
    case PersonalData::id_card:
      return settings.id_cards;
    case PersonalData::bank_card:
      return settings.bank_cards;
  }
  std::unreachable();
}

}  // namespace

struct Masker::Rules {
  struct Rule {
    std::unique_ptr<const RE2> pattern;
    std::string replacement;
  };
  MaskingSettings settings;
  std::vector<Rule> rules;  // the built-in ones first
  std::unique_ptr<const RE2> secret_name;

  void add(std::string_view pattern, std::string_view replacement) {
    rules.push_back(
        {std::make_unique<const RE2>(re2::StringPiece(pattern.data(), pattern.size()), options_of_patterns()),
         std::string(replacement)});
  }
  bool personal() const { return settings.phones || settings.id_cards || settings.bank_cards; }
};

// ---- settings ----

json::object to_json(const MaskingSettings& settings) {
  json::object out;
  for (const Switch& one : switches) out[one.name] = settings.*one.value;
  json::array rules;
  for (const MaskingRule& rule : settings.rules)
    rules.push_back({{"name", rule.name}, {"pattern", rule.pattern}, {"replacement", rule.replacement}});
  out["rules"] = std::move(rules);
  return out;
}

MaskingSettings masking_of(const json::value& stored) {
  MaskingSettings settings;
  if (!stored.is_object()) return settings;
  JsonInput in(stored);
  for (const Switch& one : switches) settings.*one.value = in.optional_boolean(one.name).value_or(settings.*one.value);
  for (JsonInput& given : in.optional_objects("rules", rules_max)) {
    MaskingRule rule{given.text("name"), given.text("pattern"), given.text("replacement", {0, 100})};
    if (!rule.pattern.empty() && problem_of(rule).empty()) settings.rules.push_back(std::move(rule));
  }
  return settings;
}

void read_masking(JsonInput& in, MaskingSettings& settings) {
  for (const Switch& one : switches) settings.*one.value = in.optional_boolean(one.name).value_or(settings.*one.value);
  if (!in.has("rules")) return;
  settings.rules.clear();
  for (JsonInput& given : in.optional_objects("rules", rules_max)) {
    MaskingRule rule{given.text("name", {1, 64}), given.text("pattern", {1, 500}), given.text("replacement", {0, 100})};
    if (rule.pattern.empty()) continue;
    if (const auto problem = problem_of(rule); !problem.empty()) given.mistake("pattern", std::string(problem));
    settings.rules.push_back(std::move(rule));
  }
}

// ---- masking ----

Masker::Masker(const MaskingSettings& settings) {
  auto rules = std::make_unique<Rules>();
  rules->settings = settings;
  if (settings.tokens) {
    rules->add(secret_in_text(), "\\1\\2***");
    rules->add(bearer, "\\1 ***");
    rules->secret_name = std::make_unique<const RE2>("(?i)(?:x[-_])?(?:" + std::string(secret_names) + ")");
  }
  if (settings.emails) rules->add(email, "\\1***@\\2");
  for (const MaskingRule& rule : settings.rules)
    if (problem_of(rule).empty()) rules->add(rule.pattern, rule.replacement);
  rules_ = std::move(rules);
}

Masker::~Masker() = default;

std::string Masker::masked(std::string_view given) const {
  std::string text(given);
  for (const Rules::Rule& rule : rules_->rules) RE2::GlobalReplace(&text, *rule.pattern, rule.replacement);
  if (!rules_->personal()) return text;
  std::string out;
  std::size_t done = 0;
  for (const PersonalSpan& span : find_personal_data(text)) {
    if (!wanted(rules_->settings, span.kind)) continue;
    out += text.substr(done, span.begin - done);
    out += mask_personal_data(std::string_view(text).substr(span.begin, span.end - span.begin));
    done = span.end;
  }
  return out + text.substr(done);
}

void Masker::mask(json::value& value) const {
  if (value.is_string()) {
    value = masked(std::string_view(value.as_string()));
  } else if (value.is_int64() || value.is_uint64()) {
    const std::string digits = json::serialize(value);
    if (const std::string text = masked(digits); text != digits) value = text;
  } else if (value.is_array()) {
    for (json::value& part : value.as_array()) mask(part);
  } else if (value.is_object()) {
    for (auto& [name, part] : value.as_object()) {
      const bool secret = rules_->secret_name && part.is_string() &&
                          RE2::FullMatch(re2::StringPiece(name.data(), name.size()), *rules_->secret_name);
      if (secret) {
        part = hidden;
      } else {
        mask(part);
      }
    }
  }
}

void Masker::mask(Record& record) const {
  if (record.kind != Kind::log && record.kind != Kind::error) return;
  if (rules_->rules.empty() && !rules_->personal()) return;
  if (!record.text.empty()) record.text = cut_text(masked(record.text), text_bytes_max);
  if (record.properties == "{}") return;
  boost::system::error_code problem;
  json::value properties = json::parse(record.properties, problem);
  if (problem) return;
  mask(properties);
  std::string text = json::serialize(properties);
  // Rules that lengthen what they hide may make it too long to keep.
  record.properties = text.size() <= properties_bytes_max ? std::move(text) : "{}";
}

}  // namespace miniops::telemetry
