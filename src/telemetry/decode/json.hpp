// Request bodies as JSON, read with simdjson. Unlike base/json.hpp this is lenient: what phones get wrong is repaired,
// and a wrong field is the concern of its record alone.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

namespace miniops::telemetry {

using Element = simdjson::dom::element;
using Object = simdjson::dom::object;
using Array = simdjson::dom::array;

// One document at a time: its elements live until the next `read`. For one thread.
class Json {
 public:
  // nullopt: no JSON, not even after the repair, or nested more than 1,000 deep.
  std::optional<Element> read(std::string_view text);

 private:
  simdjson::dom::parser parser_;
};

// What JavaScript writes and strict parsers refuse: halves of emoji (`\ud83d`) where a text was cut, whole numbers
// beyond 64 bits; besides, invalid UTF-8, control characters in texts and numbers that no double holds.
std::string repair_json(std::string_view text);

// Sentry's clients send `undefined` as this text.
inline constexpr std::string_view undefined_text = "[undefined]";
enum class Undefined { kept, dropped };

// The fields of a JSON object; of anything else there are none. Never fails: a missing field or one of another type
// reads as empty. Of a name that is there twice the first counts.
class Fields {
 public:
  Fields() = default;
  explicit Fields(std::optional<Element> value, Undefined undefined = Undefined::kept);

  bool is_object() const { return object_.has_value(); }
  const std::optional<Object>& object() const { return object_; }
  std::optional<Element> find(std::string_view key) const;  // nullopt also for null
  // A string as it is; a number or bool as its text.
  std::string text(std::string_view key) const;
  // A number, also as a text; finite.
  std::optional<double> number(std::string_view key) const;
  std::optional<bool> flag(std::string_view key) const;
  Fields inner(std::string_view key) const;
  std::optional<Array> array(std::string_view key) const;

 private:
  std::optional<Object> object_;
  Undefined undefined_ = Undefined::kept;
};

std::string text_of(const Element& value);  // as Fields::text
std::string number_text(double value);      // the shortest that reads as the same; finite
std::optional<double> number_of(const Element& value);
std::optional<Array> array_of(const std::optional<Element>& value);

// Whether a record is within its limits; never looks at more than it must.
enum class Fit { fits, too_deep, too_large };
Fit fit_of(const Element& value, int depth_max, std::size_t bytes_max);

}  // namespace miniops::telemetry
