// PostHog's clients: posthog-node and posthog-js send batches, older ones single events.
#include "telemetry/decode/collector.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

// Properties that end in a field of the record, or hold what is not kept: addresses, queries of URLs.
constexpr std::array<std::string_view, 20> mapped_posthog{
    "$lib",         "$lib_version",     "$os",          "$os_version", "$device_model", "$device_manufacturer",
    "$app_version", "$session_id",      "$screen_name", "$pathname",   "$current_url",  "$device_id",
    "$ip",          "$raw_user_agent",  "$referrer",    "$host",       "token",         "distinct_id",
    "alias",        "$anon_distinct_id"};

bool is_mapped_posthog(std::string_view name) {
  return std::ranges::find(mapped_posthog, name) != mapped_posthog.end() || name.starts_with("$initial_");
}

std::string first_said(std::initializer_list<std::string> texts) {
  for (const std::string& text : texts)
    if (!text.empty()) return text;
  return {};
}

bool is_posthog_profile(std::string_view name) {
  return name == "$identify" || name == "$create_alias" || name == "$set" || name == "$groupidentify" ||
         name == "$merge_dangerously";
}

// Its clients draw ids for people whom nobody has named yet: UUIDs.
bool is_drawn(std::string_view id) {
  if (id.size() != 36) return false;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (id[i] == '-')) return false;
    if (!dash && std::isxdigit(static_cast<unsigned char>(id[i])) == 0) return false;
  }
  return true;
}

void add_id(const std::string& id, UserIds& ids) {
  if (id.empty()) return;
  std::string& place = is_openid(id) ? ids.openid : is_drawn(id) ? ids.device_id : ids.login_id;
  if (place.empty()) place = id;
}

UserIds ids_of(const Fields& event, const Fields& properties) {
  UserIds ids;
  add_id(first_said({event.text("distinct_id"), properties.text("distinct_id")}), ids);
  add_id(properties.text("alias"), ids);
  add_id(properties.text("$anon_distinct_id"), ids);
  if (ids.device_id.empty()) ids.device_id = properties.text("$device_id");
  return ids;
}

void read_posthog_place(const Fields& properties, Record& record) {
  const std::string lib = properties.text("$lib");
  const std::string version = properties.text("$lib_version");
  record.sdk = version.empty() ? lib : lib + "/" + version;
  record.session = properties.text("$session_id");
  record.page = page_of(
      first_said({properties.text("$screen_name"), properties.text("$pathname"), properties.text("$current_url")}));
  record.release = properties.text("$app_version");
  record.device.brand = properties.text("$device_manufacturer");
  record.device.model = properties.text("$device_model");
  record.device.os = properties.text("$os");
  record.device.os_version = properties.text("$os_version");
}

// $exception: the chain, the last that was raised first.
void read_exception(const Fields& properties, Record& record) {
  record.kind = Kind::error;
  record.level = parse_level(properties.text("$exception_level")).value_or(Level::error);
  Fields first;
  if (const auto list = properties.array("$exception_list"); list && list->size() > 0)
    first = Fields(list->at(0).value_unsafe());
  record.name = first_said({first.text("type"), properties.text("$exception_type"), "Error"});
  record.text = first_said({first.text("value"), properties.text("$exception_message")});
}

std::array<char, 16> id_of(const Fields& event, const Element& element) {
  const std::string uuid = event.text("uuid");
  return uuid.empty() ? hash_id({"posthog", head_of(element, properties_bytes_max)}) : hash_id({"posthog", uuid});
}

void read_event(const Element& element, TimeMs sent_at, Collector& out) {
  const Fields event(element);
  if (!event.is_object()) return out.lose(Fate::quarantined, "not_an_object", "", element);
  const std::string name = event.text("event");
  if (name.empty()) return out.lose(Fate::quarantined, "no_name", "event", element);
  const Fields given = event.inner("properties");
  Record record;
  record.kind = is_posthog_profile(name) ? Kind::profile : Kind::event;
  record.name = name;
  record.protocol = "posthog";
  if (name == "$exception") read_exception(given, record);
  if (!out.fits(element, to_string(record.kind))) return;
  record.user = ids_of(event, given);
  read_posthog_place(given, record);
  record.id = id_of(event, element);
  Properties properties;
  properties.add_rest(given, is_mapped_posthog);
  for (const char* top : {"$set", "$set_once"})
    if (!given.find(top)) properties.add(top, event.find(top));
  out.add(std::move(record), std::move(properties), parse_rfc3339(event.text("timestamp")), sent_at);
}

std::string key_of(const Fields& root) {
  return first_said({root.text("api_key"), root.text("token"), root.inner("properties").text("token")});
}

}  // namespace

std::string posthog_body(std::string_view body, std::string_view query) {
  const auto compression = [&]() -> std::string {
    for (const auto& [name, value] : form_fields(query))
      if (name == "compression") return value;
    return {};
  }();
  if (compression == "base64" || body.starts_with("data="))
    for (const auto& [name, value] : form_fields(body))
      if (name == "data") return unbase64_lenient(value).value_or(value);
  return std::string(body);
}

std::string posthog_key(std::string_view body) {
  Json json;
  const auto root = json.read(body);
  if (!root) return {};
  // posthog-js sends a list of events, each with its key.
  if (const auto list = array_of(root)) return list->size() > 0 ? key_of(Fields(list->at(0).value_unsafe())) : "";
  return key_of(Fields(*root));
}

Result<Decoded> decode_posthog(std::string_view body, const Arrival& arrival, const DecodeLimits& limits) {
  Json json;
  const auto root = json.read(body);
  if (!root) return fail(ErrorKind::invalid, "telemetry.malformed", "The body is not JSON.");
  const Fields fields(*root);
  Collector out(arrival, limits);
  const TimeMs sent_at = parse_rfc3339(fields.text("sent_at"));
  const auto batch = fields.is_object() ? fields.array("batch") : array_of(root);
  if (!batch) {
    read_event(*root, sent_at, out);
    return out.take();
  }
  for (const Element element : *batch) {
    if (out.full()) {
      out.lose(Fate::refused, "too_many_records");
    } else {
      read_event(element, sent_at, out);
    }
  }
  return out.take();
}

}  // namespace miniops::telemetry
