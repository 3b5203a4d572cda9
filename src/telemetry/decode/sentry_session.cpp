// Sessions: the updates of one, and what a client has already summed up.
#include <algorithm>
#include <array>

#include "telemetry/decode/sentry.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::array<std::string_view, 6> statuses{"ok", "exited", "crashed", "abnormal", "errored", "unhandled"};

Record session_record(const SentryItem& item) {
  const Fields attributes = item.fields.inner("attrs");
  Record record;
  record.kind = Kind::session;
  record.protocol = "sentry";
  record.sdk = item.header.sdk;
  set_sentry_release(record, attributes.text("release"), attributes.text("environment"));
  return record;
}

void add_attributes(const Fields& session, Properties& to) {
  const Fields attributes = session.inner("attrs");
  to.add("release", attributes.find("release"));
  to.add("environment", attributes.find("environment"));
}

// The length as the client says it, else from the start to this update.
std::optional<double> length_of(const Fields& session, TimeMs started, TimeMs updated) {
  if (const auto seconds = session.number("duration"); seconds && *seconds >= 0) return *seconds * 1000;
  if (started == 0 || updated < started) return std::nullopt;
  return static_cast<double>(updated - started);
}

// Each update has the whole state: without a number it is named by all that it says.
std::array<char, 16> id_of(const SentryItem& item) {
  const std::string seq = item.fields.text("seq");
  return hash_id({"session", item.fields.text("sid"), seq, seq.empty() ? item.payload : std::string_view()});
}

}  // namespace

void read_sentry_session(const SentryItem& item, Collector& out) {
  const Fields& session = item.fields;
  const std::string status = session.find("status") ? session.text("status") : std::string("ok");
  if (session.text("sid").empty()) return out.lose(Fate::quarantined, "no_sid", "session", 1, item.payload);
  if (std::ranges::find(statuses, status) == statuses.end())
    return out.lose(Fate::quarantined, "bad_status", "session", 1, item.payload);
  const TimeMs started = sentry_time(session.find("started"));
  const TimeMs updated = session.find("timestamp") ? sentry_time(session.find("timestamp")) : started;
  Record record = session_record(item);
  record.id = id_of(item);
  record.name = status;
  record.session = session.text("sid");
  record.value = length_of(session, started, updated);
  const std::string did = session.text("did");
  if (is_openid(did)) {
    record.user.openid = did;
  } else {
    record.user.login_id = did;  // 1.19 puts the user's id here
  }
  Properties properties;
  properties.add_flag("init", session.flag("init").value_or(false));
  // Who crashed had an error, whatever the count says.
  const double errors = std::max(session.number("errors").value_or(0), status == "crashed" ? 1.0 : 0.0);
  properties.add_number("errors", errors);
  if (const auto seq = session.number("seq")) properties.add_number("seq", *seq);
  if (started != 0) properties.add_number("started", static_cast<double>(started));
  add_attributes(session, properties);
  out.add(std::move(record), std::move(properties), updated, item.header.sent_at);
}

// One record for each status of each bucket, which weighs as much as it counts.
void read_sentry_sessions(const SentryItem& item, Collector& out) {
  const auto aggregates = item.fields.array("aggregates");
  if (!aggregates) return out.lose(Fate::quarantined, "no_aggregates", "sessions", 1, item.payload);
  const std::string payload = hash_text(item.payload);
  std::size_t index = 0;
  for (const Element element : *aggregates) {
    const Fields bucket(element, Undefined::dropped);
    bool counted = false;
    for (const char* status : {"exited", "errored", "crashed", "abnormal"}) {
      const auto count = valid_weight(bucket.number(status).value_or(0));
      if (!count) continue;
      counted = true;
      Record record = session_record(item);
      record.id = hash_id({"sessions", payload, std::to_string(index), status});
      record.name = status;
      record.weight = *count;
      const std::string did = bucket.text("did");
      (is_openid(did) ? record.user.openid : record.user.login_id) = did;
      Properties properties;
      properties.add_flag("aggregate", true);
      add_attributes(item.fields, properties);
      out.add(std::move(record), std::move(properties), sentry_time(bucket.find("started")), item.header.sent_at);
    }
    if (!counted) out.lose(Fate::quarantined, "empty_aggregate", "sessions", element);
    ++index;
  }
}

}  // namespace miniops::telemetry
