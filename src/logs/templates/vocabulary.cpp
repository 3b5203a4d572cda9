#include "logs/templates/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace miniops::logs::mining {

namespace {

template <std::size_t N>
constexpr std::array<std::string_view, N> sorted(std::array<std::string_view, N> words) {
  std::ranges::sort(words);
  return words;
}

constexpr auto units = sorted(std::to_array<std::string_view>({
    "ns",    "us",     "ms",      "msec", "msecs", "usec", "s",    "sec",   "secs", "second", "seconds", "min",
    "mins",  "minute", "minutes", "h",    "hr",    "hrs",  "hour", "hours", "day",  "days",   "B",       "byte",
    "bytes", "Byte",   "Bytes",   "kB",   "kb",    "KB",   "Kb",   "KiB",   "MB",   "Mb",     "mb",      "MiB",
    "GB",    "Gb",     "gb",      "GiB",  "TB",    "TiB",  "PB",   "Hz",    "kHz",  "MHz",    "GHz",
}));
constexpr auto zones =
    sorted(std::to_array<std::string_view>({"UTC", "GMT", "CST", "CET", "CEST", "PST", "PDT", "EST", "EDT", "MST",
                                            "MDT", "BST", "JST", "IST", "AM", "PM", "am", "pm"}));
constexpr auto months = sorted(std::to_array<std::string_view>(
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}));
constexpr auto weekdays = sorted(std::to_array<std::string_view>({"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}));
constexpr auto domains = sorted(std::to_array<std::string_view>(
    {"com", "net", "org", "edu", "gov", "int", "mil", "info", "biz", "io",  "co",   "cn",
     "hk",  "tw",  "jp",  "kr",  "sg",  "in",  "eu",  "uk",   "de",  "fr",  "nl",   "ru",
     "us",  "ca",  "au",  "br",  "tv",  "cc",  "me",  "ai",   "app", "dev", "local"}));
constexpr auto truth_values = sorted(
    std::to_array<std::string_view>({"true", "false", "True", "False", "TRUE", "FALSE", "yes", "no", "是", "否"}));

constexpr auto event_words = sorted(std::to_array<std::string_view>({
    // what is done
    "start",
    "stop",
    "begin",
    "end",
    "open",
    "close",
    "read",
    "write",
    "get",
    "set",
    "put",
    "post",
    "delete",
    "create",
    "update",
    "add",
    "remove",
    "send",
    "receive",
    "request",
    "response",
    "login",
    "logout",
    "connect",
    "disconnect",
    "register",
    "unregister",
    "enable",
    "disable",
    "load",
    "unload",
    "lock",
    "unlock",
    "enter",
    "exit",
    "leave",
    "join",
    // how it went
    "success",
    "failure",
    "fail",
    "error",
    "warning",
    "info",
    "debug",
    "fatal",
    "ready",
    "done",
    "complete",
    "timeout",
    "valid",
    "invalid",
    "known",
    "unknown",
    "available",
    "unavailable",
    "normal",
    "abnormal",
    // which one
    "local",
    "remote",
    "input",
    "output",
    "source",
    "target",
    "client",
    "server",
    "left",
    "right",
    "first",
    "last",
    "next",
    "previous",
    "old",
    "new",
    "min",
    "max",
    "minimum",
    "maximum",
    "master",
    "slave",
    "leader",
    "follower",
    "primary",
    "secondary",
    "active",
    "inactive",
    "standby",
    "idle",
    "busy",
    "all",
    "any",
    "none",
    "some",
    "other",
    // what holds a sentence together
    "the",
    "for",
    "from",
    "with",
    "without",
    "and",
    "not",
    "into",
    "over",
    "under",
    "out",
    "off",
    "down",
    "are",
    "was",
    "were",
    "has",
    "have",
    "been",
    "will",
    "can",
    "cannot",
    "could",
    "before",
    "after",
    "during",
    "peer",
    "user",
}));

template <std::size_t N>
bool within(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::binary_search(words, word);
}

}  // namespace

bool is_unit(std::string_view word) { return within(units, word); }
bool is_zone(std::string_view word) { return within(zones, word); }
bool is_month(std::string_view word) { return within(months, word); }
bool is_weekday(std::string_view word) { return within(weekdays, word); }
bool is_domain(std::string_view label) { return within(domains, label); }
bool is_truth_value(std::string_view word) { return within(truth_values, word); }

bool is_event_word(std::string_view word) {
  std::string lower(word);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  for (const std::string_view ending : {"ed", "ing", "tion", "sion"})
    if (lower.size() > ending.size() + 1 && lower.ends_with(ending)) return true;
  for (const std::string_view ending : {"成功", "失败", "开始", "结束", "完成", "超时", "取消", "异常"})
    if (lower.ends_with(ending)) return true;
  return within(event_words, lower);
}

}  // namespace miniops::logs::mining
