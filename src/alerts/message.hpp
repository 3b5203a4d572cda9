// What people read: one sentence about an alert, and the message that tells of several. Chinese or English; pure.
#pragma once

#include <span>

#include "alerts/alert.hpp"
#include "notify/notifier.hpp"

namespace miniops::alerts {

// "12.4 %", "1.8 s", "840".
std::string shown_value(double value, std::string_view unit);
// "2026-11-21 14:05", in China.
std::string shown_time(TimeMs at);
std::string shown_duration(TimeMs ms, std::string_view language);
std::string severity_name(Severity severity, std::string_view language);
std::string kind_name(RuleKind kind, std::string_view language);
// What happened: "3 分钟内出错的访问占 12.4 %，通常 2.1 %（共 840）".
std::string sentence(const Alert& alert, std::string_view language);

// One thing of a message.
struct Told {
  const Alert* alert = nullptr;
  std::string what{};    // fired reopened resolved repeated escalated
  std::string advice{};  // of its rule
};
struct Letter {
  std::string program{};  // the mini program's name
  std::string language{};
  std::string link_base{};  // where the console's page of one alert is: its id is added. Empty: no links
  bool digest = false;
};
// Title, text, markdown, severity, resolved, link, variables, at and since; the rest is the caller's.
notify::Notification compose(const Letter& letter, std::span<const Told> told);

}  // namespace miniops::alerts
