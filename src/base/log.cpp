#include "base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace miniops::log {

namespace {

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warn:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

spdlog::logger& logger() {
  static const auto instance = spdlog::stderr_logger_mt("miniops");
  return *instance;
}

}  // namespace

void configure(Level level, bool json) {
  logger().set_level(to_spdlog(level));
  logger().set_pattern(json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})" : "%H:%M:%S.%e %L %v");
}

void write(Level level, std::string_view event, boost::json::object fields) {
  const auto target = to_spdlog(level);
  if (!logger().should_log(target)) return;
  boost::json::object line{{"event", event}};
  for (auto& field : fields) line.insert_or_assign(field.key(), std::move(field.value()));
  const std::string text = boost::json::serialize(line);
  logger().log(target, "{}", std::string_view(text).substr(1, text.size() - 2));  // the pattern opens the object
}

}  // namespace miniops::log
