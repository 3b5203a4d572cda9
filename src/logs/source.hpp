// Which records count as lines: run, request, user behaviour, system and custom logs (docs/logs.md).
#pragma once

#include "telemetry/service.hpp"

namespace miniops::logs {

enum class Source {
  log,        // 日志: all log lines
  run,        // 运行日志: of these, lines without a tag of their own
  custom,     // 自定义日志: those with one
  request,    // 请求日志: performance records named request
  behaviour,  // 用户行为: events
  system,     // 系统日志: errors that the platform told
  error,      // all errors
};
inline constexpr std::array<Source, 7> sources{Source::log,       Source::run,    Source::custom, Source::request,
                                               Source::behaviour, Source::system, Source::error};
std::string_view to_string(Source source);
std::optional<Source> parse_source(std::string_view text);

telemetry::Kind kind_of(Source source);
std::vector<telemetry::Filter> filters_of(Source source);

}  // namespace miniops::logs
