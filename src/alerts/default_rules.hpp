// The rules that a new mini program gets (README.md says why these).
#pragma once

#include "alerts/rule.hpp"

namespace miniops::alerts {

// Without ids; each has its default_key.
std::vector<Rule> default_rules(const AppId& appid, TimeMs now);

}  // namespace miniops::alerts
