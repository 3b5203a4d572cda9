#include "issues/failure.hpp"

#include <algorithm>
#include <cmath>

#include "telemetry/decode/stack.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::issues {

namespace {

using telemetry::Element;
using telemetry::Fields;
using telemetry::Record;

constexpr std::size_t exceptions_max = 10;
constexpr std::size_t fingerprint_max = 20;
constexpr std::size_t part_bytes_max = 500;

struct NamedKind {
  std::string_view name;
  Kind kind;
};
// Names that our SDK gives, and Sentry's for the same.
constexpr std::array<NamedKind, 9> named_kinds{{{"request_failed", Kind::network},
                                                {"page_not_found", Kind::resource},
                                                {"PageNotFound", Kind::resource},
                                                {"lazy_load_error", Kind::resource},
                                                {"suspected_blank_screen", Kind::blank_screen},
                                                {"suspected_abnormal_end", Kind::crash},
                                                {"memory_warning", Kind::crash},
                                                {"MemoryWarning", Kind::crash},
                                                {"no_response", Kind::crash}}};

// Files of monitoring SDKs: their frames wrap everybody's calls.
constexpr std::array<std::string_view, 8> sdk_files{"miniops.js",         "sentry-miniapp", "sentry.js",
                                                    "sentry-wxa.js",      "sensorsdata",    "aegis-mp-sdk",
                                                    "aegis-weapp-sdk.js", "fundebug"};

std::string cut(std::string_view text) { return std::string(telemetry::cut_text(text, part_bytes_max)); }

bool is_unnamed(std::string_view function) {
  return function.empty() || function == "?" || function == "anonymous" || function == "<anonymous>";
}

Frame frame_of(const telemetry::Frame& given) {
  Frame frame{cut(given.function), cut(plain_file(given.file)), given.line, given.column, given.in_app};
  if (is_unnamed(frame.function)) frame.function.clear();
  frame.in_app = frame.in_app && is_app_file(frame.file);
  return frame;
}

int small_number(const Fields& fields, std::string_view name) {
  const double number = fields.number(name).value_or(0);
  return number >= 1 && number <= 1e9 ? static_cast<int>(number) : 0;
}

Frame frame_of(const Fields& given) {
  Frame frame{cut(given.text("function")), cut(plain_file(given.text("filename"))), small_number(given, "lineno"),
              small_number(given, "colno")};
  if (is_unnamed(frame.function)) frame.function.clear();
  frame.code = cut(telemetry::trim(given.text("context_line")));
  frame.in_app = given.flag("in_app").value_or(true) && is_app_file(frame.file);
  return frame;
}

std::vector<Frame> frames_of_text(std::string_view stack) {
  std::vector<Frame> frames;
  for (const telemetry::Frame& frame : telemetry::parse_stack(stack)) frames.push_back(frame_of(frame));
  std::ranges::reverse(frames);
  return frames;
}

// As Sentry's decoder keeps them: the cause first, and each stack with its oldest call first.
std::vector<Exception> sentry_exceptions(const telemetry::Array& given) {
  std::vector<Exception> out;
  for (const Element element : given) {
    const Fields fields(element);
    Exception exception{cut(fields.text("type")), cut(fields.text("value"))};
    if (const auto frames = fields.array("frames"))
      for (const Element frame : *frames) exception.frames.push_back(frame_of(Fields(frame)));
    std::ranges::reverse(exception.frames);
    if (exception.frames.size() > frames_max) exception.frames.resize(frames_max);
    out.push_back(std::move(exception));
  }
  std::ranges::reverse(out);
  if (out.size() > exceptions_max) out.resize(exceptions_max);
  return out;
}

std::vector<Exception> exceptions_of(const Record& record, const Fields& properties) {
  std::vector<Exception> out;
  if (const auto given = properties.array("exception")) out = sentry_exceptions(*given);
  if (!out.empty()) return out;
  Exception only{record.name, record.text};
  const std::string stack = properties.text("stack");
  only.frames = frames_of_text(stack.empty() ? std::string_view(record.text) : std::string_view(stack));
  out.push_back(std::move(only));
  return out;
}

// A list of texts, or one text.
std::vector<std::string> fingerprint_of(const Fields& properties) {
  std::vector<std::string> out;
  if (const auto list = properties.array("fingerprint")) {
    for (const Element part : *list) {
      if (out.size() == fingerprint_max) break;
      if (std::string text = cut(telemetry::text_of(part)); !text.empty()) out.push_back(std::move(text));
    }
  } else if (std::string text = cut(properties.text("fingerprint")); !text.empty()) {
    out.push_back(std::move(text));
  }
  return out;
}

}  // namespace

Kind kind_of(std::string_view name) {
  if (name.starts_with("api:")) return Kind::api;
  if (name.starts_with("resource:")) return Kind::resource;
  const auto known = std::ranges::find(named_kinds, name, &NamedKind::name);
  return known == named_kinds.end() ? Kind::js : known->kind;
}

Failure failure_of(const Record& record, telemetry::Json& json) {
  const Fields properties(json.read(record.properties));
  Failure failure;
  failure.kind = kind_of(record.name);
  failure.exceptions = exceptions_of(record, properties);
  failure.fingerprint = fingerprint_of(properties);
  failure.api = cut(properties.text("api"));
  if (failure.kind == Kind::api && failure.api.empty()) failure.api = cut(std::string_view(record.name).substr(4));
  failure.errno_text = cut(properties.text("errno"));
  failure.method = cut(properties.text("method"));
  failure.url = cut(telemetry::url_pattern(properties.text("url")));
  failure.status = small_number(properties, "status");
  failure.handled = properties.flag("handled").value_or(false);
  failure.refused = properties.flag("refused").value_or(false);
  failure.memory =
      properties.flag("memory_warning").value_or(false) || telemetry::lower_text(record.name).starts_with("memory");
  return failure;
}

std::string plain_file(std::string_view name) {
  std::string file = telemetry::normal_file(name);
  if (file.starts_with("app:///")) file.erase(0, 7);
  const std::size_t slash = file.rfind('/');
  const std::size_t base = slash == std::string::npos ? 0 : slash + 1;
  if (file.compare(base, std::string::npos, "appservice.app.js") == 0)
    file.replace(base, std::string::npos, "app-service.js");
  return file;
}

std::string plain_source(std::string_view name) {
  name = name.substr(0, name.find('?'));
  if (const std::size_t scheme = name.find("://"); scheme != std::string_view::npos) {
    const bool bundler = name.starts_with("webpack") || name.starts_with("taro") || name.starts_with("uni-app");
    name.remove_prefix(scheme + 3);
    // "webpack://shop/./src": the package; "webpack:///./src": none.
    const std::size_t slash = name.find('/');
    if (bundler && slash != std::string_view::npos) name.remove_prefix(slash);
  }
  while (name.starts_with("/") || name.starts_with("./") || name.starts_with("../"))
    name.remove_prefix(name.find('/') + 1);
  return std::string(name);
}

bool is_app_file(std::string_view file) {
  if (telemetry::is_library_file(file)) return false;
  return std::ranges::none_of(sdk_files, [&](std::string_view sdk) {
    const std::size_t at = file.find(sdk);
    return at != std::string_view::npos && (at == 0 || file[at - 1] == '/' || file[at - 1] == '.');
  });
}

}  // namespace miniops::issues
