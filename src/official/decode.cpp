#include "official/decode.hpp"

#include <cmath>

#include "official/errors.hpp"
#include "telemetry/decode/json.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::official {

namespace {

using telemetry::Element;
using telemetry::Fields;

constexpr std::size_t short_bytes_max = 200;
constexpr std::size_t text_bytes_max = 16 << 10;
constexpr std::size_t messages_max = 200;  // WeChat's limit of one record
constexpr double count_max = 1e15;
constexpr double cost_ms_max = 86'400'000;

std::string text_in(const Fields& fields, std::string_view name, std::size_t bytes_max = short_bytes_max) {
  return std::string(telemetry::cut_text(telemetry::valid_text(fields.text(name)), bytes_max));
}

std::int64_t count_in(const Fields& fields, std::string_view name) {
  const double number = fields.number(name).value_or(0);
  return number >= 0 && number <= count_max ? std::llround(number) : 0;
}

// Seconds, as WeChat has them.
TimeMs time_in(const Fields& fields, std::string_view name) {
  return telemetry::time_of(fields.number(name).value_or(0) * 1000);
}

// A page of the items of `list` that `read` makes something of.
template <class T, class Read>
Result<PageOf<T>> page_of(const Fields& fields, std::string_view list, std::string_view total, Read read) {
  const auto given = fields.array(list);
  if (!given) return fail(errors::not_understood(fmt::format("`{}` is no list", list)));
  PageOf<T> page;
  for (const Element element : *given) {
    if (page.items.size() == items_max) break;
    ++page.given;
    std::optional<T> item = read(Fields(element));
    if (item) page.items.push_back(std::move(*item));
  }
  page.total = count_in(fields, total);
  return page;
}

Result<Fields> fields_of(telemetry::Json& json, std::string_view body) {
  const Fields fields(json.read(body));
  if (!fields.is_object()) return fail(errors::not_understood("no JSON object"));
  return fields;
}

std::optional<JsError> js_error(const Fields& fields) {
  JsError error{text_in(fields, "errorMsgMd5"),
                text_in(fields, "errorStackMd5"),
                text_in(fields, "errorMsg", text_bytes_max),
                text_in(fields, "errorStack", text_bytes_max),
                count_in(fields, "pv"),
                count_in(fields, "uv")};
  if (error.message_md5.empty() && error.stack_md5.empty()) return std::nullopt;
  return error;
}

std::string os_of(std::string_view code) { return code == "1" ? "android" : code == "2" ? "ios" : ""; }

std::optional<JsErrorEvent> js_error_event(const Fields& fields) {
  JsErrorEvent event{parse_time(fields.text("TimeStamp")),
                     text_in(fields, "appVersion"),
                     os_of(fields.text("OsName")),
                     text_in(fields, "sdkVersion"),
                     text_in(fields, "ClientVersion"),
                     text_in(fields, "DeviceModel"),
                     text_in(fields, "route"),
                     text_in(fields, "openId")};
  if (event.at == 0) return std::nullopt;
  return event;
}

int level_of(std::int64_t bits) { return (bits & 8) != 0 ? 8 : (bits & 4) != 0 ? 4 : (bits & 2) != 0 ? 2 : 0; }

std::vector<LogMessage> messages_of(const Fields& fields) {
  std::vector<LogMessage> out;
  const auto given = fields.array("msg");
  if (!given) return out;
  for (const Element element : *given) {
    if (out.size() == messages_max) break;
    const Fields one(element);
    std::string text;
    if (const auto parts = one.array("msg"))
      for (const Element part : *parts) text += (text.empty() ? "" : " ") + telemetry::text_of(part);
    else
      text = one.text("msg");
    out.push_back({time_in(one, "time"), level_of(count_in(one, "level")),
                   std::string(telemetry::cut_text(telemetry::valid_text(text), text_bytes_max))});
  }
  return out;
}

std::optional<LogLine> log_line(const Fields& fields) {
  LogLine line;
  line.at = time_in(fields, "timestamp");
  line.level = level_of(count_in(fields, "level"));
  line.page = text_in(fields, "url");
  line.platform = os_of(fields.text("platform"));
  line.wechat = text_in(fields, "clientVersion");
  line.base_library = text_in(fields, "libraryVersion");
  line.trace = text_in(fields, "traceid");
  line.filter = text_in(fields, "filterMsg");
  line.openid = text_in(fields, "id");
  line.messages = messages_of(fields);
  if (line.at == 0) return std::nullopt;
  return line;
}

std::optional<Feedback> feedback_item(const Fields& fields) {
  Feedback one;
  one.id = count_in(fields, "record_id");
  one.at = time_in(fields, "create_time");
  const std::int64_t type = count_in(fields, "type");
  one.type = type >= 1 && type <= 8 ? static_cast<int>(type) : 8;
  one.text = text_in(fields, "content", text_bytes_max);
  one.phone = text_in(fields, "phone");
  one.openid = text_in(fields, "openid");
  one.nickname = text_in(fields, "nickname");
  one.system = text_in(fields, "systemInfo", text_bytes_max);
  if (const auto media = fields.array("mediaIds")) one.pictures = static_cast<std::int64_t>(media->size());
  if (one.id == 0 || one.at == 0) return std::nullopt;
  return one;
}

std::optional<PerformancePoint> performance_point(const Fields& fields) {
  const auto day = parse_date(fields.text("ref_date"));
  const auto cost = fields.number("cost_time");
  if (!day || !cost || *cost < 0 || *cost > cost_ms_max) return std::nullopt;
  return PerformancePoint{*day, *cost};
}

}  // namespace

std::int64_t number_of(std::initializer_list<std::string_view> parts) {
  std::uint64_t number = 0;
  const auto hash = telemetry::hash_id(parts);
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | static_cast<unsigned char>(hash[i]);
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(number >> 1));
}

std::int64_t JsError::number() const { return number_of({message_md5, stack_md5}); }

std::int64_t JsErrorEvent::id() const {
  return number_of({std::to_string(at), release, os, base_library, wechat, device, route, openid});
}

std::int64_t LogLine::id() const {
  std::string said;
  for (const LogMessage& message : messages) said += fmt::format("{} {} {}\n", message.at, message.level, message.text);
  return number_of({std::to_string(at), page, trace, filter, openid, said});
}

Result<std::vector<PerformancePoint>> read_performance(std::string_view body) {
  telemetry::Json json;
  const auto outer = fields_of(json, body);
  if (!outer) return std::unexpected(outer.error());
  // A JSON text inside the JSON; empty when there are no figures.
  const std::string inner = outer->text("default_time_data");
  if (inner.empty()) return std::vector<PerformancePoint>{};
  const auto fields = fields_of(json, inner);
  if (!fields) return std::unexpected(fields.error());
  auto page = page_of<PerformancePoint>(*fields, "list", "", performance_point);
  if (!page) return std::unexpected(page.error());
  return std::move(page->items);
}

Result<PageOf<JsError>> read_js_errors(std::string_view body) {
  telemetry::Json json;
  const auto fields = fields_of(json, body);
  if (!fields) return std::unexpected(fields.error());
  return page_of<JsError>(*fields, "data", "totalCount", js_error);
}

Result<PageOf<JsErrorEvent>> read_js_error_events(std::string_view body) {
  telemetry::Json json;
  const auto fields = fields_of(json, body);
  if (!fields) return std::unexpected(fields.error());
  return page_of<JsErrorEvent>(*fields, "data", "totalCount", js_error_event);
}

Result<PageOf<LogLine>> read_logs(std::string_view body) {
  telemetry::Json json;
  const auto fields = fields_of(json, body);
  if (!fields) return std::unexpected(fields.error());
  return page_of<LogLine>(fields->inner("data"), "list", "total", log_line);
}

Result<PageOf<Feedback>> read_feedback(std::string_view body) {
  telemetry::Json json;
  const auto fields = fields_of(json, body);
  if (!fields) return std::unexpected(fields.error());
  return page_of<Feedback>(*fields, "list", "total_num", feedback_item);
}

Result<std::vector<Word>> read_scenes(std::string_view body) {
  telemetry::Json json;
  const auto fields = fields_of(json, body);
  if (!fields) return std::unexpected(fields.error());
  auto page = page_of<Word>(*fields, "scene", "", [](const Fields& scene) -> std::optional<Word> {
    Word word{text_in(scene, "name"), text_in(scene, "value")};
    return word.value.empty() ? std::nullopt : std::optional(std::move(word));
  });
  if (!page) return std::unexpected(page.error());
  return std::move(page->items);
}

Result<std::vector<Word>> read_versions(std::string_view body) {
  telemetry::Json json;
  const auto fields = fields_of(json, body);
  if (!fields) return std::unexpected(fields.error());
  const auto lists = fields->array("cvlist");
  if (!lists) return fail(errors::not_understood("`cvlist` is no list"));
  std::vector<Word> out;
  for (const Element element : *lists) {
    const Fields list(element);
    const auto versions = list.array("client_version_list");
    if (!versions) continue;
    for (const Element version : *versions) {
      if (out.size() == items_max) return out;
      std::string text(telemetry::cut_text(telemetry::valid_text(telemetry::text_of(version)), short_bytes_max));
      if (!text.empty()) out.push_back({list.text("type") == "2" ? "service_direct" : "client", std::move(text)});
    }
  }
  return out;
}

}  // namespace miniops::official
