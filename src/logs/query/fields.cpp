#include "logs/query/fields.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "telemetry/record.hpp"

namespace miniops::logs {

namespace {

using events::Field;
using On = events::Predicate::On;

constexpr std::array<FieldInfo, 18> all_fields{{
    {"text", "", Sort::text, On::text, Field::name, "the line itself; what has no field is looked for here"},
    {"level", "", Sort::level, On::field, Field::level, "debug, info, warn, error, fatal; level>=warn"},
    {"tag", "name", Sort::name, On::field, Field::name, "the tag of a log line, the name of an event"},
    {"page", "", Sort::text, On::field, Field::page, "pages/index/index"},
    {"release", "version", Sort::name, On::field, Field::release, "version of the mini program"},
    {"build", "env", Sort::build, On::field, Field::build, "develop, trial, release"},
    {"person", "user", Sort::number, On::field, Field::person, "number of a person"},
    {"session", "", Sort::name, On::field, Field::session, "id of a visit"},
    {"trace", "request_id", Sort::name, On::field, Field::trace, "trace or request id"},
    {"scene", "", Sort::number, On::field, Field::scene, "scene value: how the mini program was opened"},
    {"device", "model", Sort::text, On::field, Field::device, "brand, model, system, WeChat, base library"},
    {"network", "", Sort::name, On::field, Field::network, "wifi, 5g, 4g"},
    {"region", "", Sort::text, On::field, Field::region, "province"},
    {"client", "sdk", Sort::text, On::field, Field::client, "protocol and SDK that sent it"},
    {"template", "", Sort::number, On::field, Field::log_template, "number of a template"},
    {"issue", "", Sort::number, On::field, Field::issue, "number of an issue"},
    {"value", "", Sort::value, On::value, Field::name, "the number of a record: of a request its milliseconds"},
    {"page_view", "", Sort::name, On::field, Field::page_view, "id of one view of a page"},
}};

constexpr std::array<std::string_view, 5> levels{"debug", "info", "warn", "error", "fatal"};
constexpr std::array<std::string_view, 3> builds{"develop", "trial", "release"};

}  // namespace

std::span<const FieldInfo> fields() { return all_fields; }

const FieldInfo* find_field(std::string_view name) {
  const std::string wanted = fold(name);
  const auto found = std::ranges::find_if(all_fields, [&](const FieldInfo& field) {
    return field.name == wanted || (!field.alias.empty() && field.alias == wanted);
  });
  return found == all_fields.end() ? nullptr : &*found;
}

std::span<const std::string_view> level_names() { return levels; }

std::optional<std::int64_t> level_number(std::string_view name) {
  if (name == "none") return 0;
  const auto level = telemetry::parse_level(name);
  return level ? std::optional<std::int64_t>(static_cast<std::int64_t>(*level)) : std::nullopt;
}

std::span<const std::string_view> build_names() { return builds; }

}  // namespace miniops::logs
