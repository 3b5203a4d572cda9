#include "routing/condition.hpp"

#include "base/clock.hpp"

namespace miniops::routing {

namespace {

using enum Comparison;

constexpr std::size_t texts_max = 20, text_chars_max = 200, key_chars_max = 64;
constexpr std::int64_t waited_s_max = 2 * day_ms / second_ms;  // the window is over by then

// What names level or identity must be signed.
constexpr std::array<std::string_view, 5> signed_only{"level", "unionid", "outside_id", "login_id", "phone"};

bool takes(Field field, Comparison comparison) {
  const auto one_of = [comparison](std::initializer_list<Comparison> all) {
    return std::ranges::find(all, comparison) != all.end();
  };
  switch (field) {
    case Field::page:
      return one_of({is, is_not, starts_with});
    case Field::parameter:
    case Field::signed_parameter:
      return one_of({is, is_not, starts_with, set, not_set});
    case Field::tag:
      return one_of({has, has_not});
    case Field::level:
      return one_of({is, at_least, at_most});
    case Field::text:
      return one_of({is, has, has_not});
    case Field::time:
      return one_of({within, outside});
    case Field::open:
      return comparison == is;
    case Field::waiting:
      return one_of({at_least, at_most});
    case Field::msgtype:
    case Field::language:
      return one_of({is, is_not});
  }
  return false;
}

bool has_key(Field field) { return field == Field::parameter || field == Field::signed_parameter; }

// ---- reading ----

class ConditionReader {
 public:
  Condition read(JsonInput& in, int depth) {
    if (in.has("all")) return list(in, "all", Condition::Kind::all, depth);
    if (in.has("any")) return list(in, "any", Condition::Kind::any, depth);
    return comparison(in);
  }

 private:
  Condition list(JsonInput& in, std::string_view key, Condition::Kind kind, int depth) {
    Condition out{kind};
    if (depth == depth_max) {
      in.optional_value(key);
      in.mistake(key, "is more than 4 levels deep");
      return out;
    }
    auto parts = in.optional_objects(key, comparisons_max);
    if (parts.empty()) in.mistake(key, "must be a list that is not empty");
    for (JsonInput& part : parts) out.parts.push_back(read(part, depth + 1));
    return out;
  }

  Condition comparison(JsonInput& in) {
    if (++comparisons_ == comparisons_max + 1) in.mistake("", "is one of more than 30 comparisons");
    const std::string field_text = in.text("field", {1, 32}), op_text = in.text("op", {1, 32});
    const auto field = parse_word<Field>(field_text);
    const auto op = parse_word<Comparison>(op_text);
    if (!field && !field_text.empty()) in.mistake("field", "is no field that rules ask for");
    if (!op && !op_text.empty()) in.mistake("op", "is no comparison");
    if (!field || !op) {
      in.optional_value("key");
      in.optional_value("value");
      return {};
    }
    if (!takes(*field, *op)) in.mistake("op", fmt::format("{} is not compared in this way", word(*field)));
    Condition out{Condition::Kind::comparison, {}, *field, *op};
    if (has_key(*field)) out.key = key(in, *field);
    out.value = value(in, *field, *op);
    return out;
  }

  static std::string key(JsonInput& in, Field field) {
    std::string name = in.text("key", {1, key_chars_max});
    if (field == Field::parameter && std::ranges::find(signed_only, name) != signed_only.end())
      in.mistake("key", "counts only when it is signed: ask for the signed_parameter");
    return name;
  }

  static Value value(JsonInput& in, Field field, Comparison op) {
    if (op == set || op == not_set) return {};
    switch (field) {
      case Field::level:
        return in.integer("value", 0, 9);
      case Field::waiting:
        return in.integer("value", 1, waited_s_max);
      case Field::open:
        return in.boolean("value");
      case Field::time:
        return hours(in);
      default:
        return texts(in, field);
    }
  }

  static Value hours(JsonInput& in) {
    const json::value* given = in.optional_value("value");
    if (given == nullptr) {
      in.mistake("value", "Is required.");
      return {};
    }
    auto calendar = calendar::parse_calendar(*given);
    if (calendar) return std::move(*calendar);
    for (const FieldError& field : calendar.error().fields)
      in.mistake("value", fmt::format("{}: {}", field.pointer, field.message));
    return {};
  }

  static std::vector<std::string> texts(JsonInput& in, Field field) {
    auto texts = in.optional_texts("value", texts_max, {1, text_chars_max});
    if (texts.empty()) in.mistake("value", "must be a list of texts that is not empty");
    // These would be left with nothing, and nothing is found everywhere.
    const std::string_view dropped = field == Field::page ? "/" : " \t\r\n";
    for (const std::string& text : texts)
      if (text.find_first_not_of(dropped) == std::string::npos) in.mistake("value", "has a text that says nothing");
    return texts;
  }

  std::size_t comparisons_ = 0;
};

// ---- writing ----

json::array texts_json(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

json::value value_json(const Value& value) {
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) return texts_json(*texts);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  if (const auto* hours = std::get_if<calendar::Calendar>(&value)) return calendar::to_json(*hours);
  return nullptr;
}

json::object tree_json(const Condition& condition) {
  if (condition.kind == Condition::Kind::comparison) {
    json::object out{{"field", word(condition.field)}, {"op", word(condition.comparison)}};
    if (has_key(condition.field)) out["key"] = condition.key;
    if (!std::holds_alternative<std::monostate>(condition.value)) out["value"] = value_json(condition.value);
    return out;
  }
  json::array parts;
  for (const Condition& part : condition.parts) parts.push_back(tree_json(part));
  json::object out;
  out[condition.kind == Condition::Kind::all ? "all" : "any"] = std::move(parts);
  return out;
}

bool always_open(const calendar::Calendar& calendar) {
  return calendar.special.empty() &&
         std::ranges::all_of(calendar.days, [](const auto& spans) { return spans.empty(); });
}

}  // namespace

Condition read_condition(JsonInput& in, std::string_view key) {
  JsonInput condition = in.object(key, false);
  return in.has(key) ? ConditionReader().read(condition, 1) : Condition{};
}

json::value condition_json(const Condition& condition) {
  return condition == Condition{} ? json::value(nullptr) : json::value(tree_json(condition));
}

bool always_holds(const Condition& condition) {
  if (condition.kind == Condition::Kind::all) return std::ranges::all_of(condition.parts, always_holds);
  if (condition.kind == Condition::Kind::any) return std::ranges::any_of(condition.parts, always_holds);
  if (const auto* number = std::get_if<std::int64_t>(&condition.value);
      number != nullptr && condition.field == Field::level)
    return (condition.comparison == Comparison::at_least && *number <= 0) ||
           (condition.comparison == Comparison::at_most && *number >= 9);
  if (const auto* hours = std::get_if<calendar::Calendar>(&condition.value))
    return condition.comparison == Comparison::within && always_open(*hours);
  return false;
}

}  // namespace miniops::routing
