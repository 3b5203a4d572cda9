// Tencent RUM's client. Everything about who and where stands in the query; bodies are JSON whose `payload` is JSON in
// a text, or columns that belong together by their index.
#include <algorithm>
#include <charconv>
#include <map>

#include "telemetry/decode/collector.hpp"
#include "telemetry/decode/stack.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string value_of(const Pairs& pairs, std::string_view name) {
  const auto found = std::ranges::find(pairs, name, &std::pair<std::string, std::string>::first);
  return found == pairs.end() ? std::string() : found->second;
}

template <std::size_t count>
std::string_view word_of(const std::array<std::pair<std::string_view, std::string_view>, count>& words,
                         std::string_view key) {
  const auto found = std::ranges::find(words, key, &std::pair<std::string_view, std::string_view>::first);
  return found == words.end() ? std::string_view() : found->second;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> platforms{
    {{"1", "Android"}, {"2", "iOS"}, {"3", "Windows"}, {"4", "macOS"}, {"5", "Linux"}, {"6", "devtools"}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> networks{
    {{"1", "wifi"}, {"2", "2g"}, {"3", "3g"}, {"4", "4g"}, {"5", "5g"}, {"6", "6g"}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> builds{{{"production", "release"},
                                                                               {"gray", "trial"},
                                                                               {"pre", "trial"},
                                                                               {"daily", "develop"},
                                                                               {"test", "develop"},
                                                                               {"local", "develop"},
                                                                               {"development", "develop"}}};

// What all requests say of the phone.
Record common_of(const Pairs& query) {
  Record record;
  record.protocol = "aegis";
  record.sdk = "aegis-mp-sdk";
  record.user.login_id = value_of(query, "uin");
  record.user.device_id = value_of(query, "aid");
  if (is_openid(record.user.login_id)) std::swap(record.user.login_id, record.user.openid);
  record.release = value_of(query, "version");
  record.build = parse_build(word_of(builds, value_of(query, "env"))).value_or(Build::unknown);
  record.session = value_of(query, "sessionId");
  record.scene = scene_of(value_of(query, "referer"));
  record.page = page_of(value_of(query, "from"));
  record.network = word_of(networks, value_of(query, "netType"));
  record.device.model = value_of(query, "model");
  record.device.os = word_of(platforms, value_of(query, "platform"));
  return record;
}

// Gathers the records of one request.
class Request {
 public:
  Request(std::string_view body, const Arrival& arrival, const DecodeLimits& limits)
      : query_(form_fields(arrival.query)),
        common_(common_of(query_)),
        whole_(hash_id({arrival.query, body, std::to_string(arrival.received_at)})),
        out_(arrival, limits) {}

  const Pairs& query() const { return query_; }
  Collector& out() { return out_; }
  Record record(Kind kind, std::string name) {
    Record record = common_;
    record.kind = kind;
    record.name = std::move(name);
    record.id = hash_id({std::string_view(whole_.data(), whole_.size()), std::to_string(index_++)});
    return record;
  }
  void add(Record record, Properties properties) {
    for (int i = 1; i <= 10; ++i) {
      const std::string name = "ext" + std::to_string(i);
      properties.add_text(name, value_of(query_, name));
    }
    out_.add(std::move(record), std::move(properties), 0, 0);
  }

 private:
  const Pairs query_;
  const Record common_;
  const std::array<char, 16> whole_;
  std::size_t index_ = 0;
  Collector out_;
};

// ---- /collect ----

struct LevelOf {
  int number;
  Kind kind;
  Level level;
  std::string_view name;
};
// The client's numbers, with the names that our own SDK gives to the same things.
constexpr std::array<LevelOf, 25> levels{{{1, Kind::log, Level::debug, "api"},
                                          {2, Kind::log, Level::info, "log"},
                                          {4, Kind::error, Level::error, "Error"},
                                          {8, Kind::error, Level::error, "UnhandledRejection"},
                                          {16, Kind::error, Level::error, "request_failed"},
                                          {32, Kind::error, Level::error, "resource:script"},
                                          {64, Kind::error, Level::error, "resource:image"},
                                          {128, Kind::error, Level::error, "resource:css"},
                                          {256, Kind::log, Level::error, "console"},
                                          {512, Kind::error, Level::error, "resource:media"},
                                          {1024, Kind::error, Level::warn, "retcode"},
                                          {1025, Kind::log, Level::info, "page_load"},
                                          {1026, Kind::log, Level::warn, "slow_page"},
                                          {1027, Kind::log, Level::warn, "slow_request"},
                                          {1028, Kind::log, Level::warn, "slow_resource"},
                                          {1030, Kind::log, Level::info, "click"},
                                          {1031, Kind::log, Level::debug, "console"},
                                          {1032, Kind::error, Level::error, "suspected_blank_screen"},
                                          {1033, Kind::error, Level::warn, "memory_warning"},
                                          {1034, Kind::log, Level::warn, "lag"},
                                          {1035, Kind::error, Level::error, "no_response"},
                                          {16384, Kind::error, Level::error, "page_not_found"},
                                          {32768, Kind::error, Level::error, "websocket"},
                                          {131072, Kind::error, Level::error, "lazy_load_error"},
                                          {262144, Kind::error, Level::fatal, "suspected_abnormal_end"}}};

LevelOf level_of(std::string_view text) {
  for (const LevelOf& one : levels)
    if (std::to_string(one.number) == text) return one;
  return {0, Kind::log, Level::info, "log"};
}

// The client writes line ends as a backslash and an n.
std::string with_line_ends(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at, 2) == "\\n") {
      out += '\n';
      ++at;
    } else {
      out += text[at];
    }
  }
  return out;
}

struct Failure {
  std::string type, message, stack;
};

// "Error.message: boom \n  Error.stack: TypeError: boom\n    at …", or WeChat's own text, or a message alone.
Failure failure_of(std::string_view given) {
  static constexpr std::string_view message_words = "Error.message: ";
  static constexpr std::string_view stack_words = "Error.stack: ";
  const std::string text = with_line_ends(given);
  if (auto error = parse_wechat_error(text)) return {error->type, error->message, text};
  const auto stack_at = text.find(stack_words);
  if (!text.starts_with(message_words) || stack_at == std::string::npos) return {"", text, ""};
  Failure failure;
  failure.stack = text.substr(stack_at + stack_words.size());
  failure.message = trim(std::string_view(text).substr(message_words.size(), stack_at - message_words.size()));
  const std::string_view first_line = std::string_view(failure.stack).substr(0, failure.stack.find('\n'));
  if (const auto parts = split_type(first_line)) failure.type = parts->type;
  return failure;
}

void read_failure(std::string_view message, Record& record, Properties& properties) {
  Failure failure = failure_of(message);
  // A promise that nobody caught is known by its mechanism when its reason has a type of its own.
  if (!failure.type.empty()) {
    properties.add_text("mechanism", record.name == "UnhandledRejection" ? "onUnhandledRejection" : "onError");
    record.name = failure.type;
  }
  record.text = std::move(failure.message);
  properties.add_flag("handled", false);
  properties.add_text("stack", failure.stack);
}

// The columns of the body that are texts of one line each; a column may be shorter than the others, or missing.
class Columns {
 public:
  explicit Columns(const Fields& body) {
    for (const char* name : {"level", "msg", "errorMsg", "trace", "originFrom", "ext1", "ext2", "ext3"}) {
      auto& column = columns_[name];
      if (const auto values = body.array(name))
        for (const Element value : *values) column.push_back(text_of(value));
    }
  }
  std::size_t size() const { return std::max(columns_.at("level").size(), columns_.at("msg").size()); }
  std::string at(const std::string& name, std::size_t row) const {
    const auto& column = columns_.at(name);
    return row < column.size() ? column[row] : std::string();
  }

 private:
  std::map<std::string, std::vector<std::string>> columns_;
};

void read_log(const Columns& columns, std::size_t row, Request& request) {
  const LevelOf level = level_of(columns.at("level", row));
  Record record = request.record(level.kind, std::string(level.name));
  record.level = level.level;
  record.trace = columns.at("trace", row);
  if (const std::string from = columns.at("originFrom", row); !from.empty()) record.page = page_of(from);
  Properties properties;
  const std::string message = columns.at("msg", row);
  if (level.kind == Kind::error) {
    read_failure(message, record, properties);
  } else {
    record.text = with_line_ends(message);
  }
  properties.add_text("error_message", columns.at("errorMsg", row));
  for (const char* name : {"ext1", "ext2", "ext3"}) properties.add_text(name, columns.at(name, row));
  request.add(std::move(record), std::move(properties));
}

void read_logs(const Fields& body, Request& request) {
  const Columns columns(body);
  for (std::size_t row = 0; row < columns.size(); ++row) read_log(columns, row, request);
}

// ---- lists of objects ----

void read_event(const Fields& event, const Element& element, Request& request) {
  const std::string name = event.text("name");
  if (name.empty()) return request.out().lose(Fate::quarantined, "no_name", "event", element);
  Record record = request.record(Kind::event, name);
  Properties properties;
  properties.add_rest(event, [](std::string_view field) { return field == "name" || field == "originFrom"; });
  request.add(std::move(record), std::move(properties));
}

// Durations that name themselves.
void read_duration(std::string name, const Fields& given, const Element& element, Request& request) {
  const auto duration = given.number("duration");
  if (name.empty() || !duration) return request.out().lose(Fate::quarantined, "no_value", "performance", element);
  Record record = request.record(Kind::performance, std::move(name));
  record.value = *duration;
  Properties properties;
  properties.add_rest(given, [](std::string_view field) {
    return field == "name" || field == "duration" || field == "type" || field == "url";
  });
  if (const std::string url = given.text("url"); !url.empty()) properties.add_text("url", url_pattern(url));
  request.add(std::move(record), std::move(properties));
}

template <class Read>
void for_each(const std::optional<Array>& list, std::string_view category, Request& request, Read read) {
  if (!list) return;
  for (const Element element : *list) {
    const Fields fields(element);
    if (!fields.is_object()) {
      request.out().lose(Fate::quarantined, "not_an_object", category, element);
    } else if (request.out().fits(element, category)) {
      read(fields, element);
    }
  }
}

void read_speed(const Fields& payload, Request& request) {
  const Fields duration = payload.inner("duration");
  constexpr std::array<std::pair<const char*, const char*>, 3> kinds_of{
      {{"fetch", "request"}, {"static", "resource"}, {"bridge", "bridge"}}};
  for (const auto& [list, name] : kinds_of)
    for_each(duration.array(list), "performance", request,
             [&](const Fields& one, const Element& element) { read_duration(name, one, element, request); });
}

void read_mini_program_data(const Fields& payload, Request& request) {
  for_each(payload.array("miniProgramData"), "performance", request,
           [&](const Fields& one, const Element& element) { read_duration(one.text("type"), one, element, request); });
}

// Page timings stand in the query itself, under the names of the client.
void read_page_speed(Request& request) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> names{
      {{"appLaunch", "appLaunch"},
       {"firstScreenTiming", "firstRender"},
       {"scriptEvaluateTiming", "evaluateScript"},
       {"pageRouteTiming", "route"},
       {"firstPaintTiming", "firstPaint"},
       {"LCP", "lcp"},
       {"FCP", "firstContentfulPaint"}}};
  for (const auto& [theirs, ours] : names) {
    double ms = 0;
    const std::string text = value_of(request.query(), theirs);
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), ms);
    if (problem != std::errc{} || !(ms >= 0)) continue;
    Record record = request.record(Kind::performance, std::string(ours));
    record.value = ms;
    request.add(std::move(record), Properties());
  }
}

void read_page_view(Request& request) { request.add(request.record(Kind::event, "page_view"), Properties()); }

void read_payload(AegisPath path, const Element& root, const Fields& payload, Request& request) {
  switch (path) {
    case AegisPath::events:
      return for_each(array_of(root), "event", request,
                      [&](const Fields& one, const Element& element) { read_event(one, element, request); });
    case AegisPath::speed:
      return read_speed(payload, request);
    case AegisPath::custom_speed:
      return for_each(payload.array("custom"), "performance", request, [&](const Fields& one, const Element& element) {
        read_duration(one.text("name"), one, element, request);
      });
    case AegisPath::mini_program_data:
      return read_mini_program_data(payload, request);
    default:
      return;
  }
}

std::unexpected<Error> malformed() { return fail(ErrorKind::invalid, "telemetry.malformed", "The body is not JSON."); }

}  // namespace

Result<Decoded> decode_aegis(AegisPath path, std::string_view body, const Arrival& arrival,
                             const DecodeLimits& limits) {
  Request request(body, arrival, limits);
  if (path == AegisPath::page_view) read_page_view(request);
  if (path == AegisPath::page_speed) read_page_speed(request);
  if (path == AegisPath::page_view || path == AegisPath::page_speed) return request.out().take();
  Json outer;
  const bool in_query = path == AegisPath::mini_program_data && body.empty();
  const std::string query_payload = in_query ? value_of(request.query(), "payload") : std::string();
  const auto root = outer.read(in_query ? std::string_view(query_payload) : body);
  if (!root) return malformed();
  if (path == AegisPath::logs) {
    read_logs(Fields(*root), request);
    return request.out().take();
  }
  const std::string text = in_query ? std::string() : Fields(*root).text("payload");
  if (text.empty()) {
    read_payload(path, *root, Fields(*root), request);
    return request.out().take();
  }
  Json inner;
  const auto payload = inner.read(text);
  if (!payload) return malformed();
  read_payload(path, *payload, Fields(*payload), request);
  return request.out().take();
}

}  // namespace miniops::telemetry
