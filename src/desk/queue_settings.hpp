// What customers who wait are told by themselves, as a mini program's people set it: their place in the queue, the wait
// to expect, and that they may leave a message. Values and rules; pure.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace miniops::desk {

// Texts are templates; an empty one is ours.
struct QueueSettings {
  bool notices = false;                      // customers are told their place in answer to what they write
  std::string position_text{}, wait_text{};  // without and with a wait to expect: {position}, {wait}
  std::string busy_text{};                   // before it, in busy mode
  bool leave = false;                        // customers may leave a message
  std::int64_t leave_after_minutes = 10;     // of waiting; 0: only out of hours and in busy mode
  std::int64_t answer_within_minutes = 240;  // of working time
  std::string offer_text{}, closed_text{};   // who waits, or comes when nobody works, may reply 1
  std::string ask_text{}, left_text{};       // what is it about; it was left: {due}

  bool speaks() const { return notices || leave; }
  // How long somebody waits before they are offered it; 0: that alone is no reason.
  TimeMs offers_after() const { return leave ? leave_after_minutes * minute_ms : 0; }
};

// All texts filled in: as people see them, and as they are sent.
QueueSettings with_our_texts(QueueSettings settings);
boost::json::object to_json(const QueueSettings& settings);
// Fields that are missing stay as in `base`. request.invalid, also for a variable that the text does not have.
Result<QueueSettings> parse_queue_settings(const boost::json::value& body, const QueueSettings& base);

struct Variable {
  std::string_view name{};  // without its braces
  std::string value{};
};
std::string filled(std::string text, const std::vector<Variable>& variables);

// ---- the wait to expect ----

struct WaitRange {
  std::int64_t from = 0, to = 0;  // minutes, 1 <= from <= to
  bool operator==(const WaitRange&) const = default;
  std::string text() const;  // "3–8", or "5"
};
inline constexpr std::size_t wait_samples_min = 5;
inline constexpr TimeMs wait_samples_ms = hour_ms;

// For somebody who has waited so long already: of those who waited longer, what was left then, the 25th to the 90th
// percentile. nullopt: too few did.
std::optional<WaitRange> expected_wait(const std::vector<TimeMs>& waits, TimeMs waited);

}  // namespace miniops::desk
