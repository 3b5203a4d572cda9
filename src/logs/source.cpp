#include "logs/source.hpp"

namespace miniops::logs {

namespace {

using telemetry::Filter;
using telemetry::Kind;

constexpr std::string_view no_tag = "log";  // the name of a line whose client gave it none

// What the platform tells, by the names that clients give it.
std::vector<std::string> platform_errors() {
  return {"memory_warning",  "MemoryWarning",          "page_not_found",        "PageNotFound",
          "lazy_load_error", "suspected_blank_screen", "suspected_abnormal_end"};
}

}  // namespace

std::string_view to_string(Source source) {
  switch (source) {
    case Source::log:
      return "log";
    case Source::run:
      return "run";
    case Source::custom:
      return "custom";
    case Source::request:
      return "request";
    case Source::behaviour:
      return "behaviour";
    case Source::system:
      return "system";
    case Source::error:
      return "error";
  }
  std::unreachable();
}

std::optional<Source> parse_source(std::string_view text) {
  for (const Source source : sources)
    if (to_string(source) == text) return source;
  return std::nullopt;
}

Kind kind_of(Source source) {
  switch (source) {
    case Source::log:
    case Source::run:
    case Source::custom:
      return Kind::log;
    case Source::request:
      return Kind::performance;
    case Source::behaviour:
      return Kind::event;
    case Source::system:
    case Source::error:
      return Kind::error;
  }
  std::unreachable();
}

std::vector<Filter> filters_of(Source source) {
  using events::Field;
  switch (source) {
    case Source::run:
      return {{Field::name, {std::string(no_tag)}}};
    case Source::custom:
      return {{Field::name, {std::string(no_tag)}, true}};
    case Source::request:
      return {{Field::name, {"request"}}};
    case Source::system:
      return {{Field::name, platform_errors()}};
    default:
      return {};
  }
}

}  // namespace miniops::logs
