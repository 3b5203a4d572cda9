#include "storage/sql/value.hpp"

#include <cassert>
#include <stdexcept>

namespace miniops::sql {

namespace {

// A wrong column or type is a programmer's mistake. It must not become undefined behaviour in a release build, so it
// throws there; the database answers the caller with storage.unavailable and logs it.
[[noreturn]] void misread(std::size_t column) {
  assert(false && "a column was read past the end, as another type than it has, or is NULL");
  throw std::logic_error(fmt::format("column {} misread", column));
}

template <class T>
const T& get(const std::vector<Value>& values, std::size_t column) {
  if (column >= values.size()) misread(column);
  const T* value = std::get_if<T>(&values[column]);
  if (value == nullptr) misread(column);
  return *value;
}

}  // namespace

bool Row::is_null(std::size_t column) const {
  if (column >= values_.size()) misread(column);
  return std::holds_alternative<std::nullptr_t>(values_[column]);
}

std::int64_t Row::integer(std::size_t column) const { return get<std::int64_t>(values_, column); }

double Row::number(std::size_t column) const {
  // SQLite gives a whole number back as an integer where an expression has no declared type.
  if (column < values_.size() && std::holds_alternative<std::int64_t>(values_[column]))
    return static_cast<double>(integer(column));
  return get<double>(values_, column);
}

const std::string& Row::text(std::size_t column) const { return get<std::string>(values_, column); }
const std::string& Row::blob(std::size_t column) const { return get<std::string>(values_, column); }

std::optional<std::int64_t> Row::optional_integer(std::size_t column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}

std::optional<std::string> Row::optional_text(std::size_t column) const {
  return is_null(column) ? std::nullopt : std::optional(text(column));
}

}  // namespace miniops::sql
