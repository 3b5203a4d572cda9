// Sensors Data, the outside of a request: where the data lies and how it is encoded. These clients take every answer
// for success and lose the batch, so that whatever can be told as a loss is no failure here.
#include "telemetry/decode/sensors.hpp"

#include <charconv>

#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

// The form fields that matter. A `data_list` may come several times.
struct Form {
  std::vector<std::string> data;
  bool gzip = false;
  bool sealed = false;
  std::string crc;
};

void read_form(std::string_view text, Form& form) {
  for (const auto& [name, value] : form_fields(text)) {
    if (name == "data_list" || name == "data") {
      form.data.push_back(value);
    } else if (name == "gzip") {
      form.gzip = value == "1";
      form.sealed = value == "9";
    } else if (name == "crc") {
      form.crc = value;
    } else if (name == "ext" && value.starts_with("crc=")) {
      form.crc = value.substr(4);
    }
  }
}

bool is_json(std::string_view text) { return text.starts_with('{') || text.starts_with('['); }
bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

class SensorsDecoder {
 public:
  SensorsDecoder(std::string_view aes_key, Collector& out)
      : aes_key_(aes_key), out_(out), inflate_left_(out.limits().inflated_bytes_max) {}

  void read_data(const std::string& data, const Form& form) {
    if (form.sealed) return read_sealed(data);
    check_crc(data, form.crc);
    const auto text = unpack(data, form.gzip);
    if (text) read_events(*text);
  }

 private:
  // base64, maybe of gzip; or the JSON itself.
  std::optional<std::string> unpack(const std::string& data, bool gzip) {
    if (is_json(trim(data))) return data;
    auto bytes = unbase64_lenient(data);
    if (!bytes) {
      out_.lose(Fate::quarantined, "bad_base64", "", 1, data);
      return std::nullopt;
    }
    return gzip || is_gzip(*bytes) ? inflate(std::move(*bytes)) : std::move(bytes);
  }

  std::optional<std::string> inflate(std::string bytes) {
    if (is_json(bytes)) return bytes;  // gzip=1 was said and not done
    auto text = decompress("gzip", bytes, inflate_left_);
    if (text) {
      inflate_left_ -= text->size();
      return std::move(*text);
    }
    const bool large = text.error().kind == ErrorKind::too_large;
    out_.lose(large ? Fate::refused : Fate::undecodable, large ? "too_large" : "bad_gzip");
    return std::nullopt;
  }

  void read_events(std::string_view text) {
    const auto root = json_.read(text);
    if (!root) return out_.lose(Fate::quarantined, "bad_json", "", 1, text);
    const auto events = array_of(root);
    if (!events) return read_sensors_event(*root, 0, out_);
    for (const Element event : *events) {
      if (out_.full()) {
        out_.lose(Fate::refused, "too_many_records");
      } else {
        read_sensors_event(event, 0, out_);
      }
    }
  }

  // A wrong checksum refuses nothing: some clients count characters, some bytes.
  void check_crc(std::string_view data, const std::string& crc) {
    if (crc.empty()) return;
    std::int32_t wanted = 0;
    const auto [end, problem] = std::from_chars(crc.data(), crc.data() + crc.size(), wanted);
    if (problem != std::errc() || end != crc.data() + crc.size() || wanted != java_hash(data))
      out_.lose(Fate::adjusted, "bad_crc");
  }

  // The plugin's shape: the envelope is JSON in clear, each payload is encrypted by itself.
  void read_sealed(const std::string& data) {
    const auto root = json_.read(data);
    const Fields fields(root);
    if (!fields.is_object()) return out_.lose(Fate::undecodable, "bad_json", "", 1, data);
    const TimeMs flush_time = time_of(fields.number("flush_time").value_or(0));
    std::vector<std::string> payloads;
    if (fields.find("payload")) payloads.push_back(fields.text("payload"));
    if (const auto list = fields.array("payloads")) {
      for (const Element payload : *list) payloads.push_back(text_of(payload));
    }
    if (payloads.empty()) return out_.lose(Fate::undecodable, "no_payload", "", *root);
    for (const std::string& payload : payloads) read_payload(payload, flush_time);
  }

  void read_payload(std::string_view payload, TimeMs flush_time) {
    if (aes_key_.empty()) return out_.lose(Fate::undecodable, "no_key");
    if (out_.full()) return out_.lose(Fate::refused, "too_many_records");
    const auto sealed = unbase64_lenient(payload);
    if (!sealed) return out_.lose(Fate::undecodable, "bad_base64", "", 1, payload);
    auto text = open_sensors_payload(*sealed, aes_key_);
    if (text && is_gzip(*text)) {
      text = inflate(std::move(*text));
      if (!text) return;
    }
    // A wrong key passes the padding once in 256 times; what comes out then is no JSON.
    const auto event = text ? json_.read(*text) : std::nullopt;
    if (!event) return out_.lose(Fate::undecodable, "wrong_key");
    read_sensors_event(*event, flush_time, out_);
  }

  std::string_view aes_key_;
  Collector& out_;
  std::size_t inflate_left_;  // of the whole request
  Json json_;
};

}  // namespace

Result<Decoded> decode_sensors(std::string_view body, const Arrival& arrival, std::string_view aes_key,
                               const DecodeLimits& limits) {
  Collector out(arrival, limits);
  Form form;
  read_form(arrival.query, form);
  if (is_json(trim(body))) {
    form.data.emplace_back(body);
  } else {
    read_form(body, form);
  }
  if (form.data.empty()) out.lose(Fate::quarantined, "no_data", "", 1, body);
  SensorsDecoder decoder(aes_key, out);
  for (const std::string& data : form.data) decoder.read_data(data, form);
  return out.take();
}

}  // namespace miniops::telemetry
