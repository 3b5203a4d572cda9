// Values that go into and come out of SQL. Three types suffice in the common dialect: BIGINT, TEXT, BYTEA
// (DOUBLE PRECISION where a ratio is stored). Booleans are BIGINT 0/1, times epoch milliseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/ids.hpp"

namespace miniops::sql {

// Bytes, as opposed to text. A view: what it refers to must outlive the call.
struct BlobView {
  std::string_view bytes;
};

// A parameter of a statement: a view on the caller's value, valid during the call that it is passed to.
class Param {
 public:
  Param(std::nullptr_t) : value_(nullptr) {}
  template <class T>
    requires std::is_integral_v<T>
  Param(T number) : value_(static_cast<std::int64_t>(number)) {}
  Param(double number) : value_(number) {}
  Param(std::string_view text) : value_(text) {}
  Param(const std::string& text) : value_(std::string_view(text)) {}
  Param(const char* text) : value_(std::string_view(text)) {}
  Param(BlobView blob) : value_(blob) {}
  template <class Tag>
  Param(const TextId<Tag>& id) : value_(std::string_view(id.str())) {}
  template <class Tag>
  Param(NumberId<Tag> id) : value_(id.value()) {}
  template <class T>
  Param(const std::optional<T>& maybe) : value_(nullptr) {
    if (maybe) value_ = Param(*maybe).value_;
  }

  using Storage = std::variant<std::nullptr_t, std::int64_t, double, std::string_view, BlobView>;
  const Storage& value() const { return value_; }

 private:
  Storage value_;
};

using Params = std::vector<Param>;

// A value of a result, owned.
using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string>;

// One row. Reading a column as another type than it has, or past the end, is a programmer's mistake and asserts;
// NULL is read by the optional_ forms only.
class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
  std::size_t size() const { return values_.size(); }
  bool is_null(std::size_t column) const;
  std::int64_t integer(std::size_t column) const;
  double number(std::size_t column) const;
  const std::string& text(std::size_t column) const;
  const std::string& blob(std::size_t column) const;  // the bytes of a BYTEA column
  std::optional<std::int64_t> optional_integer(std::size_t column) const;
  std::optional<std::string> optional_text(std::size_t column) const;
  template <class Id>
  Id id(std::size_t column) const {
    if constexpr (std::is_constructible_v<Id, std::int64_t>) {
      return Id(integer(column));
    } else {
      return Id(text(column));
    }
  }

 private:
  std::vector<Value> values_;
};

using Rows = std::vector<Row>;

}  // namespace miniops::sql
