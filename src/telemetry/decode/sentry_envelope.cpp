// Sentry's two doors: the envelope of today, and the single event of old.
#include <algorithm>
#include <array>

#include "telemetry/decode/sentry.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::size_t header_bytes_max = 8 << 10;

std::unexpected<Error> malformed(std::string message) {
  return fail(ErrorKind::invalid, "telemetry.malformed", std::move(message));
}

// Up to the next line feed, which is taken away too. A carriage return before it is a part of the line.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

using ReadItem = void (*)(const SentryItem&, Collector&);
struct ItemType {
  std::string_view name;
  ReadItem read;
  bool is_event;  // has an event_id, which may be the envelope's
};
constexpr std::array<ItemType, 8> item_types{{{"event", read_sentry_event, true},
                                              {"transaction", read_sentry_transaction, true},
                                              {"feedback", read_sentry_feedback, true},
                                              {"session", read_sentry_session, false},
                                              {"sessions", read_sentry_sessions, false},
                                              {"client_report", read_sentry_client_report, false},
                                              {"user_report", read_sentry_user_report, false},
                                              {"log", read_sentry_logs, false}}};

class EnvelopeReader {
 public:
  EnvelopeReader(std::string_view body, const Arrival& arrival, const DecodeLimits& limits)
      : rest_(body), out_(arrival, limits) {}

  Result<Decoded> run() {
    const std::string_view line = take_line(rest_);
    const auto root = line.size() <= header_bytes_max ? json_.read(line) : std::nullopt;
    const Fields fields(root, Undefined::dropped);
    if (!fields.is_object()) return malformed("The envelope's first line is no JSON object.");
    header_ = read_sentry_header(fields);
    event_id_ = header_.event_id;
    ids_ = SentryIds(header_.event_id);
    while (!rest_.empty() && read_item()) {
    }
    Decoded decoded = out_.take();
    decoded.event_id = event_id_;
    return decoded;
  }

 private:
  // False when nothing behind it can be told apart any more.
  bool read_item() {
    const std::string_view line = take_line(rest_);
    if (line.empty()) return true;
    const auto root = line.size() <= header_bytes_max ? json_.read(line) : std::nullopt;
    const Fields fields(root, Undefined::dropped);
    if (!fields.is_object()) return framing_lost(line);
    const std::string type = fields.text("type");
    const std::string filename = fields.text("filename");
    std::string_view payload;
    if (!take_payload(fields, payload)) return framing_lost(line);
    take_item(type, filename, payload);
    return true;
  }

  bool framing_lost(std::string_view line) {
    out_.lose(Fate::quarantined, "bad_framing", "", 1, line);
    return false;
  }

  bool take_payload(const Fields& item, std::string_view& payload) {
    if (!item.find("length")) {
      payload = take_line(rest_);
      return true;
    }
    const double length = item.number("length").value_or(-1);
    if (length < 0 || length > static_cast<double>(rest_.size())) return false;
    const auto bytes = static_cast<std::size_t>(length);
    if (static_cast<double>(bytes) != length || (bytes < rest_.size() && rest_[bytes] != '\n')) return false;
    payload = rest_.substr(0, bytes);
    rest_.remove_prefix(std::min(bytes + 1, rest_.size()));
    return true;
  }

  void take_item(const std::string& type, const std::string& filename, std::string_view payload) {
    if (type.empty()) return out_.lose(Fate::quarantined, "no_item_type", "", 1, payload);
    if (type == "attachment") return out_.lose(Fate::refused, "attachment_not_kept", type, 1, filename);
    const auto known = std::ranges::find(item_types, type, &ItemType::name);
    if (known == item_types.end()) return out_.lose(Fate::refused, "item_type_not_taken", plain_word(type));
    const auto root = json_.read(payload);
    if (!root) return out_.lose(Fate::quarantined, "bad_json", type, 1, payload);
    const Fields fields(*root, Undefined::dropped);
    if (!fields.is_object()) return out_.lose(Fate::quarantined, "not_an_object", type, *root);
    if (!out_.flat(*root, type)) return;
    const std::string id = known->is_event ? ids_.next(fields) : std::string();
    if (event_id_.empty()) event_id_ = id;
    known->read({fields, payload, header_, id}, out_);
  }

  std::string_view rest_;
  Collector out_;
  Json json_;
  SentryHeader header_;
  SentryIds ids_{""};
  std::string event_id_;
};

// A body that is no JSON is base64, of JSON or of zlib.
Result<std::string> unwrap_store(std::string_view body, std::size_t bytes_max) {
  body = trim(body);
  if (body.starts_with('{')) return std::string(body);
  auto bytes = unbase64_lenient(body);
  if (!bytes || bytes->empty()) return malformed("The event is neither JSON nor base64.");
  if (bytes->starts_with('{')) return std::move(*bytes);
  auto text = decompress("deflate", *bytes, bytes_max);
  if (!text && text.error().kind != ErrorKind::too_large) return malformed("The event is neither JSON nor zlib.");
  return text;
}

std::string query_value(std::string_view query, std::string_view wanted) {
  for (const auto& [name, value] : form_fields(query)) {
    if (name == wanted) return value;
  }
  return {};
}

}  // namespace

Result<Decoded> decode_sentry_envelope(std::string_view body, const Arrival& arrival, const DecodeLimits& limits) {
  return EnvelopeReader(body, arrival, limits).run();
}

Result<Decoded> decode_sentry_store(std::string_view body, const Arrival& arrival, const DecodeLimits& limits) {
  if (arrival.content_type.starts_with("application/x-sentry-envelope"))
    return decode_sentry_envelope(body, arrival, limits);
  // A GET has the event in its query.
  const auto text = unwrap_store(body.empty() ? query_value(arrival.query, "sentry_data") : std::string(body),
                                 limits.inflated_bytes_max);
  if (!text) return std::unexpected(text.error());
  Json json;
  const auto root = json.read(*text);
  const Fields fields(root, Undefined::dropped);
  if (!fields.is_object()) return malformed("The event is no JSON object.");
  Collector out(arrival, limits);
  const SentryHeader header;
  const std::string type = fields.text("type");
  const SentryItem item{fields, *text, header, normal_event_id(fields.text("event_id"))};
  if (out.flat(*root, type == "transaction" ? type : "event"))
    (type == "transaction" ? read_sentry_transaction : read_sentry_event)(item, out);
  Decoded decoded = out.take();
  decoded.event_id = item.event_id;
  return decoded;
}

}  // namespace miniops::telemetry
