#include "webhooks/hosts.hpp"

#include <algorithm>

namespace miniops::webhooks {

int Hosts::free(const std::string& host, TimeMs now) {
  const std::scoped_lock lock(mutex_);
  // A begin that seems to lie ahead was before the clock was set back.
  for (auto one = hosts_.begin(); one != hosts_.end();) {
    std::erase_if(one->second.begun, [now](TimeMs at) { return at <= now - second_ms || at > now; });
    one = one->second.under_way == 0 && one->second.begun.empty() ? hosts_.erase(one) : std::next(one);
  }
  const int all = limits_.together - under_way_;
  const auto known = hosts_.find(host);
  const int here = known == hosts_.end() ? 0 : known->second.under_way;
  const int lately = known == hosts_.end() ? 0 : static_cast<int>(known->second.begun.size());
  return std::max(0, std::min({all, limits_.together_per_host - here, limits_.per_second - lately}));
}

void Hosts::begin(const std::string& host, TimeMs now) {
  const std::scoped_lock lock(mutex_);
  ++under_way_;
  Host& one = hosts_[host];
  ++one.under_way;
  one.begun.push_back(now);
}

void Hosts::end(const std::string& host) {
  const std::scoped_lock lock(mutex_);
  --under_way_;
  --hosts_[host].under_way;
}

int Hosts::under_way() const {
  const std::scoped_lock lock(mutex_);
  return under_way_;
}

}  // namespace miniops::webhooks
