// Errors and messages, with what 0.11.0 gets wrong put right.
#include <algorithm>

#include "telemetry/decode/sentry.hpp"
#include "telemetry/decode/stack.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::size_t exceptions_max = 10;  // of one chain
constexpr std::size_t sent_frames_max = 100;
constexpr std::size_t frame_text_max = 500;
constexpr std::string_view page_not_found_words = "页面无法找到";
constexpr std::string_view memory_warning_words = "内存不足告警";

// The exception that an issue is named after.
struct Failure {
  std::string type, value;
  std::string mechanism;
  std::optional<bool> handled;
  // Of a text that WeChat handed over: the frames that it names.
  std::vector<Frame> frames{};
  bool sdk_frames = false;  // the client's frames are the SDK's own
  std::string page{};
  SentryRest rest{};
};

// The two that WeChat reports as events of their own. 0.11.0 sends messages of level info, 1.19 exceptions of type
// Error: they become one.
bool name_special(Failure& failure) {
  if (!failure.type.empty() && failure.type != "Error") return false;
  failure.rest.page_not_found = failure.value.starts_with(page_not_found_words);
  failure.rest.memory_warning = failure.value.starts_with(memory_warning_words);
  if (failure.rest.page_not_found) failure.type = "PageNotFound";
  if (failure.rest.memory_warning) failure.type = "MemoryWarning";
  failure.sdk_frames = failure.rest.page_not_found || failure.rest.memory_warning;  // nothing of the app failed
  return failure.sdk_frames;
}

// `wx.onError` gives one text, which 0.11.0 wraps into an Error.
bool unwrap_wechat_error(Failure& failure) {
  auto error = parse_wechat_error(failure.value);
  if (!error) return false;
  failure.type = std::move(error->type);
  failure.value = std::move(error->message);
  failure.frames = std::move(error->frames);
  failure.page = std::move(error->page);
  failure.handled = false;
  failure.sdk_frames = true;
  if (failure.mechanism.empty() || failure.mechanism == "generic") failure.mechanism = "onerror";
  return true;
}

// So does it with the reason of a rejected promise: new Error("TypeError: …"), raised in the SDK itself.
void unwrap_rejection(Failure& failure) {
  const std::string whole = failure.value;
  const auto parts = failure.type == "Error" ? split_type(whole) : std::nullopt;
  if (!parts) return;
  failure.type = parts->type;
  failure.value = parts->message;
  failure.handled = false;
  failure.sdk_frames = true;
  failure.mechanism = "onunhandledrejection";
}

bool is_old_client(std::string_view sdk) { return sdk.starts_with("sentry.javascript.miniapp/0."); }

Failure failure_of(const Fields& exception, std::string_view sdk) {
  const Fields mechanism = exception.inner("mechanism");
  Failure failure{exception.text("type"), exception.text("value"), mechanism.text("type"), mechanism.flag("handled")};
  if (const auto value = exception.find("value"); value && failure.value.empty()) failure.value = head_of(*value, 2000);
  if (!name_special(failure) && !unwrap_wechat_error(failure) && is_old_client(sdk)) unwrap_rejection(failure);
  if (failure.type.empty()) failure.type = "Error";
  return failure;
}

// ---- frames ----

std::vector<Properties> frames_of(const std::vector<Frame>& frames) {
  std::vector<Properties> out;
  for (const Frame& one : frames) {
    Properties frame;
    frame.add_text("filename", cut_text(one.file, frame_text_max));
    frame.add_text("function", cut_text(one.function, frame_text_max));
    if (one.line > 0) frame.add_number("lineno", one.line);
    if (one.column > 0) frame.add_number("colno", one.column);
    frame.add_flag("in_app", one.in_app);
    out.push_back(std::move(frame));
  }
  return out;
}

// Of the client's frames, the newest; `in_app` of ours is a rule, the client's word can only narrow it.
std::vector<Properties> frames_of(const Fields& exception, bool sdk_frames) {
  const auto frames = sentry_values(exception.inner("stacktrace").find("frames"));
  std::vector<Properties> out;
  for (std::size_t i = frames.size() - std::min(frames.size(), sent_frames_max); i < frames.size(); ++i) {
    const Fields given(frames[i], Undefined::dropped);
    const std::string file = given.find("filename") ? given.text("filename") : given.text("abs_path");
    Properties frame;
    frame.add_text("filename", cut_text(normal_file(file), frame_text_max));
    for (const char* name : {"function", "module", "context_line"})
      frame.add_text(name, cut_text(given.text(name), frame_text_max));
    for (const char* name : {"lineno", "colno"}) {
      if (const auto number = given.number(name)) frame.add_number(name, *number);
    }
    frame.add_flag("in_app", !sdk_frames && given.flag("in_app").value_or(true) && !is_library_file(file));
    out.push_back(std::move(frame));
  }
  return out;
}

Properties mechanism_properties(const Fields& given, const Failure& failure) {
  Properties out(Undefined::dropped);
  out.add_text("type", cut_text(failure.mechanism, name_bytes_max));
  if (failure.handled) out.add_flag("handled", *failure.handled);
  out.add_rest(given, [](std::string_view name) { return name == "type" || name == "handled"; });
  return out;
}

Properties exception_properties(const Fields& exception, const Failure& failure) {
  Properties out(Undefined::dropped);
  out.add_text("type", cut_text(failure.type, name_bytes_max));
  out.add_text("value", cut_text(failure.value, text_bytes_max / 8));  // whole it is the record's text
  out.add("module", exception.find("module"));
  out.add_object("mechanism", mechanism_properties(exception.inner("mechanism"), failure));
  out.add_list("frames", failure.frames.empty() ? frames_of(exception, failure.sdk_frames) : frames_of(failure.frames));
  return out;
}

// The chain as it came, the cause first; `last` is the one that was looked at already.
void add_exceptions(const std::vector<Element>& values, const Failure& last, std::string_view sdk, Properties& to) {
  std::vector<Properties> out;
  for (std::size_t i = values.size() - std::min(values.size(), exceptions_max); i < values.size(); ++i) {
    const Fields exception(values[i], Undefined::dropped);
    const bool is_last = i + 1 == values.size();
    out.push_back(exception_properties(exception, is_last ? last : failure_of(exception, sdk)));
  }
  to.add_list("exception", std::move(out));
}

std::string message_of(const Fields& event) {
  for (const char* place : {"message", "logentry"}) {
    const Fields parts = event.inner(place);
    for (const std::string& text : {event.text(place), parts.text("formatted"), parts.text("message")}) {
      if (!text.empty()) return text;
    }
  }
  return {};
}

void finish(const SentryItem& item, Record record, Properties properties, const SentryRest& rest, Collector& out) {
  record.id = sentry_record_id(item.event_id, item.payload);
  properties.add("fingerprint", item.fields.find("fingerprint"));
  add_sentry_rest(item.fields, rest, properties);
  out.add(std::move(record), std::move(properties), sentry_time(item.fields.find("timestamp")), item.header.sent_at);
}

void read_exception(const SentryItem& item, const std::vector<Element>& values, Record record, Collector& out) {
  const Failure failure = failure_of(Fields(values.back(), Undefined::dropped), record.sdk);
  record.kind = Kind::error;
  record.name = failure.type;
  record.text = failure.value;
  record.level = parse_level(item.fields.text("level")).value_or(Level::error);
  if (!failure.page.empty()) record.page = failure.page;
  Properties properties(Undefined::dropped);
  if (failure.handled) properties.add_flag("handled", *failure.handled);
  properties.add_text("mechanism", failure.mechanism);
  add_exceptions(values, failure, record.sdk, properties);
  finish(item, std::move(record), std::move(properties), failure.rest, out);
}

void read_message(const SentryItem& item, std::string message, Record record, Collector& out) {
  Failure failure;
  failure.value = std::move(message);
  record.level = parse_level(item.fields.text("level")).value_or(Level::info);
  if (name_special(failure)) record.level = std::max(record.level, Level::error);
  record.kind = record.level >= Level::error ? Kind::error : Kind::log;
  record.name = !failure.type.empty() ? failure.type : item.fields.text("logger");
  if (record.name.empty()) record.name = record.kind == Kind::error ? "Message" : "log";
  record.text = std::move(failure.value);
  finish(item, std::move(record), Properties(Undefined::dropped), failure.rest, out);
}

}  // namespace

void read_sentry_event(const SentryItem& item, Collector& out) {
  Record record = sentry_record(item.fields, item.header);
  const auto values = sentry_values(item.fields.find("exception"));
  if (!values.empty()) return read_exception(item, values, std::move(record), out);
  std::string message = message_of(item.fields);
  if (message.empty()) return out.lose(Fate::quarantined, "empty_event", "event", 1, item.payload);
  read_message(item, std::move(message), std::move(record), out);
}

}  // namespace miniops::telemetry
