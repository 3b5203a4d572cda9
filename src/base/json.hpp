// JSON from outside: parsed under limits, decoded field by field, all mistakes told at once.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace miniops {

namespace json = boost::json;

struct JsonLimits {
  std::size_t depth_max = 32;
  std::size_t bytes_max = 1 << 20;
  // Every number becomes a string of the digits that it came as: for ids that a double would spoil.
  bool numbers_as_text = false;
};

// Fails with `request.malformed_json`: not JSON, too deep, too large, invalid UTF-8, a duplicate key, a NUL.
Result<json::value> parse_json(std::string_view text, const JsonLimits& limits = {});

struct TextRule {
  std::size_t chars_min = 0;  // code points, not bytes
  std::size_t chars_max = 10000;
};

// Reads the fields of one object and remembers every mistake; `finish()` tells them together.
//
//   JsonInput in(body);
//   const std::string name = in.text("name", {1, 64});
//   const auto limit = in.optional_integer("limit", 1, 100);
//   if (auto ok = in.finish(); !ok) return std::unexpected(ok.error());
//
// After a mistake a reader returns an empty value and goes on. Unknown fields are a mistake. Not thread-safe.
class JsonInput {
 public:
  explicit JsonInput(const json::value& body);
  ~JsonInput();
  JsonInput(JsonInput&&) noexcept;

  bool has(std::string_view key) const;  // present and not null
  std::string text(std::string_view key, TextRule rule = {1, 10000});
  std::optional<std::string> optional_text(std::string_view key, TextRule rule = {});
  std::int64_t integer(std::string_view key, std::int64_t min, std::int64_t max);
  std::optional<std::int64_t> optional_integer(std::string_view key, std::int64_t min, std::int64_t max);
  bool boolean(std::string_view key);
  std::optional<bool> optional_boolean(std::string_view key);
  // One of the given words.
  std::string choice(std::string_view key, std::initializer_list<std::string_view> allowed);
  std::optional<std::string> optional_choice(std::string_view key, std::initializer_list<std::string_view> allowed);
  // A number id given as a string.
  std::optional<std::int64_t> optional_id(std::string_view key);
  std::vector<std::string> optional_texts(std::string_view key, std::size_t count_max, TextRule rule = {});
  // A nested object; when it is missing, an empty one (and a mistake, if required).
  JsonInput object(std::string_view key, bool required = true);
  // Each element of an array of objects; a missing one is empty.
  std::vector<JsonInput> optional_objects(std::string_view key, std::size_t count_max);
  // The value as it is, for free-form parts.
  const json::value* optional_value(std::string_view key);

  void mistake(std::string_view key, std::string message);
  // `request.invalid` (400) with errors[] when anything was wrong here or in a nested reader. Call on the outermost.
  Result<void> finish();

 private:
  struct Shared;
  JsonInput(const json::object* object, std::string pointer, std::shared_ptr<Shared> shared);
  const json::object* object_;
  std::string pointer_;
  std::shared_ptr<Shared> shared_;
  std::shared_ptr<std::vector<std::string>> read_;
};

}  // namespace miniops
