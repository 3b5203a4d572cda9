#include "base/json.hpp"
#include "official/plan.hpp"

namespace miniops::official {

std::string to_text(const Position& position) {
  json::array details;
  for (const ErrorKey& key : position.details) details.push_back(json::array{key.message_md5, key.stack_md5});
  const json::object object{{"day", position.day},   {"item", position.item}, {"offset", position.offset},
                            {"from", position.from}, {"to", position.to},     {"until", position.until},
                            {"details", details}};
  return json::serialize(object);
}

Position position_of(std::string_view text) {
  const auto parsed = parse_json(text);
  if (!parsed || !parsed->is_object()) return {};
  const json::object& object = parsed->get_object();
  const auto number = [&](std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
  };
  Position position{number("day"), number("item"), number("offset"), number("from"), number("to"), number("until")};
  const json::value* details = object.if_contains("details");
  if (details == nullptr || !details->is_array()) return position;
  for (const json::value& one : details->get_array()) {
    const json::array* pair = one.if_array();
    if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_string() || !(*pair)[1].is_string()) continue;
    position.details.push_back({std::string((*pair)[0].get_string()), std::string((*pair)[1].get_string())});
  }
  return position;
}

}  // namespace miniops::official
