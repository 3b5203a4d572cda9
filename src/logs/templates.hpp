// What is known of templates 日志模式 and releases: values.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace miniops::logs {

inline constexpr std::int32_t no_template = 0;  // of lines beyond the limit

struct Template {
  std::int32_t number = no_template;
  std::string text;    // "订单 <*> 支付失败"
  std::string sample;  // the first line, masked and cut
  TimeMs first_seen_at = 0;
  std::string first_release;
  std::int32_t alias_of = no_template;  // the older template that it turned out to be
  bool operator==(const Template&) const = default;
};

struct Release {
  std::string name;
  TimeMs first_seen_at = 0;  // its first log line
  bool operator==(const Release&) const = default;
};

// alias → the template that lives
using Aliases = std::map<std::int32_t, std::int32_t>;

// Whether a template first came with this release, or with one that was first seen after it.
bool is_new_since(const Template& one, const std::string& release, const std::vector<Release>& releases);

}  // namespace miniops::logs
