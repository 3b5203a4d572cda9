// OpenTelemetry's logs over HTTP, in JSON: servers' and web views' lines beside those of the phones.
#include <charconv>

#include "telemetry/decode/collector.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

constexpr int value_depth_max = 8;

// An AnyValue as JSON: the client's text when it is one of ours, so that numbers stay numbers.
std::string json_of(const Element& any, int depth = 0);

std::string list_json(const std::optional<Array>& values, int depth) {
  std::string out = "[";
  if (values)
    for (const Element value : *values) out.append(out.size() > 1 ? "," : "").append(json_of(value, depth + 1));
  return out + "]";
}

std::string text_json(std::string_view text) {
  std::string out;
  const JsonWriter writer(properties_bytes_max, Undefined::kept);
  return writer.text(out, text) ? out : "\"\"";
}

std::string object_json(const std::optional<Array>& members, int depth) {
  std::string out = "{";
  Names names;
  if (members)
    for (const Element member : *members) {
      const Fields pair(member);
      const std::string name = pair.text("key");
      const auto value = pair.find("value");
      if (!value || !names.insert(name)) continue;
      out.append(out.size() > 1 ? "," : "").append(text_json(name)).append(":").append(json_of(*value, depth + 1));
    }
  return out + "}";
}

// 64-bit numbers come as texts.
std::string whole_number(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc{} && end == text.data() + text.size() ? std::to_string(number) : text_json(text);
}

std::string json_of(const Element& any, int depth) {
  const Fields fields(any);
  if (depth > value_depth_max) return "null";
  if (fields.find("stringValue")) return text_json(fields.text("stringValue"));
  if (fields.find("boolValue")) return fields.flag("boolValue").value_or(false) ? "true" : "false";
  if (fields.find("intValue")) return whole_number(fields.text("intValue"));
  if (const auto number = fields.number("doubleValue")) return number_text(*number);
  if (fields.find("arrayValue")) return list_json(fields.inner("arrayValue").array("values"), depth);
  if (fields.find("kvlistValue")) return object_json(fields.inner("kvlistValue").array("values"), depth);
  if (fields.find("bytesValue")) return text_json(fields.text("bytesValue"));
  return "null";
}

std::string text_of_any(const Fields& any) {
  for (const char* name : {"stringValue", "boolValue", "intValue", "doubleValue", "bytesValue"})
    if (any.find(name)) return any.text(name);
  return {};
}

// Attributes by name, as texts: the few that records have fields for.
class Attributes {
 public:
  explicit Attributes(const std::optional<Array>& list) : list_(list) {}
  std::string text(std::string_view name) const {
    if (list_)
      for (const Element one : *list_)
        if (const Fields pair(one); pair.text("key") == name) return text_of_any(pair.inner("value"));
    return {};
  }
  template <class IsUsed>
  void add_rest(Properties& to, IsUsed is_used) const {
    if (!list_) return;
    for (const Element one : *list_) {
      const Fields pair(one);
      const std::string name = pair.text("key");
      if (const auto value = pair.find("value"); value && !name.empty() && !is_used(name))
        to.add_json(name, json_of(*value));
    }
  }

 private:
  std::optional<Array> list_;
};

constexpr std::array<std::string_view, 13> mapped{"session.id",
                                                  "user.id",
                                                  "enduser.id",
                                                  "exception.type",
                                                  "exception.message",
                                                  "exception.stacktrace",
                                                  "service.version",
                                                  "os.name",
                                                  "os.version",
                                                  "device.manufacturer",
                                                  "device.model.identifier",
                                                  "client.address",
                                                  "net.peer.ip"};
bool is_mapped(std::string_view name) { return std::ranges::find(mapped, name) != mapped.end(); }

Level level_of(const Fields& log) {
  constexpr std::array<Level, 6> by_four{Level::debug, Level::debug, Level::info,
                                         Level::warn,  Level::error, Level::fatal};
  const double number = log.number("severityNumber").value_or(0);
  if (number >= 1 && number <= 24) return by_four[static_cast<std::size_t>((number - 1) / 4)];
  return parse_level(log.text("severityText")).value_or(Level::info);
}

TimeMs nanoseconds(const Fields& log, std::string_view name) { return time_of(log.number(name).value_or(0) / 1e6); }

// What the records of one resource and scope have in common.
struct Origin {
  Record record;
  const Attributes& resource;
  std::string scope;
};

void read_user(const std::string& id, UserIds& user) {
  if (!id.empty()) (is_openid(id) ? user.openid : user.login_id) = id;
}

void read_log(const Element& element, const Origin& origin, std::string_view request, std::size_t index,
              Collector& out) {
  const Fields log(element);
  if (!log.is_object()) return out.lose(Fate::quarantined, "not_an_object", "log", element);
  if (!out.fits(element, "log")) return;
  const Attributes attributes(log.array("attributes"));
  Record record = origin.record;
  record.kind = Kind::log;
  record.name = origin.scope;
  record.level = level_of(log);
  record.trace = log.text("traceId");
  if (const std::string session = attributes.text("session.id"); !session.empty()) record.session = session;
  const std::string user = attributes.text("user.id");
  read_user(user.empty() ? attributes.text("enduser.id") : user, record.user);
  record.text = text_of_any(log.inner("body"));
  if (const auto body = log.find("body"); body && record.text.empty()) record.text = json_of(*body);
  Properties properties;
  if (const std::string type = attributes.text("exception.type"); !type.empty()) {
    record.kind = Kind::error;
    record.name = type;
    record.level = std::max(record.level, Level::error);
    if (const std::string message = attributes.text("exception.message"); !message.empty()) record.text = message;
    properties.add_text("stack", attributes.text("exception.stacktrace"));
  }
  properties.add_text("span_id", log.text("spanId"));
  attributes.add_rest(properties, is_mapped);
  origin.resource.add_rest(properties, is_mapped);
  record.id = hash_id({"otlp", request, std::to_string(index)});
  TimeMs time = nanoseconds(log, "timeUnixNano");
  if (time == 0) time = nanoseconds(log, "observedTimeUnixNano");
  out.add(std::move(record), std::move(properties), time, 0);
}

Record common_of(const Attributes& resource) {
  Record record;
  record.protocol = "otlp";
  const std::string language = resource.text("telemetry.sdk.language");
  const std::string version = resource.text("telemetry.sdk.version");
  record.sdk = language.empty() ? "otlp" : fmt::format("opentelemetry-{}/{}", language, version);
  record.release = resource.text("service.version");
  record.session = resource.text("session.id");
  record.device.brand = resource.text("device.manufacturer");
  record.device.model = resource.text("device.model.identifier");
  record.device.os = resource.text("os.name");
  record.device.os_version = resource.text("os.version");
  return record;
}

}  // namespace

Result<Decoded> decode_otlp_logs(std::string_view body, const Arrival& arrival, const DecodeLimits& limits) {
  Json json;
  const auto root = json.read(body);
  const auto resources = root ? Fields(*root).array("resourceLogs") : std::nullopt;
  if (!resources)
    return fail(ErrorKind::invalid, "telemetry.malformed", "The body is not OTLP's JSON: it has no list resourceLogs.");
  Collector out(arrival, limits);
  // The same request again has the same records: that is how its repetition is known.
  const std::string request = hash_text(body);
  std::size_t index = 0;
  for (const Element one : *resources) {
    const Fields resource_logs(one);
    const Attributes resource(resource_logs.inner("resource").array("attributes"));
    const auto scopes = resource_logs.array("scopeLogs");
    if (!scopes) continue;
    const Record common = common_of(resource);
    for (const Element scope_element : *scopes) {
      const Fields scope(scope_element);
      const std::string name = scope.inner("scope").text("name");
      const Origin origin{common, resource, name.empty() ? "log" : name};
      if (const auto logs = scope.array("logRecords"))
        for (const Element log : *logs) read_log(log, origin, request, index++, out);
    }
  }
  return out.take();
}

}  // namespace miniops::telemetry
