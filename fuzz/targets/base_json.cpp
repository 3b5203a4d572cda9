#include "base/json.hpp"
#include "base/text.hpp"
#include "targets/fuzz.hpp"

namespace {

using namespace miniops;

int depth_of(const json::value& value) {
  int inner = 0;
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) inner = std::max(inner, depth_of(member.value()));
    return inner + 1;
  }
  if (const auto* array = value.if_array()) {
    for (const auto& element : *array) inner = std::max(inner, depth_of(element));
    return inner + 1;
  }
  return 0;
}

// Reads the same few fields as every route does.
void read_fields(const json::value& value) {
  JsonInput in(value);
  in.text("a");
  in.optional_text("b", {0, 3});
  in.integer("c", -5, 5);
  in.boolean("d");
  in.choice("e", {"x", "y"});
  in.optional_id("f");
  in.optional_texts("g", 4);
  in.object("h").optional_integer("i", 0, 9);
  for (JsonInput& item : in.optional_objects("j", 4)) item.text("k");
  (void)in.optional_value("l");
  const auto done = in.finish();
  fuzz::require(done || (done.error().code == "request.invalid" && !done.error().fields.empty()));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = parse_json(text);
  JsonLimits limits;
  limits.numbers_as_text = true;
  const auto with_texts = parse_json(text, limits);
  fuzz::require(value.has_value() == with_texts.has_value());
  if (!value) return 0;
  fuzz::require(valid_utf8(text) && depth_of(*value) <= 32);
  const auto again = parse_json(json::serialize(*with_texts), limits);
  fuzz::require(again && *again == *with_texts);
  read_fields(*value);
  return 0;
}
