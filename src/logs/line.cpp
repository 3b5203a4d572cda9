#include "logs/line.hpp"

#include <fmt/chrono.h>

namespace miniops::logs {

namespace {

using telemetry::Kind;
using telemetry::Level;
using telemetry::NamedRow;

std::string_view level_of(const NamedRow& row) {
  return telemetry::to_string(Level{static_cast<std::uint8_t>(row.row.level)});
}
std::string_view build_of(const NamedRow& row) {
  return telemetry::to_string(telemetry::Build{static_cast<std::uint8_t>(row.row.build)});
}

json::value text_or_none(std::string_view text) { return text.empty() ? json::value(nullptr) : json::value(text); }
json::value number_or_none(std::int64_t number) { return number == 0 ? json::value(nullptr) : json::value(number); }
// Numbers that are ids are strings in JSON.
json::value id_or_none(std::int64_t id) { return id == 0 ? json::value(nullptr) : json::value(std::to_string(id)); }

// "2026-11-21T05:04:54.646Z"
std::string iso_time(TimeMs at) {
  return fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(at / second_ms)), at % second_ms);
}

std::string device_text(const telemetry::Device& device) {
  std::string out;
  for (const std::string* part :
       {&device.brand, &device.model, &device.os, &device.os_version, &device.wechat, &device.base_library}) {
    if (part->empty()) continue;
    if (!out.empty()) out += ' ';
    out += *part;
  }
  return out;
}

json::object device_json(const telemetry::Device& device) {
  return {{"brand", device.brand},
          {"model", device.model},
          {"level", device.level},
          {"os", device.os},
          {"os_version", device.os_version},
          {"wechat", device.wechat},
          {"base_library", device.base_library}};
}

struct Column {
  std::string_view name;
  json::value (*value)(const Line&);
};
constexpr std::array<Column, 24> columns{{
    {"id", [](const Line& line) { return json::value(to_string(id_of(line))); }},
    {"at", [](const Line& line) { return json::value(line.found.row.time); }},
    {"time", [](const Line& line) { return json::value(iso_time(line.found.row.time)); }},
    {"received_at", [](const Line& line) { return json::value(line.found.row.received); }},
    {"weight", [](const Line& line) { return json::value(line.found.row.weight); }},
    {"value",
     [](const Line& line) { return line.found.row.value ? json::value(*line.found.row.value) : json::value(); }},
    {"level", [](const Line& line) { return text_or_none(level_of(line.found)); }},
    {"tag", [](const Line& line) { return text_or_none(line.found.name); }},
    {"text", [](const Line& line) { return json::value(line.text); }},
    {"page", [](const Line& line) { return text_or_none(line.found.page); }},
    {"release", [](const Line& line) { return text_or_none(line.found.release); }},
    {"build", [](const Line& line) { return text_or_none(build_of(line.found)); }},
    {"person", [](const Line& line) { return id_or_none(line.found.row.person); }},
    {"session", [](const Line& line) { return text_or_none(line.found.row.session); }},
    {"page_view", [](const Line& line) { return text_or_none(line.found.row.page_view); }},
    {"trace", [](const Line& line) { return text_or_none(line.found.row.trace); }},
    {"scene", [](const Line& line) { return number_or_none(line.found.row.scene); }},
    {"device", [](const Line& line) { return text_or_none(device_text(line.found.device)); }},
    {"network", [](const Line& line) { return text_or_none(line.found.network); }},
    {"region", [](const Line& line) { return text_or_none(line.found.region); }},
    {"client", [](const Line& line) { return text_or_none(line.found.client); }},
    {"template", [](const Line& line) { return number_or_none(line.found.row.log_template); }},
    {"issue", [](const Line& line) { return id_or_none(line.found.row.issue); }},
    {"properties", [](const Line& line) { return json::value(line.properties); }},
}};

const Column* find_column(std::string_view name) {
  const auto found = std::ranges::find(columns, name, &Column::name);
  return found == columns.end() ? nullptr : &*found;
}

}  // namespace

Line line_of(Kind kind, NamedRow found, const telemetry::Masker* mask) {
  Line line{kind, std::move(found), {}, {}};
  std::string& text = line.found.row.text;
  line.text = mask ? mask->masked(text) : std::move(text);
  boost::system::error_code problem;
  json::value properties = json::parse(line.found.row.properties, problem);
  if (!problem && mask) mask->mask(properties);
  if (!problem && properties.is_object()) line.properties = std::move(properties.as_object());
  text.clear();
  line.found.row.properties.clear();
  return line;
}

std::string to_string(const LineId& id) {
  return fmt::format("{}-{}-{}", static_cast<int>(id.kind), id.at, id.sequence);
}

std::optional<LineId> parse_line_id(std::string_view text) {
  std::array<std::int64_t, 3> parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t end = i + 1 < parts.size() ? text.find('-') : text.size();
    if (end == std::string_view::npos) return std::nullopt;
    const auto number = parse_id(text.substr(0, end));
    if (!number) return std::nullopt;
    parts.at(i) = *number;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (parts[0] > static_cast<std::int64_t>(telemetry::kinds.back())) return std::nullopt;
  return LineId{Kind{static_cast<std::uint8_t>(parts[0])}, parts[1], parts[2]};
}

LineId id_of(const Line& line) { return {line.kind, line.found.row.time, line.found.row.sequence}; }

const json::value* find_property(const json::object& properties, std::string_view name) {
  if (const json::value* whole = properties.if_contains(name)) return whole;
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return nullptr;
  const json::value* outer = properties.if_contains(name.substr(0, dot));
  return outer && outer->is_object() ? outer->as_object().if_contains(name.substr(dot + 1)) : nullptr;
}

bool is_column(std::string_view name) {
  return find_column(name) || (name.starts_with(property_prefix) && name.size() > property_prefix.size());
}

json::value column(const Line& line, std::string_view name) {
  if (const Column* known = find_column(name)) return known->value(line);
  if (!name.starts_with(property_prefix)) return nullptr;
  const json::value* property = find_property(line.properties, name.substr(property_prefix.size()));
  return property ? *property : json::value(nullptr);
}

std::string column_text(const Line& line, std::string_view name) {
  const json::value value = column(line, name);
  if (value.is_null()) return "";
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

json::object to_json(const Line& line, const Highlighter* highlighter) {
  const events::FoundRow& row = line.found.row;
  json::array highlights;
  if (highlighter)
    for (const TextRange& range : highlighter->of(line.text)) highlights.push_back({range.offset, range.length});
  json::object out{{"kind", telemetry::to_string(line.kind)}, {"late", row.late}};
  for (const Column& one : columns)
    if (one.name != "time") out[one.name] = one.value(line);
  // Texts are never null there, so that a page need not ask.
  for (const std::string_view name :
       {"level", "tag", "page", "release", "build", "session", "page_view", "trace", "network", "region", "client"})
    if (out[name].is_null()) out[name] = "";
  out["scene"] = row.scene;
  out["device"] = device_json(line.found.device);
  out["highlights"] = std::move(highlights);
  return out;
}

}  // namespace miniops::logs
