#include "satisfaction/visitors.hpp"

namespace miniops::satisfaction {

bool Visitors::admit(const std::string& address, TimeMs now) {
  const std::lock_guard lock(mutex_);
  // Beyond so many addresses all begin anew: a flood of them shuts nobody out and takes no more memory.
  if (now / minute_ms != minute_ || counts_.size() > addresses_max) counts_.clear();
  minute_ = now / minute_ms;
  return ++counts_[address] <= per_minute;
}

}  // namespace miniops::satisfaction
