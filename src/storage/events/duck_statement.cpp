#include "storage/events/duck_statement.hpp"

namespace miniops::events {

namespace {

bool names_person(const Predicate& predicate) {
  return (predicate.on == Predicate::On::field && predicate.field == Field::person) ||
         std::ranges::any_of(predicate.of, names_person);
}

}  // namespace

std::string_view time_of(const Scope& scope) { return scope.by_receipt ? "received" : "time"; }

bool asks_people(const Scope& scope) {
  return std::ranges::any_of(scope.where, [](const Condition& one) { return one.field == Field::person; }) ||
         (scope.matching && names_person(*scope.matching));
}

Statement::~Statement() {
  for (const std::int64_t number : lent_) loans_.take_back(number);
}

std::string Statement::put(const Cell& value) {
  params_.push_back(value);
  return fmt::format("${}", params_.size());
}

std::string Statement::lend(Loan loan) {
  lent_.push_back(loans_.lend(std::make_shared<const Loan>(std::move(loan))));
  return param(lent_.back());
}

void Statement::rows_of(std::span<const Source> sources, const Scope& scope, bool people) {
  std::string all;
  for (const Source& source : sources) {
    all += fmt::format("{}SELECT * FROM {}", all.empty() ? "" : " UNION ALL ", source.table);
    if (source.sequences)
      all += fmt::format(" WHERE sequence BETWEEN {} AND {}", param(source.sequences->first),
                         param(source.sequences->second));
  }
  if (people || asks_people(scope))
    all = fmt::format(
        "SELECT a.* REPLACE (coalesce(c.canonical, a.person) AS person) FROM ({}) a LEFT JOIN memory.main.counted_as c "
        "ON c.person = a.person",
        all);
  text = fmt::format("WITH r AS (SELECT * FROM ({0}) WHERE app = {1} AND {4} >= {2} AND {4} < {3}", all,
                     param(std::int64_t{scope.app}), param(scope.from), param(scope.to), time_of(scope));
  if (scope.without_late) text += " AND NOT late";
  for (const Condition& condition : scope.where) add(condition);
  if (!scope.text_contains.empty())
    text += fmt::format(" AND contains(text, {})", param(std::string_view(scope.text_contains)));
  if (scope.matching) text += fmt::format(" AND {}", condition_of(*scope.matching, *this));
  text += ")";
}

void Statement::add(const Condition& condition) {
  std::string values;
  for (const auto& value : condition.any_of) {
    if (!values.empty()) values += ", ";
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      values += param(*number);
    } else if (condition.field == Field::trace) {
      values += param(std::string_view(std::get<std::string>(value)));
    } else {
      values += param(parse_id128(std::get<std::string>(value)).value_or(Id128{}));
    }
  }
  const std::string_view column = column_of(condition.field);
  if (values.empty()) {
    text += condition.negated ? "" : " AND false";
  } else if (condition.negated) {
    text += fmt::format(" AND NOT coalesce({} IN ({}), false)", column, values);
  } else {
    text += fmt::format(" AND {} IN ({})", column, values);
  }
}

}  // namespace miniops::events
