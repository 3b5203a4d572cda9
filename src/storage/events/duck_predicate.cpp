// Conditions become SQL here.
#include <charconv>

#include "storage/events/duck_statement.hpp"

namespace miniops::events {

namespace {

using Op = Predicate::Op;

bool is_id(Field field) { return field == Field::session || field == Field::page_view; }

std::string_view sign_of(Predicate::Relation relation) {
  switch (relation) {
    case Predicate::Relation::less:
      return "<";
    case Predicate::Relation::at_most:
      return "<=";
    case Predicate::Relation::equal:
      return "=";
    case Predicate::Relation::at_least:
      return ">=";
    case Predicate::Relation::more:
      return ">";
  }
  std::unreachable();
}

std::optional<std::int64_t> integer_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string compared(std::string_view column, const Predicate& leaf, Statement& statement) {
  return fmt::format("{} {} {}", column, sign_of(leaf.relation), statement.param(leaf.number));
}

std::string on_text(std::string_view column, const Predicate& leaf, Statement& statement) {
  if (leaf.op == Op::equals) return fmt::format("{} = {}", column, statement.param(std::string_view(leaf.text)));
  if (leaf.op == Op::exists) return fmt::format("{} <> ''", column);
  if (leaf.op == Op::among) return "false";
  return fmt::format("text_holds({}, {})", column, statement.lend({"", Matcher(leaf)}));
}

std::string on_id(std::string_view column, const Predicate& leaf, Statement& statement) {
  if (leaf.op == Op::exists) return fmt::format("{} IS NOT NULL", column);
  const auto id = leaf.op == Op::equals ? parse_id128(leaf.text) : std::nullopt;
  return id ? fmt::format("{} = {}", column, statement.param(*id)) : "false";
}

std::string on_number(std::string_view column, const Predicate& leaf, Statement& statement) {
  switch (leaf.op) {
    case Op::among: {
      std::string numbers;
      for (const std::int64_t number : leaf.numbers) {
        if (!numbers.empty()) numbers += ", ";
        numbers += statement.param(number);
      }
      return numbers.empty() ? "false" : fmt::format("{} IN ({})", column, numbers);
    }
    case Op::compare:
      return compared(column, leaf, statement);
    case Op::exists:
      return fmt::format("{} <> 0", column);
    case Op::equals: {
      const auto number = integer_of(leaf.text);
      return number ? fmt::format("{} = {}", column, statement.param(*number)) : "false";
    }
    default:
      return fmt::format("text_holds(CAST({} AS VARCHAR), {})", column, statement.lend({"", Matcher(leaf)}));
  }
}

std::string on_value(const Predicate& leaf, Statement& statement) {
  if (leaf.op == Op::compare) return fmt::format("(isfinite(value) AND {})", compared("value", leaf, statement));
  return leaf.op == Op::exists ? "value IS NOT NULL" : "false";
}

std::string on_field(const Predicate& leaf, Statement& statement) {
  const std::string_view column = column_of(leaf.field);
  if (is_id(leaf.field)) return on_id(column, leaf, statement);
  if (leaf.field == Field::trace) return on_text(column, leaf, statement);
  return on_number(column, leaf, statement);
}

std::string joined(const Predicate& predicate, std::string_view with, std::string_view of_none, Statement& statement) {
  std::string parts;
  for (const Predicate& part : predicate.of)
    parts += fmt::format("{}{}", parts.empty() ? "(" : with, condition_of(part, statement));
  return parts.empty() ? std::string(of_none) : parts + ")";
}

}  // namespace

std::string_view column_of(Field field) {
  switch (field) {
    case Field::name:
      return "name";
    case Field::level:
      return "level";
    case Field::person:
      return "person";
    case Field::session:
      return "session";
    case Field::page_view:
      return "page_view";
    case Field::release:
      return "release";
    case Field::build:
      return "build";
    case Field::page:
      return "page";
    case Field::scene:
      return "scene";
    case Field::device:
      return "device";
    case Field::network:
      return "network";
    case Field::region:
      return "region";
    case Field::client:
      return "client";
    case Field::trace:
      return "trace";
    case Field::issue:
      return "issue";
    case Field::log_template:
      return "log_template";
  }
  std::unreachable();
}

// A NULL counts as false. AND and OR keep it so, and NOT is told.
std::string condition_of(const Predicate& predicate, Statement& statement) {
  switch (predicate.op) {
    case Op::all:
      return joined(predicate, " AND ", "true", statement);
    case Op::any:
      return joined(predicate, " OR ", "false", statement);
    case Op::none:
      return fmt::format("NOT coalesce({}, false)", joined(predicate, " OR ", "false", statement));
    default:
      break;
  }
  switch (predicate.on) {
    case Predicate::On::text:
      return on_text("text", predicate, statement);
    case Predicate::On::field:
      return on_field(predicate, statement);
    case Predicate::On::value:
      return on_value(predicate, statement);
    case Predicate::On::property:
      return fmt::format("property_holds(properties, {})", statement.lend({predicate.property, Matcher(predicate)}));
  }
  std::unreachable();
}

}  // namespace miniops::events
