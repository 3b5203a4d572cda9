// From what a client sent to records. Pure: bytes in, values out; fuzzed. Nothing here refuses a whole request for one
// bad record: what cannot be read is named in `losses`, and the rest goes on.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/record.hpp"

namespace miniops::telemetry {

// What became of records that are not stored as they came. The ledger sums them and shows them beside the charts.
enum class Fate {
  client_dropped,  // the client says that it dropped them (client_report, an SDK's queue, a gap in its batches)
  refused,         // by a limit of ours
  quarantined,     // could not be read; an example is kept
  undecodable,     // encrypted or compressed in a way that we have no key or code for
  sampled,
  deduplicated,
  folded,    // stored, but under (其他)
  adjusted,  // stored, with something changed: a clock off by years, a text cut
};
std::string_view to_string(Fate fate);

struct LossNote {
  Fate fate = Fate::quarantined;
  std::string reason;      // a stable word: "bad_json", "too_large", "queue_overflow" …
  std::string category{};  // what it concerns: a kind, an item type, "" for the whole request
  std::int64_t count = 1;
  std::string example{};  // the head of what was lost, at most 200 bytes of UTF-8; may hold personal data
};

// Numbered batches of our own SDK: each is accepted once per install, gaps are noticed.
struct BatchNumber {
  std::string install;
  std::int64_t number = 0;
};

struct Decoded {
  std::vector<Record> records{};
  std::vector<LossNote> losses{};
  std::optional<BatchNumber> batch{};
  std::string event_id{};  // Sentry: what the answer repeats
};

// What is known of a request besides its body.
struct Arrival {
  TimeMs received_at = 0;
  std::string_view query;  // after the '?', as it came
  std::string_view content_type;
  // Of the Referer https://servicewechat.com/<appid>/<version>/page-frame.html; "" when there is none.
  std::string_view referer_appid, referer_version;
};

struct DecodeLimits {
  std::size_t records_max = 1000;            // in one request
  std::size_t record_bytes_max = 256 << 10;  // of JSON, each; of a Sentry event only what does not fit is cut
  std::size_t inflated_bytes_max = 4 << 20;  // of what is compressed inside the body: `data_list`, a stored event
  int depth_max = 32;
};

// ---- bodies ----

// Content-Encoding: gzip, deflate (zlib, or raw), br, zstd, identity, "". Stops at `bytes_max` of output.
// Fails with telemetry.too_large, telemetry.bad_encoding.
Result<std::string> decompress(std::string_view encoding, std::string_view bytes, std::size_t bytes_max);

// ---- protocols: each fails only when nothing of the request can be read (telemetry.malformed) ----

// Our SDK's POST /ingest/v1/batch (docs/ingest.md).
Result<Decoded> decode_own(std::string_view body, const Arrival& arrival, const DecodeLimits& limits = {});

Result<Decoded> decode_sentry_store(std::string_view body, const Arrival& arrival, const DecodeLimits& limits = {});
Result<Decoded> decode_sentry_envelope(std::string_view body, const Arrival& arrival, const DecodeLimits& limits = {});
// The key of the query, of X-Sentry-Auth / Authorization, or of the envelope's dsn; nullopt when none is given or they
// do not agree.
std::optional<std::string> sentry_key(std::string_view query, std::string_view auth_header, std::string_view body);

// Sensors Data: all four encodings of `data_list` and `data`; for a GET they are in arrival.query. `aes_key`: 16, 24 or
// 32 bytes, or "" when none is configured.
Result<Decoded> decode_sensors(std::string_view body, const Arrival& arrival, std::string_view aes_key,
                               const DecodeLimits& limits = {});

// aegis-mp-sdk (Tencent RUM). What a request brings is told by its path; who and where by the query of every one. Its
// records have no ids and no times: what it sends twice is stored twice, at the time of receipt.
enum class AegisPath { logs, events, page_view, speed, custom_speed, mini_program_data, page_speed };
Result<Decoded> decode_aegis(AegisPath path, std::string_view body, const Arrival& arrival,
                             const DecodeLimits& limits = {});

// PostHog: a batch, or one event.
Result<Decoded> decode_posthog(std::string_view body, const Arrival& arrival, const DecodeLimits& limits = {});
// The body may lie in a form's field, in base64 (posthog-js with compression=base64).
std::string posthog_body(std::string_view body, std::string_view query);
std::string posthog_key(std::string_view body);  // "" when there is none

// OTLP/HTTP, logs, in JSON.
Result<Decoded> decode_otlp_logs(std::string_view body, const Arrival& arrival, const DecodeLimits& limits = {});

}  // namespace miniops::telemetry
