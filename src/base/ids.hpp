// Names that must not be mixed up are types of their own.
//
// Number ids are 64-bit, made by the program (time · node · sequence), strings in JSON. They name things and never
// order a log: id order is not commit order.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"

namespace miniops {

template <class Tag>
class TextId {
 public:
  TextId() = default;
  explicit TextId(std::string value) : value_(std::move(value)) {}
  const std::string& str() const { return value_; }
  bool empty() const { return value_.empty(); }
  auto operator<=>(const TextId&) const = default;

 private:
  std::string value_;
};

template <class Tag>
class NumberId {
 public:
  constexpr NumberId() = default;
  constexpr explicit NumberId(std::int64_t value) : value_(value) {}
  constexpr std::int64_t value() const { return value_; }
  constexpr bool empty() const { return value_ == 0; }
  std::string str() const { return std::to_string(value_); }
  constexpr auto operator<=>(const NumberId&) const = default;

 private:
  std::int64_t value_ = 0;
};

using AppId = TextId<struct AppIdTag>;    // a mini program, "wx…"
using OpenId = TextId<struct OpenIdTag>;  // a person within one mini program

// The number of a decimal string as it stands in JSON and paths; nullopt unless it is 1 … 2^63-1 without sign,
// blanks or leading zeros.
std::optional<std::int64_t> parse_id(std::string_view text);

template <class Id>
std::optional<Id> parse_as(std::string_view text) {
  const auto value = parse_id(text);
  return value ? std::optional<Id>(Id(*value)) : std::nullopt;
}

// Makes number ids: 41 bits of milliseconds since 2024-01-01 UTC, 10 bits of node (leased), 12 bits of sequence.
// Strictly increasing within one source, also when the clock is set back. Safe from any thread.
class IdSource {
 public:
  IdSource(const Clock& clock, int node);
  std::int64_t next();
  // The smallest id that is made at this time. For bounding a look by time, with slack: an id is drawn a moment before
  // what it names is stored, and the clocks of nodes differ.
  static std::int64_t first_at(TimeMs time);
  template <class Id>
  Id next_as() {
    return Id(next());
  }

 private:
  const Clock& clock_;
  std::int64_t node_;
  std::atomic<std::int64_t> last_{0};  // time and sequence, without the node
};

}  // namespace miniops

template <class Tag>
struct std::hash<miniops::TextId<Tag>> {
  std::size_t operator()(const miniops::TextId<Tag>& id) const noexcept { return std::hash<std::string>{}(id.str()); }
};
template <class Tag>
struct std::hash<miniops::NumberId<Tag>> {
  std::size_t operator()(const miniops::NumberId<Tag>& id) const noexcept {
    return std::hash<std::int64_t>{}(id.value());
  }
};
