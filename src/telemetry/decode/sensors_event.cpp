// Sensors Data, the inside: one event becomes a record. What the record has a field for leaves the properties.
#include <array>

#include "telemetry/decode/sensors.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

// Properties that end in a field of the record, or speak of the SDK alone.
constexpr std::array<std::string_view, 20> mapped{"$url",
                                                  "$url_path",
                                                  "$scene",
                                                  "$latest_scene",
                                                  "$brand",
                                                  "$manufacturer",
                                                  "$model",
                                                  "$os",
                                                  "$os_version",
                                                  "$network_type",
                                                  "$app_version",
                                                  "$mp_client_app_version",
                                                  "$app_id",
                                                  "$lib",
                                                  "$lib_version",
                                                  "$mp_client_basic_library_version",
                                                  "$lib_method",
                                                  "$lib_detail",
                                                  "$event_session_id",
                                                  "$data_ingestion_source"};

bool is_mapped(std::string_view name) {
  for (std::string_view one : mapped) {
    if (one == name) return true;
  }
  return false;
}

// The client's words for a value that it does not have.
std::string known(std::string text) { return text == "未取到值" || text == "取值异常" ? std::string() : text; }

std::string first_of(std::string a, std::string b) { return a.empty() ? b : a; }

// "$identity_mp_<appid>_openid" or "$identity_mp_openid".
bool is_openid_key(std::string_view key) { return key.starts_with("$identity_mp_") && key.ends_with("openid"); }

UserIds read_ids(const Fields& event, std::string_view type) {
  const Fields identities = event.inner("identities");
  UserIds ids;
  ids.login_id = first_of(event.text("login_id"), identities.text("$identity_login_id"));
  ids.unionid = identities.text("$identity_mp_unionid");
  ids.device_id = identities.text("$identity_mp_id");
  if (identities.object()) {
    for (const auto [key, value] : *identities.object()) {
      if (is_openid_key(key) && ids.openid.empty()) ids.openid = text_of(value);
    }
  }
  // Older clients know no identities: a distinct_id, and beside it the one from before the login.
  const std::string distinct = event.text("distinct_id");
  const std::string anonymous = first_of(event.text("anonymous_id"), identities.text("$identity_anonymous_id"));
  const bool is_login = type == "track_signup" || (!anonymous.empty() && anonymous != distinct);
  if (ids.login_id.empty() && is_login && distinct != ids.openid && distinct != ids.unionid) ids.login_id = distinct;
  const std::string before = first_of(anonymous, is_login ? event.text("original_id") : distinct);
  if (ids.openid.empty() && is_openid(before)) ids.openid = before;
  if (ids.device_id.empty() && before != ids.openid && before != ids.login_id) ids.device_id = before;
  return ids;
}

void read_place(const Fields& properties, Record& record) {
  record.page = page_of(known(first_of(properties.text("$url_path"), properties.text("$url"))));
  record.scene = scene_of(properties.text("$scene"));
  if (record.scene == 0) record.scene = scene_of(properties.text("$latest_scene"));
  record.network = lower_text(known(properties.text("$network_type")));
  record.session = properties.text("$event_session_id");
  record.release = known(properties.text("$app_version"));
  record.device.brand = known(first_of(properties.text("$brand"), properties.text("$manufacturer")));
  record.device.model = known(properties.text("$model"));
  record.device.os = known(properties.text("$os"));
  record.device.os_version = known(properties.text("$os_version"));
  record.device.wechat = known(properties.text("$mp_client_app_version"));
  record.device.base_library = known(properties.text("$mp_client_basic_library_version"));
}

std::string sdk_of(const Fields& event) {
  const Fields lib = event.inner("lib");
  const std::string name = lib.text("$lib");
  const std::string version = lib.text("$lib_version");
  return "sensors." + (name.empty() ? "unknown" : name) + (version.empty() ? "" : "/" + version);
}

bool is_identity_change(std::string_view type) {
  return type == "track_signup" || type == "track_id_bind" || type == "track_id_unbind";
}

bool is_profile(std::string_view type) { return type.starts_with("profile_") || is_identity_change(type); }

// What a change of identities says of them; a later step merges people by it.
void add_identities(const Fields& event, Properties& to) {
  to.add("$identities", event.find("identities"));
  to.add("$distinct_id", event.find("distinct_id"));
  to.add("$original_id", event.find("original_id"));
  to.add("$anonymous_id", event.find("anonymous_id"));
  to.add("$login_id", event.find("login_id"));
}

// The seconds of a stay become the record's value; other events may have a timer of their own name.
std::optional<double> duration_of(std::string_view name, const Fields& properties) {
  if (name != "$MPHide" && name != "$MPPageLeave") return std::nullopt;
  const auto seconds = properties.number("event_duration");
  return seconds && *seconds >= 0 ? std::optional(*seconds * 1000) : std::nullopt;
}

// Changes of a profile have no _track_id: what they say tells two of the same millisecond apart.
std::array<char, 16> id_of(const Fields& event, std::string_view name) {
  const std::string track_id = event.text("_track_id");
  const auto properties = event.find("properties");
  const std::string said = track_id.empty() && properties ? head_of(*properties, properties_bytes_max) : std::string();
  return hash_id({event.text("distinct_id"), track_id, event.text("time"), name, said});
}

std::string_view obstacle(std::string_view type, std::string_view name) {
  if (type.empty()) return "no_type";
  if (type != "track" && !is_profile(type)) return "unknown_type";
  return name.empty() ? "no_name" : "";
}

}  // namespace

void read_sensors_event(const Element& element, TimeMs flush_time, Collector& out) {
  const Fields event(element);
  if (!event.is_object()) return out.lose(Fate::quarantined, "not_an_object", "", element);
  const std::string type = event.text("type");
  if (type.starts_with("item_")) return out.lose(Fate::refused, "item_type_not_taken", plain_word(type), element);
  Record record;
  record.kind = is_profile(type) ? Kind::profile : Kind::event;
  record.name = record.kind == Kind::profile ? type : event.text("event");
  const std::string_view kind = to_string(record.kind);
  if (const auto reason = obstacle(type, record.name); !reason.empty())
    return out.lose(Fate::quarantined, reason, "", element);
  if (!out.fits(element, kind)) return;
  const Fields given = event.inner("properties");
  record.protocol = "sensors";
  record.sdk = sdk_of(event);
  record.user = read_ids(event, type);
  record.value = duration_of(record.name, given);
  read_place(given, record);
  Properties properties;
  const bool has_value = record.value.has_value();
  if (is_identity_change(type)) add_identities(event, properties);
  properties.add_rest(
      given, [&](std::string_view name) { return is_mapped(name) || (has_value && name == "event_duration"); });
  record.id = id_of(event, record.name);
  const TimeMs sent_at = time_of(event.number("_flush_time").value_or(0));
  out.add(std::move(record), std::move(properties), time_of(event.number("time").value_or(0)),
          sent_at == 0 ? flush_time : sent_at);
}

}  // namespace miniops::telemetry
