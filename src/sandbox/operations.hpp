// What WeChat's operation centre (运维中心) would have measured of a mini program: made up from its appid and the day,
// so that the same question always has the same answer. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace miniops::sandbox {

// Days are China's, counted as by day_in_china.
std::string date_text(std::int64_t day);    // "20261120"
std::string dashed_date(std::int64_t day);  // "2026-11-20"
std::optional<std::int64_t> parse_date(std::string_view digits);
std::optional<std::int64_t> parse_dashed_date(std::string_view text);
inline TimeMs start_of_day(std::int64_t day) { return day * day_ms - 8 * hour_ms; }

// 32 digits of a text. WeChat calls them MD5, and does not say of what.
std::string digest_of(std::string_view text);
// One of the mini program's users who appear in this data; there are `measured_users` of them.
inline constexpr int measured_users = 24;
std::string measured_openid(std::string_view appid, int number);

struct MeasuredError {
  std::string message, stack, release;
  char type = '1';  // 1 of the mini program, 2 of a plugin, 3 of the framework
  std::int64_t uv = 0, pv = 0;
};
// The most frequent first; more than one page of them.
std::vector<MeasuredError> errors_of_day(std::string_view appid, std::int64_t day);

struct MeasuredErrorEvent {
  TimeMs at = 0;
  std::string openid, device, route, base_library, wechat;
  bool ios = false;
};
// Some of an error's pv, in ascending order of time.
std::vector<MeasuredErrorEvent> events_of_error(std::string_view appid, std::int64_t day, const MeasuredError& error);

struct PerformanceAsked {
  int cost_time_type = 1;  // 1 launch, 2 download, 3 first render
  std::string device = "@_all", network = "@_all", scene = "@_all";
};
std::int64_t cost_time(std::string_view appid, std::int64_t day, const PerformanceAsked& asked);  // ms

struct LogMessage {
  TimeMs at = 0;
  int level = 2;
  std::string text;
};
struct MeasuredLog {
  TimeMs at = 0;
  std::string openid, page, trace, filter, base_library, wechat;
  bool ios = false;
  std::vector<LogMessage> messages;
  int level() const;  // all of its messages' levels
};
std::vector<MeasuredLog> logs_of_day(std::string_view appid, std::int64_t day);  // the oldest first

struct MeasuredFeedback {
  std::int64_t record_id = 0;
  TimeMs at = 0;
  int type = 8;
  std::string content, openid, nickname, phone;
  std::vector<std::string> media_ids;
};
std::vector<MeasuredFeedback> feedback_of_day(std::string_view appid, std::int64_t day);  // the oldest first

}  // namespace miniops::sandbox
