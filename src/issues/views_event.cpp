// One event as JSON: the record, the stack, breadcrumbs of whatever client.
#include "issues/views.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::issues {

namespace {

json::object device(const telemetry::Device& device) {
  return {{"brand", device.brand},
          {"model", device.model},
          {"level", device.level},
          {"os", device.os},
          {"os_version", device.os_version},
          {"wechat", device.wechat},
          {"base_library", device.base_library}};
}

json::object properties_of(const telemetry::NamedRow& row) {
  boost::system::error_code problem;
  json::value value = json::parse(row.row.properties, problem);
  return !problem && value.is_object() ? std::move(value.as_object()) : json::object{};
}

json::object record(const telemetry::NamedRow& named, json::object properties) {
  const events::FoundRow& row = named.row;
  return {{"id", std::to_string(row.sequence)},
          {"record_id", row.id},
          {"at", row.time},
          {"received_at", row.received},
          {"late", row.late},
          {"weight", row.weight},
          {"value", maybe(row.value)},
          {"name", named.name},
          {"level", to_string(telemetry::Level{static_cast<std::uint8_t>(row.level)})},
          {"person", row.person == 0 ? json::value(nullptr) : json::value(std::to_string(row.person))},
          {"session", row.session},
          {"page_view", row.page_view},
          {"trace", row.trace},
          {"page", named.page},
          {"release", named.release},
          {"build", to_string(telemetry::Build{static_cast<std::uint8_t>(row.build)})},
          {"scene", row.scene},
          {"network", named.network},
          {"region", named.region},
          {"client", named.client},
          {"device", device(named.device)},
          {"text", row.text},
          {"properties", std::move(properties)}};
}

json::value position(const std::optional<SourcePosition>& at) {
  if (!at) return nullptr;
  return json::object{{"file", at->file}, {"line", at->line}, {"column", at->column}};
}

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

json::object shown(const ReadFrame& frame) {
  json::array context;
  for (const std::string& line : frame.context.lines) context.push_back(json::value(line));
  return {{"function", frame.frame.function},   {"file", frame.frame.file},
          {"line", frame.frame.line},           {"column", frame.frame.column},
          {"in_app", frame.frame.in_app},       {"source", position(frame.source)},
          {"between", position(frame.between)}, {"context_from", frame.context.first},
          {"context", std::move(context)}};
}

// Our SDK's `t` is milliseconds, Sentry's `timestamp` seconds or a text.
json::value time_of(const json::object& crumb) {
  boost::system::error_code problem;
  if (const json::value* t = crumb.if_contains("t"); t != nullptr && t->is_number())
    return maybe(telemetry::time_of(t->to_number<double>(problem)));
  const json::value* stamp = crumb.if_contains("timestamp");
  if (stamp != nullptr && stamp->is_string())
    return maybe(telemetry::parse_rfc3339(std::string_view(stamp->as_string())));
  if (stamp == nullptr || !stamp->is_number()) return nullptr;
  return maybe(telemetry::time_of(stamp->to_number<double>(problem) * 1000));
}

json::object breadcrumb(const json::object& crumb) {
  const auto either = [&](std::string_view a, std::string_view b) {
    std::string text = text_of(crumb, a);
    return text.empty() ? text_of(crumb, b) : text;
  };
  const json::value* data = crumb.if_contains("data");
  return {{"at", time_of(crumb)},
          {"type", either("category", "type")},
          {"text", either("message", "text")},
          {"level", text_of(crumb, "level")},
          {"data", data != nullptr && data->is_object() ? *data : json::value(json::object{})}};
}

json::array breadcrumbs_of(const json::object& properties) {
  json::array out;
  const json::value* crumbs = properties.if_contains("breadcrumbs");
  if (crumbs == nullptr || !crumbs->is_array()) return out;
  for (const json::value& crumb : crumbs->as_array())
    if (crumb.is_object()) out.push_back(breadcrumb(crumb.as_object()));
  return out;
}

}  // namespace

json::object Views::event(const telemetry::NamedRow& row, bool with_properties) const {
  return {{"event", event_name(row)}, {"record", record(row, with_properties ? properties_of(row) : json::object{})}};
}

json::object Views::detail(const EventDetail& detail) const {
  json::object properties = properties_of(detail.row);
  json::array breadcrumbs = breadcrumbs_of(properties);
  json::array exceptions, path, signals;
  for (const ReadException& exception : detail.stack.exceptions) {
    json::array frames;
    for (const ReadFrame& one : exception.frames) frames.push_back(shown(one));
    exceptions.push_back(
        json::object{{"type", exception.type}, {"message", exception.message}, {"frames", std::move(frames)}});
  }
  for (const auto& row : detail.path) path.push_back(record(row, properties_of(row)));
  for (const auto& [kind, row] : detail.signals)
    signals.push_back(json::object{{"kind", to_string(kind)}, {"record", record(row, properties_of(row))}});
  return {{"event", event_name(detail.row)},
          {"record", record(detail.row, std::move(properties))},
          {"exceptions", std::move(exceptions)},
          {"mapping", to_string(detail.stack.mapping)},
          {"breadcrumbs", std::move(breadcrumbs)},
          {"path", std::move(path)},
          {"signals", std::move(signals)},
          {"older", detail.older ? json::value(*detail.older) : json::value(nullptr)},
          {"newer", detail.newer ? json::value(*detail.newer) : json::value(nullptr)}};
}

}  // namespace miniops::issues
