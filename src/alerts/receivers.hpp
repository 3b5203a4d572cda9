// Who is told of an alert, and when 接收人. Values and their JSON; no I/O.
#pragma once

#include "alerts/alert.hpp"
#include "notify/notifier.hpp"

namespace miniops::alerts {

// A chain of channels: the next one is tried when the one before failed.
struct Receiver {
  std::string name;
  std::vector<notify::ChannelId> channels{};
};

// What is left out matches everything.
struct Route {
  std::string page_prefix{}, error_name{};
  std::optional<Severity> severity_min{};
  std::vector<std::string> receivers{};
};

struct Receivers {
  std::vector<Receiver> receivers{};
  std::vector<Route> routes{};                 // the first that matches decides
  std::vector<std::string> otherwise{};        // when none does
  std::vector<std::string> first{}, second{};  // escalation: told besides, when nobody has acknowledged
  // By priority: within which somebody must acknowledge. The second step comes at twice that.
  std::array<TimeMs, 4> response_ms{5 * minute_ms, 15 * minute_ms, hour_ms, 8 * hour_ms};
  TimeMs group_wait_ms = 5 * second_ms;       // what begins within this time is one message
  TimeMs group_interval_ms = 15 * second_ms;  // ten messages at once, then one in this time: the rest is put together
  TimeMs repeat_ms = 4 * hour_ms;             // of what nobody acknowledged; an eighth of it for what is critical
  TimeMs digest_ms = hour_ms;                 // notices are told together
  std::string language = "zh";

  const Receiver* find(std::string_view name) const;
  // Whom an alert concerns: those that its rule names, or else by the routes.
  std::vector<std::string> of(const std::vector<std::string>& named_by_rule, const Alert& alert) const;
  TimeMs response_of(Priority priority) const { return response_ms[static_cast<std::size_t>(priority)]; }
  TimeMs repeat_of(Severity severity) const;  // 0: never
};

inline constexpr int messages_at_once = 10;

json::object to_json(const Receivers& receivers);
// Fails with request.invalid; a name that no receiver has is a mistake, too.
Result<Receivers> parse_receivers(const json::value& body);

}  // namespace miniops::alerts
