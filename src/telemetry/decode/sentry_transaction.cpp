// A transaction is taken apart: itself, each of its spans, each of its measurements are a performance record.
#include <array>
#include <cmath>

#include "telemetry/decode/sentry.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

// To the microsecond: what is behind it comes of subtracting seconds since 1970.
double milliseconds(double seconds) { return std::round(seconds * 1e6) / 1e3; }

// From the start to the end; nullopt when either is missing or they stand the wrong way round.
std::optional<double> duration_of(const Fields& span) {
  const auto end = span.number("timestamp");
  const auto start = span.number("start_timestamp");
  constexpr double no_seconds = 1e11;
  if (end && start && *end < no_seconds)
    return *end >= *start ? std::optional(milliseconds(*end - *start)) : std::nullopt;
  const TimeMs end_ms = sentry_time(span.find("timestamp"));
  const TimeMs start_ms = sentry_time(span.find("start_timestamp"));
  if (end_ms == 0 || start_ms == 0 || end_ms < start_ms) return std::nullopt;
  return static_cast<double>(end_ms - start_ms);
}

std::string first_text(const Fields& fields, std::initializer_list<std::string_view> names) {
  for (std::string_view name : names) {
    if (std::string text = fields.text(name); !text.empty()) return text;
  }
  return {};
}

// What OpenTelemetry's and Sentry's older conventions say of a request; addresses with their queries are not kept.
bool is_request_field(std::string_view name) {
  return name.starts_with("http.") || name.starts_with("url") || name.starts_with("server.") || name == "method" ||
         name == "status_code";
}
bool is_sdk_field(std::string_view name) { return name.starts_with("sentry."); }

void add_data(const Fields& data, bool is_request, Properties& to) {
  Properties rest(Undefined::dropped);
  rest.add_rest(data,
                [&](std::string_view name) { return is_sdk_field(name) || (is_request && is_request_field(name)); });
  to.add_object("data", std::move(rest));
}

// "GET https://api.shop.example/order" is what a span says when its data says nothing.
void add_request(const Fields& span, const Fields& data, Properties& to) {
  std::string method = first_text(data, {"http.request.method", "http.method", "method"});
  std::string url = first_text(data, {"url.full", "http.url", "url"});
  const std::string description = span.text("description");
  const std::size_t blank = description.find(' ');
  if (method.empty() && blank != std::string::npos) method = description.substr(0, blank);
  if (url.empty()) url = blank == std::string::npos ? description : description.substr(blank + 1);
  to.add_text("method", method);
  to.add_text("url", url_pattern(url));
  for (const char* name : {"http.response.status_code", "http.status_code", "status_code"}) {
    if (const auto status = data.number(name)) to.add_number("status", *status);
  }
}

// What the parts of a transaction have of the whole; looked up once, as there may be a thousand.
struct Whole {
  Record record;
  std::string name;
  std::string event_id;
  TimeMs time = 0;
  TimeMs sent_at = 0;
};

void read_span(const Element& element, const Whole& whole, Collector& out) {
  const Fields span(element, Undefined::dropped);
  Record record = whole.record;
  record.value = duration_of(span);
  if (!span.is_object() || !record.value) return out.lose(Fate::quarantined, "bad_span", "span", element);
  if (!out.fits(element, "span")) return;
  const std::string op = span.text("op");
  const bool is_request = op.starts_with("http");
  record.name = is_request ? "request" : op.empty() ? "span" : op;
  record.id = hash_id({"span", whole.event_id, span.text("span_id"), op, span.text("start_timestamp")});
  const Fields data = span.inner("data");
  if (const std::string route = data.text("route"); !route.empty()) record.page = page_of(route);
  Properties properties(Undefined::dropped);
  if (is_request) {
    add_request(span, data, properties);
  } else {
    properties.add("description", span.find("description"));
  }
  properties.add("outcome", span.find("status"));  // Sentry's word ("ok", "deadline_exceeded"); `status` is HTTP's
  properties.add_text("transaction", whole.name);
  properties.add("span_id", span.find("span_id"));
  properties.add("parent_span_id", span.find("parent_span_id"));
  add_data(data, is_request, properties);
  out.add(std::move(record), std::move(properties), sentry_time(span.find("timestamp")), whole.sent_at);
}

// Durations as milliseconds; bytes, ratios and plain numbers as they are.
double in_milliseconds(double value, std::string_view unit) {
  constexpr std::array<std::pair<std::string_view, double>, 5> factors{
      {{"nanosecond", 1e-6}, {"microsecond", 1e-3}, {"second", 1e3}, {"minute", 6e4}, {"hour", 3.6e6}}};
  for (const auto& [name, factor] : factors) {
    if (unit == name) return value * factor;
  }
  return value;
}

void read_measurement(std::string_view name, const Element& element, const Whole& whole, Collector& out) {
  const Fields measurement(element, Undefined::dropped);
  const auto value = measurement.number("value");
  if (!value) return out.lose(Fate::quarantined, "bad_measurement", "measurement", element);
  Record record = whole.record;
  const std::string unit = measurement.text("unit");
  record.name = name;
  record.value = in_milliseconds(*value, unit);
  record.id = hash_id({"measurement", whole.event_id, name});
  Properties properties;
  properties.add_text("transaction", whole.name);
  const bool is_time = unit.ends_with("second") || unit == "minute" || unit == "hour";
  properties.add_text("unit", is_time ? std::string_view("millisecond") : std::string_view(unit));
  out.add(std::move(record), std::move(properties), whole.time, whole.sent_at);
}

// The transaction keeps neither breadcrumbs nor extra: these explain errors.
void read_whole(const SentryItem& item, const Whole& whole, std::optional<double> duration, Collector& out) {
  const Fields trace = item.fields.inner("contexts").inner("trace");
  const std::string op = trace.text("op");
  Record record = whole.record;
  record.id = sentry_record_id(item.event_id, item.payload);
  record.value = duration;
  record.name = whole.name;
  if (record.name.empty()) record.name = op.empty() ? "transaction" : op;
  Properties properties(Undefined::dropped);
  properties.add_text("op", op);
  properties.add("outcome", trace.find("status"));
  properties.add("span_id", trace.find("span_id"));
  for (const char* name : {"release", "dist", "environment"}) properties.add(name, item.fields.find(name));
  add_sentry_tags(item.fields, {}, properties);
  add_data(trace.inner("data"), false, properties);
  out.add(std::move(record), std::move(properties), whole.time, whole.sent_at);
}

double weight_of(const SentryItem& item) {
  const Fields data = item.fields.inner("contexts").inner("trace").inner("data");
  const auto rate = data.number("sentry.sample_rate");
  return rate ? weight_of_rate(*rate) : item.header.weight;
}

void read_spans(const Array& spans, const Whole& whole, Collector& out) {
  for (const Element span : spans) {
    if (out.full()) {
      out.lose(Fate::refused, "too_many_records", "span");
    } else {
      read_span(span, whole, out);
    }
  }
}

void read_measurements(const Object& measurements, const Whole& whole, Collector& out) {
  for (const auto [name, measurement] : measurements) {
    if (out.full()) {
      out.lose(Fate::refused, "too_many_records", "measurement");
    } else {
      read_measurement(name, measurement, whole, out);
    }
  }
}

}  // namespace

void read_sentry_transaction(const SentryItem& item, Collector& out) {
  const auto duration = duration_of(item.fields);
  if (!duration) return out.lose(Fate::quarantined, "no_duration", "transaction", 1, item.payload);
  Whole whole{sentry_record(item.fields, item.header), item.fields.text("transaction"), item.event_id,
              sentry_time(item.fields.find("timestamp")), item.header.sent_at};
  whole.record.kind = Kind::performance;
  whole.record.weight = weight_of(item);
  read_whole(item, whole, duration, out);
  if (const auto spans = item.fields.array("spans")) read_spans(*spans, whole, out);
  const Fields measurements = item.fields.inner("measurements");
  if (measurements.object()) read_measurements(*measurements.object(), whole, out);
}

}  // namespace miniops::telemetry
