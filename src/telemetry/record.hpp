// What arrives from phones, in one shape, whatever client sent it. Values only: no I/O, no store.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace miniops::telemetry {

enum class Kind : std::uint8_t { event = 1, performance, error, log, session, profile, feedback };
inline constexpr std::array<Kind, 7> kinds{Kind::event,   Kind::performance, Kind::error,   Kind::log,
                                           Kind::session, Kind::profile,     Kind::feedback};
std::string_view to_string(Kind kind);  // "event" …
std::optional<Kind> parse_kind(std::string_view text);

enum class Level : std::uint8_t { none = 0, debug, info, warn, error, fatal };
std::string_view to_string(Level level);  // "" for none
// Also "warning", "log", "trace", "critical", in any case; nullopt for what is no level.
std::optional<Level> parse_level(std::string_view text);

// Build type of a mini program (envVersion): develop 开发版, trial 体验版, release 正式版.
enum class Build : std::uint8_t { unknown = 0, develop, trial, release };
std::string_view to_string(Build build);
std::optional<Build> parse_build(std::string_view text);

// All that the client said about who it is. Which of them names the person: login id > unionid > openid > device id.
struct UserIds {
  std::string login_id, unionid, openid, device_id;
  bool empty() const { return login_id.empty() && unionid.empty() && openid.empty() && device_id.empty(); }
  bool operator==(const UserIds&) const = default;
};

// One row of the device dictionary.
struct Device {
  std::string brand, model, level;   // level: the benchmark level as WeChat gives it, "" when unknown
  std::string os, os_version;        // "Android" "12"
  std::string wechat, base_library;  // "8.0.50", "3.6.0"
  bool operator==(const Device&) const = default;
};

// Texts are valid UTF-8 without NUL and within the limits below when a decoder hands a record out.
struct Record {
  // The client's id, else a hash of its batch and its place there: 16 bytes. What a client sends again has it again.
  std::array<char, 16> id{};
  Kind kind = Kind::event;
  std::string name;        // the event's, metric's or error type's name; of a log its tag, or "log"
  std::string protocol;    // "miniops" "sentry" "sensors" "aegis" "posthog" "otlp" "wechat"
  std::string sdk;         // "sentry.javascript.miniapp/1.19.0"
  TimeMs client_time = 0;  // as the phone said; 0: it said none
  TimeMs time = 0;         // corrected by the phone's offset, and within the limits; what charts use
  TimeMs received_at = 0;
  bool late = false;              // `time` lies more than late_after_ms before its receipt
  double weight = 1;              // 1 / sampling rate; every count and sketch uses it
  std::optional<double> value{};  // of a metric: milliseconds, bytes, fen …; of a session its length in ms
  std::string session, page_view, trace;
  Level level = Level::none;
  UserIds user;
  std::string release;  // the version of the mini program
  Build build = Build::unknown;
  std::string page;  // "pages/index/index", without its query
  int scene = 0;     // WeChat's 场景值; 0: unknown
  Device device;
  std::string network;            // "wifi" "5g" "4g" …, lower case
  std::string region;             // filled by the intake, from the address; the address is not kept
  std::string text;               // of a log the line, of an error its message, of feedback what the person wrote
  std::string properties = "{}";  // the rest: one JSON object
  bool operator==(const Record&) const = default;
};

inline constexpr TimeMs late_after_ms = 10 * minute_ms;
inline constexpr TimeMs oldest_ms = 30 * day_ms;  // older than this, or in the future: `time` is that of receipt
inline constexpr std::size_t name_bytes_max = 200;
inline constexpr std::size_t text_bytes_max = 64 << 10;
inline constexpr std::size_t short_text_bytes_max = 500;  // sessions, releases, pages, ids …
inline constexpr std::size_t properties_bytes_max = 256 << 10;

// The phone's clock: `sent_at` is when it says that it sent, 0 when it says nothing. An offset of less than a minute
// is the network's. Sets client_time, time and late. A clock that is off by years is kept under the time of receipt:
// then it gives false, and the ledger shows it.
bool set_times(Record& record, TimeMs client_time, TimeMs sent_at, TimeMs received_at);

// One record as the spool keeps it. Version 1. The decoder reads all older versions.
void encode(const Record& record, std::string& out);
// The record at the front of `bytes`, which it takes away. nullopt: no record of a version that this program knows.
std::optional<Record> decode(std::string_view& bytes);

}  // namespace miniops::telemetry
