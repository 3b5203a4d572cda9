#include "sandbox/faults.hpp"

namespace miniops::sandbox {

bool chance(double rate, Random& random) {
  constexpr std::uint64_t steps = 1'000'000;
  if (rate >= 1) return true;
  return rate > 0 && static_cast<double>(random.below(steps)) < rate * static_cast<double>(steps);
}

bool FaultPlan::add(Fault fault) {
  if (faults_.size() >= faults_max) return false;
  faults_.push_back(std::move(fault));
  return true;
}

std::optional<Fault> FaultPlan::draw(std::string_view api, Random& random) {
  for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
    if (fault->api != "*" && fault->api != api) continue;
    if (!chance(fault->rate, random)) continue;
    Fault struck = *fault;
    if (fault->times != Fault::unlimited && --fault->times == 0) faults_.erase(fault);
    return struck;
  }
  return std::nullopt;
}

}  // namespace miniops::sandbox
