// Structured logs: one JSON object a line on standard error (or plain text on a terminal).
//
// Secrets and personal data never reach a log: log ids, codes and counts, not contents. The fields are given as JSON,
// so that nothing is parsed back out of prose.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

namespace miniops::log {

enum class Level { debug, info, warn, error };

// Sets format and level for the process; called once by main before threads start.
void configure(Level level, bool json);

// `event` is a stable word such as "push.refused". Safe from any thread.
void write(Level level, std::string_view event, boost::json::object fields = {});

inline void info(std::string_view event, boost::json::object fields = {}) {
  write(Level::info, event, std::move(fields));
}
inline void warn(std::string_view event, boost::json::object fields = {}) {
  write(Level::warn, event, std::move(fields));
}
inline void error(std::string_view event, boost::json::object fields = {}) {
  write(Level::error, event, std::move(fields));
}

}  // namespace miniops::log
