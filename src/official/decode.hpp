// What WeChat answers, decoded. Answers are hostile input: unknown fields are ignored, numbers may be texts, an item
// that makes no sense is left out, an answer that is none fails with official.not_understood. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "official/words.hpp"

namespace miniops::official {

inline constexpr std::size_t items_max = 1000;  // of one answer

struct PerformancePoint {
  std::int64_t day = 0;
  double cost_ms = 0;
  bool operator==(const PerformancePoint&) const = default;
};
Result<std::vector<PerformancePoint>> read_performance(std::string_view body);

// A page of a list, and how many there are in all.
template <class T>
struct PageOf {
  std::vector<T> items{};
  std::int64_t total = 0;
  std::int64_t given = 0;  // items in the answer, those that were left out included
};

struct JsError {
  std::string message_md5, stack_md5, message, stack;
  std::int64_t events = 0, users = 0;
  std::int64_t number() const;  // made of both digests
};
Result<PageOf<JsError>> read_js_errors(std::string_view body);

struct JsErrorEvent {
  TimeMs at = 0;
  std::string release, os, base_library, wechat, device, route, openid;
  std::int64_t id() const;
};
Result<PageOf<JsErrorEvent>> read_js_error_events(std::string_view body);

struct LogMessage {
  TimeMs at = 0;
  int level = 0;
  std::string text;
  bool operator==(const LogMessage&) const = default;
};
struct LogLine {
  TimeMs at = 0;
  int level = 0;  // 2 info, 4 warn, 8 error: the worst of its messages
  std::string page, platform, wechat, base_library, trace, filter, openid;
  std::vector<LogMessage> messages;
  std::int64_t id() const;  // the same for the same line: it is stored once
};
Result<PageOf<LogLine>> read_logs(std::string_view body);

struct Feedback {
  std::int64_t id = 0;
  TimeMs at = 0;
  int type = 8;
  std::string text, phone, openid, nickname, system;
  std::int64_t pictures = 0;
};
Result<PageOf<Feedback>> read_feedback(std::string_view body);

struct Word {
  std::string name, value;
  bool operator==(const Word&) const = default;
};
Result<std::vector<Word>> read_scenes(std::string_view body);
Result<std::vector<Word>> read_versions(std::string_view body);  // name: "client" or "service_direct"

// 63 bits of a hash of the parts.
std::int64_t number_of(std::initializer_list<std::string_view> parts);

}  // namespace miniops::official
