// From a query to what the event store is asked.
#include <re2/re2.h>

#include "base/ids.hpp"
#include "logs/query/edges.hpp"
#include "logs/query/term.hpp"

namespace miniops::logs {

namespace {

using events::Predicate;
using Form = Value::Form;
using Op = Predicate::Op;

Predicate group(Op op, std::vector<Predicate> of) {
  Predicate out;
  out.op = op;
  out.of = std::move(of);
  return out;
}

Predicate leaf_on(const Query& term, const FieldInfo* info) {
  Predicate leaf;
  leaf.on = info ? info->on : Predicate::On::property;
  if (info) leaf.field = info->field;
  if (!info) leaf.property = term.field;
  leaf.text = term.value.text;
  return leaf;
}

// ---- where a word may stand anywhere: the line, pages, properties ----

Predicate in_text(Predicate leaf, const Value& value) {
  leaf.op = Op::contains;
  switch (value.form) {
    case Form::text:
      leaf.from_edge = begins_with_letter(value.text);
      leaf.to_edge = ends_with_letter(value.text);
      break;
    case Form::prefix:
      leaf.from_edge = begins_with_letter(value.text);
      break;
    case Form::suffix:
      leaf.to_edge = ends_with_letter(value.text);
      break;
    case Form::infix:
      break;
    case Form::pattern:
      leaf.op = Op::regex;
      leaf.text = pattern_as_regex(value.text);
      break;
    case Form::regex:
      leaf.op = Op::regex;
      break;
    case Form::regex_no_case:
      leaf.op = Op::regex;
      leaf.text = "(?i)" + value.text;
      break;
    default:
      std::unreachable();
  }
  return leaf;
}

// ---- where the whole value is meant: releases, tags, ids ----

std::string name_as_regex(const Value& value) {
  std::string out = value.form == Form::suffix || value.form == Form::infix ? "(?s)" : "(?s)^";
  for (const char c : value.text) out += c == '*' ? ".*" : RE2::QuoteMeta(std::string(1, c));
  return value.form == Form::prefix || value.form == Form::infix ? out : out + "$";
}

Predicate as_name(Predicate leaf, const Value& value) {
  if (value.form == Form::regex || value.form == Form::regex_no_case) return in_text(std::move(leaf), value);
  leaf.op = value.form == Form::text ? Op::equals : Op::regex;
  if (leaf.op == Op::regex) leaf.text = name_as_regex(value);
  return leaf;
}

// ---- numbers and level_predicate ----

Predicate compared(Predicate leaf, Predicate::Relation relation, double number) {
  leaf.op = Op::compare;
  leaf.text.clear();
  leaf.relation = relation;
  leaf.number = number;
  return leaf;
}

Predicate among(Predicate leaf, std::vector<std::int64_t> numbers) {
  leaf.op = Op::among;
  leaf.text.clear();
  leaf.numbers = std::move(numbers);
  return leaf;
}

bool stands(double left, Predicate::Relation relation, double right) {
  switch (relation) {
    case Predicate::Relation::less:
      return left < right;
    case Predicate::Relation::at_most:
      return left <= right;
    case Predicate::Relation::equal:
      return left == right;
    case Predicate::Relation::at_least:
      return left >= right;
    case Predicate::Relation::more:
      return left > right;
  }
  std::unreachable();
}

// A line without a level is neither below nor above one.
Predicate level_predicate(Predicate leaf, Predicate::Relation relation, const std::string& level) {
  const std::int64_t bound = level_number(level).value_or(0);
  if (bound == 0 && relation == Predicate::Relation::equal) return among(std::move(leaf), {0});
  std::vector<std::int64_t> numbers;
  for (std::int64_t number = 1; number <= static_cast<std::int64_t>(level_names().size()); ++number)
    if (stands(static_cast<double>(number), relation, static_cast<double>(bound))) numbers.push_back(number);
  return among(std::move(leaf), std::move(numbers));
}

Predicate bounded(const Predicate& leaf, const FieldInfo* info, Predicate::Relation relation,
                  const std::string& bound) {
  if (info && info->sort == Sort::level) return level_predicate(leaf, relation, bound);
  if (info && info->sort == Sort::number && relation == Predicate::Relation::equal)
    return among(leaf, {bound == "0" ? 0 : parse_id(bound).value_or(0)});
  return compared(leaf, relation, number_of(bound));
}

Predicate ranged(const Predicate& leaf, const FieldInfo* info, const Value& value) {
  std::vector<Predicate> ends;
  if (!value.text.empty()) ends.push_back(bounded(leaf, info, Predicate::Relation::at_least, value.text));
  if (!value.high.empty()) ends.push_back(bounded(leaf, info, Predicate::Relation::at_most, value.high));
  return group(Op::all, std::move(ends));
}

// What a field that is a number has when it was not said.
Predicate there(Predicate leaf, const FieldInfo* info) {
  leaf.text.clear();
  const bool number = info && (info->sort == Sort::number || info->sort == Sort::level || info->sort == Sort::build);
  if (number) return group(Op::none, {among(std::move(leaf), {0})});
  leaf.op = Op::exists;
  return leaf;
}

std::int64_t build_number(std::string_view name) {
  const auto found = std::ranges::find(build_names(), name);
  return found - build_names().begin() + 1;
}

Predicate term_of(const Query& term) {
  const FieldInfo* info = term.property ? nullptr : find_field(term.field);
  Predicate leaf = leaf_on(term, info);
  const Value& value = term.value;
  if (value.form == Form::exists) return there(std::move(leaf), info);
  if (value.form == Form::compare) return bounded(leaf, info, value.relation, value.text);
  if (value.form == Form::between) return ranged(leaf, info, value);
  if (info && info->sort == Sort::build) return among(std::move(leaf), {build_number(value.text)});
  if (info && info->sort == Sort::name) return as_name(std::move(leaf), value);
  if (value.form != Form::equals) return in_text(std::move(leaf), value);
  leaf.op = Op::equals;
  return leaf;
}

}  // namespace

Predicate to_predicate(const Query& query) {
  if (query.op == Query::Op::term) return term_of(query);
  std::vector<Predicate> parts;
  for (const Query& part : query.of) parts.push_back(to_predicate(part));
  return group(query.op == Query::Op::all   ? Op::all
               : query.op == Query::Op::any ? Op::any
                                            : Op::none,
               std::move(parts));
}

}  // namespace miniops::logs
