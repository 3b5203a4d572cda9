// The parts of the Sentry decoder. Internal to decode/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/decode/collector.hpp"

namespace miniops::telemetry {

// What an envelope says of all its items. A stored event has none.
struct SentryHeader {
  std::string event_id;  // 32 lower hex digits, or ""
  TimeMs sent_at = 0;
  std::string sdk, trace, release, environment;
  double weight = 1;  // of its transaction
};

SentryHeader read_sentry_header(const Fields& header);
// "" unless it is 32 hex digits or a UUID with its dashes.
std::string normal_event_id(std::string_view text);
// Unix seconds or RFC 3339; 0 when it is neither.
TimeMs sentry_time(const std::optional<Element>& value);
// `sdk: {name, version}` → "name/version".
std::string sentry_sdk(const Fields& sdk);
// An array, an object with `values`, or one object: as a list of objects.
std::vector<Element> sentry_values(const std::optional<Element>& value);

// What every kind of event has in common: who, where, on which device. Without id, kind, name, text.
Record sentry_record(const Fields& event, const SentryHeader& header);
UserIds sentry_user(const Fields& user);
void set_sentry_release(Record& record, std::string_view release, std::string_view environment);

// The rest, which goes into the properties.
struct SentryRest {
  bool page_not_found = false;  // whether the tag of that name is about this event
  bool memory_warning = false;
};
void add_sentry_rest(const Fields& event, const SentryRest& rest, Properties& to);
void add_sentry_tags(const Fields& event, const SentryRest& rest, Properties& to);

// The id of an event-like item: the envelope's for the first of them, else its own, else a hash of `payload`.
class SentryIds {
 public:
  explicit SentryIds(std::string first) : first_(std::move(first)) {}
  // As text (for the answer, and for the ids of parts); "" when there is none.
  std::string next(const Fields& event);

 private:
  std::string first_;
};
std::array<char, 16> sentry_record_id(std::string_view event_id, std::string_view payload);

// One item's payload → records and losses. `payload` is the text that the fields were read from.
struct SentryItem {
  const Fields& fields;
  std::string_view payload;
  const SentryHeader& header;
  std::string event_id{};
};
void read_sentry_event(const SentryItem& item, Collector& out);
void read_sentry_transaction(const SentryItem& item, Collector& out);
void read_sentry_session(const SentryItem& item, Collector& out);
void read_sentry_sessions(const SentryItem& item, Collector& out);
void read_sentry_client_report(const SentryItem& item, Collector& out);
void read_sentry_feedback(const SentryItem& item, Collector& out);
void read_sentry_user_report(const SentryItem& item, Collector& out);
void read_sentry_logs(const SentryItem& item, Collector& out);

}  // namespace miniops::telemetry
