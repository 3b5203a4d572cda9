// What holds of everything that a decoder of client protocols hands out.
#pragma once

#include <simdjson.h>

#include "base/json.hpp"
#include "base/text.hpp"
#include "targets/fuzz.hpp"
#include "telemetry/decode/decode.hpp"

namespace miniops::fuzz {

inline constexpr TimeMs received = 1795237780000;

inline void check_text(const std::string& text, std::size_t bytes_max) {
  require(text.size() <= bytes_max && valid_utf8(text));
}

inline void check_record(const telemetry::Record& r) {
  using namespace telemetry;
  check_text(r.name, name_bytes_max);
  check_text(r.text, text_bytes_max);
  check_text(r.properties, properties_bytes_max);
  for (const std::string* text :
       {&r.sdk, &r.session, &r.page_view, &r.trace, &r.release, &r.page, &r.network, &r.user.login_id, &r.user.unionid,
        &r.user.openid, &r.user.device_id, &r.device.brand, &r.device.model, &r.device.level, &r.device.os,
        &r.device.os_version, &r.device.wechat, &r.device.base_library})
    check_text(*text, short_text_bytes_max);
  require(!r.name.empty() && !r.protocol.empty() && r.region.empty());
  require(r.page.find('?') == std::string::npos);
  require(r.weight >= 1 && r.weight <= 1e6 && r.scene >= 0);
  require(r.received_at == received && r.time <= received + minute_ms && r.time >= received - oldest_ms);
  // Both readers take the properties, the strict one that refuses a name twice and the fast one.
  JsonLimits limits;
  limits.depth_max = 64;
  const auto strict = parse_json(r.properties, limits);
  require(strict && strict->is_object());
  simdjson::dom::parser fast;
  require(!fast.parse(r.properties.data(), r.properties.size()).error());
  std::string bytes;
  encode(r, bytes);
  std::string_view in = bytes;
  const auto back = decode(in);
  require(back && in.empty() && *back == r);
}

inline void check_decoded(const telemetry::Decoded& decoded, const telemetry::DecodeLimits& limits) {
  require(decoded.records.size() <= limits.records_max && decoded.losses.size() <= 80);
  for (const telemetry::Record& record : decoded.records) check_record(record);
  for (const telemetry::LossNote& note : decoded.losses) {
    require(note.count > 0 && !note.reason.empty() && note.reason.size() <= 40 && note.category.size() <= 40);
    check_text(note.example, 200);
  }
}

inline telemetry::DecodeLimits limits_of(Input& in) {
  telemetry::DecodeLimits limits;
  if (in.choice(4) == 3) {
    limits.records_max = 2;
    limits.record_bytes_max = 300;
    limits.depth_max = 3;
  }
  return limits;
}

// Each failure says that nothing could be read, or that it was too much; what is sent again has the same ids.
template <class Decode>
void check_decoder(Decode decode, const telemetry::DecodeLimits& limits) {
  const auto first = decode();
  if (!first) {
    require(first.error().code == "telemetry.malformed" || first.error().code == "telemetry.too_large");
    return;
  }
  check_decoded(*first, limits);
  const auto again = decode();
  require(again && again->records == first->records && again->event_id == first->event_id);
}

}  // namespace miniops::fuzz
