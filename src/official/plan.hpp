// What a run of each source asks WeChat, call by call, and what each answer means for the next. A run is a position
// that moves on: whatever stops it, it goes on there. Pure.
#pragma once

#include "official/decode.hpp"
#include "wechat/api.hpp"

namespace miniops::official {

struct ErrorKey {
  std::string message_md5, stack_md5;
  bool operator==(const ErrorKey&) const = default;
};

struct Position {
  std::int64_t day = 0;             // js_errors: the day that is read
  std::int64_t item = 0;            // performance: which of its questions
  std::int64_t offset = 0;          // in the list that is read; feedback: pages that were read
  std::int64_t from = 0, to = 0;    // logs: the window that is read, in seconds
  std::int64_t until = 0;           // all before is read: a day; logs: seconds
  std::vector<ErrorKey> details{};  // js_errors: whose events are still to be read
  bool operator==(const Position&) const = default;
};
std::string to_text(const Position& position);
Position position_of(std::string_view text);  // the beginning, when it cannot be read

// What an answer brought.
struct Figures {
  Metric metric = Metric::launch;
  std::string device, network;
  std::vector<PerformancePoint> points;
};
struct Harvest {
  std::optional<Figures> figures{};
  std::int64_t day = 0;  // of js_errors
  std::vector<JsError> js_errors{};
  std::int64_t error = 0;  // whose events they are
  std::vector<JsErrorEvent> events{};
  std::vector<LogLine> logs{};
  std::vector<Feedback> feedback{};
  std::optional<std::vector<Word>> words{};
};
struct Taken {
  Harvest harvest{};
  Position next{};
  bool finished = false;
  bool finished_if_known = false;  // when nothing of it was new
};

// Where a run begins that follows one which ended at `before`.
Position begin(Source source, const Position& before, TimeMs now);
// nullopt: the run is at its end.
std::optional<wechat::ApiCall> call_at(Source source, const Position& position);
// official.not_understood
Result<Taken> take(Source source, const Position& position, std::string_view body, TimeMs now);

}  // namespace miniops::official
