#include "people/segment.hpp"

#include "base/text.hpp"
#include "people/errors.hpp"

namespace miniops::people {

namespace {

constexpr int depth_max = 4;
constexpr int comparisons_max = 30;
constexpr TimeMs time_max = 9'000'000'000'000'000;
constexpr std::int64_t days_max = 3650;
constexpr std::int64_t text_chars_max = 500;

using enum Comparison;

bool takes(Field field, Comparison comparison, const Attribute* attribute) {
  const auto one_of = [comparison](std::initializer_list<Comparison> all) {
    return std::ranges::find(all, comparison) != all.end();
  };
  switch (field) {
    case Field::level:
      return one_of({is, at_least, at_most});
    case Field::tag:
      return one_of({has, has_not});
    case Field::first_seen:
    case Field::last_seen:
      return one_of({before, since, within_days, not_within_days});
    case Field::blocked:
      return comparison == is;
    case Field::source:
      return one_of({is, starts_with});
    case Field::attribute:
      break;
  }
  const bool ordered = attribute->type == AttributeType::number || attribute->type == AttributeType::date;
  return one_of({is, is_not, set, not_set}) || (ordered && one_of({at_least, at_most}));
}

std::optional<std::int64_t> integer_of(const json::value& value, std::int64_t min, std::int64_t max) {
  const std::int64_t* number = value.if_int64();
  return number != nullptr && *number >= min && *number <= max ? std::optional(*number) : std::nullopt;
}

std::optional<std::string> text_of(const json::value& value, std::size_t chars_max) {
  const json::string* text = value.if_string();
  if (text == nullptr || text->empty() || !valid_utf8(*text) || count_chars(*text) > chars_max) return std::nullopt;
  return std::string(*text);
}

// Only of the attribute's type: its choices and limits may have become narrower than what people have.
std::optional<ConditionValue> attribute_value(Attribute attribute, Comparison comparison, const json::value& value) {
  if (comparison == set || comparison == not_set)
    return value.is_null() ? std::optional<ConditionValue>(std::int64_t{0}) : std::nullopt;
  attribute.number_min = attribute.number_max = std::nullopt;
  attribute.chars_max = text_chars_max;
  if (attribute.type == AttributeType::choice) attribute.type = AttributeType::text;
  const auto read = read_value(attribute, value);
  if (!read) return std::nullopt;
  const bool numeric = attribute.type == AttributeType::number || attribute.type == AttributeType::date;
  return numeric ? ConditionValue(read->number) : ConditionValue(read->text);
}

template <class T>
std::optional<ConditionValue> as_value(std::optional<T> value) {
  return value ? std::optional<ConditionValue>(std::move(*value)) : std::nullopt;
}

std::optional<ConditionValue> value_of(Field field, Comparison comparison, const json::value& value) {
  switch (field) {
    case Field::level:
      return as_value(integer_of(value, 0, 9));
    case Field::tag:
      return as_value(text_of(value, 32));
    case Field::first_seen:
    case Field::last_seen:
      return as_value(comparison == before || comparison == since ? integer_of(value, 0, time_max)
                                                                  : integer_of(value, 1, days_max));
    case Field::blocked:
      return value.is_bool() ? std::optional<ConditionValue>(std::int64_t{value.get_bool()}) : std::nullopt;
    case Field::source:
      return as_value(text_of(value, text_chars_max));
    case Field::attribute:
      break;
  }
  return std::nullopt;
}

class Parser {
 public:
  explicit Parser(const std::vector<Attribute>& attributes) : attributes_(attributes) {}

  Result<Condition> parse(const json::value& value, int depth) {
    const json::object* object = value.if_object();
    if (object == nullptr) return wrong("an object is expected");
    if (depth > depth_max) return wrong("it is more than 4 levels deep");
    if (const json::value* all = object->if_contains("all")) return list(*object, *all, Condition::Kind::all, depth);
    if (const json::value* any = object->if_contains("any")) return list(*object, *any, Condition::Kind::any, depth);
    return comparison(*object);
  }

 private:
  static std::unexpected<Error> wrong(std::string_view why) { return fail(errors::invalid_segment(why)); }

  Result<Condition> list(const json::object& object, const json::value& parts, Condition::Kind kind, int depth) {
    if (object.size() != 1) return wrong("beside all or any nothing may stand");
    if (!parts.is_array() || parts.get_array().empty()) return wrong("all and any need a list that is not empty");
    Condition out{kind};
    for (const json::value& part : parts.get_array()) {
      auto parsed = parse(part, depth + 1);
      if (!parsed) return parsed;
      out.parts.push_back(std::move(*parsed));
    }
    return out;
  }

  Result<Condition> comparison(const json::object& object) {
    if (++comparisons_ > comparisons_max) return wrong("it has more than 30 comparisons");
    for (const auto& member : object)
      if (member.key() != "field" && member.key() != "op" && member.key() != "value" && member.key() != "key")
        return wrong("a comparison has field, op, value, and key with an attribute");
    const auto field = parse_word<Field>(word_in(object, "field"));
    const auto op = parse_word<Comparison>(word_in(object, "op"));
    if (!field) return wrong("the field is unknown");
    if (!op) return wrong("the op is unknown");
    const bool of_attribute = *field == Field::attribute;
    if (object.contains("key") != of_attribute) return wrong("key belongs to an attribute");
    const Attribute* attribute = of_attribute ? find(word_in(object, "key")) : nullptr;
    if (of_attribute && attribute == nullptr) return wrong("there is no attribute of this key");
    if (!takes(*field, *op, attribute)) return wrong("this field is not compared in this way");
    const json::value* found = object.if_contains("value");
    const json::value value = found != nullptr ? *found : json::value(nullptr);
    auto meant = of_attribute ? attribute_value(*attribute, *op, value) : value_of(*field, *op, value);
    if (!meant) return wrong(fmt::format("the value does not fit to {} {}", word(*field), word(*op)));
    const std::string* text = std::get_if<std::string>(&*meant);
    if (text != nullptr && !find_personal_data(*text).empty())
      return wrong("numbers of people lie sealed; look for them with the search");
    return Condition{Condition::Kind::comparison,
                     {},
                     *field,
                     *op,
                     attribute != nullptr ? attribute->id : AttributeId(),
                     std::move(*meant)};
  }

  static std::string_view word_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
  }

  const Attribute* find(std::string_view key) const {
    const auto found = std::ranges::find(attributes_, key, &Attribute::key);
    return found == attributes_.end() ? nullptr : &*found;
  }

  const std::vector<Attribute>& attributes_;
  int comparisons_ = 0;
};

// The text of a comparison is chosen here from constants; values go to the parameters only.
class Compiler {
 public:
  Compiler(TimeMs now, std::size_t used) : now_(now), used_(used) {}

  std::string sql_of(const Condition& condition) {
    if (condition.kind == Condition::Kind::comparison) return comparison(condition);
    const std::string_view between = condition.kind == Condition::Kind::all ? " AND " : " OR ";
    std::string out = "(";
    for (const Condition& part : condition.parts) {
      if (out.size() > 1) out += between;
      out += sql_of(part);
    }
    return out + ")";
  }
  std::vector<ConditionValue> parameters;

 private:
  std::string put(ConditionValue value) {
    parameters.push_back(std::move(value));
    return fmt::format("${}", used_ + parameters.size());
  }

  std::string comparison(const Condition& one) {
    switch (one.field) {
      case Field::level:
        return fmt::format("p.level {} {}", sign(one.comparison), put(one.value));
      case Field::tag:
        return fmt::format("{}EXISTS (SELECT 1 FROM people_tags t WHERE t.profile = p.id AND t.tag = {})",
                           one.comparison == has ? "" : "NOT ", put(one.value));
      case Field::first_seen:
        return seen("p.first_seen_at", one);
      case Field::last_seen:
        return seen("p.last_seen_at", one);
      case Field::blocked: {
        put(now_);
        const bool wanted = std::get<std::int64_t>(one.value) != 0;
        return (wanted ? "" : "NOT ") + blocked_sql(used_ + parameters.size());
      }
      case Field::source:
        return source(one);
      case Field::attribute:
        break;
    }
    return attribute(one);
  }

  static std::string_view sign(Comparison comparison) {
    if (comparison == at_least || comparison == since || comparison == within_days) return ">=";
    if (comparison == at_most) return "<=";
    if (comparison == before || comparison == not_within_days) return "<";
    return "=";
  }

  std::string seen(std::string_view column, const Condition& one) {
    const std::int64_t value = std::get<std::int64_t>(one.value);
    const bool days = one.comparison == within_days || one.comparison == not_within_days;
    return fmt::format("{} {} {}", column, sign(one.comparison), put(days ? now_ - value * day_ms : value));
  }

  // Not LIKE, which has other ideas of upper and lower case on each engine.
  std::string source(const Condition& one) {
    if (one.comparison == is) return "p.source = " + put(one.value);
    const auto chars = static_cast<std::int64_t>(count_chars(std::get<std::string>(one.value)));
    const std::string length = put(chars);
    return fmt::format("substr(p.source, 1, CAST({} AS INTEGER)) = {}", length, put(one.value));
  }

  std::string attribute(const Condition& one) {
    const bool negated = one.comparison == not_set || one.comparison == is_not;
    std::string out = fmt::format("{}EXISTS (SELECT 1 FROM people_values v WHERE v.profile = p.id AND v.attribute = {}",
                                  negated ? "NOT " : "", put(one.attribute.value()));
    if (one.comparison != set && one.comparison != not_set)
      out += fmt::format(" AND v.{} {} {}", std::holds_alternative<std::string>(one.value) ? "text" : "number",
                         sign(one.comparison), put(one.value));
    return out + ")";
  }

  const TimeMs now_;
  const std::size_t used_;
};

}  // namespace

Result<Condition> parse_condition(const json::value& value, const std::vector<Attribute>& attributes) {
  return Parser(attributes).parse(value, 1);
}

CompiledCondition compile(const Condition& condition, TimeMs now, std::size_t used) {
  Compiler compiler(now, used);
  std::string sql = compiler.sql_of(condition);
  return {std::move(sql), std::move(compiler.parameters)};
}

std::string blocked_sql(std::size_t now) {
  return fmt::format(
      "EXISTS (SELECT 1 FROM people_blocks b JOIN people_profiles o ON o.id = b.profile WHERE o.person = p.person AND "
      "b.appid = p.appid AND b.lifted_at = 0 AND (b.ends_at = 0 OR b.ends_at > ${}))",
      now);
}

}  // namespace miniops::people
