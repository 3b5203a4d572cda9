// What is counted (docs/metrics.md). Pure.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "base/words.hpp"
#include "reports/facts.hpp"

namespace miniops::reports {

enum class Metric {
  conversations,   // 会话量
  reopened,        // 重新打开
  first_reaction,  // 首次响应（任何人）
  first_answer,    // 首次人工响应
  response,        // 响应时长，每个客户轮次
  wait,            // 排队时长
  handling,        // 处理时长
  transfers,       // 转接
  resolution,      // 解决率
  first_contact,   // 一次解决率
  satisfaction,    // 满意度
};
inline constexpr std::size_t metrics = 11;

// A count of things, times of which mean, median and p90 are told, or things of which a share is told.
enum class Form { count, duration, share };
Form form_of(Metric metric);

// What a metric says of one conversation, turn, stay …
enum class State {
  counted,  // it has a value
  missed,   // it has none and gets none: a turn that nobody answered, a stay that was given up, a score not given
  open,     // not yet known
};
struct Sample {
  Metric metric{};
  State state = State::counted;
  std::int64_t value = 0;  // milliseconds, a score, or 1 and 0 for yes and no
  TimeMs at = 0;           // when it began
  TimeMs until = 0;        // when a time ended, if it did
  AccountId agent{};       // whose it is; none: nobody's
  GroupId group{};
};
// Whether it counts towards the share.
bool is_hit(const Sample& sample);

inline constexpr TimeMs first_contact_ms = 72 * hour_ms;
inline constexpr int satisfied_from = 4;

// All that there is to say of a conversation at `now`, in the order of the metrics.
void samples_of(const Facts& facts, TimeMs now, std::vector<Sample>& into);

inline constexpr std::array<std::string_view, metrics> metric_words{
    "conversations", "reopened",  "first_reaction", "first_answer",  "response",    "wait",
    "handling",      "transfers", "resolution",     "first_contact", "satisfaction"};
inline constexpr std::array<std::string_view, 3> state_words{"counted", "missed", "open"};
inline std::span<const std::string_view> words_of(Metric) { return metric_words; }
inline std::span<const std::string_view> words_of(State) { return state_words; }

}  // namespace miniops::reports
