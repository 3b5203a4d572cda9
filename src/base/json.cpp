#include "base/json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <utility>

namespace miniops {

namespace {

// Builds the value as json::parser does, and besides: refuses NUL characters, counts keys (a duplicate shows as an
// object with fewer members than keys), and keeps numbers as the text that they came as, when asked to.
struct Builder {
  static constexpr std::size_t max_object_size = 1 << 20;
  static constexpr std::size_t max_array_size = 1 << 20;
  static constexpr std::size_t max_key_size = 1 << 16;
  static constexpr std::size_t max_string_size = 1 << 30;
  using Code = boost::json::error_code;

  json::value_stack stack{};
  bool numbers_as_text = false;
  std::size_t keys = 0;
  std::string number{};

  explicit Builder(bool as_text) : numbers_as_text(as_text) {}

  static bool clean(std::string_view part, Code& ec) {
    if (part.find('\0') == std::string_view::npos) return true;
    ec = json::error::syntax;
    return false;
  }
  bool number_text(json::string_view rest) {
    number.append(rest);
    stack.push_string(number);
    number.clear();
    return true;
  }

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return true; }
  bool on_object_end(std::size_t count, Code&) {
    keys += count;
    stack.push_object(count);
    return true;
  }
  bool on_array_begin(Code&) { return true; }
  bool on_array_end(std::size_t count, Code&) {
    stack.push_array(count);
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, Code& ec) {
    stack.push_chars(part);
    return clean(part, ec);
  }
  bool on_key(json::string_view part, std::size_t, Code& ec) {
    stack.push_key(part);
    return clean(part, ec);
  }
  bool on_string_part(json::string_view part, std::size_t, Code& ec) {
    stack.push_chars(part);
    return clean(part, ec);
  }
  bool on_string(json::string_view part, std::size_t, Code& ec) {
    stack.push_string(part);
    return clean(part, ec);
  }
  bool on_number_part(json::string_view part, Code&) {
    if (numbers_as_text) number.append(part);
    return true;
  }
  bool on_int64(std::int64_t value, json::string_view text, Code&) {
    if (numbers_as_text) return number_text(text);
    stack.push_int64(value);
    return true;
  }
  bool on_uint64(std::uint64_t value, json::string_view text, Code&) {
    if (numbers_as_text) return number_text(text);
    stack.push_uint64(value);
    return true;
  }
  bool on_double(double value, json::string_view text, Code&) {
    if (numbers_as_text) return number_text(text);
    stack.push_double(value);
    return true;
  }
  bool on_bool(bool value, Code&) {
    stack.push_bool(value);
    return true;
  }
  bool on_null(Code&) {
    stack.push_null();
    return true;
  }
  bool on_comment_part(json::string_view, Code&) { return true; }
  bool on_comment(json::string_view, Code&) { return true; }
};

std::size_t count_members(const json::value& value) {
  std::size_t count = 0;
  if (const auto* object = value.if_object()) {
    count = object->size();
    for (const auto& member : *object) count += count_members(member.value());
  } else if (const auto* array = value.if_array()) {
    for (const auto& element : *array) count += count_members(element);
  }
  return count;
}

std::unexpected<Error> malformed(std::string message) {
  return fail(ErrorKind::invalid, "request.malformed_json", std::move(message));
}

}  // namespace

Result<json::value> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes_max) return malformed("The JSON text is too large.");
  json::parse_options options;
  options.max_depth = limits.depth_max;
  json::basic_parser<Builder> parser(options, limits.numbers_as_text);
  Builder& builder = parser.handler();
  builder.stack.reset();
  boost::json::error_code ec;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  if (ec == json::error::too_deep) return malformed("The JSON text is nested too deeply.");
  if (ec || used < text.size()) return malformed("This is not valid JSON (near byte " + std::to_string(used) + ").");
  json::value value = builder.stack.release();
  if (count_members(value) != builder.keys) return malformed("An object names the same key twice.");
  return value;
}

}  // namespace miniops
