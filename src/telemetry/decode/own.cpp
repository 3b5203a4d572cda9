// Our SDK's batches (docs/ingest.md).
#include <algorithm>

#include "telemetry/decode/collector.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::size_t install_chars_min = 8;
constexpr std::size_t install_chars_max = 64;
constexpr double batch_max = 9007199254740991;  // the largest whole number of JavaScript

std::unexpected<Error> malformed(std::string message) {
  return fail(ErrorKind::invalid, "telemetry.malformed", std::move(message));
}

bool is_install(std::string_view text) {
  return text.size() >= install_chars_min && text.size() <= install_chars_max && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
         });
}

// What all records of a batch have in common.
struct Batch {
  BatchNumber number;
  TimeMs sent_at = 0;
  std::string language;
  Record common;
};

Device read_device(const Fields& device) {
  return {device.text("brand"),      device.text("model"),  device.text("level"),       device.text("os"),
          device.text("os_version"), device.text("wechat"), device.text("base_library")};
}

// An installation is a device, also before the program has made an id of its own.
UserIds read_user(const Fields& user, const std::string& install) {
  UserIds ids{user.text("login_id"), user.text("unionid"), user.text("openid"), user.text("device_id")};
  if (ids.device_id.empty()) ids.device_id = install;
  return ids;
}

std::string sdk_of(const Fields& sdk) {
  const std::string name = sdk.text("name");
  const std::string version = sdk.text("version");
  return version.empty() ? name : name + "/" + version;
}

Record read_common(const Fields& root, const Fields& context, const std::string& install) {
  Record record;
  record.protocol = "miniops";
  record.sdk = sdk_of(root.inner("sdk"));
  record.release = context.text("release");
  record.build = parse_build(context.text("build")).value_or(Build::unknown);
  record.scene = scene_of(context.text("scene"));
  record.network = lower_text(context.text("network"));
  record.session = context.text("session");
  record.page_view = context.text("page_view");
  record.page = page_of(context.text("page"));
  record.device = read_device(context.inner("device"));
  record.user = read_user(context.inner("user"), install);
  return record;
}

Result<Batch> read_batch(const Fields& root) {
  if (!root.is_object()) return malformed("The batch is not a JSON object.");
  if (root.number("v") != 1) return malformed("`v` is not 1: this server knows version 1 of the batch.");
  Batch batch;
  batch.number.install = root.text("install");
  if (!is_install(batch.number.install)) return malformed("`install` is not 8 to 64 characters of A-Z a-z 0-9 _ -.");
  const double number = root.number("batch").value_or(0);
  batch.number.number = number >= 1 && number <= batch_max ? static_cast<std::int64_t>(number) : 0;
  if (batch.number.number == 0 || static_cast<double>(batch.number.number) != number)
    return malformed("`batch` is not a whole number from 1 on.");
  if (root.find("records") && !root.array("records")) return malformed("`records` is not a list.");
  batch.sent_at = time_of(root.number("sent_at").value_or(0));
  batch.language = root.inner("context").text("language");
  batch.common = read_common(root, root.inner("context"), batch.number.install);
  return batch;
}

void read_dropped(const Fields& root, Collector& out) {
  const auto dropped = root.array("dropped");
  if (!dropped) return;
  for (const Element note : *dropped) out.client_dropped(Fields(note), "count", "kind");
}

// The level of an error or a log that says none.
Level usual_level(Kind kind) {
  return kind == Kind::error ? Level::error : kind == Kind::log ? Level::info : Level::none;
}

void read_optional_fields(const Fields& fields, Record& record) {
  const auto take = [&](std::string_view key, std::string& to) {
    if (fields.find(key)) to = fields.text(key);
  };
  take("session", record.session);
  take("page_view", record.page_view);
  take("trace", record.trace);
  take("text", record.text);
  if (fields.find("page")) record.page = page_of(fields.text("page"));
  if (fields.find("network")) record.network = lower_text(fields.text("network"));
  if (fields.find("scene")) record.scene = scene_of(fields.text("scene"));
  record.level = parse_level(fields.text("level")).value_or(usual_level(record.kind));
  record.value = fields.number("value");
}

double read_weight(const Fields& fields, std::string_view kind, Collector& out) {
  if (!fields.find("weight")) return 1;
  const auto weight = valid_weight(fields.number("weight").value_or(0));
  if (!weight) out.lose(Fate::adjusted, "bad_weight", kind);
  return weight.value_or(1);
}

Properties read_properties(const Fields& fields, const std::string& language, std::string_view kind, Collector& out) {
  Properties properties;
  const auto given = fields.find("props");
  const Fields props(given);
  if (given && !props.is_object()) out.lose(Fate::adjusted, "props_not_an_object", kind, *given);
  properties.add_rest(props, [](std::string_view) { return false; });
  properties.add_text("language", language);
  return properties;
}

// The word for what keeps a record out, "" when nothing does.
std::string_view obstacle(const Record& record) {
  if (record.name.empty()) return "no_name";
  return record.kind == Kind::performance && !record.value ? "no_value" : "";
}

void read_record(const Element& element, const Batch& batch, std::size_t index, Collector& out) {
  const Fields fields(element);
  if (!fields.is_object()) return out.lose(Fate::quarantined, "not_an_object", "", element);
  const auto kind = parse_kind(fields.text("kind"));
  if (!kind) return out.lose(Fate::quarantined, "unknown_kind", "", element);
  const std::string_view word = to_string(*kind);
  if (!out.fits(element, word)) return;
  Record record = batch.common;
  record.id = hash_id({batch.number.install, std::to_string(batch.number.number), std::to_string(index)});
  record.kind = *kind;
  record.name = fields.text("name");
  if (record.name.empty() && *kind == Kind::log) record.name = "log";
  if (record.name.empty() && *kind == Kind::error) record.name = "Error";
  if (record.name.empty() && *kind == Kind::feedback) record.name = "feedback";
  read_optional_fields(fields, record);
  if (const auto reason = obstacle(record); !reason.empty()) return out.lose(Fate::quarantined, reason, word, element);
  record.weight = read_weight(fields, word, out);
  Properties properties = read_properties(fields, batch.language, word, out);
  out.add(std::move(record), std::move(properties), time_of(fields.number("t").value_or(0)), batch.sent_at);
}

}  // namespace

Result<Decoded> decode_own(std::string_view body, const Arrival& arrival, const DecodeLimits& limits) {
  Json json;
  const auto root = json.read(body);
  if (!root) return malformed("The body is not JSON.");
  const Fields fields(*root);
  auto batch = read_batch(fields);
  if (!batch) return std::unexpected(batch.error());
  Collector out(arrival, limits);
  read_dropped(fields, out);
  std::size_t index = 0;
  if (const auto records = fields.array("records")) {
    for (const Element record : *records) {
      if (index < limits.records_max) {
        read_record(record, *batch, index, out);
      } else {
        out.lose(Fate::refused, "too_many_records");
      }
      ++index;
    }
  }
  Decoded decoded = out.take();
  decoded.batch = std::move(batch->number);
  return decoded;
}

}  // namespace miniops::telemetry
