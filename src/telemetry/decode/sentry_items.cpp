// The smaller items: what the client dropped, what a person wrote, log lines.
#include "telemetry/decode/sentry.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

void read_sentry_client_report(const SentryItem& item, Collector& out) {
  const auto discarded = item.fields.array("discarded_events");
  if (!discarded) return out.lose(Fate::quarantined, "no_discarded_events", "client_report", 1, item.payload);
  for (const Element note : *discarded) out.client_dropped(Fields(note), "quantity", "category");
}

void read_sentry_feedback(const SentryItem& item, Collector& out) {
  const Fields feedback = item.fields.inner("contexts").inner("feedback");
  Record record = sentry_record(item.fields, item.header);
  record.id = sentry_record_id(item.event_id, item.payload);
  record.kind = Kind::feedback;
  record.name = "feedback";
  record.text = feedback.text("message");
  if (record.text.empty()) return out.lose(Fate::quarantined, "no_message", "feedback", 1, item.payload);
  Properties properties(Undefined::dropped);
  properties.add_rest(feedback, [](std::string_view name) { return name == "message"; });
  add_sentry_rest(item.fields, {}, properties);
  out.add(std::move(record), std::move(properties), sentry_time(item.fields.find("timestamp")), item.header.sent_at);
}

// The older form of feedback, about an event that is named.
void read_sentry_user_report(const SentryItem& item, Collector& out) {
  Record record;
  record.id = hash_id({"user_report", item.payload});
  record.kind = Kind::feedback;
  record.name = "feedback";
  record.protocol = "sentry";
  record.sdk = item.header.sdk;
  record.trace = item.header.trace;
  set_sentry_release(record, item.header.release, item.header.environment);
  record.text = item.fields.text("comments");
  if (record.text.empty()) return out.lose(Fate::quarantined, "no_message", "user_report", 1, item.payload);
  Properties properties(Undefined::dropped);
  properties.add_text("contact_email", item.fields.text("email"));
  properties.add_text("name", item.fields.text("name"));
  properties.add_text("associated_event_id", normal_event_id(item.fields.text("event_id")));
  out.add(std::move(record), std::move(properties), 0, item.header.sent_at);
}

namespace {

// The attributes of a log line: {"orderId": {"value": "o1", "type": "string"}}.
class Attributes {
 public:
  explicit Attributes(const Fields& line) : fields_(line.inner("attributes")) {}

  std::string text(std::string_view name) const { return fields_.inner(name).text("value"); }
  void add_rest(Properties& to) const {
    if (!fields_.object()) return;
    for (const auto [name, attribute] : *fields_.object()) {
      if (!is_mapped(name)) to.add(name, Fields(attribute, Undefined::dropped).find("value"));
    }
  }

 private:
  static bool is_mapped(std::string_view name) {
    for (std::string_view one : {"sentry.release", "sentry.environment", "sentry.sdk.name", "sentry.sdk.version",
                                 "user.id", "route", "os.name", "os.version", "device.model", "device.manufacturer"}) {
      if (name == one) return true;
    }
    return false;
  }
  Fields fields_;
};

Level level_of(const Fields& line) {
  if (const auto level = parse_level(line.text("level"))) return *level;
  const double severity = line.number("severity_number").value_or(9);  // OpenTelemetry's, in steps of four
  return severity < 9    ? Level::debug
         : severity < 13 ? Level::info
         : severity < 17 ? Level::warn
         : severity < 21 ? Level::error
                         : Level::fatal;
}

void read_log(const SentryItem& item, const Element& element, const std::string& id, Collector& out) {
  const Fields line(element, Undefined::dropped);
  if (!line.find("body")) return out.lose(Fate::quarantined, "no_body", "log", element);
  if (!out.fits(element, "log")) return;
  const Attributes attributes(line);
  const Element body = *line.find("body");
  Record record;
  record.id = hash_id({"log", id});
  record.kind = Kind::log;
  record.name = "log";
  record.protocol = "sentry";
  const std::string sdk = attributes.text("sentry.sdk.name");
  const std::string version = attributes.text("sentry.sdk.version");
  record.sdk = sdk.empty() ? item.header.sdk : version.empty() ? sdk : sdk + "/" + version;
  set_sentry_release(record, attributes.text("sentry.release"), attributes.text("sentry.environment"));
  const std::string user = attributes.text("user.id");
  (is_openid(user) ? record.user.openid : record.user.login_id) = user;
  record.page = page_of(attributes.text("route"));
  record.device.os = attributes.text("os.name");
  record.device.os_version = attributes.text("os.version");
  record.device.brand = attributes.text("device.manufacturer");
  record.device.model = attributes.text("device.model");
  record.trace = line.text("trace_id");
  record.level = level_of(line);
  record.text = body.is_object() || body.is_array() ? head_of(body, text_bytes_max) : text_of(body);
  Properties properties(Undefined::dropped);
  attributes.add_rest(properties);
  out.add(std::move(record), std::move(properties), sentry_time(line.find("timestamp")), item.header.sent_at);
}

}  // namespace

void read_sentry_logs(const SentryItem& item, Collector& out) {
  const auto lines = item.fields.array("items");
  if (!lines) return out.lose(Fate::quarantined, "no_items", "log", 1, item.payload);
  const std::string payload = hash_text(item.payload);
  std::size_t index = 0;
  for (const Element line : *lines) {
    if (out.full()) {
      out.lose(Fate::refused, "too_many_records", "log");
    } else {
      read_log(item, line, payload + std::to_string(index), out);
    }
    ++index;
  }
}

}  // namespace miniops::telemetry
