// A silence 静默: nobody is told of what matches, until it ends. A value.
#pragma once

#include "alerts/alert.hpp"

namespace miniops::alerts {

// What is left out (empty id, nullopt, "") matches everything.
struct Silence {
  std::int64_t id = 0;
  AppId appid{};
  RuleId rule{};
  std::optional<RuleKind> kind{};
  std::optional<Severity> severity_max{};
  std::string group{}, page_prefix{}, reason{};
  TimeMs starts_at = 0, ends_at = 0;
  std::string created_by{};
  TimeMs created_at = 0;
};

bool silences(const Silence& silence, const Alert& alert, TimeMs at);

}  // namespace miniops::alerts
